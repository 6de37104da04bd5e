//! Everything of a whole crate besides what describes the API: manifest, root, runtime.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    Files, Options, RenderBug, Texts, bug,
    doc::{DocText, code, inline},
    fragments::StrLit,
    view,
};
use crate::{
    diagnostics::printable,
    model::{
        Api, Operation, Owner, Scheme, SchemeKind, Type,
        reach::{self, Reach},
    },
    output::RelativePath,
    rust::{
        names::{self, Ident, Names},
        service_defaults::Facts,
    },
};

mod version;

use version::crate_version;

/// What was embedded when sdkgen was built.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The feature whose code is always there where a model needs it.
const UUID: &str = "uuid";
const ALL: &str = "all-operations";
/// What the features of the runtime bring, for its users.
const BRINGS: &[(&str, &str)] = &[
    (
        "blocking",
        "`send_blocking`, and lists that block the thread",
    ),
    ("gzip", "compressed responses"),
    ("mock", "a transport that answers from a script, for tests"),
    ("native-tls", "TLS by the operating system"),
    ("oauth", "logins by OAuth 2"),
    ("rustls", "TLS by rustls"),
    (
        "tracing",
        "events for calls that fail, spans of calls and attempts",
    ),
    ("uuid", "`uuid::Uuid` wherever a request takes a scalar"),
];

/// Whether code could not tell a crate of this name from one that every rendered crate depends on.
pub(crate) fn is_dependency(library: &str) -> bool {
    let mut all = embedded::DEPENDENCIES.iter();
    all.any(|(name, _)| name.replace('-', "_") == library)
}

/// What a whole crate needs to know besides the API.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    facts: Facts,
    /// The feature of each group, by tag; empty where one group needs none.
    features: BTreeMap<String, String>,
    /// The features of which a component takes one.
    gates: BTreeMap<Owner, Vec<String>>,
    /// Whether models hold UUIDs, so that nothing compiles without.
    needs_uuid: bool,
}

impl Package {
    /// Decides features.
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
            facts: Facts::of(api),
            gates,
            needs_uuid: reach::mentions(api, &Type::Uuid),
            features,
        }
    }

    /// The features of which a component takes one; none if it is always there.
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

    /// The runtime's features as they are in this crate.
    fn runtime_features(&self) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
        let is_feature = move |name: &str| name != UUID || !self.needs_uuid;
        let all = embedded::FEATURES.iter();
        all.filter(move |(name, _)| is_feature(name))
    }

    /// The builder's call that takes the first credential that can be written down.
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

    /// What a base URL that the description does not give ends in.
    fn server_path(&self) -> &str {
        let server = &self.facts.server;
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

struct FeatureView {
    name: &'static str,
    is_default: bool,
    brings: &'static str,
}

struct SchemeView {
    name: String,
    how: String,
}

#[derive(Template)]
#[template(path = "package/lib.rs.j2")]
struct LibView<'a> {
    intro: DocText,
    library: String,
    groups: Vec<GroupView<'a>>,
    has_group_features: bool,
    features: Vec<FeatureView>,
    calls: Vec<CallView<'a>>,
    logins: Vec<String>,
    has_base_url: bool,
    server_path: &'a str,
    schemes: Vec<SchemeView>,
    /// All there are, where there is a choice.
    servers: Vec<String>,
    has_uuid_feature: bool,
}

#[derive(Template)]
#[template(path = "package/generated.rs.j2")]
struct GeneratedView<'a> {
    groups: Vec<GroupView<'a>>,
    has_group_features: bool,
}

#[derive(Template)]
#[template(path = "package/service.rs.j2")]
struct ServiceView {
    base_url: StrLit,
    token_url: StrLit,
    has_base_url: bool,
    has_server: bool,
    server: String,
}

#[derive(Template)]
#[template(path = "package/manifest.toml.j2")]
struct ManifestView<'a> {
    description: String,
    name: String,
    version: String,
    about: String,
    defaults: Vec<String>,
    groups: Vec<GroupView<'a>>,
    features: Vec<&'static (&'static str, &'static str)>,
    dependencies: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "package/readme.md.j2")]
struct ReadmeView<'a> {
    name: &'a str,
    version: String,
    about: String,
    description: String,
    library: String,
    has_base_url: bool,
    server_path: &'a str,
    logins: Vec<String>,
    calls: Vec<CallView<'a>>,
    has_group_features: bool,
    first_group: Vec<GroupView<'a>>,
}

