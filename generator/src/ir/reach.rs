//! Which groups of operations lead to which types.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, Operation, Owner, Struct, Type, TypeId, TypeKind};

/// Who needs what is declared in one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    /// No operation, all groups, or something that is always there.
    Always,
    /// The operations of these groups, by tag.
    Groups(BTreeSet<&'a str>),
}

/// Who needs each component that declares types.
///
/// What is declared in one component is needed together: it shares a file. A component that is
/// always there takes all it leads to along.
pub(crate) fn components(api: &Api) -> BTreeMap<&Owner, Reach<'_>> {
    let mut graph: BTreeMap<&Owner, BTreeSet<&Owner>> = BTreeMap::new();
    for definition in api.types.values() {
        let leads_to = graph.entry(&definition.owner).or_default();
        visit_definition(&definition.kind, &mut |id| {
            leads_to.extend(api.types.get(id).map(|found| &found.owner));
        });
    }
    let mut reached: BTreeMap<&Owner, BTreeSet<&str>> = BTreeMap::new();
    for group in &api.groups {
        let mut starts = Vec::new();
        for operation in api.operations.iter().filter(|one| one.tag == group.tag) {
            visit_operation(operation, &mut |id| {
                starts.extend(api.types.get(id).map(|found| &found.owner));
            });
        }
        for owner in closure(&graph, starts) {
            reached.entry(owner).or_default().insert(&group.tag);
        }
    }
    let is_always = |owner: &Owner| match reached.get(owner) {
        None => true,
        Some(groups) => groups.len() == api.groups.len(),
    };
    let all = graph.keys().copied();
    let components = all.filter(|owner| matches!(owner, Owner::Component(_)));
    let always = components.clone().filter(|owner| is_always(owner));
    let always = closure(&graph, always.collect());
    components
        .map(|owner| match reached.get(owner) {
            Some(groups) if !always.contains(owner) => (owner, Reach::Groups(groups.clone())),
            _ => (owner, Reach::Always),
        })
        .collect()
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

fn closure<'a>(
    graph: &BTreeMap<&'a Owner, BTreeSet<&'a Owner>>,
    starts: Vec<&'a Owner>,
) -> BTreeSet<&'a Owner> {
    let mut seen = BTreeSet::new();
    let mut waiting = starts;
    while let Some(owner) = waiting.pop() {
        if seen.insert(owner) {
            waiting.extend(graph.get(owner).into_iter().flatten());
        }
    }
    seen
}

pub(super) fn visit_operation<'a>(operation: &'a Operation, found: &mut impl FnMut(&'a TypeId)) {
    each_of_operation(operation, &mut |ty| {
        if let Type::Named(id) = ty {
            found(id);
        }
    });
}

pub(super) fn visit_definition<'a>(kind: &'a TypeKind, found: &mut impl FnMut(&'a TypeId)) {
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
    let outcomes = operation.successes.iter().chain(&operation.failures);
    let carried = outcomes.filter_map(|outcome| outcome.content.ty());
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
        TypeKind::Outcomes(outcomes) => outcomes
            .outcomes
            .iter()
            .filter_map(|outcome| outcome.content.ty())
            .for_each(|ty| each(ty, found)),
        TypeKind::Alias(target) | TypeKind::Newtype(target) => each(target, found),
        TypeKind::Enum(_) | TypeKind::ScalarEnum(_) => {}
    }
    if let TypeKind::Struct(Struct {
        additional: Some(ty),
        ..
    }) = kind
    {
        each(ty, found);
    }
}

/// A type and those it is made of, as far as they have no names.
pub(super) fn each<'a>(ty: &'a Type, found: &mut impl FnMut(&'a Type)) {
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
        ir::{Content, Field, Group, Outcome, Struct, TypeDef},
        pointer::Pointer,
    };

    fn id(name: &str) -> TypeId {
        TypeId(Pointer::root().join_all(["components", "schemas", name]))
    }

    fn structure(name: &str, leads_to: &[&str]) -> (TypeId, TypeDef) {
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
            is_recursive: false,
        };
        let structure = Struct {
            fields: leads_to.iter().map(field).collect(),
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
            successes: vec![Outcome {
                status: "200".to_owned(),
                content: Content::Json(Type::Named(id(returns))),
                description: String::new(),
                headers: Vec::new(),
            }],
            success_type: None,
            failures: Vec::new(),
            failure_type: None,
            permissions: None,
            security: None,
            server: None,
            idempotent: true,
            pagination: None,
            pointer: Pointer::root(),
        }
    }

    #[test]
    fn what_is_always_there_takes_along_what_it_leads_to() {
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
        // `OfB` is used by group b alone, but what nothing uses is always there and leads to it.
        for name in ["Both", "UnderBoth", "Unused", "OfB"] {
            assert_eq!(gate(name), Reach::Always, "{name}");
        }
        assert!(mentions(&api, &Type::Named(id("UnderA"))));
        assert!(!mentions(&api, &Type::Uuid));
    }
}
