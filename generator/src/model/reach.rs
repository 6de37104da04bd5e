//! Finds the groups of operations that use each type.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, Operation, Owner, Type, TypeId, TypeKind};

/// The groups that need the types of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    /// It is always rendered: no operation or every group needs it, or something that is always
    /// rendered does.
    Always,
    /// The operations of these groups, by tag.
    Groups(BTreeSet<&'a str>),
}

/// The groups that need each component that declares types.
///
/// The types of one component share a file, so they are needed together. A component that is always
/// rendered makes everything that it refers to always rendered.
pub(crate) fn components(api: &Api) -> BTreeMap<&Owner, Reach<'_>> {
    let graph = Graph::of(api);
    let owner_of = |id: &TypeId| api.types.get(id).map(|found| graph.index[&found.owner]);
    let mut starts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for operation in &api.operations {
        let of_group = starts.entry(&operation.tag).or_default();
        visit_operation(operation, &mut |id| of_group.extend(owner_of(id)));
    }
    let mut reached: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); graph.owners.len()];
    for (tag, starts) in starts {
        for owner in graph.closure(starts) {
            reached[owner].insert(tag);
        }
    }
    let is_component = |index: &usize| matches!(graph.owners[*index], Owner::Component(_));
    let components = || (0..graph.owners.len()).filter(is_component);
    let is_always =
        |index: &usize| reached[*index].is_empty() || reached[*index].len() == api.groups.len();
    let mut always = vec![false; graph.owners.len()];
    for index in graph.closure(components().filter(is_always).collect()) {
        always[index] = true;
    }
    components()
        .map(|index| match always[index] {
            true => (graph.owners[index], Reach::Always),
            false => (
                graph.owners[index],
                Reach::Groups(std::mem::take(&mut reached[index])),
            ),
        })
        .collect()
}

/// The references between owners, by index: a large API has millions of paths through them.
struct Graph<'a> {
    owners: Vec<&'a Owner>,
    index: BTreeMap<&'a Owner, usize>,
    references: Vec<BTreeSet<usize>>,
}

impl<'a> Graph<'a> {
    fn of(api: &'a Api) -> Self {
        let owners: BTreeSet<&Owner> = api.types.values().map(|found| &found.owner).collect();
        let owners: Vec<&Owner> = owners.into_iter().collect();
        let index: BTreeMap<&Owner, usize> = owners.iter().copied().zip(0..).collect();
        let mut references = vec![BTreeSet::new(); owners.len()];
        for definition in api.types.values() {
            let targets = &mut references[index[&definition.owner]];
            visit_definition(&definition.kind, &mut |id| {
                targets.extend(api.types.get(id).map(|found| index[&found.owner]));
            });
        }
        Self {
            owners,
            index,
            references,
        }
    }

    /// These owners and everything that they refer to, at any distance.
    fn closure(&self, starts: Vec<usize>) -> Vec<usize> {
        let mut seen = vec![false; self.owners.len()];
        let mut found = Vec::new();
        let mut waiting = starts;
        while let Some(owner) = waiting.pop() {
            if !std::mem::replace(&mut seen[owner], true) {
                found.push(owner);
                waiting.extend(&self.references[owner]);
            }
        }
        found
    }
}

/// Whether a type occurs anywhere, at any depth.
pub(crate) fn mentions(api: &Api, wanted: &Type) -> bool {
    let mut found = false;
    let mut check = |ty: &Type| found |= ty == wanted;
    for definition in api.types.values() {
        each_of_definition(&definition.kind, &mut check);
    }
    for operation in &api.operations {
        each_of_operation(operation, &mut check);
    }
    found
}

pub(crate) fn visit_operation<'a>(operation: &'a Operation, found: &mut impl FnMut(&'a TypeId)) {
    each_of_operation(operation, &mut |ty| {
        if let Type::Named(id) = ty {
            found(id);
        }
    });
}

pub(crate) fn visit_definition<'a>(kind: &'a TypeKind, found: &mut impl FnMut(&'a TypeId)) {
    each_of_definition(kind, &mut |ty| {
        if let Type::Named(id) = ty {
            found(id);
        }
    });
}

/// Every type that an operation mentions itself.
fn each_of_operation<'a>(operation: &'a Operation, found: &mut impl FnMut(&'a Type)) {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    let body = operation.body.iter().map(|body| &body.ty);
    let responses = operation
        .success_responses
        .iter()
        .chain(&operation.failure_responses);
    let carried = responses.filter_map(|response| response.content.ty());
    let alternatives = operation.alternatives.iter();
    let carried = carried.chain(alternatives.filter_map(|other| other.content.ty()));
    let paging = operation.pagination.iter().map(|paging| &paging.entry);
    parameters
        .chain(body)
        .chain(carried)
        .chain(paging)
        .for_each(|ty| each(ty, found));
}