/// Renders the Rust files that are laid out like all others.
pub(super) fn render_code(
    package: &Package,
    api: &Api,
    names: &Names,
    options: &Options,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let facts = &package.facts;
    let has_group_features = !package.features.is_empty();
    let mut intro = DocText::inner();
    intro.line(api, Some(&api.title));
    intro.text(api, api.description.as_deref());
    let logins = package.logins(api, names);
    let lib = LibView {
        intro,
        library: library(options),
        groups: package.groups(api, names),
        has_group_features,
        features: package.runtime_features().map(feature_view).collect(),
        calls: example(package, api, names),
        logins,
        has_base_url: facts.base_url().is_some(),
        server_path: package.server_path(),
        schemes: api
            .schemes
            .iter()
            .map(|scheme| scheme_view(scheme, names))
            .collect(),
        servers: servers(api),
        has_uuid_feature: !package.needs_uuid,
    };
    texts.add("src/lib.rs", &[view(&lib, "src/lib.rs")?])?;
    let generated = GeneratedView {
        groups: package.groups(api, names),
        has_group_features,
    };
    let path = "src/generated.rs";
    texts.add(path, &[view(&generated, path)?])?;
    let service = ServiceView {
        base_url: StrLit::new(facts.base_url().unwrap_or_default()),
        token_url: StrLit::new(facts.token_url.as_str()),
        has_base_url: facts.base_url().is_some(),
        has_server: !package.server_path().is_empty(),
        server: code(facts.base_url().unwrap_or(package.server_path())),
    };
    let path = "src/service.rs";
    texts.add(path, &[view(&service, path)?])
}

/// Renders what is no Rust, and the runtime, which is written as it is.
pub(super) fn render_files(
    package: &Package,
    api: &Api,
    names: &Names,
    options: &Options,
    files: &mut Files,
) -> Result<(), Box<RenderBug>> {
    let mut add = |name: &str, text: String| -> Result<(), Box<RenderBug>> {
        let path = RelativePath::new(name).map_err(|message| bug(name, message))?;
        files.insert(path, format!("{}\n", text.trim_end()));
        Ok(())
    };
    let title = one_line(&api.title);
    let about = match title.as_str() {
        "" => "Rust SDK".to_owned(),
        title => format!("Rust SDK of {title}"),
    };
    let version = crate_version(&api.version);
    let mut defaults: Vec<&str> = embedded::DEFAULT_FEATURES.to_vec();
    if !package.features.is_empty() {
        defaults.insert(0, ALL);
    }
    let mut groups = package.groups(api, names);
    groups.retain(|group| !group.feature.is_empty());
    let manifest = ManifestView {
        description: one_line(&options.description),
        name: toml_text(&options.crate_name),
        version: toml_text(version),
        about: toml_text(&about),
        defaults: defaults.into_iter().map(toml_text).collect(),
        groups,
        features: package.runtime_features().collect(),
        dependencies: dependencies(package),
    };
    add("Cargo.toml", view(&manifest, "Cargo.toml")?)?;
    let logins = package.logins(api, names);
    let mut groups = package.groups(api, names);
    groups.truncate(1);
    let readme = ReadmeView {
        name: &options.crate_name,
        version: version.to_owned(),
        about: inline(api, &about),
        description: code(&options.description),
        library: library(options),
        has_base_url: package.facts.base_url().is_some(),
        server_path: package.server_path(),
        logins,
        calls: example(package, api, names),
        has_group_features: !package.features.is_empty(),
        first_group: groups,
    };
    add("README.md", view(&readme, "README.md")?)?;
    add(".gitignore", "/target".to_owned())?;
    for (name, text) in embedded::RUNTIME {
        let text = match package.needs_uuid {
            true => without_feature(text, UUID),
            false => (*text).to_owned(),
        };
        add(&format!("src/runtime/{name}"), text)?;
    }
    Ok(())
}

/// The first call that needs nothing but a client.
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

fn feature_view((name, _): &(&'static str, &'static str)) -> FeatureView {
    let brings = BRINGS.iter().find(|(known, _)| known == name);
    FeatureView {
        name,
        is_default: embedded::DEFAULT_FEATURES.contains(name),
        brings: brings.map_or("", |(_, brings)| brings),
    }
}

