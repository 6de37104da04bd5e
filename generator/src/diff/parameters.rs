//! Compares the parameters of two operations.

use std::collections::VecDeque;

use indexmap::IndexMap;

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    finding::{Direction, Owner, Subject},
    findings::Change,
    media_types::is_json,
    merged::Schemas,
    node::Node,
    serialization::{explode_tail, reserved_tail},
    values,
};
use crate::{
    openapi::{ParameterIn, Pointer, Style, is_reserved_header},
    spec::{self, Use, Value},
};

/// Compares all parameters of two operations.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let mut new_parameters = parameters(new);
    let mut pairs = Vec::new();
    let mut unpaired: IndexMap<&str, VecDeque<Parameter<'a>>> = IndexMap::new();
    for (key, was) in parameters(old) {
        match new_parameters.swap_remove(&key) {
            Some(is) => pairs.push((was, is)),
            None => unpaired.entry(was.name()).or_default().push_back(was),
        }
    }
    new_parameters.sort_keys();
    for is in new_parameters.into_values() {
        // A parameter of the same name in another place was moved.
        let namesake = unpaired.get_mut(is.name());
        match namesake.and_then(VecDeque::pop_front) {
            Some(was) => pairs.push((was, is)),
            None => added(comparison, old, &is),
        }
    }
    for was in unpaired.into_values().flatten() {
        let change = Change::new(Code::RequestParameterRemoved, &was.subject(old));
        let change = change.at(was.at, new.at());
        comparison.findings.add(change, " was removed");
    }
    for (was, is) in pairs {
        let subject = match (was.shared, is.shared) {
            (Some(was), Some(is)) if was == is => {
                Subject::of(Owner::Shared("parameter", was.to_owned()))
            }
            _ => was.subject(old),
        };
        let pair = Pair {
            subject,
            old: was,
            new: is,
        };
        pair.compare(comparison);
    }
}

/// A parameter of an operation.
struct Parameter<'a> {
    data: &'a spec::Parameter,
    place: ParameterIn,
    style: Serialization<'a>,
    explode: bool,
    allow_reserved: bool,
    at: &'a Pointer,
    /// The component that declares it.
    shared: Option<&'a str>,
}

/// How the values of a parameter are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Serialization<'a> {
    Style(Style),
    Json,
    /// Another media type than JSON.
    Content(&'a str),
}

/// The parameters of an operation and those of its path that it does not override, by place and name.
/// Those in the path go by position, because their names are not sent.
fn parameters(endpoint: Endpoint<'_>) -> IndexMap<(&'static str, String), Parameter<'_>> {
    let mut parameters = IndexMap::new();
    let operation = endpoint.declared;
    let positions: IndexMap<&str, usize> = path_names(&operation.path).zip(0..).collect();
    for used in operation
        .path_parameters
        .iter()
        .chain(&operation.parameters)
    {
        let name = &used.name;
        if used.place == ParameterIn::Header && is_reserved_header(name) {
            continue;
        }
        let key = match used.place {
            ParameterIn::Path => match positions.get(name.as_str()) {
                Some(position) => format!("{position:04}"),
                None => name.clone(),
            },
            ParameterIn::Header => name.to_ascii_lowercase(),
            ParameterIn::Query | ParameterIn::Cookie => name.clone(),
        };
        parameters.insert((used.place.as_str(), key), Parameter::of(used));
    }
    parameters
}

/// The names in the braces of a path, in order.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    let opened = path.split('{').skip(1);
    opened.filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn added<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, is: &Parameter<'a>) {
    let (code, tail) = match is.is_required() {
        true => (
            Code::RequestParameterAddedRequired,
            " was added and is required",
        ),
        false => (Code::RequestParameterAdded, " was added"),
    };
    let change = Change::new(code, &is.subject(old)).at(old.at(), is.at);
    comparison.findings.add(change, tail);
}

impl Serialization<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Style(style) => style.as_str(),
            Self::Json => "JSON",
            Self::Content(media_type) => media_type,
        }
    }

    /// Whether values are exploded unless `explode` says otherwise.
    fn explodes(self) -> bool {
        matches!(self, Self::Style(style) if style.explodes())
    }

    /// Whether it only decides how the parts of lists and objects are joined.
    fn only_joins_parts(self) -> bool {
        let joins_parts = |style| {
            matches!(
                style,
                Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject
            )
        };
        matches!(self, Self::Style(style) if joins_parts(style))
    }
}

impl<'a> Parameter<'a> {
    fn of(used: &'a Use<spec::Parameter>) -> Self {
        let style = match &used.value {
            Value::Schema(_) => Serialization::Style(used.style),
            Value::Content(content) => {
                let chosen = crate::lower::parameter_content(content);
                let media_type = chosen.map_or("", |(name, _)| name.as_str());
                match is_json(media_type) {
                    true => Serialization::Json,
                    false => Serialization::Content(media_type),
                }
            }
        };
        Self {
            data: &used.item,
            place: used.place,
            style,
            explode: used.explode.unwrap_or(style.explodes()),
            allow_reserved: used.allow_reserved,
            at: &used.declared,
            shared: used.component.as_deref(),
        }
    }

