//! Compares security schemes, and which of them operations require.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    finding::{Owner, Subject},
    findings::Change,
    side::Side,
    values,
};
use crate::{
    openapi::Pointer,
    spec::{Flow, Flows, Requirement, SecurityScheme, SecuritySchemeKind},
};

/// Compares the security schemes of two descriptions.
pub(super) fn schemes(comparison: &mut Comparison<'_>, old: &Side, new: &Side) {
    let (before, after) = (by_name(old), by_name(new));
    for (name, was) in &before {
        let at = scheme_at(name);
        let subject = Subject::of(Owner::Scheme((*name).to_owned()));
        match after.get(name) {
            Some(is) => scheme(comparison, &subject, &at, (was, is)),
            None => {
                let change = Change::new(Code::SecuritySchemeRemoved, &subject).old_at(&at);
                comparison.findings.add(change, " was removed");
            }
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let subject = Subject::of(Owner::Scheme((*name).to_owned()));
        let change = Change::new(Code::SecuritySchemeAdded, &subject).new_at(&scheme_at(name));
        comparison.findings.add(change, " was added");
    }
}

fn by_name(side: &Side) -> BTreeMap<&str, &SecurityScheme> {
    let schemes = side.spec().security_schemes.iter();
    schemes
        .map(|(name, scheme)| (name.as_str(), scheme))
        .collect()
}

fn scheme_at(name: &str) -> Pointer {
    Pointer::root().join_all(["components", "securitySchemes", name])
}

fn scheme(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    at: &Pointer,
    (was, is): (&SecurityScheme, &SecurityScheme),
) {
    flows(comparison, subject, at, (was, is));
    let (old_scopes, new_scopes) = (scopes(was), scopes(is));
    for removed in old_scopes.difference(&new_scopes) {
        let change = Change::new(Code::SecuritySchemeScopeRemoved, subject).was(*removed);
        let tail = format!(": the scope `{removed}` was removed");
        comparison.findings.add(change.at(at, at), &tail);
    }
    for added in new_scopes.difference(&old_scopes) {
        let change = Change::new(Code::SecuritySchemeScopeAdded, subject).is(*added);
        let tail = format!(": the scope `{added}` was added");
        comparison.findings.add(change.at(at, at), &tail);
    }
    let (was, is) = (was.description.as_deref(), is.description.as_deref());
    values::description(subject, (was, at), (is, at), &mut comparison.findings);
}

fn flows(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    at: &Pointer,
    (was, is): (&SecurityScheme, &SecurityScheme),
) {
    let (before, after) = (described(was), described(is));
    for (flow, was) in &before {
        let (is, tail) = match after.get(flow) {
            Some(is) if is == was => continue,
            Some(is) => (Some(is.clone()), format!(" changed from {was} to {is}")),
            None => (None, format!(" is no longer {was}")),
        };
        let change = Change::new(Code::SecuritySchemeChanged, subject);
        let change = change.values(Some(was.clone()), is).at(at, at);
        comparison.findings.add(change, &tail);
    }
    for (flow, is) in &after {
        if !before.contains_key(flow) {
            let tail = format!(" is now also {is}");
            let change = Change::new(Code::SecuritySchemeFlowAdded, subject).is(is);
            comparison.findings.add(change.at(at, at), &tail);
        }
    }
}

/// What a scheme is, as messages name it: one text for each flow of OAuth 2, one with an empty key for
/// anything else. Fingerprints depend on these texts.
fn described(scheme: &SecurityScheme) -> BTreeMap<&'static str, String> {
    let text = match &scheme.kind {
        SecuritySchemeKind::OAuth2(flows) => return described_flows(flows),
        SecuritySchemeKind::ApiKey { place, name } => {
            format!("an API key, `{name}` in the {}", place.as_str())
        }
        SecuritySchemeKind::Http(scheme) => format!("HTTP `{}`", scheme.to_ascii_lowercase()),
        SecuritySchemeKind::OpenIdConnect(url) => format!("OpenID Connect at `{url}`"),
    };
    BTreeMap::from([("", text)])
}

