//! Compares ways to log in, and which of them operations need.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{APIKeyLocation, OAuth2Flows, ReferenceOr, SecurityRequirement, SecurityScheme};

use super::{
    Side,
    bodies::components,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
    values,
};
use crate::pointer::Pointer;

/// Compares the ways to log in.
pub(super) fn schemes(walk: &mut Walk<'_>, old: &Side, new: &Side) {
    let (before, after) = (declared(old), declared(new));
    let at = |name: &str| Pointer::root().join_all(["components", "securitySchemes", name]);
    for (name, was) in &before {
        let subject = Subject::of(Owner::Scheme((*name).to_owned()));
        let at = at(name);
        let Some(is) = after.get(name) else {
            let change = Change::new(Code::SecuritySchemeRemoved, &subject).old(&at);
            walk.found.add(change, " is gone");
            continue;
        };
        let ((was, was_scopes, was_text), (is, is_scopes, is_text)) =
            (described(was), described(is));
        if was != is {
            let tail = format!(" is {is} now, was {was}");
            let change = Change::new(Code::SecuritySchemeChanged, &subject);
            let change = change.was(was).is(is).at(&at, &at);
            walk.found.add(change, &tail);
        }
        for gone in was_scopes.difference(&is_scopes) {
            let change = Change::new(Code::SecuritySchemeScopeRemoved, &subject).was(*gone);
            let tail = format!(": the scope `{gone}` is gone");
            walk.found.add(change.at(&at, &at), &tail);
        }
        for added in is_scopes.difference(&was_scopes) {
            let change = Change::new(Code::SecuritySchemeScopeAdded, &subject).is(*added);
            let tail = format!(": the scope `{added}` is new");
            walk.found.add(change.at(&at, &at), &tail);
        }
        values::description(&subject, (was_text, &at), (is_text, &at), &mut walk.found);
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let subject = Subject::of(Owner::Scheme((*name).to_owned()));
        let change = Change::new(Code::SecuritySchemeAdded, &subject).new_at(&at(name));
        walk.found.add(change, " is new");
    }
}

fn declared(side: &Side) -> BTreeMap<&str, &SecurityScheme> {
    let declared = components(side).into_iter();
    let declared = declared.flat_map(|components| &components.security_schemes);
    let found = declared.filter_map(|(name, scheme)| match scheme {
        ReferenceOr::Item(scheme) => Some((name.as_str(), scheme)),
        ReferenceOr::Reference { .. } => None,
    });
    found.collect()
}

/// What a way to log in is, its scopes, and what is said of it.
fn described(scheme: &SecurityScheme) -> (String, BTreeSet<&str>, Option<&str>) {
    match scheme {
        SecurityScheme::APIKey {
            location,
            name,
            description,
            ..
        } => {
            let place = match location {
                APIKeyLocation::Query => "query",
                APIKeyLocation::Header => "header",
                APIKeyLocation::Cookie => "cookie",
            };
            let what = format!("an API key, `{name}` in the {place}");
            (what, BTreeSet::new(), description.as_deref())
        }
        SecurityScheme::HTTP {
            scheme,
            description,
            ..
        } => {
            let what = format!("HTTP `{}`", scheme.to_ascii_lowercase());
            (what, BTreeSet::new(), description.as_deref())
        }
        SecurityScheme::OAuth2 {
            flows, description, ..
        } => {
            let (what, scopes) = flows_described(flows);
            (what, scopes, description.as_deref())
        }
        SecurityScheme::OpenIDConnect {
            open_id_connect_url,
            description,
            ..
        } => {
            let what = format!("OpenID Connect at {open_id_connect_url}");
            (what, BTreeSet::new(), description.as_deref())
        }
    }
}

fn flows_described(flows: &OAuth2Flows) -> (String, BTreeSet<&str>) {
    let mut shown = Vec::new();
    let mut scopes = BTreeSet::new();
    if let Some(flow) = &flows.implicit {
        shown.push(format!("implicit at {}", flow.authorization_url));
        scopes.extend(flow.scopes.keys().map(String::as_str));
    }
    if let Some(flow) = &flows.password {
        shown.push(format!("password at {}", flow.token_url));
        scopes.extend(flow.scopes.keys().map(String::as_str));
    }
    if let Some(flow) = &flows.client_credentials {
        shown.push(format!("client credentials at {}", flow.token_url));
        scopes.extend(flow.scopes.keys().map(String::as_str));
    }
    if let Some(flow) = &flows.authorization_code {
        let (code, token) = (&flow.authorization_url, &flow.token_url);
        shown.push(format!("authorization code at {code} and {token}"));
        scopes.extend(flow.scopes.keys().map(String::as_str));
    }
    (format!("OAuth 2 ({})", shown.join(", ")), scopes)
}

