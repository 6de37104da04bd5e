//! Redacts bodies for logs.

use serde_json::Value;

/// How much of a body is logged, in bytes.
const LIMIT: usize = 16 << 10;

/// Parts of names that mark a value as secret, even if the description does not.
const SUSPICIOUS: &[&str] = &[
    "password",
    "passphrase",
    "authorization",
    "cookie",
    "privatekey",
    "private_key",
    "secret",
    "token",
    "credential",
    "assertion",
    "apikey",
    "api_key",
    "verifier",
];

/// A body with the values of secret properties redacted, truncated to 16 KiB. For a body that is
/// not JSON only its size is logged, because its secrets cannot be recognized.
pub(super) fn body(bytes: &[u8], secrets: &[&str]) -> String {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else {
        return format!("({} bytes that are not JSON)", bytes.len());
    };
    if !matches!(value, Value::Object(_) | Value::Array(_)) {
        // A bare value has no name by which to recognize a secret.
        return format!("({} bytes of a bare value)", bytes.len());
    }
    redact(&mut value, secrets);
    let mut text = value.to_string();
    if text.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
        text.push_str("..");
    }
    text
}

fn redact(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret(name, secrets) {
                    *value = Value::from("(redacted)");
                } else {
                    redact(value, secrets);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, secrets)),
        _ => {}
    }
}

fn is_secret(name: &str, secrets: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    secrets.contains(&name) || SUSPICIOUS.iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests;
