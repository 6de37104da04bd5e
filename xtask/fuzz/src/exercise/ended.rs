//! Interprets how a process ended.

use serde_json::Value;
use xtask::process::Ended;

/// A command line for the shell.
pub(super) fn command_line(arguments: &[String]) -> String {
    let quoted = arguments.iter().map(|argument| {
        let is_plain = |one: char| one.is_ascii_alphanumeric() || "-_=./:*".contains(one);
        match argument.chars().all(is_plain) {
            true => argument.clone(),
            false => format!("'{}'", argument.replace('\'', "'\\''")),
        }
    });
    let quoted: Vec<String> = quoted.collect();
    format!("sdkgen {}", quoted.join(" "))
}

/// Whether a process succeeded.
pub(super) fn succeeded(ended: Option<&Ended>) -> bool {
    ended
        .and_then(|ended| ended.status)
        .is_some_and(|status| status.success())
}

/// Describes the end of a process unless it is a documented one.
pub(super) fn crash(status: std::process::ExitStatus, err: &str) -> Option<String> {
    if err.contains("has overflowed its stack") {
        return Some("stack overflow".to_owned());
    }
    if let Some(at) = err.find("memory allocation of") {
        let line = err[at..].lines().next().unwrap_or_default();
        return Some(line.to_owned());
    }
    if let Some(at) = err.find("panicked at ") {
        let said: Vec<&str> = err[at..].lines().take(2).collect();
        return Some(said.join(" "));
    }
    match status.code() {
        Some(0 | 1) => None,
        // Exit status 2 means that the fuzzer passed unknown arguments.
        _ => Some(format!(
            "{status}: {}",
            err.lines().next().unwrap_or_default()
        )),
    }
}

/// The error codes in printed diagnostics.
pub(super) fn errors(text: &str) -> Vec<String> {
    let codes = text.split("error[").skip(1);
    codes
        .filter_map(|rest| Some(rest.split_once(']')?.0.to_owned()))
        .collect()
}

/// Diagnostics whose code means a bug of sdkgen.
pub(super) fn own_faults(ended: &Ended) -> Vec<String> {
    let mut found = Vec::new();
    for line in ended.err.lines() {
        if let Some(rest) = line.strip_prefix("error[E09") {
            found.push(format!("error[E09{rest}"));
        }
    }
    let document: Value = serde_json::from_str(&ended.out).unwrap_or_default();
    let list = document["diagnostics"].as_array().into_iter().flatten();
    for diagnostic in list {
        let text = |key: &str| diagnostic[key].as_str().unwrap_or_default();
        if text("code").starts_with("E09") {
            found.push(format!("error[{}]: {}", text("code"), text("message")));
        }
    }
    found
}