    fn name(&self) -> &'a str {
        &self.data.name
    }

    /// Whether it must be sent, which every parameter in the path must.
    fn is_required(&self) -> bool {
        self.data.required || self.place == ParameterIn::Path
    }

    /// The subject of findings about it as a parameter of an operation.
    fn subject(&self, endpoint: Endpoint<'_>) -> Subject {
        let name = self.name();
        endpoint.subject().part(match self.place {
            ParameterIn::Query => format!("parameter `{name}`"),
            place => format!("{} parameter `{name}`", place.as_str()),
        })
    }

    fn node(&self, subject: &Subject) -> Option<Node> {
        Node::of_value(&self.data.value, self.at, subject.clone())
    }

    /// Whether values may be lists or objects.
    fn has_parts(&self, schemas: Schemas<'a>, subject: &Subject) -> bool {
        let Some(node) = self.node(subject) else {
            return true;
        };
        let merged = schemas.merge(&node);
        let may_have = |typ: Option<&str>| matches!(typ, None | Some("array" | "object"));
        match merged.alternatives.as_slice() {
            [] => may_have(merged.typ.as_deref()),
            several => several
                .iter()
                .any(|one| may_have(schemas.merge(one).typ.as_deref())),
        }
    }

    /// Whether values may hold characters that are reserved in URLs.
    fn may_hold_reserved(&self, schemas: Schemas<'a>, subject: &Subject) -> bool {
        let typ = self.node(subject).and_then(|node| schemas.merge(&node).typ);
        !matches!(typ.as_deref(), Some("boolean" | "integer" | "number"))
    }
}

/// A parameter on both sides.
struct Pair<'a> {
    subject: Subject,
    old: Parameter<'a>,
    new: Parameter<'a>,
}

impl<'a> Pair<'a> {
    fn compare(&self, comparison: &mut Comparison<'a>) {
        let Self { subject, old, new } = self;
        match old.place == new.place {
            true => self.serialization(comparison),
            false => self.moved(comparison),
        }
        self.flags(comparison);
        values::description(
            subject,
            (old.data.description.as_deref(), old.at),
            (new.data.description.as_deref(), new.at),
            &mut comparison.findings,
        );
        if let (Some(was), Some(is)) = (old.node(subject), new.node(subject)) {
            comparison.visit(was, is, Direction::Request);
        }
    }

    fn change(&self, code: Code) -> Change {
        Change::new(code, &self.subject).at(self.old.at, self.new.at)
    }

    fn moved(&self, comparison: &mut Comparison<'a>) {
        let (was, is) = (self.old.place.as_str(), self.new.place.as_str());
        let tail = format!(" moved from the {was} to the {is}");
        let change = self.change(Code::RequestParameterMoved).was(was).is(is);
        comparison.findings.add(change, &tail);
    }

    fn flags(&self, comparison: &mut Comparison<'a>) {
        let (old, new) = (&self.old, &self.new);
        let required = match (old.is_required(), new.is_required()) {
            (false, true) => Some((Code::RequestParameterBecameRequired, " is now required")),
            (true, false) => Some((
                Code::RequestParameterBecameOptional,
                " is no longer required",
            )),
            _ => None,
        };
        let deprecated = match (old.data.deprecated, new.data.deprecated) {
            (false, true) => Some((Code::RequestParameterDeprecated, " is now deprecated")),
            (true, false) => Some((
                Code::RequestParameterUndeprecated,
                " is no longer deprecated",
            )),
            _ => None,
        };
        for (code, tail) in required.into_iter().chain(deprecated) {
            comparison.findings.add(self.change(code), tail);
        }
    }

    /// Compares how values are written, where that makes a difference for the values that there can be.
    fn serialization(&self, comparison: &mut Comparison<'a>) {
        let Self { subject, old, new } = self;
        let had_parts = old.has_parts(comparison.old, subject);
        let has_parts = new.has_parts(comparison.new, subject);
        let (was, is) = (old.style, new.style);
        let only_join_parts = was.only_joins_parts() && is.only_joins_parts();
        if was != is && (!only_join_parts || had_parts || has_parts) {
            let (was, is) = (was.as_str(), is.as_str());
            let tail = format!(": the style changed from `{was}` to `{is}`");
            let change = self.change(Code::RequestParameterStyleChanged);
            comparison.findings.add(change.was(was).is(is), &tail);
        }
        if was == is && old.explode != new.explode && had_parts && has_parts {
            let change = self
                .change(Code::RequestParameterExplodeChanged)
                .was(old.explode.to_string())
                .is(new.explode.to_string());
            comparison.findings.add(change, explode_tail(new.explode));
        }
        if old.allow_reserved != new.allow_reserved
            && new.may_hold_reserved(comparison.new, subject)
        {
            let change = self
                .change(Code::RequestParameterReservedChanged)
                .was(old.allow_reserved.to_string())
                .is(new.allow_reserved.to_string());
            let tail = reserved_tail(new.allow_reserved);
            comparison.findings.add(change, tail);
        }
    }
}
