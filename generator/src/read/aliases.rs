//! Components that are bare references to others: each reference to them is replaced by its end.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{Components, Parameter, Paths, ReferenceOr, Schema, SchemaKind};

use super::{issues::Issues, links, node_path, operations::operation_mut};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::{ComponentKind, Method, Pointer, reference::component_name},
};

/// Replaces each reference to an alias by one to the component at the end of the chain, and reports
/// chains that lead in a circle.
pub(super) fn resolve_aliases(
    components: &mut Components,
    paths: &mut Paths,
    unreadable: &HashSet<String>,
    issues: &mut Issues<'_>,
) {
    use ComponentKind as Kind;
    shorten(&mut components.schemas, Kind::Schema, sole_schema, issues);
    shorten(&mut components.responses, Kind::Response, |_| None, issues);
    shorten(
        &mut components.parameters,
        Kind::Parameter,
        |_| None,
        issues,
    );
    shorten(
        &mut components.request_bodies,
        Kind::RequestBody,
        |_| None,
        issues,
    );
    shorten(&mut components.headers, Kind::Header, |_| None, issues);
    shorten(
        &mut components.security_schemes,
        Kind::SecurityScheme,
        |_| None,
        issues,
    );
    drop_missing(components, paths, unreadable, issues);
}

/// Removes references to parameters that could not be read. Where that was not reported at the
/// parameter, it is reported at the reference.
fn drop_missing(
    components: &Components,
    paths: &mut Paths,
    unreadable: &HashSet<String>,
    issues: &mut Issues<'_>,
) {
    let mut retain = |parameters: &mut Vec<ReferenceOr<Parameter>>, at: &dyn Fn() -> Pointer| {
        let mut index = 0;
        parameters.retain(|parameter| {
            let ReferenceOr::Reference { reference } = parameter else {
                index += 1;
                return true;
            };
            let name = component_name(reference, ComponentKind::Parameter);
            let name = name.unwrap_or_else(|| reference.clone());
            let is_known = components.parameters.contains_key(&name);
            if !is_known && !unreadable.contains(&name) {
                let message = format!("parameter `{name}` cannot be read; it is ignored");
                let at = at().join("parameters").join(index.to_string());
                issues.report_in_result(&at, Diagnostic::new(Code::LeftOut, message));
            }
            index += 1;
            is_known
        });
    };
    for (path, item) in &mut paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let at = || Pointer::root().join("paths").join(path.as_str());
        retain(&mut item.parameters, &at);
        for method in Method::ALL {
            if let Some(operation) = operation_mut(item, method) {
                retain(&mut operation.parameters, &|| at().join(method.key()));
            }
        }
    }
}

/// The reference, if a schema says nothing else.
fn sole_schema(schema: &Schema) -> Option<&str> {
    let SchemaKind::Any(any) = &schema.schema_kind else {
        return None;
    };
    let [ReferenceOr::Reference { reference }] = any.all_of.as_slice() else {
        return None;
    };
    let is_bare = any.properties.is_empty()
        && any.any_of.is_empty()
        && any.one_of.is_empty()
        && any.typ.is_none()
        && any.enumeration.is_empty()
        && any.items.is_none()
        && any.additional_properties.is_none();
    is_bare.then_some(reference.as_str())
}

fn shorten<T>(
    section: &mut IndexMap<String, ReferenceOr<T>>,
    kind: ComponentKind,
    sole: fn(&T) -> Option<&str>,
    issues: &mut Issues<'_>,
) {
    let next: Vec<Option<usize>> = section
        .values()
        .map(|item| {
            let reference = match item {
                ReferenceOr::Reference { reference } => Some(reference.as_str()),
                ReferenceOr::Item(item) => sole(item),
            };
            section.get_index_of(&component_name(reference?, kind)?)
        })
        .collect();
    for circle in circles(&next) {
        let chain: Vec<String> = circle
            .iter()
            .filter_map(|index| Some(node_path::reference(kind, section.get_index(*index)?.0)))
            .collect();
        let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
        let Some((first, _)) = section.get_index(circle[0]) else {
            continue;
        };
        let at = Pointer::root().join_all(["components", kind.section(), first.as_str()]);
        issues.report_in_result(&at, links::circle(chain[0], &chain));
    }
    // What is in a circle, or leads to an unreadable component, was reported, and is removed.
    let is_reference: Vec<bool> = section
        .values()
        .map(|item| matches!(item, ReferenceOr::Reference { .. }))
        .collect();
    let ends = ends(&next, &is_reference);
    let names: HashMap<usize, String> = ends
        .iter()
        .flatten()
        .filter_map(|end| Some((*end, section.get_index(*end)?.0.clone())))
        .collect();
    let mut index = 0;
    section.retain(|_, item| {
        let end = ends[index].and_then(|end| names.get(&end));
        index += 1;
        match (item, end) {
            (ReferenceOr::Item(_), _) => true,
            (ReferenceOr::Reference { reference }, Some(end)) => {
                *reference = node_path::reference(kind, end);
                true
            }
            (ReferenceOr::Reference { .. }, None) => false,
        }
    });
}

/// The circles in a graph where each node has at most one successor.
fn circles(next: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut circles = Vec::new();
    // The walk a node was first met on.
    let mut walk: Vec<Option<usize>> = vec![None; next.len()];
    for start in 0..next.len() {
        let mut at = start;
        let met = loop {
            if let Some(earlier) = walk[at] {
                break (earlier == start).then_some(at);
            }
            walk[at] = Some(start);
            match next[at] {
                Some(following) => at = following,
                None => break None,
            }
        };
        if let Some(first) = met {
            let mut circle = vec![first];
            let mut at = next[first];
            while let Some(following) = at.filter(|following| *following != first) {
                circle.push(following);
                at = next[following];
            }
            circles.push(circle);
        }
    }
    circles
}

/// The first node that is more than a reference in each chain; `None` where there is none.
fn ends(next: &[Option<usize>], is_reference: &[bool]) -> Vec<Option<usize>> {
    let mut ends: Vec<Option<usize>> = vec![None; next.len()];
    let mut is_known = vec![false; next.len()];
    for start in 0..next.len() {
        let mut passed = Vec::new();
        let mut at = start;
        let end = loop {
            if is_known[at] {
                break ends[at];
            }
            is_known[at] = true;
            passed.push(at);
            if !is_reference[at] {
                break Some(at);
            }
            match next[at] {
                Some(following) => at = following,
                None => break None,
            }
        };
        for node in passed {
            ends[node] = end;
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_once_and_ends_in_one_pass() {
        // 0 -> 1 -> 2 -> 1, 3 -> 3, 4 -> 5, 5 ends, 6 -> 0.
        let next = [Some(1), Some(2), Some(1), Some(3), Some(5), None, Some(0)];
        assert_eq!(circles(&next), [vec![1, 2], vec![3]]);
        let is_reference = [true, true, true, true, true, false, true];
        assert_eq!(
            ends(&next, &is_reference),
            [None, None, None, None, Some(5), Some(5), None]
        );
    }

    #[test]
    fn long_chains_take_linear_time() {
        let length = 200_000;
        let next: Vec<Option<usize>> = (1..=length).map(|at| (at < length).then_some(at)).collect();
        let mut is_reference = vec![true; length];
        is_reference[length - 1] = false;
        assert!(circles(&next).is_empty());
        assert!(
            ends(&next, &is_reference)
                .iter()
                .all(|end| *end == Some(length - 1))
        );
    }
}
