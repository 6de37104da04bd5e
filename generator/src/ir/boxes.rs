//! Which fields must be boxed for every struct to have a finite size: as few as possible.

use std::collections::{BTreeMap, BTreeSet};

use super::{Api, Type, TypeId, TypeKind};
use crate::diagnostics::{Code, Diagnostic, Sink};

/// Edges up to which the fewest boxes are searched for exhaustively; beyond, greedily.
const EXHAUSTIVE: usize = 14;

/// What boxing a field costs: first of all fields count, then those that are required, which would
/// have to become optional.
fn cost(required: bool) -> usize {
    1000 + usize::from(required)
}

/// From a struct to another it holds by value, with the cost of boxing the fields that do.
type Graph = BTreeMap<TypeId, BTreeMap<TypeId, usize>>;
type Edge = (TypeId, TypeId);

/// Marks the fields to box.
pub(super) fn place(api: &mut Api) {
    let graph = graph(api);
    let mut cut: BTreeSet<Edge> = BTreeSet::new();
    for component in components(&graph) {
        cut.extend(cut_cycles(&within(&graph, &component)));
    }
    let targets = aliases(api);
    for (id, definition) in &mut api.types {
        if let TypeKind::Struct(structure) = &mut definition.kind {
            for field in &mut structure.fields {
                let target = held(&field.ty, &targets);
                field.boxed = target.is_some_and(|to| cut.contains(&(id.clone(), to.clone())));
            }
        }
    }
}

fn aliases(api: &Api) -> BTreeMap<TypeId, Type> {
    let named = api.types.iter();
    named
        .filter_map(|(id, definition)| match &definition.kind {
            TypeKind::Alias(ty) => Some((id.clone(), ty.clone())),
            TypeKind::Struct(_) | TypeKind::Enum(_) => None,
        })
        .collect()
}

fn graph(api: &Api) -> Graph {
    let targets = aliases(api);
    let mut graph = Graph::new();
    for (id, definition) in &api.types {
        if let TypeKind::Struct(structure) = &definition.kind {
            let edges = graph.entry(id.clone()).or_default();
            for field in &structure.fields {
                if let Some(to) = held(&field.ty, &targets) {
                    *edges.entry(to.clone()).or_default() += cost(field.required);
                }
            }
        }
    }
    graph
}

/// The named type a field holds by value, seen through aliases. Lists and maps hold theirs behind a
/// pointer already.
fn held<'a>(ty: &'a Type, aliases: &'a BTreeMap<TypeId, Type>) -> Option<&'a TypeId> {
    let mut ty = ty;
    let mut steps = 0;
    loop {
        let Type::Named(id) = ty else { return None };
        match aliases.get(id) {
            // An alias of an alias of itself is reported as a circular reference.
            Some(target) if steps < aliases.len() => ty = target,
            Some(_) => return None,
            None => return Some(id),
        }
        steps += 1;
    }
}

fn within(graph: &Graph, members: &BTreeSet<TypeId>) -> Graph {
    members
        .iter()
        .map(|from| {
            let edges = graph[from].iter().filter(|(to, _)| members.contains(*to));
            (
                from.clone(),
                edges.map(|(to, weight)| (to.clone(), *weight)).collect(),
            )
        })
        .collect()
}

/// The strongly connected components, each in which there may be cycles (Kosaraju's algorithm,
/// without recursion: descriptions can be deep).
fn components(graph: &Graph) -> Vec<BTreeSet<TypeId>> {
    let mut reversed: BTreeMap<&TypeId, Vec<&TypeId>> = BTreeMap::new();
    for (from, edges) in graph {
        for to in edges.keys() {
            reversed.entry(to).or_default().push(from);
        }
    }
    let mut finished = Vec::new();
    let mut seen = BTreeSet::new();
    for start in graph.keys() {
        let mut stack = vec![(start, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                finished.push(node);
            } else if seen.insert(node) {
                stack.push((node, true));
                stack.extend(
                    graph
                        .get(node)
                        .into_iter()
                        .flat_map(BTreeMap::keys)
                        .map(|to| (to, false)),
                );
            }
        }
    }
    let mut assigned = BTreeSet::new();
    let mut components = Vec::new();
    for start in finished.into_iter().rev() {
        let mut component = BTreeSet::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if assigned.insert(node) {
                component.insert(node.clone());
                stack.extend(reversed.get(node).into_iter().flatten().copied());
            }
        }
        let cyclic = component.len() > 1
            || component
                .iter()
                .any(|node| graph.get(node).is_some_and(|to| to.contains_key(node)));
        if cyclic {
            components.push(component);
        }
    }
    components
}