/// Alternatives: the scopes that are needed of each scheme, by the schemes that go together.
type Needed = BTreeMap<Vec<String>, BTreeSet<(String, String)>>;

/// Compares what an operation needs. What both sides take from the whole description is told of that.
pub(super) fn operation<'a>(walk: &mut Walk<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let (old_own, new_own) = (&old.declared.security, &new.declared.security);
    let is_general = old_own.is_none() && new_own.is_none();
    let (subject, old_at, new_at) = match is_general {
        true => {
            let at = Pointer::root().join("security");
            (Subject::of(Owner::Api), at.clone(), at)
        }
        false => (operations::subject(old), old.at().clone(), new.at().clone()),
    };
    let of = |own: &'a Option<Vec<SecurityRequirement>>, side: &'a Side| {
        let general = side.openapi().security.as_ref();
        needed(own.as_ref().or(general))
    };
    let (before, after) = (of(old_own, old.side), of(new_own, new.side));
    if before == after {
        return;
    }
    let mut tell = |code, was: Option<String>, is: Option<String>, tail: String| {
        let change = Change::new(code, &subject).values(was, is);
        walk.found.add(change.at(&old_at, &new_at), &tail);
    };
    let nothing: &[String] = &[];
    let ways = |needed: &Needed| {
        let ways: Vec<String> = needed.keys().map(|names| way(names)).collect();
        ways.join(" or ")
    };
    match (before.contains_key(nothing), after.contains_key(nothing)) {
        (true, false) => {
            let ways = ways(&after);
            let tail = format!(" needs a login now: {ways}");
            tell(Code::SecurityBecameRequired, None, Some(ways), tail);
        }
        (false, true) => {
            let tail = " needs no login any more".to_owned();
            tell(
                Code::SecurityBecameOptional,
                Some(ways(&before)),
                None,
                tail,
            );
        }
        _ => {}
    }
    // What needed nothing has been told to need something, and the other way round.
    let is_only_nothing = |needed: &Needed| needed.len() == 1 && needed.contains_key(nothing);
    let tells_ways = !is_only_nothing(&before) && !is_only_nothing(&after);
    for (names, was) in before.iter().filter(|(names, _)| !names.is_empty()) {
        let way = way(names);
        let Some(is) = after.get(names) else {
            if tells_ways {
                let tail = format!(" does not accept {way} any more");
                tell(Code::SecurityAlternativeRemoved, Some(way), None, tail);
            }
            continue;
        };
        for (scheme, scope) in is.difference(was) {
            let tail = format!(" needs the scope `{scope}` of `{scheme}` now");
            let value = Some(format!("{scheme} {scope}"));
            tell(Code::SecurityScopeAdded, None, value, tail);
        }
        for (scheme, scope) in was.difference(is) {
            let tail = format!(" does not need the scope `{scope}` of `{scheme}` any more");
            let value = Some(format!("{scheme} {scope}"));
            tell(Code::SecurityScopeRemoved, value, None, tail);
        }
    }
    for names in after.keys().filter(|names| !names.is_empty()) {
        if tells_ways && !before.contains_key(names) {
            let way = way(names);
            let tail = format!(" accepts {way} now");
            tell(Code::SecurityAlternativeAdded, None, Some(way), tail);
        }
    }
}

/// Schemes that go together, in words.
fn way(names: &[String]) -> String {
    format!("`{}`", names.join("` with `"))
}

/// What is needed; nothing where nothing is said.
fn needed(declared: Option<&Vec<SecurityRequirement>>) -> Needed {
    let mut needed = Needed::new();
    for requirement in declared.into_iter().flatten() {
        let mut names: Vec<String> = requirement.keys().cloned().collect();
        names.sort_unstable();
        let scopes = requirement.iter().flat_map(|(scheme, scopes)| {
            let scopes = scopes.iter();
            scopes.map(|scope| (scheme.clone(), scope.clone()))
        });
        needed.entry(names).or_default().extend(scopes);
    }
    if needed.is_empty() {
        needed.insert(Vec::new(), BTreeSet::new());
    }
    needed
}
