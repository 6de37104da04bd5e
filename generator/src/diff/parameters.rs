//! Compares the parameters of two operations.

use std::collections::VecDeque;

use indexmap::IndexMap;

use super::{
    bodies::is_json,
    code::FindingCode as Code,
    finding::{Direction, Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
    values,
    view::{Node, Schemas},
};
use crate::{
    openapi::{ParameterIn, Pointer},
    spec::{Parameter, Use, Value},
};

/// Headers that requests have anyway, so that OpenAPI has descriptions not declare them.
const SET_ELSEWHERE: [&str; 3] = ["accept", "content-type", "authorization"];

/// Compares all parameters of two operations.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let mut before = declared(old);
    let mut after = declared(new);
    let mut pairs = Vec::new();
    let mut removed: IndexMap<&str, VecDeque<Declared<'a>>> = IndexMap::new();
    for (key, was) in before.drain(..) {
        match after.swap_remove(&key) {
            Some(is) => pairs.push((was, is)),
            None => removed
                .entry(was.data.name.as_str())
                .or_default()
                .push_back(was),
        }
    }
    after.sort_keys();
    for is in after.into_values() {
        // The same name in another place is the same parameter, moved.
        let namesake = removed.get_mut(is.data.name.as_str());
        match namesake.and_then(VecDeque::pop_front) {
            Some(was) => pairs.push((was, is)),
            None => added(walk, old, &is),
        }
    }
    for was in removed.into_values().flatten() {
        let change = Change::new(Code::RequestParameterRemoved, &subject(old, &was, None));
        walk.found.add(change.at(was.at, new.at()), " is gone");
    }
    for (was, is) in pairs {
        pair(walk, old, &was, &is);
    }
}

/// A parameter as an operation has it.
struct Declared<'a> {
    data: &'a Parameter,
    place: &'static str,
    style: &'a str,
    explode: bool,
    /// Whether reserved characters stay as they are.
    reserved: bool,
    at: &'a Pointer,
    /// The component that declares it.
    shared: Option<&'a str>,
}

/// The parameters of an operation and those of its path that it does not replace, by place and
/// name; those of the path by position, for their names are nobody's concern.
fn declared(endpoint: Endpoint<'_>) -> IndexMap<(&'static str, String), Declared<'_>> {
    let mut found = IndexMap::new();
    let operation = endpoint.declared;
    let positions: IndexMap<&str, usize> = names(&operation.path).zip(0..).collect();
    for list in [&operation.path_parameters, &operation.parameters] {
        for used in list {
            let parameter = read(used);
            let name = &parameter.data.name;
            let key = match parameter.place {
                "path" => positions
                    .get(name.as_str())
                    .map_or(name.clone(), |position| format!("{position:04}")),
                "header" => name.to_ascii_lowercase(),
                _ => name.clone(),
            };
            if parameter.place == "header" && SET_ELSEWHERE.contains(&key.as_str()) {
                continue;
            }
            found.insert((parameter.place, key), parameter);
        }
    }
    found
}

/// The names in the braces of a path, in order.
fn names(path: &str) -> impl Iterator<Item = &str> {
    let opened = path.split('{').skip(1);
    opened.filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn read(used: &Use<Parameter>) -> Declared<'_> {
    let place = match used.place {
        ParameterIn::Path => "path",
        ParameterIn::Query => "query",
        ParameterIn::Header => "header",
        ParameterIn::Cookie => "cookie",
    };
    let style = match &used.value {
        Value::Schema(_) => used.style.as_str(),
        Value::Content(content) => {
            let chosen = crate::lower::parameter_content(content);
            let media_type = chosen.map_or("", |(name, _)| name.as_str());
            match is_json(media_type) {
                true => "JSON",
                false => media_type,
            }
        }
    };
    let explodes = matches!(style, "form" | "deepObject");
    Declared {
        data: &used.item,
        place,
        style,
        explode: used.explode.unwrap_or(explodes),
        reserved: used.allow_reserved,
        at: &used.declared,
        shared: used.component.as_deref(),
    }
}

impl<'a> Declared<'a> {
    /// Whether it must be given, which goes without saying for one of the path.
    fn is_required(&self) -> bool {
        self.data.required || self.place == "path"
    }

    /// The schema of its values.
    fn node(&self, subject: Subject) -> Option<Node> {
        node(&self.data.value, self.at, subject)
    }

    fn typ(&self, schemas: Schemas<'a>, subject: &Subject) -> Option<String> {
        let node = self.node(subject.clone());
        node.and_then(|node| schemas.view(&node).typ)
    }

    /// Whether its values may have parts that could be joined in one way or another.
    fn has_parts(&self, schemas: Schemas<'a>, subject: &Subject) -> bool {
        let Some(node) = self.node(subject.clone()) else {
            return true;
        };
        let view = schemas.view(&node);
        let may_have = |typ: Option<&str>| matches!(typ, None | Some("array" | "object"));
        match view.alternatives.as_slice() {
            [] => may_have(view.typ.as_deref()),
            several => several
                .iter()
                .any(|one| may_have(schemas.view(one).typ.as_deref())),
        }
    }