fn described_flows(flows: &Flows) -> BTreeMap<&'static str, String> {
    let implicit = |flow: &Flow| format!("implicit at `{}`", flow.authorization_url);
    let password = |flow: &Flow| format!("by password at `{}`", flow.token_url);
    let client = |flow: &Flow| format!("by client credentials at `{}`", flow.token_url);
    let code = |flow: &Flow| {
        let (code, token) = (&flow.authorization_url, &flow.token_url);
        format!("by authorization code at `{code}` and `{token}`")
    };
    let all = [
        (
            "implicit",
            flows.implicit.as_ref().map(|it| (it, implicit(it))),
        ),
        (
            "password",
            flows.password.as_ref().map(|it| (it, password(it))),
        ),
        (
            "client credentials",
            flows.client_credentials.as_ref().map(|it| (it, client(it))),
        ),
        (
            "authorization code",
            flows.authorization_code.as_ref().map(|it| (it, code(it))),
        ),
    ];
    let declared = all.into_iter().filter_map(|(key, flow)| Some((key, flow?)));
    let texts = declared.map(|(key, (flow, how))| {
        let refreshed = match &flow.refresh_url {
            Some(url) => format!(", refreshed at `{url}`"),
            None => String::new(),
        };
        (key, format!("OAuth 2, {how}{refreshed}"))
    });
    texts.collect()
}

/// The scopes of all flows.
fn scopes(scheme: &SecurityScheme) -> BTreeSet<&str> {
    let SecuritySchemeKind::OAuth2(flows) = &scheme.kind else {
        return BTreeSet::new();
    };
    let flows = [
        &flows.implicit,
        &flows.password,
        &flows.client_credentials,
        &flows.authorization_code,
    ];
    let scopes = flows.into_iter().flatten().flat_map(|it| it.scopes.keys());
    scopes.map(String::as_str).collect()
}

/// Schemes that are required together, each with the scopes it needs.
type Combination = BTreeMap<String, BTreeSet<String>>;
/// The combinations of which one is required. An empty combination permits calls without credentials.
type Required = BTreeSet<Combination>;

/// Compares what an operation requires. If both sides inherit the requirements of the API, changes are
/// reported of the API.
pub(super) fn operation<'a>(comparison: &mut Comparison<'a>, old: Endpoint<'a>, new: Endpoint<'a>) {
    let are_inherited = old.declared.security.is_none() && new.declared.security.is_none();
    let (subject, old_at, new_at) = match are_inherited {
        true => {
            let at = Pointer::root().join("security");
            (Subject::of(Owner::Api), at.clone(), at)
        }
        false => (old.subject(), old.at().clone(), new.at().clone()),
    };
    for Difference {
        code,
        was,
        is,
        tail,
    } in differences(&required(old), &required(new))
    {
        let change = Change::new(code, &subject).values(was, is);
        comparison.findings.add(change.at(&old_at, &new_at), &tail);
    }
}

/// What an operation requires; without any requirement, nothing.
fn required(endpoint: Endpoint<'_>) -> Required {
    let inherited = endpoint.side.spec().security.as_ref();
    let requirements = endpoint.declared.security.as_ref().or(inherited);
    let mut required: Required = requirements
        .into_iter()
        .flatten()
        .map(combination)
        .collect();
    if required.is_empty() {
        required.insert(Combination::new());
    }
    required
}

fn combination(requirement: &Requirement) -> Combination {
    let schemes = requirement.iter();
    schemes
        .map(|(scheme, scopes)| (scheme.clone(), scopes.iter().cloned().collect()))
        .collect()
}

#[derive(Debug)]
struct Difference {
    code: Code,
    was: Option<String>,
    is: Option<String>,
    tail: String,
}

