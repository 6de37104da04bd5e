//! Programs in processes of their own.

use std::process::{Command, Stdio};

use crate::root;

/// Cargo, at the root of the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a program and reports a failure on the standard error.
pub fn run(command: &mut Command) -> bool {
    let trouble = match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => return true,
        Ok(status) => format!("ended with {status}"),
        Err(error) => format!("cannot be run: {error}"),
    };
    eprintln!("{}: {trouble}", command.get_program().to_string_lossy());
    false
}
