//! Compares ways to log in, and which of them operations need.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Side,
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
    values,
};
use crate::{
    openapi::{ParameterIn, Pointer},
    spec::{Flow, Flows, Requirement, SecurityScheme, SecuritySchemeKind},
};

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
        let (was, is) = (described(was), described(is));
        let ((was_scopes, was_text), (is_scopes, is_text)) =
            ((was.scopes, was.text), (is.scopes, is.text));
        let (before, after) = (was.ways, is.ways);
        for (kind, was) in &before {
            let (is, tail) = match after.get(kind) {
                Some(is) if is == was => continue,
                Some(is) => (Some(is.clone()), format!(" is {is} now, was {was}")),
                None => (None, format!(" is {was} no more")),
            };
            let change = Change::new(Code::SecuritySchemeChanged, &subject);
            let change = change.values(Some(was.clone()), is).at(&at, &at);
            walk.found.add(change, &tail);
        }
        for is in after
            .iter()
            .filter(|(kind, _)| !before.contains_key(*kind))
            .map(|(_, is)| is)
        {
            let tail = format!(" is {is} too now");
            let change = Change::new(Code::SecuritySchemeFlowAdded, &subject).is(is);
            walk.found.add(change.at(&at, &at), &tail);
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
    let declared = side.spec().security_schemes.iter();
    declared
        .map(|(name, scheme)| (name.as_str(), scheme))
        .collect()
}

/// What a way to log in is, by its flows if it has some.
struct Described<'a> {
    ways: BTreeMap<&'static str, String>,
    scopes: BTreeSet<&'a str>,
    text: Option<&'a str>,
}

fn described(scheme: &SecurityScheme) -> Described<'_> {
    let only = |what| (BTreeMap::from([("", what)]), BTreeSet::new());
    let (ways, scopes) = match &scheme.kind {
        SecuritySchemeKind::ApiKey { place, name } => {
            let place = match place {
                ParameterIn::Query => "query",
                ParameterIn::Header | ParameterIn::Path => "header",
                ParameterIn::Cookie => "cookie",
            };
            only(format!("an API key, `{name}` in the {place}"))
        }
        SecuritySchemeKind::Http(scheme) => only(format!("HTTP `{}`", scheme.to_ascii_lowercase())),
        SecuritySchemeKind::OAuth2(flows) => flows_described(flows),
        SecuritySchemeKind::OpenIdConnect(url) => only(format!("OpenID Connect at `{url}`")),
    };
    Described {
        ways,
        scopes,
        text: scheme.description.as_deref(),
    }
}

fn flows_described(flows: &Flows) -> (BTreeMap<&'static str, String>, BTreeSet<&str>) {
    let mut ways = BTreeMap::new();
    let mut scopes = BTreeSet::new();
    let mut add = |key, flow: &'_ Option<Flow>, how: &dyn Fn(&Flow) -> String| {
        if let Some(flow) = flow {
            let refreshed = match &flow.refresh_url {
                Some(url) => format!(", refreshed at `{url}`"),
                None => String::new(),
            };
            ways.insert(key, format!("OAuth 2, {}{refreshed}", how(flow)));
        }
    };
    add("implicit", &flows.implicit, &|flow| {
        format!("implicit at `{}`", flow.authorization_url)
    });
    add("password", &flows.password, &|flow| {
        format!("by password at `{}`", flow.token_url)
    });
    add("client credentials", &flows.client_credentials, &|flow| {
        format!("by client credentials at `{}`", flow.token_url)
    });
    add("authorization code", &flows.authorization_code, &|flow| {
        let (code, token) = (&flow.authorization_url, &flow.token_url);
        format!("by authorization code at `{code}` and `{token}`")
    });
    let all = [
        &flows.implicit,
        &flows.password,
        &flows.client_credentials,
        &flows.authorization_code,
    ];
    for flow in all.into_iter().flatten() {
        scopes.extend(flow.scopes.keys().map(String::as_str));
    }
    (ways, scopes)
}

/// The schemes that go together, with the scopes that are needed of each.
type Way = BTreeMap<String, BTreeSet<String>>;
/// Alternatives.
type Needed = BTreeSet<Way>;

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
    let of = |own: &'a Option<Vec<Requirement>>, side: &'a Side| {
        let general = side.spec().security.as_ref();
        needed(own.as_ref().or(general))
    };
    let (before, after) = (of(old_own, old.side), of(new_own, new.side));
    for (code, was, is, tail) in changes(&before, &after) {
        let change = Change::new(code, &subject).values(was, is);
        walk.found.add(change.at(&old_at, &new_at), &tail);
    }
}

/// A code, what was, what is, and what is said of it.
type Told = (Code, Option<String>, Option<String>, String);

