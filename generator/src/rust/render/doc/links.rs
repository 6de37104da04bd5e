//! Resolves the links of a description.

use super::inline;
use crate::{model::Api, rust::service_defaults::ServiceDefaults};

/// Resolves a link to an absolute address, encoded for a Markdown link. Returns `None` if the link is
/// of no use in documentation: a fragment, an unknown scheme, or relative to an unknown base.
pub(super) fn target(link: &str, api: &Api) -> Option<String> {
    let link = link.trim();
    if link.is_empty() || link.starts_with('#') {
        return None;
    }
    let absolute = match scheme(link) {
        Some(scheme) => {
            let is_known = ["http", "https", "mailto"]
                .iter()
                .any(|known| scheme.eq_ignore_ascii_case(known));
            is_known.then(|| link.to_owned())?
        }
        None => joined(&base(api)?, link)?,
    };
    let is_address = is_mail(&absolute) || host_of(&absolute).is_some();
    is_address.then(|| encoded(&absolute))
}

/// Whether an address can be written between `<` and `>`.
pub(super) fn is_autolink(address: &str) -> bool {
    scheme(address).is_some()
        && !address.contains(|one: char| one.is_whitespace() || "<>`|\\".contains(one))
}

/// Finds the first web address in a text, as start and end.
pub(super) fn find_address(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("http") {
        let start = from + found;
        from = start + "http".len();
        let follows_word = text[..start].ends_with(char::is_alphanumeric);
        let Some(host) = host_of(&text[start..]).filter(|_| !follows_word) else {
            continue;
        };
        let start_of_host = text.len() - host.len();
        let is_end =
            |one: char| one.is_whitespace() || "<>\"`|\\[]".contains(one) || one.is_control();
        let length = host.find(is_end).unwrap_or(host.len());
        let end = start_of_host + trimmed(&host[..length]).len();
        if end > start_of_host {
            return Some((start, end));
        }
    }
    None
}

/// Removes punctuation of the surrounding sentence from the end of an address.
fn trimmed(mut address: &str) -> &str {
    loop {
        let shorter = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let closes = |text: &str| text.matches(')').count() > text.matches('(').count();
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if closes(shorter) => inner,
            _ => shorter,
        };
        if shorter == address {
            return address;
        }
        address = shorter;
    }
}

/// The part of a web address after `//`, if it begins with a host.
fn host_of(address: &str) -> Option<&str> {
    let rest = address
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("http"));
    let rest = &address[rest?.len()..];
    let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
    let host = rest.strip_prefix("://")?;
    host.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '[' | '{'))
        .then_some(host)
}

fn is_mail(address: &str) -> bool {
    let mailto = address
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case("mailto:"));
    mailto.is_some_and(|start| address[start.len()..].contains('@'))
}

/// The scheme of a link, if it has one.
fn scheme(link: &str) -> Option<&str> {
    let (scheme, _) = link.split_once(':')?;
    let is_letter = |one: char| one.is_ascii_alphanumeric() || "+-.".contains(one);
    let starts_well = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (starts_well && scheme.len() > 1 && scheme.chars().all(is_letter)).then_some(scheme)
}

/// The base of relative links: the first server's URL, or else that of the external documentation.
fn base(api: &Api) -> Option<String> {
    let defaults = ServiceDefaults::of(api);
    let is_folder = api
        .servers
        .first()
        .is_some_and(|server| server.url.ends_with('/'));
    let server = defaults.base_url().map(|server| match is_folder {
        true => format!("{server}/"),
        false => server.to_owned(),
    });
    let documentation = || {
        api.documentation
            .clone()
            .filter(|url| host_of(url).is_some())
    };
    server.or_else(documentation)
}

/// Joins a relative link with an absolute address, as RFC 3986 defines it.
fn joined(base: &str, link: &str) -> Option<String> {
    let host = host_of(base)?;
    let scheme = &base[..base.len() - host.len() - "//".len()];
    if let Some(other) = link.strip_prefix("//") {
        return Some(format!("{scheme}//{other}"));
    }
    let length = host.find(['/', '?', '#']).unwrap_or(host.len());
    let (host, path) = host.split_at(length);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let folder = &path[..path[..end].rfind('/').unwrap_or(0)];
    let (link, rest) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
    let path = match link {
        "" => path[..end].to_owned(),
        absolute if absolute.starts_with('/') => without_dots(absolute),
        relative => without_dots(&format!("{folder}/{relative}")),
    };
    Some(format!("{scheme}//{host}{path}{rest}"))
}

fn without_dots(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').collect();
    for (index, step) in all.iter().enumerate() {
        let is_last = index + 1 == all.len();
        match *step {
            "." | ".." => {
                if *step == ".." && steps.len() > 1 {
                    steps.pop();
                }
                if is_last {
                    steps.push("");
                }
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Encodes characters that would end an address in a Markdown link, or be parsed as markup.
fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, character) in address.char_indices() {
        if character.is_whitespace() || character.is_control() {
            out.push_str(if character == ' ' { "%20" } else { "" });
        } else if "<>\\`\"()|^{}".contains(character) {
            out.push_str(&format!("%{:02X}", u32::from(character)));
        } else if character == '&' && inline::is_entity(&address[at..]) {
            out.push_str("&amp;");
        } else {
            out.push(character);
        }
    }
    out
}
