//! Components that are read only where something that was selected requires them.
//!
//! Without selectors all components are read. With them, the first reference to a component queues it,
//! so that the result lacks what was left out and no diagnostic is about it.

use std::collections::{HashMap, HashSet};

use openapiv3::Components;
use serde_json::Value;

use super::{
    builder::{Builder, Pending},
    links::Links,
    parameters::is_body,
    unions::names_property,
};
use crate::openapi::ComponentKind;

/// The components that are required so far.
#[derive(Default)]
pub(super) struct RequiredComponents<'a> {
    required: HashSet<(ComponentKind, &'a str)>,
    /// By schema, those that extend it with `allOf`; computed on first use.
    derived: Option<Derived<'a>>,
    /// Schemas whose descendants were followed.
    followed: HashSet<&'a str>,
}

type Derived<'a> = HashMap<&'a str, Vec<&'a str>>;

impl<'a> RequiredComponents<'a> {
    /// Queues a component, and the schemas that may stand in its place, unless that was done before.
    pub(super) fn require(
        &mut self,
        kind: ComponentKind,
        name: &'a str,
        links: &mut Links<'a>,
        builder: &mut Builder<'a>,
    ) {
        let mut open = vec![(kind, name)];
        while let Some((kind, name)) = open.pop() {
            let Some((path, node)) = links.declared(kind, name) else {
                continue;
            };
            // Swagger 2.0 declares bodies among the parameters.
            let kind = match node.as_object().is_some_and(is_body) {
                true if kind == ComponentKind::Parameter => ComponentKind::RequestBody,
                _ => kind,
            };
            if !self.required.insert((kind, name)) {
                continue;
            }
            builder.queue(Pending {
                kind,
                name: name.to_owned(),
                path,
                node,
            });
            if kind == ComponentKind::Schema {
                let derived = self.derived_from(name, node, links);
                open.extend(
                    derived
                        .into_iter()
                        .map(|name| (ComponentKind::Schema, name)),
                );
            }
        }
    }

    /// The declared components that nothing required.
    pub(super) fn missing(&self, links: &Links<'a>) -> Vec<&'a str> {
        let is_required = |(kind, name): (ComponentKind, &'a str)| {
            self.required.contains(&(kind, name))
                || kind == ComponentKind::SecurityScheme
                || kind == ComponentKind::Parameter
                    && self.required.contains(&(ComponentKind::RequestBody, name))
        };
        let all = links.all_declared().into_iter();
        all.filter(|component| !is_required(*component))
            .map(|(_, name)| name)
            .collect()
    }

    /// The schemas whose values may stand where a base with a discriminator does, although the base
    /// does not name them.
    fn derived_from(
        &mut self,
        name: &'a str,
        node: &'a Value,
        links: &mut Links<'a>,
    ) -> Vec<&'a str> {
        let Some(discriminator) = node.get("discriminator").filter(|it| names_property(it)) else {
            return Vec::new();
        };
        if node.get("oneOf").is_some() || node.get("anyOf").is_some() {
            return Vec::new();
        }
        let mut open = vec![name];
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let targets = mapping.into_iter().flat_map(|mapping| mapping.values());
        open.extend(targets.filter_map(|target| schema_named(links, target.as_str()?)));
        let derived = self.derived.get_or_insert_with(|| by_base(links));
        let mut found = Vec::new();
        while let Some(next) = open.pop() {
            if self.followed.insert(next) {
                let own = derived.get(next).into_iter().flatten();
                found.extend(own.clone());
                open.extend(own);
            }
        }
        found
    }
}

/// Sorts components by the order in which they are declared, moved ones last: the order must not show
/// which of them was required first.
pub(super) fn restore_order(links: &Links<'_>, components: &mut Components) {
    let declared = links.all_declared();
    let order: HashMap<(ComponentKind, &str), usize> = declared.into_iter().zip(0..).collect();
    let rank = |kind: ComponentKind, name: &str| {
        let found = order.get(&(kind, name));
        // Swagger 2.0 declares bodies among the parameters.
        let found = found.or_else(|| order.get(&(ComponentKind::Parameter, name)));
        found.copied().unwrap_or(usize::MAX)
    };
    macro_rules! restore {
        ($($section:ident $kind:ident)*) => {$(
            components.$section.sort_by(|a, _, b, _| {
                rank(ComponentKind::$kind, a).cmp(&rank(ComponentKind::$kind, b))
            });
        )*};
    }
    restore! {
        schemas Schema
        responses Response
        parameters Parameter
        request_bodies RequestBody
        headers Header
    }
}

/// By schema, those that extend it with `allOf`.
fn by_base<'a>(links: &mut Links<'a>) -> Derived<'a> {
    let mut derived = Derived::new();
    for (kind, name) in links.all_declared() {
        if kind != ComponentKind::Schema {
            continue;
        }
        let Some((_, node)) = links.declared(kind, name) else {
            continue;
        };
        let parts = node.get("allOf").and_then(Value::as_array);
        // A schema with keywords beside its `$ref` extends the target of the reference.
        let own = Some(node).filter(|node| node.as_object().is_some_and(|all| all.len() > 1));
        for part in parts.into_iter().flatten().chain(own) {
            let reference = part.get("$ref").and_then(Value::as_str);
            if let Some(base) = reference.and_then(|reference| schema_named(links, reference)) {
                derived.entry(base).or_default().push(name);
            }
        }
    }
    derived
}

/// The schema of the description that a reference or a bare name means.
fn schema_named<'a>(links: &mut Links<'a>, target: &'a str) -> Option<&'a str> {
    if let Some((path, _)) = links.declared(ComponentKind::Schema, target) {
        return links.component(&path).map(|(_, name)| name);
    }
    let found = match links.direct(0, target) {
        Some(found) => found,
        None => {
            let (path, _) = links.target(0, target).ok()?;
            links.component(&path)?
        }
    };
    (found.0 == ComponentKind::Schema).then_some(found.1)
}