fn changes(before: &Needed, after: &Needed) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let nothing = Way::new();
    // Schemes that go together more than once are told apart by their scopes.
    let shown = |way: &Way| {
        let names = || way.keys().collect::<Vec<_>>();
        let is_twice = |needed: &Needed| {
            let same = needed.iter().filter(|other| other.keys().eq(names()));
            same.count() > 1
        };
        described_way(way, is_twice(before) || is_twice(after))
    };
    let ways = |needed: &Needed| needed.iter().map(shown).collect::<Vec<_>>().join(" or ");
    match (before.contains(&nothing), after.contains(&nothing)) {
        (true, false) => {
            let ways = ways(after);
            let tail = format!(" needs a login now: {ways}");
            told.push((Code::SecurityBecameRequired, None, Some(ways), tail));
        }
        (false, true) => {
            let tail = " needs no login any more".to_owned();
            told.push((Code::SecurityBecameOptional, Some(ways(before)), None, tail));
        }
        _ => {}
    }
    // What needed nothing has been told to need something, and the other way round; and where no
    // login is needed anyway, nobody is kept out.
    let is_only_nothing = |needed: &Needed| needed.len() == 1 && needed.contains(&nothing);
    if is_only_nothing(before) || is_only_nothing(after) {
        return told;
    }
    let mut counterparts = BTreeSet::new();
    for was in before
        .iter()
        .filter(|was| !was.is_empty() && !after.contains(*was))
    {
        // Of the ways with the same schemes that are new, the one that asks least besides.
        let others = after
            .difference(before)
            .filter(|is| is.keys().eq(was.keys()));
        let added = |is: &Way| pairs(is).difference(&pairs(was)).count();
        let Some(is) = others.min_by_key(|is| added(is)) else {
            let is_accepted = after
                .iter()
                .any(|is| !is.is_empty() && asks_no_more(is, was));
            if !is_accepted {
                let way = shown(was);
                let tail = format!(" does not accept {way} any more");
                told.push((Code::SecurityAlternativeRemoved, Some(way), None, tail));
            }
            continue;
        };
        counterparts.insert(is);
        for (scheme, scope) in pairs(is).difference(&pairs(was)) {
            let tail = format!(" needs the scope `{scope}` of `{scheme}` now");
            let value = Some(format!("{scheme} {scope}"));
            told.push((Code::SecurityScopeAdded, None, value, tail));
        }
        for (scheme, scope) in pairs(was).difference(&pairs(is)) {
            let tail = format!(" does not need the scope `{scope}` of `{scheme}` any more");
            let value = Some(format!("{scheme} {scope}"));
            told.push((Code::SecurityScopeRemoved, value, None, tail));
        }
    }
    for is in after
        .iter()
        .filter(|is| !is.is_empty() && !before.contains(*is))
    {
        // Who could log in with less could do so before.
        let asks_more = before
            .iter()
            .any(|was| !was.is_empty() && asks_no_more(was, is));
        if !counterparts.contains(is) && !asks_more {
            let way = shown(is);
            let tail = format!(" accepts {way} now");
            told.push((Code::SecurityAlternativeAdded, None, Some(way), tail));
        }
    }
    told
}

/// Whether who meets the one meets the other.
fn asks_no_more(one: &Way, other: &Way) -> bool {
    one.iter().all(|(scheme, scopes)| {
        let given = other.get(scheme);
        given.is_some_and(|given| scopes.is_subset(given))
    })
}

/// The scopes that are needed, each with its scheme.
fn pairs(way: &Way) -> BTreeSet<(&str, &str)> {
    let pairs = way.iter().flat_map(|(scheme, scopes)| {
        let scopes = scopes.iter();
        scopes.map(move |scope| (scheme.as_str(), scope.as_str()))
    });
    pairs.collect()
}

/// Schemes that go together, in words.
fn described_way(way: &Way, with_scopes: bool) -> String {
    let schemes = way.iter().map(|(scheme, scopes)| {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        match with_scopes && !scopes.is_empty() {
            true => format!("`{scheme}` for `{}`", scopes.join("` and `")),
            false => format!("`{scheme}`"),
        }
    });
    schemes.collect::<Vec<_>>().join(" with ")
}

/// What is needed; nothing where nothing is said.
fn needed(declared: Option<&Vec<Requirement>>) -> Needed {
    let ways = declared.into_iter().flatten().map(|requirement| {
        let schemes = requirement.iter();
        let schemes =
            schemes.map(|(scheme, scopes)| (scheme.clone(), scopes.iter().cloned().collect()));
        schemes.collect()
    });
    let mut needed: Needed = ways.collect();
    if needed.is_empty() {
        needed.insert(Way::new());
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(schemes: &[(&str, &[&str])]) -> Way {
        let schemes = schemes.iter().map(|(scheme, scopes)| {
            let scopes = scopes.iter().map(ToString::to_string);
            (scheme.to_string(), scopes.collect())
        });
        schemes.collect()
    }

    fn told(before: &[&Way], after: &[&Way]) -> Vec<String> {
        let of = |ways: &[&Way]| ways.iter().copied().cloned().collect();
        let changes = changes(&of(before), &of(after)).into_iter();
        changes
            .map(|(code, _, _, tail)| format!("{}:{tail}", code.as_str()))
            .collect()
    }

    #[test]
    fn ways_of_the_same_schemes_are_ways_of_their_own() {
        let (read, write) = (way(&[("o", &["read"])]), way(&[("o", &["write"])]));
        let both = way(&[("o", &["read", "write"])]);
        assert_eq!(
            told(&[&read, &write], &[&write]),
            ["security-alternative-removed: does not accept `o` for `read` any more"]
        );
        assert_eq!(
            told(&[&read, &write], &[&both]),
            [
                "security-scope-added: needs the scope `write` of `o` now",
                "security-scope-added: needs the scope `read` of `o` now"
            ]
        );
        assert_eq!(
            told(&[&read], &[&read, &write]),
            ["security-alternative-added: accepts `o` for `write` now"]
        );
        assert_eq!(told(&[&read], &[&read, &both]), [""; 0]);
    }

    #[test]
    fn what_asks_for_less_locks_nobody_out() {
        let (key, both) = (way(&[("k", &[])]), way(&[("b", &[]), ("k", &[])]));
        assert_eq!(
            told(&[&both], &[&key]),
            ["security-alternative-added: accepts `k` now"]
        );
        assert_eq!(
            told(&[&key], &[&both]),
            ["security-alternative-removed: does not accept `k` any more"]
        );
    }
}
