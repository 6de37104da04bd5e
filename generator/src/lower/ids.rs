//! The id of every operation: the one it declares, or one made of its method and path.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{Method, Pointer},
    spec::Spec,
};

/// The ids by method and path. Each is there once.
pub(super) type Ids<'a> = BTreeMap<(Method, &'a str), String>;

/// Gives every operation an id, and reports those that declare none or a duplicate.
pub(super) fn assign<'a>(spec: &'a Spec, sink: &mut Sink) -> Ids<'a> {
    let mut declared: BTreeMap<&str, Vec<(&str, &str, Method)>> = BTreeMap::new();
    for operation in &spec.operations {
        let id = operation.operation_id.as_deref().unwrap_or_default().trim();
        let method = operation.method;
        let place = (operation.path.as_str(), method.key(), method);
        declared.entry(id).or_default().push(place);
    }
    let mut ids = Ids::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut left: Vec<(&str, &str, Method)> = Vec::new();
    for (id, mut places) in declared {
        // By path, so that the order of the description has no effect.
        places.sort_unstable();
        let mut places = places.into_iter();
        if !id.is_empty()
            && let Some((path, _, method)) = places.next()
        {
            taken.insert(id.to_owned());
            ids.insert((method, path), id.to_owned());
        }
        left.extend(places.map(|(path, _, method)| (id, path, method)));
    }
    for (id, path, method) in left {
        let made = made_of(method.key(), path);
        let mut unique = made.clone();
        let mut count = 1;
        while !taken.insert(unique.clone()) {
            count += 1;
            unique = format!("{made}{count}");
        }
        let label = format!("{} {path}", method.as_str());
        let at = Pointer::root().join_all(["paths", path, method.key()]);
        if id.is_empty() {
            let message = format!("{label} has no operationId; it is named `{unique}`");
            let diagnostic = Diagnostic::new(Code::MissingOperationId, message)
                .help("add one, such as `getUser`: it becomes the name of the SDK's method");
            sink.at(&at, diagnostic);
        } else {
            let message = format!(
                "{label} has the operationId `{id}` of another operation; it is named `{unique}`"
            );
            let diagnostic =
                Diagnostic::new(Code::DuplicateOperationId, message).help("rename one of them");
            sink.at(&at.join("operationId"), diagnostic);
        }
        ids.insert((method, path), unique);
    }
    ids
}

/// `get` and `/users/{id}/posts` to `getUsersByIdPosts`.
fn made_of(method: &str, path: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for segment in path.split(['/', '?', '&', '#']) {
        for piece in segment.split_inclusive(['{', '}']) {
            let in_braces = piece.ends_with('}');
            let split = |character: char| !character.is_alphanumeric();
            let mut pieces = piece
                .split(split)
                .filter(|word| !word.is_empty())
                .peekable();
            if in_braces && pieces.peek().is_some() {
                words.push("by".to_owned());
            }
            words.extend(pieces.map(str::to_owned));
        }
    }
    let mut id = method.to_owned();
    for word in words {
        let mut characters = word.chars();
        id.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        id.extend(characters);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_method_and_path() {
        for (path, expected) in [
            ("/users/{id}/posts", "getUsersByIdPosts"),
            ("/", "get"),
            ("/a-b/{x_y}.{format}", "getABByXYByFormat"),
            ("/x?action=go", "getXActionGo"),
        ] {
            assert_eq!(made_of("get", path), expected, "{path}");
        }
    }
}
