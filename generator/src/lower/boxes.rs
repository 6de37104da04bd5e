//! Decides which fields are boxed, so that every struct has a finite and small size.
//!
//! Any field on a cycle would do, but a box of a struct that holds all others several times would
//! allocate all of them for every value.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Type, TypeId, TypeKind};

/// The maximum number of edges for the exhaustive search of the best boxes.
const EXHAUSTIVE: usize = 14;

/// The maximum number of edges for the greedy search; beyond it, the back edges of a depth-first
/// search are cut.
const SEARCHED: usize = 200;
/// The approximate size in bytes up to which a struct is held by value.
const LARGEST: usize = 8192;

/// The approximate size in bytes of a field that holds no struct: that of a `String`.
const FIELD: usize = 24;
/// The size of a box in bytes.
const BOX: usize = 8;

/// The structs, and from each to the others it holds by value.
type Graph = BTreeMap<TypeId, Node>;
type Edge = (TypeId, TypeId);

#[derive(Clone, Debug, Default)]
struct Node {
    /// The approximate size in bytes of the fields that hold no other node.
    size: usize,
    edges: BTreeMap<TypeId, Fields>,
}

/// The fields by which one struct holds another.
#[derive(Clone, Copy, Debug, Default)]
struct Fields {
    all: usize,
    /// The required ones, which become optional when they are boxed.
    required: usize,
}

/// Marks the fields to box.
pub(super) fn place(api: &mut Api) {
    let graph = graph(api);
    let mut cut: BTreeSet<Edge> = BTreeSet::new();
    for component in components(&graph) {
        cut.extend(cut_cycles(&within(&graph, &component)));
    }
    let large = large(&graph, &cut);
    let targets = aliases(api);
    for (id, definition) in &mut api.types {
        if let TypeKind::Struct(structure) = &mut definition.kind {
            for field in &mut structure.fields {
                let held = held(&field.ty, &targets);
                let is_cut = |target: &&TypeId| cut.contains(&(id.clone(), (*target).clone()));
                field.is_recursive = held.iter().any(is_cut);
                field.boxed =
                    field.is_recursive || held.iter().any(|target| large.contains(*target));
            }
        }
    }
}

/// The structs that are too large to be held by value. The size of each includes the structs that it
/// holds by value.
fn large(graph: &Graph, cut: &BTreeSet<Edge>) -> BTreeSet<TypeId> {
    let mut sizes: BTreeMap<&TypeId, usize> = BTreeMap::new();
    let mut large = BTreeSet::new();
    for start in graph.keys() {
        let mut stack = vec![(start, false)];
        while let Some((id, held_are_known)) = stack.pop() {
            if sizes.contains_key(id) {
                continue;
            }
            let Some(node) = graph.get(id) else {
                // Not a struct: an enum, or something that is behind a pointer already.
                sizes.insert(id, FIELD);
                continue;
            };
            let by_value = node.edges.iter();
            let by_value = by_value.filter(|(to, _)| !cut.contains(&(id.clone(), (*to).clone())));
            if !held_are_known {
                stack.push((id, true));
                stack.extend(by_value.map(|(to, _)| (to, false)));
                continue;
            }
            let fields: usize = node.edges.values().map(|fields| fields.all).sum();
            let mut size = node.size + fields * BOX;
            for (to, fields) in by_value {
                if !large.contains(to) {
                    let of_each = sizes.get(to).copied().unwrap_or_default();
                    size += fields.all * of_each.saturating_sub(BOX);
                }
            }
            sizes.insert(id, size);
            if size > LARGEST {
                large.insert(id.clone());
            }
        }
    }
    large
}

fn aliases(api: &Api) -> BTreeMap<TypeId, Type> {
    let named = api.types.iter();
    named
        .filter_map(|(id, definition)| match &definition.kind {
            TypeKind::Alias(ty) => Some((id.clone(), ty.clone())),
            _ => None,
        })
        .collect()
}

fn graph(api: &Api) -> Graph {
    let targets = aliases(api);
    let mut graph = Graph::new();
    for (id, definition) in &api.types {
        if let TypeKind::Struct(structure) = &definition.kind {
            let node = graph.entry(id.clone()).or_default();
            for field in &structure.fields {
                let held = held(&field.ty, &targets);
                if held.is_empty() {
                    node.size += FIELD;
                }
                for to in held {
                    let fields = node.edges.entry(to.clone()).or_default();
                    fields.all += 1;
                    fields.required += usize::from(field.required);
                }
            }
        }
    }
    graph
}

