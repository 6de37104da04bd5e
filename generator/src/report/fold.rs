//! Groups changes in Rust that have one cause: another response type changes every method that sends the
//! request, and is shown once.

use std::collections::HashMap;

use crate::{
    openapi::Pointer,
    surface::{Change, ChangeCode},
};

/// Groups changes by cause, in the order of the first change of each group.
pub(super) fn fold<T>(all: Vec<T>, change_of: impl Fn(&T) -> &Change) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut known: HashMap<Cause, usize> = HashMap::new();
    for one in all {
        let cause = cause_of(change_of(&one));
        match cause.as_ref().and_then(|cause| known.get(cause)) {
            Some(at) => groups[*at].push(one),
            None => {
                known.extend(cause.map(|cause| (cause, groups.len())));
                groups.push(vec![one]);
            }
        }
    }
    groups
}

/// The code of a change, the type and the argument that changed, and the nodes that they were rendered from.
type Cause = (ChangeCode, String, Option<String>, [Option<Pointer>; 2]);

/// The cause of a change; `None` outside operations, where every item is a group of its own.
fn cause_of(change: &Change) -> Option<Cause> {
    let nodes = [&change.old, &change.new].map(|view| view.as_ref()?.pointer.clone());
    let is_of_operation = |node: &Pointer| node.tokens().next() == Some("paths");
    let is_one = nodes.iter().flatten().any(is_of_operation);
    let argument = change.argument.clone();
    is_one.then(|| {
        (
            change.code,
            type_of(&change.item).to_owned(),
            argument,
            nodes,
        )
    })
}

/// The items of a group: the full path of the first, and the last segments of the others.
pub(super) fn items<'a>(group: impl IntoIterator<Item = &'a Change>) -> Vec<&'a str> {
    let items = group.into_iter().map(|change| change.item.as_str());
    let short = |(index, item): (usize, &'a str)| match (index, item.rsplit_once("::")) {
        (1.., Some((_, last))) => last,
        _ => item,
    };
    items.enumerate().map(short).collect()
}

/// The message of a group: that of its first change, and the other items that it is about.
pub(super) fn message(group: &[Change]) -> String {
    let first = group.first().map(|change| change.message.clone());
    let mut message = first.unwrap_or_default();
    if let [_, others @ ..] = items(group).as_slice()
        && !others.is_empty()
    {
        message.push_str("; likewise `");
        message.push_str(&others.join("`, `"));
        message.push('`');
    }
    message
}

/// The type that an item belongs to, or the item itself.
pub(super) fn type_of(item: &str) -> &str {
    let item = item.split_once(": ").map_or(item, |(path, _)| path);
    let mut end = 0;
    for step in item.split("::") {
        end += step.len();
        if step.starts_with(char::is_uppercase) {
            return &item[..end];
        }
        end += "::".len();
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::{ItemView, Verdict};

    fn change(item: &str, argument: Option<&str>) -> Change {
        Change {
            code: ChangeCode::ParameterTypeChanged,
            verdict: Verdict::Major,
            item: item.to_owned(),
            argument: argument.map(str::to_owned),
            old: Some(ItemView {
                signature: String::new(),
                file: String::new(),
                line: 1,
                pointer: Some(Pointer::root().join_all(["paths", "/a", "get"])),
            }),
            new: None,
            message: item.to_owned(),
            difference: None,
        }
    }

    #[test]
    fn arguments_are_changes_of_their_own() {
        let all = vec![
            change("t::T::a", Some("x")),
            change("t::T::a", Some("y")),
            change("t::T::b", Some("x")),
            change("t::U::a", Some("x")),
        ];
        let groups = fold(all, |change| change);
        let messages: Vec<String> = groups.iter().map(|group| message(group)).collect();
        assert_eq!(messages, ["t::T::a; likewise `b`", "t::T::a", "t::U::a"]);
    }

    #[test]
    fn members_are_listed_under_their_type() {
        for (item, expected) in [
            ("models::User::with_name", "models::User"),
            ("models::User: Clone", "models::User"),
            ("models::User", "models::User"),
            ("Client::raw", "Client"),
            ("runtime::style::join", "runtime::style::join"),
            ("", ""),
        ] {
            assert_eq!(type_of(item), expected);
        }
    }
}
