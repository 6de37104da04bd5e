//! Ignores names that are not sent: names of path parameters, and the case of headers.

use std::borrow::Cow;

use crate::surface::{Item, behaviour::Topic};

/// The part of an aspect that is significant on the wire. A path parameter is identified by its position, and
/// a header by its name in lowercase.
pub(super) fn significant<'a>(
    item: &Item,
    (topic, about): &(Topic, String),
    words: &'a [String],
) -> Cow<'a, [String]> {
    let names = match topic {
        Topic::UrlPath => return words.iter().map(|word| without_names(word)).collect(),
        Topic::WireName => words,
        _ => return Cow::Borrowed(words),
    };
    let way = item.aspects.get(&(Topic::Style, about.clone()));
    let goes = |call: &str, place: &str| {
        let mut way = way.into_iter().flatten();
        way.any(|word| word == call || word.ends_with(place))
    };
    if goes("header", "Place::Header") {
        return names.iter().map(|name| name.to_ascii_lowercase()).collect();
    }
    if goes("path", "Place::Path") {
        let mut aspects = item.aspects.iter();
        let template = aspects.find(|((topic, _), _)| *topic == Topic::UrlPath);
        let template = template.and_then(|(_, words)| words.first());
        let known: Vec<&str> = template.into_iter().flat_map(|path| braced(path)).collect();
        let place = |name: &String| {
            let name = name.trim_matches('"');
            known.iter().position(|known| *known == name)
        };
        let placed = |name: &String| match place(name) {
            Some(place) => format!("{{{place}}}"),
            None => name.clone(),
        };
        return names.iter().map(placed).collect();
    }
    Cow::Borrowed(words)
}

/// The names in the braces of a path.
fn braced(path: &str) -> impl Iterator<Item = &str> {
    let opened = path.split('{').skip(1);
    opened.filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// A path with empty braces.
fn without_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((_, after)) = inside.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out.push_str(rest);
    out
}
