//! Common conventions for error bodies and rate limit headers, for services that declare no rules
//! of their own.

#![allow(
    dead_code,
    reason = "an SDK whose API has ways of its own does without them"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use serde_json::{Map, Value};

use super::{ErrorSummary, RateLimit, transport::WholeResponse};

/// Names of error messages, the most informative first; `detail` and `title` are those of RFC 9457.
const MESSAGES: &[&str] = &[
    "message",
    "detail",
    "error_description",
    "errorMessage",
    "description",
    "title",
    "error",
    "reason",
];
const CODES: &[&str] = &["code", "error_code", "errorCode", "error", "type", "status"];
const CONTEXTS: &[&str] = &[
    "requestId",
    "request_id",
    "traceId",
    "trace_id",
    "correlationId",
    "instance",
];
/// Wrappers that some services put around the error object.
const WRAPPERS: &[&str] = &["error", "errors", "fault", "meta"];
/// Headers with the ID of an exchange.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// Reads an error response by common names of code, message and ID.
pub(crate) fn describe_error(response: &WholeResponse) -> ErrorSummary {
    let mut summary = ErrorSummary::default();
    if let Ok(Value::Object(body)) = serde_json::from_slice(response.body()) {
        let inner = WRAPPERS.iter().find_map(|name| object(body.get(*name)?));
        let layers: Vec<&Map<String, Value>> = inner.into_iter().chain([&body]).collect();
        let find = |names: &[&str]| {
            let mut found = layers
                .iter()
                .flat_map(|layer| names.iter().filter_map(|name| text(layer.get(*name)?)));
            found.next()
        };
        summary.message = find(MESSAGES);
        summary.code = find(CODES);
        summary.context_id = find(CONTEXTS);
    }
    summary.context_id = summary.context_id.or_else(|| {
        let id = response.headers().get(REQUEST_ID)?;
        id.to_str().ok().map(str::to_owned)
    });
    summary
}

/// An object, or the first object of a list.
fn object(value: &Value) -> Option<&Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        Value::Array(items) => items.first()?.as_object(),
        _ => None,
    }
}

/// A text that is not blank, or a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a rate limit from the headers of the IETF's drafts or those named `x-ratelimit-*`.
pub(crate) fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    ["ratelimit", "x-ratelimit", "x-rate-limit"]
        .into_iter()
        .find_map(|family| separate(headers, family))
        .or_else(|| combined(headers))
}

/// A header for each figure: `ratelimit-limit`, `ratelimit-remaining`, `ratelimit-reset`.
fn separate(headers: &HeaderMap, family: &str) -> Option<RateLimit> {
    let number = |what: &str| {
        let value = headers.get(format!("{family}-{what}"))?.to_str().ok()?;
        // A limit can have its windows listed after it: `100, 100;w=60`.
        let first = value.split([',', ';']).next()?;
        number_in(first)
    };
    figures(number("limit"), number("remaining"), number("reset"))
}

/// All figures in one header, `RateLimit: "default";r=50;t=30` with `RateLimit-Policy:
/// "default";q=100;w=60`, or of an older draft `RateLimit: limit=100, remaining=50, reset=30`.
fn combined(headers: &HeaderMap) -> Option<RateLimit> {
    let member = |header: &str, names: [&str; 2]| {
        let value = headers.get(header)?.to_str().ok()?;
        value.split([',', ';']).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let named = names.contains(&name.trim());
            named.then(|| number_in(value)).flatten()
        })
    };
    let limit = member("ratelimit", ["limit", "q"]);
    figures(
        limit.or_else(|| member("ratelimit-policy", ["limit", "q"])),
        member("ratelimit", ["remaining", "r"]),
        member("ratelimit", ["reset", "t"]),
    )
}

fn number_in(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

fn figures(limit: Option<f64>, remaining: Option<f64>, reset: Option<f64>) -> Option<RateLimit> {
    if limit.is_none() && remaining.is_none() && reset.is_none() {
        return None;
    }
    // Negative numbers become 0: `as` saturates.
    let whole = |number: f64| number as u64;
    let allowed = limit.map(whole);
    let left = remaining.map(whole);
    Some(RateLimit {
        count: allowed
            .zip(left)
            .map(|(all, left)| all.saturating_sub(left)),
        allowed,
        reset: reset.and_then(time_left),
    })
}

/// Some services report the seconds left, others a Unix time, which is larger than any window.
fn time_left(reset: f64) -> Option<Duration> {
    const EARLIEST: f64 = 1e9;
    let seconds = if reset < EARLIEST {
        reset
    } else {
        // Some report milliseconds.
        let reset = if reset < 1e12 { reset } else { reset / 1e3 };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        reset - now.as_secs_f64()
    };
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}

#[cfg(test)]
mod tests;
