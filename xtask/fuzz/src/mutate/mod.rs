//! Mutations of OpenAPI documents. Each changes one thing, chosen by a seeded random generator.

mod operations;
mod root;
mod schemas;
mod structure;
mod wording;

use fastrand::Rng;
use serde_json::Value;

use crate::tree::{self, Path, Role};

/// A mutation and its weight.
struct Mutation {
    name: &'static str,
    weight: u32,
    apply: fn(&mut Value, &mut Rng),
}

/// Declares a table of mutations, which are named by their functions.
macro_rules! table {
    ($($weight:literal $module:ident::$name:ident,)*) => {
        &[$(Mutation { name: stringify!($name), weight: $weight, apply: $module::$name },)*]
    };
}

const MUTATIONS: &[Mutation] = table! {
    6 schemas::swap,
    6 schemas::refer,
    5 schemas::wrap,
    3 schemas::nest,
    3 schemas::circle,
    4 schemas::retype,
    4 schemas::discriminate,
    4 schemas::enumerate,
    3 schemas::require,
    4 schemas::keyword,
    3 schemas::bound,
    2 schemas::siblings,
    3 schemas::combine,
    3 schemas::property,
    4 operations::parameter,
    3 operations::media,
    3 operations::status,
    3 operations::identify,
    2 operations::template,
    2 operations::encode,
    2 operations::callback,
    2 operations::link,
    2 operations::tag,
    2 operations::duplicate,
    2 operations::header,
    2 root::dialect,
    2 root::servers,
    3 root::security,
    1 root::webhooks,
    2 root::tags,
    2 root::extension,
    1 root::information,
    3 structure::remove,
    3 structure::duplicate,
    2 structure::reorder,
    3 structure::transplant,
    2 structure::replace,
    10 wording::text,
    8 wording::rename,
    3 wording::describe,
};

/// Deeper documents are refused for their depth alone, so that nothing else is tested.
const DEEPEST: usize = 110;

/// Larger documents take too long.
const LARGEST: usize = 20_000;

/// Mutates a document once and returns the name of the mutation.
pub fn mutate(document: &mut Value, rng: &mut Rng) -> &'static str {
    let all: u32 = MUTATIONS.iter().map(|one| one.weight).sum();
    let mut drawn = rng.u32(0..all);
    let mut chosen = &MUTATIONS[0];
    for mutation in MUTATIONS {
        chosen = mutation;
        match drawn.checked_sub(mutation.weight) {
            Some(rest) => drawn = rest,
            None => break,
        }
    }
    let before = document.clone();
    (chosen.apply)(document, rng);
    if tree::depth(document) > DEEPEST || tree::size(document) > LARGEST {
        *document = before;
    }
    chosen.name
}

/// Renames the member of an object at a path, and references to it. Returns whether the member exists
/// and the new name is unused.
pub fn rename_to(document: &mut Value, path: &[tree::Step], new: &str) -> bool {
    wording::rename_to(document, path, new, true)
}

/// A random node with a role.
fn draw(document: &Value, role: Role, rng: &mut Rng) -> Option<Path> {
    rng.choice(tree::with_role(document, role))
}

/// A random object with a role.
fn draw_object<'a>(
    document: &'a mut Value,
    role: Role,
    rng: &mut Rng,
) -> Option<&'a mut serde_json::Map<String, Value>> {
    let path = draw(document, role, rng)?;
    tree::get_mut(document, &path)?.as_object_mut()
}

/// The object under a key, which is added if it is missing.
fn object<'a>(node: &'a mut Value, key: &str) -> Option<&'a mut serde_json::Map<String, Value>> {
    let members = node.as_object_mut()?;
    let member = members
        .entry(key)
        .or_insert_with(|| Value::Object(serde_json::Map::new()));
    if !member.is_object() {
        *member = Value::Object(serde_json::Map::new());
    }
    member.as_object_mut()
}

/// A random value of a list.
fn one<T>(from: impl IntoIterator<Item = T>, rng: &mut Rng) -> Option<T> {
    let mut all: Vec<T> = from.into_iter().collect();
    match all.len() {
        0 => None,
        count => Some(all.swap_remove(rng.usize(0..count))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a/{id}": {"get": {
                "operationId": "getA",
                "tags": ["A"],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                "responses": {"200": {"description": "ok", "headers": {"X": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}}}
            }}},
            "components": {
                "schemas": {
                    "A": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "enum": ["x"]}}},
                    "B": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "array", "items": {"type": "integer"}}]}
                },
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "k"}}
            }
        })
    }

    #[test]
    fn a_seed_gives_the_same_mutant() {
        let mutant = |seed| {
            let (mut document, mut rng) = (document(), Rng::with_seed(seed));
            let names: Vec<_> = (0..8).map(|_| mutate(&mut document, &mut rng)).collect();
            (names, document.to_string())
        };
        for seed in 0..20 {
            assert_eq!(mutant(seed), mutant(seed));
        }
        assert_ne!(mutant(1), mutant(2));
    }

    #[test]
    fn every_mutation_is_drawn() {
        let mut rng = Rng::with_seed(3);
        let drawn: BTreeSet<_> = (0..2000)
            .map(|_| mutate(&mut document(), &mut rng))
            .collect();
        let all: BTreeSet<_> = MUTATIONS.iter().map(|one| one.name).collect();
        assert_eq!(drawn, all);
    }

    #[test]
    fn every_mutation_changes_a_document_that_has_everything() {
        for mutation in MUTATIONS {
            let changed = (0..200).any(|seed| {
                let mut mutant = document();
                (mutation.apply)(&mut mutant, &mut Rng::with_seed(seed));
                // Equality of trees ignores the order of keys; that of texts does not.
                let (before, after) = (document().to_string(), mutant.to_string());
                before != after
            });
            assert!(changed, "{} never changes anything", mutation.name);
        }
    }

    #[test]
    fn a_mutant_does_not_outgrow_what_can_be_read() {
        let (mut document, mut rng) = (document(), Rng::with_seed(11));
        for _ in 0..150 {
            mutate(&mut document, &mut rng);
        }
        assert!(tree::depth(&document) <= DEEPEST);
        assert!(tree::size(&document) <= LARGEST);
    }
}