/// The named types a field holds by value, seen through aliases. Lists and maps hold theirs behind a
/// pointer already.
fn held<'a>(ty: &'a Type, aliases: &'a BTreeMap<TypeId, Type>) -> BTreeSet<&'a TypeId> {
    let mut held = BTreeSet::new();
    let mut seen: BTreeSet<&TypeId> = BTreeSet::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            Type::Nullable(inner) => open.push(inner),
            Type::Tuple(items) => open.extend(items),
            Type::Named(id) => match aliases.get(id) {
                Some(target) if seen.insert(id) => open.push(target),
                Some(_) => {}
                None => {
                    held.insert(id);
                }
            },
            _ => {}
        }
    }
    held
}

fn within(graph: &Graph, members: &BTreeSet<TypeId>) -> Graph {
    members
        .iter()
        .map(|from| {
            let mut node = graph[from].clone();
            node.edges.retain(|to, fields| {
                let is_inside = members.contains(to);
                if !is_inside {
                    node.size += fields.all * FIELD;
                }
                is_inside
            });
            (from.clone(), node)
        })
        .collect()
}

/// The strongly connected components that contain cycles, by Kosaraju's algorithm without recursion,
/// because descriptions can be deep.
fn components(graph: &Graph) -> Vec<BTreeSet<TypeId>> {
    let mut reversed: BTreeMap<&TypeId, Vec<&TypeId>> = BTreeMap::new();
    for (from, node) in graph {
        for to in node.edges.keys() {
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
                        .flat_map(|node| node.edges.keys())
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
            || component.iter().any(|id| {
                graph
                    .get(id)
                    .is_some_and(|node| node.edges.contains_key(id))
            });
        if cyclic {
            components.push(component);
        }
    }
    components
}

/// The edges to cut in one component so that no cycle is left: with the fewest required fields, then
/// with the smallest structs, then with the fewest fields in all.
fn cut_cycles(graph: &Graph) -> BTreeSet<Edge> {
    let edges: Vec<(Edge, Fields)> = graph
        .iter()
        .flat_map(|(from, node)| {
            let edges = node.edges.iter();
            edges.map(|(to, fields)| ((from.clone(), to.clone()), *fields))
        })
        .collect();
    if edges.len() > SEARCHED {
        return back_edges(graph);
    }
    // There is only one way to cut a struct that holds itself.
    let (loops, edges): (Vec<_>, Vec<_>) =
        edges.into_iter().partition(|((from, to), _)| from == to);
    let cut: BTreeSet<Edge> = loops.into_iter().map(|(edge, _)| edge).collect();
    // Edges on no other cycle are never cut.
    let edges: Vec<_> = edges
        .into_iter()
        .filter(|((from, to), _)| reaches(graph, to, from, &cut))
        .collect();
    match edges.len() <= EXHAUSTIVE {
        true => cut_exhaustively(graph, &edges, cut),
        false => cut_greedily(graph, edges, cut),
    }
}

/// Tries all choices of edges, in addition to those that are cut already.
fn cut_exhaustively(
    graph: &Graph,
    edges: &[(Edge, Fields)],
    cut: BTreeSet<Edge>,
) -> BTreeSet<Edge> {
    let best = (0u32..1 << edges.len())
        .map(|choice| {
            let is_chosen = |index: &usize| choice & (1 << index) != 0;
            let chosen = || {
                (0..edges.len())
                    .filter(is_chosen)
                    .map(|index| &edges[index])
            };
            let required: usize = chosen().map(|(_, fields)| fields.required).sum();
            let all: usize = chosen().map(|(_, fields)| fields.all).sum();
            let set = cut.iter().chain(chosen().map(|(edge, _)| edge));
            let set: BTreeSet<Edge> = set.cloned().collect();
            (required, all, choice, set)
        })
        .filter(|(.., set)| is_acyclic(graph, set) && is_minimal(graph, set))
        .min_by_key(|(required, all, choice, set)| {
            (*required, total_size(graph, set), *all, *choice)
        });
    best.map_or(cut, |(.., set)| set)
}

/// Cuts the edge whose removal leaves the fewest edges on cycles, per field boxed, until none is left.
fn cut_greedily(graph: &Graph, edges: Vec<(Edge, Fields)>, cut: BTreeSet<Edge>) -> BTreeSet<Edge> {
    let mut cut = cut;
    let mut left = edges;
    while !left.is_empty() {
        let is_on_cycle = |((from, to), _): &(Edge, Fields), cut: &BTreeSet<Edge>| {
            !cut.contains(&(from.clone(), to.clone())) && reaches(graph, to, from, cut)
        };
        let best = left.iter().min_by_key(|(edge, fields)| {
            let weight = (fields.required, fields.all);
            let mut tried = cut.clone();
            tried.insert(edge.clone());
            let on_cycles = left.iter().filter(|edge| is_on_cycle(edge, &tried));
            (on_cycles.count() * fields.all, weight, edge.clone())
        });
        cut.extend(best.map(|(edge, _)| edge.clone()));
        left.retain(|edge| is_on_cycle(edge, &cut));
    }
    cut
}

/// The back edges of an iterative depth-first search: without them there is no cycle.
fn back_edges(graph: &Graph) -> BTreeSet<Edge> {
    let mut cut = BTreeSet::new();
    let mut open: BTreeSet<&TypeId> = BTreeSet::new();
    let mut seen: BTreeSet<&TypeId> = BTreeSet::new();
    for start in graph.keys() {
        let mut stack = vec![(start, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                open.remove(node);
                continue;
            }
            if !seen.insert(node) {
                continue;
            }
            open.insert(node);
            stack.push((node, true));
            for to in graph[node].edges.keys() {
                if open.contains(to) {
                    cut.insert((node.clone(), to.clone()));
                } else if !seen.contains(to) {
                    stack.push((to, false));
                }
            }
        }
    }
    cut
}

fn is_acyclic(graph: &Graph, cut: &BTreeSet<Edge>) -> bool {
    graph.iter().all(|(from, node)| {
        node.edges
            .keys()
            .all(|to| cut.contains(&(from.clone(), to.clone())) || !reaches(graph, to, from, cut))
    })
}

/// Whether every cut breaks a cycle.
fn is_minimal(graph: &Graph, cut: &BTreeSet<Edge>) -> bool {
    cut.iter().all(|edge| {
        let mut fewer = cut.clone();
        fewer.remove(edge);
        reaches(graph, &edge.1, &edge.0, &fewer)
    })
}

/// The approximate size in bytes of all structs together, once no cycle is left.
fn total_size(graph: &Graph, cut: &BTreeSet<Edge>) -> usize {
    let mut sizes: BTreeMap<&TypeId, usize> = BTreeMap::new();
    let mut left: Vec<&TypeId> = graph.keys().collect();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|id| {
            let mut size = graph[*id].size;
            for (to, fields) in &graph[*id].edges {
                let each = match cut.contains(&((*id).clone(), to.clone())) {
                    true => BOX,
                    false => match sizes.get(to) {
                        Some(size) => *size,
                        None => return true,
                    },
                };
                size = size.saturating_add(fields.all.saturating_mul(each));
            }
            sizes.insert(id, size);
            false
        });
        if left.len() == before {
            return usize::MAX;
        }
    }
    sizes
        .values()
        .fold(0, |sum, size| sum.saturating_add(*size))
}

