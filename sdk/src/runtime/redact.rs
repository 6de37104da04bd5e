//! Bodies made fit for a log.

use serde_json::Value;

/// How much of a body is told, in bytes.
const LIMIT: usize = 16 << 10;

/// What the names of secrets have in them, whatever the description says of them.
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

/// A body with the values of secret members blotted out, cut at 16 KiB. Of what is not JSON only
/// the size is told: there is no telling what in it is secret.
pub(super) fn body(bytes: &[u8], secrets: &[&str]) -> String {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else {
        return format!("({} bytes that are not JSON)", bytes.len());
    };
    if !matches!(value, Value::Object(_) | Value::Array(_)) {
        // Without a name there is no telling either.
        return format!("({} bytes of a bare value)", bytes.len());
    }
    blot(&mut value, secrets);
    let mut text = value.to_string();
    if text.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
        text.push_str("..");
    }
    text
}

fn blot(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret(name, secrets) {
                    *value = Value::from("(redacted)");
                } else {
                    blot(value, secrets);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| blot(item, secrets)),
        _ => {}
    }
}

fn is_secret(name: &str, secrets: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    secrets.contains(&name) || SUSPICIOUS.iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests;