fn differences(before: &Required, after: &Required) -> Vec<Difference> {
    let mut differences = Vec::new();
    let nothing = Combination::new();
    let labels = Labels::new(before, after);
    match (before.contains(&nothing), after.contains(&nothing)) {
        (true, false) => {
            let all = labels.all(after);
            differences.push(Difference {
                code: Code::SecurityBecameRequired,
                was: None,
                tail: format!(" now requires authentication: {all}"),
                is: Some(all),
            });
        }
        (false, true) => differences.push(Difference {
            code: Code::SecurityBecameOptional,
            was: Some(labels.all(before)),
            is: None,
            tail: " no longer requires authentication".to_owned(),
        }),
        _ => {}
    }
    // If one side requires nothing in any case, it has no combinations to compare.
    let requires_nothing = |required: &Required| required.len() == 1 && required.contains(&nothing);
    if !requires_nothing(before) && !requires_nothing(after) {
        combinations(before, after, &labels, &mut differences);
    }
    differences
}

/// Compares the combinations of schemes but for the empty one.
fn combinations(
    before: &Required,
    after: &Required,
    labels: &Labels,
    differences: &mut Vec<Difference>,
) {
    let removed: Vec<_> = not_empty(before.difference(after)).collect();
    let added: Vec<_> = not_empty(after.difference(before)).collect();
    let is_accepted = |by: &Required, combination: &Combination| {
        not_empty(by.iter()).any(|it| requires_no_more(it, combination))
    };
    let mut counterparts = BTreeSet::new();
    for was in removed {
        // Of the new combinations of the same schemes, the one with the fewest additional scopes.
        let same_schemes = added.iter().copied().filter(|is| is.keys().eq(was.keys()));
        let counterpart = same_schemes.min_by_key(|is| scopes_beyond(is, was).len());
        if let Some(is) = counterpart {
            counterparts.insert(is);
            scope_differences(was, is, differences);
        } else if !is_accepted(after, was) {
            let label = labels.of(was);
            differences.push(Difference {
                code: Code::SecurityAlternativeRemoved,
                tail: format!(" no longer accepts {label}"),
                was: Some(label),
                is: None,
            });
        }
    }
    for is in added {
        // Callers whom an old combination of fewer schemes or scopes accepted gain nothing.
        if !counterparts.contains(is) && !is_accepted(before, is) {
            let label = labels.of(is);
            differences.push(Difference {
                code: Code::SecurityAlternativeAdded,
                was: None,
                tail: format!(" now accepts {label}"),
                is: Some(label),
            });
        }
    }
}

fn not_empty<'a>(
    combinations: impl Iterator<Item = &'a Combination>,
) -> impl Iterator<Item = &'a Combination> {
    combinations.filter(|combination| !combination.is_empty())
}

/// Compares the scopes of two combinations of the same schemes.
fn scope_differences(was: &Combination, is: &Combination, differences: &mut Vec<Difference>) {
    for (scheme, scope) in scopes_beyond(is, was) {
        differences.push(Difference {
            code: Code::SecurityScopeAdded,
            was: None,
            is: Some(format!("{scheme} {scope}")),
            tail: format!(" now requires the scope `{scope}` of `{scheme}`"),
        });
    }
    for (scheme, scope) in scopes_beyond(was, is) {
        differences.push(Difference {
            code: Code::SecurityScopeRemoved,
            was: Some(format!("{scheme} {scope}")),
            is: None,
            tail: format!(" no longer requires the scope `{scope}` of `{scheme}`"),
        });
    }
}

/// Whether credentials that satisfy `other` satisfy `one`.
fn requires_no_more(one: &Combination, other: &Combination) -> bool {
    one.iter().all(|(scheme, scopes)| {
        let given = other.get(scheme);
        given.is_some_and(|given| scopes.is_subset(given))
    })
}

