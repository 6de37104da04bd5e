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