fn reaches(graph: &Graph, from: &TypeId, to: &TypeId, cut: &BTreeSet<Edge>) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack = vec![from];
    while let Some(node) = stack.pop() {
        if node == to {
            return true;
        }
        if seen.insert(node) {
            let edges = graph
                .get(node)
                .into_iter()
                .flat_map(|node| node.edges.keys());
            stack.extend(edges.filter(|next| !cut.contains(&(node.clone(), (*next).clone()))));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::Pointer;

    fn id(name: &str) -> TypeId {
        TypeId(Pointer::root().join(name))
    }

    /// The cuts between structs that hold each other by this many fields and have ten other fields.
    fn cut(edges: &[(&str, &str, usize)]) -> Vec<(String, String)> {
        cut_with(edges, 0)
    }

    fn cut_with(edges: &[(&str, &str, usize)], required: usize) -> Vec<(String, String)> {
        let mut graph = Graph::new();
        for (from, to, all) in edges {
            let fields = Fields {
                all: *all,
                required: required.min(*all),
            };
            let node = graph.entry(id(from)).or_default();
            node.edges.insert(id(to), fields);
            for end in [from, to] {
                graph.entry(id(end)).or_default().size = 10 * FIELD;
            }
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
    fn structs_stay_small() {
        let edges = [
            ("user", "stations", 1),
            ("stations", "station", 4),
            ("station", "user", 2),
        ];
        // A box in the user would hold eight users.
        assert_eq!(cut(&edges), [pair("stations", "station")]);
        // Fewer required fields come first.
        assert_eq!(cut_with(&edges, 4), [pair("user", "stations")]);
    }

    #[test]
    fn two_small_boxes_can_be_better_than_a_large_one() {
        let edges = [("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "a", 1)];
        assert_eq!(cut(&edges), [pair("b", "a"), pair("c", "a")]);
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
