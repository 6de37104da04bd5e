//! Components that are but references to others: each comes to refer to what is there in the end.

use std::collections::HashMap;

use indexmap::IndexMap;
use openapiv3::{Components, Operation, Parameter, Paths, ReferenceOr, Schema, SchemaKind};

use super::{links, place, reader::Reader};
use crate::{pointer::Pointer, resolve::component_name};

/// Shortens the ways and reports those that lead in a circle.
pub(super) fn settle(components: &mut Components, paths: &mut Paths, reader: &mut Reader<'_, '_>) {
    shorten(&mut components.schemas, "schemas", sole_schema, reader);
    shorten(&mut components.responses, "responses", |_| None, reader);
    shorten(&mut components.parameters, "parameters", |_| None, reader);
    shorten(
        &mut components.request_bodies,
        "requestBodies",
        |_| None,
        reader,
    );
    shorten(&mut components.headers, "headers", |_| None, reader);
    shorten(
        &mut components.security_schemes,
        "securitySchemes",
        |_| None,
        reader,
    );
    drop_missing(components, paths);
}

/// A parameter that could not be read, which has been reported, is no component.
fn drop_missing(components: &mut Components, paths: &mut Paths) {
    let known = |parameter: &ReferenceOr<Parameter>| match parameter {
        ReferenceOr::Item(_) => true,
        ReferenceOr::Reference { reference } => component_name(reference, "parameters")
            .is_some_and(|name| components.parameters.contains_key(&name)),
    };
    for item in paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        item.parameters.retain(known);
        let operations: [&mut Option<Operation>; 8] = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
            &mut item.trace,
        ];
        for operation in operations.into_iter().flatten() {
            operation.parameters.retain(known);
        }
    }
}

/// The reference a schema is nothing but: in the end that is all there is to it.
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
    name: &str,
    sole: fn(&T) -> Option<&str>,
    reader: &mut Reader<'_, '_>,
) {
    let next: Vec<Option<usize>> = section
        .values()
        .map(|item| {
            let reference = match item {
                ReferenceOr::Reference { reference } => Some(reference.as_str()),
                ReferenceOr::Item(item) => sole(item),
            };
            section.get_index_of(&component_name(reference?, name)?)
        })
        .collect();
    for circle in circles(&next) {
        let way: Vec<String> = circle
            .iter()
            .filter_map(|index| Some(place::reference(name, section.get_index(*index)?.0)))
            .collect();
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let Some((first, _)) = section.get_index(circle[0]) else {
            continue;
        };
        let at = Pointer::root().join_all(["components", name, first.as_str()]);
        reader.report_at(&at, links::circle(way[0], &way));
    }
    // What is in a circle was reported; a way into one is left as it is.
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
    let mut missing = Vec::new();
    for (index, (own, item)) in section.iter_mut().enumerate() {
        if let ReferenceOr::Reference { reference } = item {
            match ends[index].and_then(|end| names.get(&end)) {
                Some(end) => *reference = place::reference(name, end),
                None if next[index].is_none() => missing.push(own.clone()),
                None => {}
            }
        }
    }
    for own in missing {
        section.shift_remove(&own);
    }
}

/// The circles in a graph where each node leads to one other at most.
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

/// The first node that is more than a reference on each way; `None` where there is none.
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