/// The edges to cut in one component so that no cycle is left, with the fewest fields in all.
fn cut_cycles(graph: &Graph) -> BTreeSet<Edge> {
    let edges: Vec<(Edge, usize)> = graph
        .iter()
        .flat_map(|(from, to)| {
            to.iter()
                .map(|(to, weight)| ((from.clone(), to.clone()), *weight))
        })
        .collect();
    // A struct that holds itself can be cut in one way only.
    let (loops, edges): (Vec<_>, Vec<_>) =
        edges.into_iter().partition(|((from, to), _)| from == to);
    let mut cut: BTreeSet<Edge> = loops.into_iter().map(|(edge, _)| edge).collect();
    // An edge that is on no other cycle need not be looked at.
    let edges: Vec<_> = edges
        .into_iter()
        .filter(|((from, to), _)| reaches(graph, to, from, &cut))
        .collect();
    if edges.len() <= EXHAUSTIVE {
        let best = (0u32..1 << edges.len())
            .map(|choice| {
                let chosen = |index: usize| choice & (1 << index) != 0;
                let set: BTreeSet<Edge> = cut
                    .iter()
                    .cloned()
                    .chain(
                        (0..edges.len())
                            .filter(|i| chosen(*i))
                            .map(|i| edges[i].0.clone()),
                    )
                    .collect();
                let weight: usize = (0..edges.len())
                    .filter(|i| chosen(*i))
                    .map(|i| edges[i].1)
                    .sum();
                (weight, choice.count_ones(), choice, set)
            })
            .filter(|(.., set)| is_acyclic(graph, set))
            .min_by_key(|(weight, count, choice, _)| (*weight, *count, *choice));
        return best.map(|(.., set)| set).unwrap_or(cut);
    }
    // Greedily: cut the edge whose removal leaves the fewest edges on cycles, per field boxed.
    let mut left = edges;
    while !left.is_empty() {
        let best = left
            .iter()
            .min_by_key(|(edge, weight)| {
                let mut tried = cut.clone();
                tried.insert(edge.clone());
                let remaining = left
                    .iter()
                    .filter(|((from, to), _)| {
                        !tried.contains(&(from.clone(), to.clone()))
                            && reaches(graph, to, from, &tried)
                    })
                    .count();
                (remaining * weight, *weight, edge.clone())
            })
            .map(|(edge, _)| edge.clone());
        cut.extend(best);
        left.retain(|((from, to), _)| {
            !cut.contains(&(from.clone(), to.clone())) && reaches(graph, to, from, &cut)
        });
    }
    cut
}

fn is_acyclic(graph: &Graph, cut: &BTreeSet<Edge>) -> bool {
    graph.iter().all(|(from, edges)| {
        edges
            .keys()
            .all(|to| cut.contains(&(from.clone(), to.clone())) || !reaches(graph, to, from, cut))
    })
}

fn reaches(graph: &Graph, from: &TypeId, to: &TypeId, cut: &BTreeSet<Edge>) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack = vec![from];
    while let Some(node) = stack.pop() {
        if node == to {
            return true;
        }
        if seen.insert(node) {
            let edges = graph.get(node).into_iter().flat_map(BTreeMap::keys);
            stack.extend(edges.filter(|next| !cut.contains(&(node.clone(), (*next).clone()))));
        }
    }
    false
}

/// A list or map that holds itself, with no object between, is no type in Rust: there is no field to
/// box.
pub(super) fn check_aliases(api: &Api, sink: &mut Sink) {
    for id in api.types.keys() {
        let mut seen: Vec<&TypeId> = Vec::new();
        let mut next = Some(id);
        while let Some(current) = next {
            if seen.contains(&current) {
                if current == id {
                    let message =
                        "a list or map of itself, with no object between, is not supported";
                    sink.at(&id.0, Diagnostic::new(Code::Unsupported, message));
                }
                break;
            }
            seen.push(current);
            next = match api.types.get(current).map(|definition| &definition.kind) {
                Some(TypeKind::Alias(ty)) => innermost(ty),
                _ => None,
            };
        }
    }
}

fn innermost(ty: &Type) -> Option<&TypeId> {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => innermost(inner),
        Type::Named(id) => Some(id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pointer::Pointer;

    fn id(name: &str) -> TypeId {
        TypeId(Pointer::root().join(name))
    }

    fn cut(edges: &[(&str, &str, usize)]) -> Vec<(String, String)> {
        let mut graph = Graph::new();
        for (from, to, weight) in edges {
            graph.entry(id(from)).or_default().insert(id(to), *weight);
            graph.entry(id(to)).or_default();
        }
        let name = |id: &TypeId| id.0.tokens().next().unwrap_or_default().to_owned();
        let mut cut: Vec<_> = components(&graph)
            .iter()
            .flat_map(|component| cut_cycles(&within(&graph, component)))
            .map(|(from, to)| (name(&from), name(&to)))
            .collect();
        cut.sort();
        cut
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn a_struct_that_holds_itself_is_boxed_there() {
        assert_eq!(cut(&[("a", "a", 2), ("a", "b", 1)]), [pair("a", "a")]);
    }

    #[test]
    fn the_cheaper_side_of_a_cycle_is_boxed() {
        let edges = [
            ("user", "stations", 1),
            ("stations", "station", 4),
            ("station", "user", 2),
        ];
        assert_eq!(cut(&edges), [pair("user", "stations")]);
    }

    #[test]
    fn one_box_serves_cycles_that_share_an_edge() {
        let edges = [("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "a", 1)];
        assert_eq!(cut(&edges), [pair("a", "b")]);
    }

    #[test]
    fn large_components_are_cut_as_well() {
        let names: Vec<String> = (0..30).map(|index| format!("n{index:02}")).collect();
        let edges: Vec<(&str, &str, usize)> = (0..30)
            .map(|index| (names[index].as_str(), names[(index + 1) % 30].as_str(), 1))
            .collect();
        assert_eq!(cut(&edges).len(), 1);
    }

    #[test]
    fn what_has_no_cycle_is_left_alone() {
        assert_eq!(cut(&[("a", "b", 1), ("b", "c", 1), ("a", "c", 1)]), []);
    }
}
