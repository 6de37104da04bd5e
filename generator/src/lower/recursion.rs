//! Breaks cycles that Rust's types cannot have: aliases that refer back to themselves, and unions
//! that contain themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    model::{Api, Type, TypeId, TypeKind, Variant},
};

/// Makes every type finite: an alias on a cycle of aliases becomes a newtype, and a union loses
/// variants that would be itself.
pub(super) fn resolve(api: &mut Api, sink: &mut Sink) {
    let aliases = edges(api, |kind| match kind {
        TypeKind::Alias(ty) => vec![ty],
        _ => Vec::new(),
    });
    let bare = bare_cycles(api);
    for id in closing(&aliases).into_keys() {
        if let Some(definition) = api.types.get_mut(&id)
            && let TypeKind::Alias(ty) = &definition.kind
        {
            let ty = ty.clone();
            definition.kind = match bare.contains(&id) {
                // It refers only to itself: nothing is known of its values.
                true => TypeKind::Alias(Type::Any),
                false => TypeKind::Newtype(ty),
            };
        }
    }
    for (id, targets) in closing(&edges_by_value(api)) {
        for target in targets {
            expand_variant(api, &id, &target, sink);
        }
    }
}

/// Replaces a union among the variants of another by its own variants.
fn expand_variant(api: &mut Api, from: &TypeId, target: &TypeId, sink: &mut Sink) {
    let union_of = |id: &TypeId| match &api.types.get(id)?.kind {
        TypeKind::Union(union) => Some(union),
        _ => None,
    };
    let (Some(union), Some(inner)) = (union_of(from), union_of(target)) else {
        return;
    };
    let is_target = |ty: &Type| matches!(api.plain(ty), Type::Named(id) if id == target);
    let mut variants: Vec<Variant> = union.variants.clone();
    variants.retain(|variant| !is_target(&variant.ty));
    for variant in &inner.variants {
        let is_known = variants.iter().any(|known| known.ty == variant.ty);
        if !is_known && api.union(&variant.ty).is_none() {
            let mut variant = variant.clone();
            if union.tag != inner.tag {
                variant.tags.clear();
            }
            variants.push(variant);
        }
    }
    let message = match from == target {
        true => "an alternative that refers back to the schema is ignored",
        false => {
            "an alternative that refers back to the schema is replaced by its other alternatives"
        }
    };
    sink.at(&from.0, Diagnostic::new(Code::Simplified, message));
    if let Some(definition) = api.types.get_mut(from)
        && let TypeKind::Union(union) = &mut definition.kind
    {
        union.variants = variants;
    }
}

type Edges = BTreeMap<TypeId, Vec<TypeId>>;

/// The aliases on cycles that contain nothing else.
fn bare_cycles(api: &Api) -> BTreeSet<TypeId> {
    let mut bare = BTreeSet::new();
    let mut known: BTreeSet<&TypeId> = BTreeSet::new();
    for start in api.types.keys() {
        let mut seen = BTreeSet::new();
        let mut next = Some(start);
        while let Some(id) = next {
            if seen.contains(id) {
                bare.extend(seen.into_iter().cloned());
                break;
            }
            // The rest of this path was visited before.
            if !known.insert(id) {
                if bare.contains(id) {
                    bare.extend(seen.into_iter().cloned());
                }
                break;
            }
            seen.insert(id);
            next = match api.types.get(id).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(Type::Named(target))) => Some(target),
                _ => None,
            };
        }
    }
    bare
}

/// From each type to those that occur in the given parts of it, at any depth.
fn edges(api: &Api, parts: impl Fn(&TypeKind) -> Vec<&Type>) -> Edges {
    let types = api.types.iter();
    types
        .map(|(id, definition)| {
            let mut targets = Vec::new();
            let mut open = parts(&definition.kind);
            while let Some(ty) = open.pop() {
                match ty {
                    Type::Named(to) => targets.push(to.clone()),
                    Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
                        open.push(inner);
                    }
                    Type::Tuple(items) => open.extend(items),
                    _ => {}
                }
            }
            (id.clone(), targets)
        })
        .filter(|(_, targets)| !targets.is_empty())
        .collect()
}

/// From each union to the unions among its variants, through aliases only.
fn edges_by_value(api: &Api) -> Edges {
    let mut edges = Edges::new();
    for (id, definition) in &api.types {
        if let TypeKind::Union(union) = &definition.kind {
            let variants = union.variants.iter();
            let targets = variants.filter_map(|variant| Some(api.union(&variant.ty)?.0.clone()));
            edges.insert(id.clone(), targets.collect());
        }
    }
    edges
}

/// The edges that close a cycle, found by an iterative depth-first search.
fn closing(edges: &Edges) -> BTreeMap<TypeId, BTreeSet<TypeId>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Open,
        Done,
    }
    let mut states: BTreeMap<&TypeId, State> = BTreeMap::new();
    let mut closing: BTreeMap<TypeId, BTreeSet<TypeId>> = BTreeMap::new();
    for start in edges.keys() {
        if states.contains_key(start) {
            continue;
        }
        states.insert(start, State::Open);
        let mut stack: Vec<(&TypeId, usize)> = vec![(start, 0)];
        while let Some((node, next)) = stack.last_mut() {
            let targets = edges.get(*node).map_or(&[][..], Vec::as_slice);
            let Some(target) = targets.get(*next) else {
                states.insert(node, State::Done);
                stack.pop();
                continue;
            };
            *next += 1;
            match states.get(target) {
                Some(State::Done) => {}
                Some(State::Open) => {
                    let from = (*node).clone();
                    closing.entry(from).or_default().insert(target.clone());
                }
                None => {
                    states.insert(target, State::Open);
                    stack.push((target, 0));
                }
            }
        }
    }
    closing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::Pointer;

    fn id(name: &str) -> TypeId {
        TypeId(Pointer::root().join(name))
    }

    #[test]
    fn one_edge_of_each_cycle_closes_it() {
        let graph: Edges = [
            ("a", vec!["b"]),
            ("b", vec!["c", "b"]),
            ("c", vec!["a"]),
            ("d", vec!["a"]),
        ]
        .into_iter()
        .map(|(from, to)| (id(from), to.into_iter().map(id).collect()))
        .collect();
        let found: Vec<_> = closing(&graph)
            .into_iter()
            .flat_map(|(from, to)| to.into_iter().map(move |to| (from.clone(), to)))
            .collect();
        assert_eq!(found, [(id("b"), id("b")), (id("c"), id("a"))]);
    }
}