/// The servers in a line each, if there is more than one or a variable to choose by.
fn servers(api: &Api) -> Vec<String> {
    let has_choice = api.servers.len() > 1
        || api
            .servers
            .iter()
            .any(|server| !server.variables.is_empty());
    let all = api.servers.iter().filter(|_| has_choice);
    all.map(|server| {
        let mut line = code(&server.url);
        let description = inline(api, server.description.as_deref().unwrap_or_default());
        if !description.is_empty() {
            line.push_str(&format!(": {description}"));
        }
        for variable in &server.variables {
            let others = variable.values.iter();
            let others = others.filter(|value| **value != variable.default);
            let values = [&variable.default].into_iter().chain(others);
            let values: Vec<String> = values.map(|value| code(value)).collect();
            let (name, values) = (code(&variable.name), values.join(" or "));
            line.push_str(&format!(" ({name}: {values})"));
        }
        line
    })
    .collect()
}

fn scheme_view((name, scheme): (&String, &Scheme), names: &Names) -> SchemeView {
    let own = &names.schemes[name];
    let method = format!("[`ClientBuilder::{}`]", own.method);
    let source = format!("[`ClientBuilder::{}`]", own.source_method);
    let how = match &scheme.kind {
        SchemeKind::Bearer => format!("a token, by {method} or, if it expires, {source}"),
        SchemeKind::OAuth2(_) => format!(
            "OAuth 2, by `ClientBuilder::login` (feature `oauth`), or a token, by {method} or {source}"
        ),
        SchemeKind::Basic => format!("user name and password, by {method}"),
        SchemeKind::ApiKey(..) => format!("a key, by {method}"),
        SchemeKind::Token(kind) => {
            let kind = code(kind);
            format!("what follows {kind} in the header `Authorization`, by {method}")
        }
        SchemeKind::MutualTls => {
            "a client certificate, by [`ClientBuilder::client_certificate`]".to_owned()
        }
    };
    SchemeView {
        name: code(name),
        how,
    }
}

fn dependencies(package: &Package) -> Vec<(&'static str, String)> {
    let dependency = |(name, value): &(&'static str, &'static str)| {
        let value = match *name == UUID && package.needs_uuid {
            true => value
                .replace("optional = true, ", "")
                .replace(", optional = true", ""),
            false => (*value).to_owned(),
        };
        (*name, value)
    };
    embedded::DEPENDENCIES.iter().map(dependency).collect()
}

/// The runtime with what a feature would bring.
fn without_feature(text: &str, feature: &str) -> String {
    let gate = format!("#[cfg(feature = \"{feature}\")]");
    let lines = text.lines().filter(|line| line.trim() != gate);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The name by which code calls the crate.
fn library(options: &Options) -> String {
    options.crate_name.replace('-', "_")
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable::escaped(&words.join(" ")).into_owned()
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_the_runtime_is_described() {
        for (name, _) in embedded::FEATURES {
            assert!(!feature_view(&(name, "")).brings.is_empty(), "{name}");
        }
    }

    #[test]
    fn the_runtime_is_there_without_its_tests() {
        let all: Vec<&str> = embedded::RUNTIME.iter().map(|(name, _)| *name).collect();
        assert!(
            all.contains(&"mod.rs") && all.contains(&"auth/mod.rs"),
            "{all:?}"
        );
        for (name, text) in embedded::RUNTIME {
            assert!(!text.contains("#[test]"), "{name}");
            assert!(!without_feature(text, UUID).contains("\"uuid\""), "{name}");
        }
    }

    #[test]
    fn dependencies_have_versions_and_the_features_of_both_manifests() {
        let find = |wanted: &str| {
            let mut all = embedded::DEPENDENCIES.iter();
            all.find(|(name, _)| *name == wanted)
                .map(|(_, value)| *value)
        };
        let reqwest = find("reqwest").unwrap();
        assert!(
            reqwest.contains("version") && reqwest.contains("\"http2\""),
            "{reqwest}"
        );
        assert!(reqwest.contains("default-features = false"), "{reqwest}");
        assert!(find("oauth2").unwrap().contains("optional = true"));
        assert!(find("bytes").unwrap().starts_with('"'));
    }
}
