//! Components that are bare references to others: each comes to refer to the end of its chain.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{
    Components, Operation, Parameter, Paths, ReferenceOr, Response, Responses, Schema, SchemaKind,
};

use super::{issues::Issues, links, node_path, operations::operation_mut};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::{ComponentKind, Method, Pointer, reference::component_name},
};

/// Points each component that is a bare reference at the end of its chain, reports chains that lead in a
/// circle, and removes references to components that could not be read.
pub(super) fn resolve_aliases(
    components: &mut Components,
    paths: &mut Paths,
    unreadable: &HashSet<(ComponentKind, String)>,
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

/// Removes references to components that could not be read: parameters, request bodies and response
/// headers are left out, a response becomes an empty one. Where that was not reported at the component,
/// it is reported at the reference.
fn drop_missing(
    components: &mut Components,
    paths: &mut Paths,
    unreadable: &HashSet<(ComponentKind, String)>,
    issues: &mut Issues<'_>,
) {
    let known = Known::of(components);
    let mut missing = Missing {
        known,
        unreadable,
        issues,
    };
    let section = Pointer::root().join_all(["components", "responses"]);
    for (name, response) in &mut components.responses {
        missing.headers(response, &|| section.join(name));
    }
    for (path, item) in &mut paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let at = || Pointer::root().join("paths").join(path.as_str());
        missing.parameters(&mut item.parameters, &at);
        for method in Method::ALL {
            if let Some(operation) = operation_mut(item, method) {
                missing.operation(operation, &|| at().join(method.key()));
            }
        }
    }
}

/// The names of the components that were read, by kind.
struct Known(HashMap<ComponentKind, HashSet<String>>);

impl Known {
    fn of(components: &Components) -> Self {
        fn names<T>(section: &IndexMap<String, T>) -> HashSet<String> {
            section.keys().cloned().collect()
        }
        use ComponentKind as Kind;
        Self(HashMap::from([
            (Kind::Parameter, names(&components.parameters)),
            (Kind::RequestBody, names(&components.request_bodies)),
            (Kind::Response, names(&components.responses)),
            (Kind::Header, names(&components.headers)),
        ]))
    }
}

/// Finds references to components that could not be read.
struct Missing<'m, 'r> {
    known: Known,
    unreadable: &'m HashSet<(ComponentKind, String)>,
    issues: &'m mut Issues<'r>,
}

impl Missing<'_, '_> {
    fn operation(&mut self, operation: &mut Operation, at: &dyn Fn() -> Pointer) {
        self.parameters(&mut operation.parameters, at);
        if let Some(body) = &operation.request_body
            && self.is_missing(body, ComponentKind::RequestBody, &|| {
                at().join("requestBody")
            })
        {
            operation.request_body = None;
        }
        let Responses {
            default, responses, ..
        } = &mut operation.responses;
        let default = default.iter_mut().map(|it| ("default".to_owned(), it));
        let others = responses
            .iter_mut()
            .map(|(status, it)| (status.to_string(), it));
        for (status, response) in default.chain(others) {
            let at = || at().join("responses").join(&status);
            if self.is_missing(response, ComponentKind::Response, &at) {
                *response = ReferenceOr::Item(Response::default());
            }
            self.headers(response, &at);
        }
    }

    fn parameters(
        &mut self,
        parameters: &mut Vec<ReferenceOr<Parameter>>,
        at: &dyn Fn() -> Pointer,
    ) {
        let mut index = 0;
        parameters.retain(|parameter| {
            let at = || at().join("parameters").join(index.to_string());
            let is_missing = self.is_missing(parameter, ComponentKind::Parameter, &at);
            index += 1;
            !is_missing
        });
    }

    fn headers(&mut self, response: &mut ReferenceOr<Response>, at: &dyn Fn() -> Pointer) {
        if let ReferenceOr::Item(response) = response {
            response.headers.retain(|name, header| {
                let at = || at().join("headers").join(name);
                !self.is_missing(header, ComponentKind::Header, &at)
            });
        }
    }

    fn is_missing<T>(
        &mut self,
        item: &ReferenceOr<T>,
        kind: ComponentKind,
        at: &dyn Fn() -> Pointer,
    ) -> bool {
        let ReferenceOr::Reference { reference } = item else {
            return false;
        };
        let name = component_name(reference, kind).unwrap_or_else(|| reference.clone());
        if self
            .known
            .0
            .get(&kind)
            .is_none_or(|known| known.contains(&name))
        {
            return false;
        }
        if !self.unreadable.contains(&(kind, name.clone())) {
            let what = match kind {
                ComponentKind::RequestBody => "request body",
                ComponentKind::Response => "response",
                ComponentKind::Header => "response header",
                _ => "parameter",
            };
            let message = format!("{what} `{name}` cannot be read; it is ignored");
            let diagnostic = Diagnostic::new(Code::LeftOut, message);
            self.issues.report_in_result(&at(), diagnostic);
        }
        true
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