/// Every type that a definition mentions itself.
pub(crate) fn each_of_definition<'a>(kind: &'a TypeKind, found: &mut impl FnMut(&'a Type)) {
    match kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter().map(|field| &field.ty);
            let others = structure.additional.iter();
            fields.chain(others).for_each(|ty| each(ty, found));
        }
        TypeKind::Union(union) => union
            .variants
            .iter()
            .for_each(|variant| each(&variant.ty, found)),
        TypeKind::Responses(responses) => responses
            .responses
            .iter()
            .filter_map(|response| response.content.ty())
            .for_each(|ty| each(ty, found)),
        TypeKind::Alias(target) | TypeKind::Newtype(target) => each(target, found),
        TypeKind::Enum(_) | TypeKind::ScalarEnum(_) => {}
    }
}

/// A type and its unnamed parts.
pub(crate) fn each<'a>(ty: &'a Type, found: &mut impl FnMut(&'a Type)) {
    found(ty);
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => each(inner, found),
        Type::Tuple(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Content, Field, Group, Response, Struct, TypeDef},
        openapi::Pointer,
    };

    fn id(name: &str) -> TypeId {
        TypeId(Pointer::root().join_all(["components", "schemas", name]))
    }

    fn structure(name: &str, references: &[&str]) -> (TypeId, TypeDef) {
        let field = |target: &&str| Field {
            wire: (*target).to_owned(),
            ty: Type::Array(Box::new(Type::Named(id(target)))),
            description: None,
            required: false,
            nullable: false,
            read_only: false,
            write_only: false,
            deprecated: false,
            default: None,
            boxed: false,
            constant: None,
            is_recursive: false,
        };
        let structure = Struct {
            fields: references.iter().map(field).collect(),
            ..Struct::default()
        };
        let definition = TypeDef {
            words: vec![name.to_owned()],
            owner: Owner::Component(name.to_owned()),
            description: None,
            deprecated: false,
            kind: TypeKind::Struct(structure),
        };
        (id(name), definition)
    }

    fn operation(tag: &str, returns: &str) -> Operation {
        Operation {
            id: format!("get{returns}"),
            tag: tag.to_owned(),
            method: "GET",
            path: format!("/{returns}"),
            fixed_query: Vec::new(),
            summary: None,
            description: None,
            deprecated: false,
            parameters: Vec::new(),
            body: None,
            success_responses: vec![Response {
                status: "200".to_owned(),
                content: Content::Json(Type::Named(id(returns))),
                description: String::new(),
                headers: Vec::new(),
            }],
            success_type: None,
            failure_responses: Vec::new(),
            failure_type: None,
            permissions: None,
            security: None,
            server: None,
            idempotent: true,
            alternatives: Vec::new(),
            pageable: None,
            pagination: None,
            pointer: Pointer::root(),
        }
    }

    #[test]
    fn what_is_always_rendered_makes_its_references_always_rendered() {
        let group = |tag: &str| Group {
            tag: tag.to_owned(),
            description: None,
        };
        let api = Api {
            groups: vec![group("a"), group("b")],
            operations: vec![
                operation("a", "OfA"),
                operation("a", "Both"),
                operation("b", "Both"),
                operation("b", "OfB"),
            ],
            types: [
                structure("OfA", &["UnderA", "Circle"]),
                structure("Circle", &["OfA"]),
                structure("UnderA", &[]),
                structure("OfB", &["UnderBoth"]),
                structure("Both", &["UnderBoth"]),
                structure("UnderBoth", &[]),
                structure("Unused", &["OfB"]),
            ]
            .into_iter()
            .collect(),
            ..Api::default()
        };
        let of = components(&api);
        let gate = |name: &str| of[&Owner::Component(name.to_owned())].clone();
        let only_a = Reach::Groups(BTreeSet::from(["a"]));
        for name in ["OfA", "Circle", "UnderA"] {
            assert_eq!(gate(name), only_a, "{name}");
        }
        // Only group b uses `OfB`, but an unused schema, which is always rendered, refers to it.
        for name in ["Both", "UnderBoth", "Unused", "OfB"] {
            assert_eq!(gate(name), Reach::Always, "{name}");
        }
        assert!(mentions(&api, &Type::Named(id("UnderA"))));
        assert!(!mentions(&api, &Type::Uuid));
    }
}
