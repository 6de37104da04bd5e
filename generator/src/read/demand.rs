//! Components that are read only where something that was selected needs them.
//!
//! Without selectors all are read. With them, a component is queued by the first reference to it, so
//! that what was left out is neither there nor reported on.

use std::collections::{HashMap, HashSet};

use openapiv3::Components;
use serde_json::Value;

use super::{
    links::Kind,
    parameters::is_body,
    place,
    reader::{Pending, Reader},
};

/// What is needed so far.
#[derive(Default)]
pub(super) struct Demand<'a> {
    /// Whether only what is needed is read.
    pub(super) is_on: bool,
    wanted: HashSet<(Kind, &'a str)>,
    /// By schema, those that take it over, once somebody asked.
    derived: Option<HashMap<&'a str, Vec<&'a str>>>,
    /// Schemas whose descendants have been followed.
    followed: HashSet<&'a str>,
}

impl Demand<'_> {
    pub(super) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            ..Self::default()
        }
    }
}

impl<'a> Reader<'a, '_> {
    /// The reference to a component, which is needed from here on.
    pub(super) fn component_reference(&mut self, kind: Kind, name: &'a str) -> String {
        if self.demand.is_on {
            self.want(kind, name);
        }
        place::reference(kind.section(), name)
    }

    fn want(&mut self, kind: Kind, name: &'a str) {
        let mut open = vec![(kind, name)];
        while let Some((kind, name)) = open.pop() {
            let Some((spot, node)) = self.links.declared(kind, name) else {
                continue;
            };
            // What Swagger 2.0 has among the parameters may be a body.
            let kind = match node.as_object().is_some_and(is_body) {
                true if kind == Kind::Parameter => Kind::RequestBody,
                _ => kind,
            };
            if !self.demand.wanted.insert((kind, name)) {
                continue;
            }
            self.queue(Pending {
                kind,
                name: name.to_owned(),
                spot,
                node,
            });
            if kind == Kind::Schema {
                let derived = self.derived_from(name, node);
                open.extend(derived.into_iter().map(|name| (Kind::Schema, name)));
            }
        }
    }

    /// Puts components in the order in which they are declared, those that were moved last: which of
    /// them was needed first must not show.
    pub(super) fn restore_order(&self, components: &mut Components) {
        let declared = self.links.all_declared();
        let order: HashMap<(Kind, &str), usize> = declared.into_iter().zip(0..).collect();
        let place = |kind: Kind, name: &str| {
            let found = order.get(&(kind, name));
            // Bodies stand among the parameters of Swagger 2.0.
            let found = found.or_else(|| order.get(&(Kind::Parameter, name)));
            found.copied().unwrap_or(usize::MAX)
        };
        macro_rules! restore {
            ($($section:ident $kind:ident)*) => {$(
                components
                    .$section
                    .sort_by(|a, _, b, _| place(Kind::$kind, a).cmp(&place(Kind::$kind, b)));
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

    /// Notes which components were not needed.
    pub(super) fn leave_out_components(&mut self) {
        for (kind, name) in self.links.all_declared() {
            let is_wanted = self.demand.wanted.contains(&(kind, name))
                || kind == Kind::SecurityScheme
                || kind == Kind::Parameter
                    && self.demand.wanted.contains(&(Kind::RequestBody, name));
            if !is_wanted {
                self.sieve.leave_out(name);
            }
        }
    }

    /// The schemas that stand where a base with a discriminator does: it does not name them.
    fn derived_from(&mut self, name: &'a str, node: &'a Value) -> Vec<&'a str> {
        let Some(discriminator) = node.get("discriminator").filter(|value| !value.is_null()) else {
            return Vec::new();
        };
        if node.get("oneOf").is_some() || node.get("anyOf").is_some() {
            return Vec::new();
        }
        let mut open = vec![name];
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        for target in mapping.into_iter().flatten() {
            open.extend(
                target
                    .1
                    .as_str()
                    .and_then(|target| self.schema_named(target)),
            );
        }
        if self.demand.derived.is_none() {
            self.demand.derived = Some(self.by_base());
        }
        let mut found = Vec::new();
        let Demand {
            derived: Some(derived),
            followed,
            ..
        } = &mut self.demand
        else {
            return found;
        };
        while let Some(next) = open.pop() {
            if followed.insert(next) {
                let own = derived.get(next).into_iter().flatten();
                found.extend(own.clone());
                open.extend(own);
            }
        }
        found
    }

    /// By schema, those that take it over with `allOf`.
    fn by_base(&mut self) -> HashMap<&'a str, Vec<&'a str>> {
        let mut derived: HashMap<&str, Vec<&str>> = HashMap::new();
        for (kind, name) in self.links.all_declared() {
            let Some((_, node)) = self
                .links
                .declared(kind, name)
                .filter(|_| kind == Kind::Schema)
            else {
                continue;
            };
            let parts = node.get("allOf").and_then(Value::as_array);
            // What says more than a reference takes over what that leads to.
            let own = Some(node).filter(|node| node.as_object().is_some_and(|all| all.len() > 1));
            for part in parts.into_iter().flatten().chain(own) {
                let reference = part.get("$ref").and_then(Value::as_str);
                if let Some(base) = reference.and_then(|reference| self.schema_named(reference)) {
                    derived.entry(base).or_default().push(name);
                }
            }
        }
        derived
    }

    /// The schema of the description that a reference or a bare name means.
    fn schema_named(&mut self, target: &'a str) -> Option<&'a str> {
        if let Some((spot, _)) = self.links.declared(Kind::Schema, target) {
            return self.links.component(&spot).map(|(_, name)| name);
        }
        let found = match self.links.direct(0, target) {
            Some(found) => found,
            None => {
                let (spot, _) = self.links.target(0, target).ok()?;
                self.links.component(&spot)?
            }
        };
        (found.0 == Kind::Schema).then_some(found.1)
    }
}