    /// Whether its style only says how parts are joined, so that there is none of a value without.
    fn is_of_parts(&self) -> bool {
        matches!(
            self.style,
            "form" | "spaceDelimited" | "pipeDelimited" | "deepObject"
        )
    }

    /// Whether its values may have characters that are reserved in URLs.
    fn has_reserved(&self, schemas: Schemas<'a>, subject: &Subject) -> bool {
        let typ = self.typ(schemas, subject);
        !matches!(typ.as_deref(), Some("boolean" | "integer" | "number"))
    }
}

/// The schema of the values of a parameter or a header.
pub(super) fn node(value: &Value, at: &Pointer, subject: Subject) -> Option<Node> {
    let (schema, at) = match value {
        Value::Schema(schema) => (*schema, at.join("schema")),
        Value::Content(content) => {
            let (name, schema) = crate::lower::parameter_content(content)?;
            (schema, at.join_all(["content", name, "schema"]))
        }
    };
    Some(Node::new(schema, at, subject))
}

fn added<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, is: &Declared<'a>) {
    let (code, tail) = match is.is_required() {
        true => (Code::RequestParameterAddedRequired, " is new, and required"),
        false => (Code::RequestParameterAdded, " is new"),
    };
    let change = Change::new(code, &subject(old, is, None));
    walk.found.add(change.at(old.at(), is.at), tail);
}

/// What findings about a parameter are about: what both sides share, or what the operation has.
fn subject(old: Endpoint<'_>, was: &Declared<'_>, is: Option<&Declared<'_>>) -> Subject {
    if let (Some(shared), Some(is)) = (was.shared, is)
        && is.shared == Some(shared)
    {
        return Subject::of(Owner::Shared("parameter", shared.to_owned()));
    }
    let name = &was.data.name;
    operations::subject(old).part(match was.place {
        "query" => format!("parameter `{name}`"),
        place => format!("{place} parameter `{name}`"),
    })
}

/// What is said of a value whose reserved characters are escaped, or no longer are.
pub(super) fn reserved(is_allowed: bool) -> &'static str {
    match is_allowed {
        true => " is sent with reserved characters as they are now (`allowReserved`)",
        false => " is sent with reserved characters escaped now (no `allowReserved`)",
    }
}

fn pair<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, was: &Declared<'a>, is: &Declared<'a>) {
    let subject = subject(old, was, Some(is));
    let mut tell = |code, values: Option<(&str, &str)>, tail: String| {
        let mut change = Change::new(code, &subject).at(was.at, is.at);
        if let Some((was, is)) = values {
            change = change.was(was).is(is);
        }
        walk.found.add(change, &tail);
    };
    if was.place != is.place {
        let tail = format!(" goes to the {} now, went to the {}", is.place, was.place);
        let places = Some((was.place, is.place));
        tell(Code::RequestParameterMoved, places, tail);
    } else if was.style != is.style
        && (!was.is_of_parts()
            || !is.is_of_parts()
            || was.has_parts(walk.old, &subject)
            || is.has_parts(walk.new, &subject))
    {
        let tail = format!(
            " is written in style `{}` now, was in `{}`",
            is.style, was.style
        );
        let styles = Some((was.style, is.style));
        tell(Code::RequestParameterStyleChanged, styles, tail);
    }
    match (was.is_required(), is.is_required()) {
        (false, true) => {
            let tail = " is required now".to_owned();
            tell(Code::RequestParameterBecameRequired, None, tail);
        }
        (true, false) => {
            let tail = " is not required any more".to_owned();
            tell(Code::RequestParameterBecameOptional, None, tail);
        }
        _ => {}
    }
    match (was.data.deprecated, is.data.deprecated) {
        (false, true) => {
            let tail = " is deprecated now".to_owned();
            tell(Code::RequestParameterDeprecated, None, tail);
        }
        (true, false) => {
            let tail = " is not deprecated any more".to_owned();
            tell(Code::RequestParameterUndeprecated, None, tail);
        }
        _ => {}
    }
    let joins_otherwise =
        was.place == is.place && was.style == is.style && was.explode != is.explode;
    if joins_otherwise && was.has_parts(walk.old, &subject) && is.has_parts(walk.new, &subject) {
        let tail = match is.explode {
            true => " repeats its name for each value now (`explode`)",
            false => " has all values behind one name now (no `explode`)",
        };
        let flag = |explode: bool| explode.to_string();
        let change = Change::new(Code::RequestParameterExplodeChanged, &subject)
            .was(flag(was.explode))
            .is(flag(is.explode));
        walk.found.add(change.at(was.at, is.at), tail);
    }
    let escapes_otherwise = was.place == is.place && was.reserved != is.reserved;
    if escapes_otherwise && is.has_reserved(walk.new, &subject) {
        let change = Change::new(Code::RequestParameterReservedChanged, &subject)
            .was(was.reserved.to_string())
            .is(is.reserved.to_string());
        let tail = reserved(is.reserved);
        walk.found.add(change.at(was.at, is.at), tail);
    }
    values::description(
        &subject,
        (was.data.description.as_deref(), was.at),
        (is.data.description.as_deref(), is.at),
        &mut walk.found,
    );
    if let (Some(was), Some(is)) = (was.node(subject.clone()), is.node(subject)) {
        walk.visit(was, is, Direction::Request);
    }
}
