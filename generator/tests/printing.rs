//! Output that cannot be written to its end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Stdio};

fn explain(format: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sdkgen"));
    command
        .args(["explain", "--format", format])
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for format in ["text", "json"] {
        let mut child = explain(format).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    for format in ["text", "json"] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = explain(format).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with("cannot write the results: "), "{said}");
        assert_eq!(said.lines().count(), 1);
    }
}

/// A description whose texts are commands to terminals.
const COMMANDS: &str = r#"{"openapi": "3.0.3", "info": {"title": "T\u001b[2J", "version": "1"},
"paths": {"/a\u001b]0;x\u0007": {"get": {"operationId": "a\u009b1m\u202e\nerror[E0101]: b", "tags": ["c\u001b[1m"],
"parameters": [{"name": "d", "in": "query", "schema": {"type": "strange\u001b[31m"}}],
"responses": {"204": {"description": "e"}}}}}}"#;

#[test]
fn no_text_of_a_description_is_a_command_to_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("api.json");
    std::fs::write(&spec, COMMANDS).unwrap();
    for command in [
        &["check"][..],
        &["inspect"],
        &["check", "--format", "json"],
        &["inspect", "--format", "json"],
        &["generate", "--dry-run"],
        &["generate", "--check", "--out", "nowhere"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_sdkgen"))
            .args(command)
            .arg("--spec")
            .arg(&spec)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        let is_command =
            |one: char| one.is_control() && !matches!(one, '\n' | '\t') || one == '\u{202e}';
        assert!(!said.contains(is_command), "{command:?}: {said:?}");
        assert!(
            !said.lines().any(|line| line.starts_with("error[E0101]")),
            "{said}"
        );
        if command.contains(&"json") {
            let document: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert!(document["result"].is_object());
        }
    }
}
