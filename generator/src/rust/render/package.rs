//! A whole crate around the rendered code: manifest, crate root, README and runtime.

mod code;
mod files;
mod version;

use std::collections::BTreeMap;

use super::Options;
use crate::{
    model::{
        Api, Operation, Owner, SchemeKind, Type,
        reach::{self, Reach},
    },
    rust::{
        names::{self, Ident, Names},
        service_defaults::ServiceDefaults,
    },
};

pub(super) use code::render_code;
pub(super) use files::render_files;

/// The runtime's files, features and dependencies, which `build.rs` embeds.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The feature that is left out where models need its code in any case.
const UUID: &str = "uuid";
/// The feature that enables the operations of all groups.
const ALL: &str = "all-operations";

/// Whether a crate name is taken by a dependency of every rendered crate: paths that start with it
/// would be ambiguous.
pub(crate) fn is_dependency(library: &str) -> bool {
    let mut all = embedded::DEPENDENCIES.iter();
    all.any(|(name, _)| name.replace('-', "_") == library)
}

/// What rendering a whole crate needs besides the API and its names.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    defaults: ServiceDefaults,
    /// The feature of each group, by tag. Empty if there is only one group.
    features: BTreeMap<String, String>,
    /// The features that enable a component; any one of them is enough.
    gates: BTreeMap<Owner, Vec<String>>,
    /// Whether models have UUIDs as fields, so that the crate cannot do without the dependency.
    needs_uuid: bool,
}

impl Package {
    /// Assigns features to groups and components.
    pub(crate) fn new(api: &Api, names: &Names) -> Self {
        let mut features = BTreeMap::new();
        if api.groups.len() > 1 {
            let known = embedded::FEATURES.iter().chain(embedded::DEPENDENCIES);
            let mut taken: Vec<&str> = known.map(|(name, _)| *name).collect();
            taken.extend(["default", ALL]);
            let all = names::features(names, &taken).into_iter();
            features = all.map(|(tag, name)| (tag.to_owned(), name)).collect();
        }
        let gate = |reach: &Reach<'_>| match reach {
            Reach::Groups(tags) if !features.is_empty() => {
                tags.iter().map(|tag| features[*tag].clone()).collect()
            }
            _ => Vec::new(),
        };
        let gates = reach::components(api)
            .into_iter()
            .map(|(owner, reach)| (owner.clone(), gate(&reach)))
            .collect();
        Self {
            defaults: ServiceDefaults::of(api),
            gates,
            needs_uuid: reach::mentions(api, &Type::Uuid),
            features,
        }
    }

    /// The features that enable a component; empty if it is always compiled.
    pub(super) fn features_of(&self, owner: &Owner) -> &[String] {
        self.gates.get(owner).map_or(&[], Vec::as_slice)
    }

    fn groups<'a>(&'a self, api: &'a Api, names: &'a Names) -> Vec<GroupView<'a>> {
        let mut groups: Vec<GroupView<'_>> = api
            .groups
            .iter()
            .map(|group| GroupView {
                module: &names.groups[&group.tag].module,
                feature: self.features.get(&group.tag).map_or("", String::as_str),
            })
            .collect();
        groups.sort_by_key(|group| group.module);
        groups
    }

    /// The runtime's features that this crate has.
    fn runtime_features(&self) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
        let is_feature = move |name: &str| name != UUID || !self.needs_uuid;
        let all = embedded::FEATURES.iter();
        all.filter(move |(name, _)| is_feature(name))
    }

    /// The call of the builder, for examples, that sets the first credential which is a plain text.
    /// Empty if there is none; templates loop over it.
    fn logins(&self, api: &Api, names: &Names) -> Vec<String> {
        let mut schemes = api.schemes.iter();
        let first = schemes.find_map(|(name, scheme)| {
            let method = &names.schemes[name].method;
            match scheme.kind {
                SchemeKind::Basic => Some(format!("{method}(\"user\", \"password\")")),
                SchemeKind::MutualTls => None,
                _ => Some(format!("{method}(\"secret\")")),
            }
        });
        first.into_iter().collect()
    }

    /// The path that the base URL ends in, if the description gives a path in place of a URL.
    fn server_path(&self) -> &str {
        let server = &self.defaults.server;
        let is_path = server.starts_with('/')
            && server
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || "/-._~".contains(one));
        if is_path { server } else { "" }
    }
}

struct GroupView<'a> {
    module: &'a Ident,
    feature: &'a str,
}

struct CallView<'a> {
    group: &'a Ident,
    method: &'a Ident,
    feature: &'a str,
}

/// The first operation that can be called without arguments, for examples. Empty if there is none;
/// templates loop over it.
fn example<'a>(package: &'a Package, api: &'a Api, names: &'a Names) -> Vec<CallView<'a>> {
    let is_plain = |operation: &&Operation| {
        operation.method == "GET"
            && !operation.deprecated
            && operation.body.is_none()
            && !operation
                .parameters
                .iter()
                .any(|parameter| parameter.required)
    };
    let found = api.operations.iter().find(is_plain);
    found
        .map(|operation| CallView {
            group: &names.groups[&operation.tag].module,
            method: &names.operations[&operation.id].method,
            feature: package
                .features
                .get(&operation.tag)
                .map_or("", String::as_str),
        })
        .into_iter()
        .collect()
}

/// The name of the library target, as paths in code have it.
fn library(options: &Options) -> String {
    options.crate_name.replace('-', "_")
}