/// The scopes that `one` requires and `other` does not, each with its scheme.
fn scopes_beyond<'a>(one: &'a Combination, other: &Combination) -> BTreeSet<(&'a str, &'a str)> {
    let scopes = one
        .iter()
        .flat_map(|(scheme, scopes)| scopes.iter().map(move |scope| (scheme, scope)));
    let is_required = |scheme: &String, scope: &String| {
        let scopes = other.get(scheme);
        scopes.is_some_and(|scopes| scopes.contains(scope))
    };
    scopes
        .filter(|(scheme, scope)| !is_required(scheme, scope))
        .map(|(scheme, scope)| (scheme.as_str(), scope.as_str()))
        .collect()
}

/// What messages call combinations. Fingerprints depend on these texts.
struct Labels {
    /// Combinations of schemes that one side lists more than once, so that scopes tell them apart.
    ambiguous: BTreeSet<Vec<String>>,
}

impl Labels {
    fn new(before: &Required, after: &Required) -> Self {
        let mut ambiguous = BTreeSet::new();
        for required in [before, after] {
            let mut seen = BTreeSet::new();
            for combination in required {
                let schemes: Vec<String> = combination.keys().cloned().collect();
                if !seen.insert(schemes.clone()) {
                    ambiguous.insert(schemes);
                }
            }
        }
        Self { ambiguous }
    }

    fn of(&self, combination: &Combination) -> String {
        let schemes: Vec<String> = combination.keys().cloned().collect();
        let has_scopes = self.ambiguous.contains(&schemes);
        let schemes = combination.iter().map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            match has_scopes && !scopes.is_empty() {
                true => format!("`{scheme}` for `{}`", scopes.join("` and `")),
                false => format!("`{scheme}`"),
            }
        });
        schemes.collect::<Vec<_>>().join(" with ")
    }

    fn all(&self, required: &Required) -> String {
        let labels = required.iter().map(|combination| self.of(combination));
        labels.collect::<Vec<_>>().join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combination(schemes: &[(&str, &[&str])]) -> Combination {
        let schemes = schemes.iter().map(|(scheme, scopes)| {
            let scopes = scopes.iter().map(ToString::to_string);
            (scheme.to_string(), scopes.collect())
        });
        schemes.collect()
    }

    fn found(before: &[&Combination], after: &[&Combination]) -> Vec<String> {
        let of = |combinations: &[&Combination]| combinations.iter().copied().cloned().collect();
        let differences = differences(&of(before), &of(after)).into_iter();
        differences
            .map(|it| format!("{}:{}", it.code.as_str(), it.tail))
            .collect()
    }

    #[test]
    fn combinations_of_the_same_schemes_differ_by_scopes() {
        let (read, write) = (
            combination(&[("o", &["read"])]),
            combination(&[("o", &["write"])]),
        );
        let both = combination(&[("o", &["read", "write"])]);
        assert_eq!(
            found(&[&read, &write], &[&write]),
            ["security-alternative-removed: no longer accepts `o` for `read`"]
        );
        assert_eq!(
            found(&[&read, &write], &[&both]),
            [
                "security-scope-added: now requires the scope `write` of `o`",
                "security-scope-added: now requires the scope `read` of `o`"
            ]
        );
        assert_eq!(
            found(&[&read], &[&read, &write]),
            ["security-alternative-added: now accepts `o` for `write`"]
        );
        assert_eq!(found(&[&read], &[&read, &both]), [""; 0]);
    }

    #[test]
    fn what_asks_for_less_locks_nobody_out() {
        let (key, both) = (
            combination(&[("k", &[])]),
            combination(&[("b", &[]), ("k", &[])]),
        );
        assert_eq!(
            found(&[&both], &[&key]),
            ["security-alternative-added: now accepts `k`"]
        );
        assert_eq!(
            found(&[&key], &[&both]),
            ["security-alternative-removed: no longer accepts `k`"]
        );
    }
}
