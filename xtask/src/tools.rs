//! The measuring tools: packages of their own, which are built when they are first asked for, so that
//! rendering the SDK builds none of them.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

use clap::Args;

/// What the tool receives as it stands; it has its own `--help`.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// A program of a package of this workspace.
pub(crate) struct Tool {
    package: &'static str,
}

pub(crate) const CORPUS: Tool = Tool {
    package: "sdkgen-corpus",
};
pub(crate) const DIFF_LOCALITY: Tool = Tool {
    package: "sdkgen-diff-locality",
};
pub(crate) const FUZZ: Tool = Tool {
    package: "sdkgen-fuzz",
};
pub(crate) const SEMVER_AUDIT: Tool = Tool {
    package: "sdkgen-semver-audit",
};

impl Tool {
    /// Builds and runs the tool in the current folder, which its arguments may be relative to; ends
    /// as it ends.
    pub(crate) fn run(&self, arguments: &Arguments) -> ExitCode {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["run", "--quiet", "--package", self.package])
            .arg("--manifest-path")
            .arg(xtask::root().join("Cargo.toml"))
            .arg("--")
            .args(&arguments.arguments);
        match command.status() {
            Ok(status) => {
                let code = status.code().and_then(|code| u8::try_from(code).ok());
                code.map_or(ExitCode::FAILURE, ExitCode::from)
            }
            Err(error) => {
                eprintln!("cannot run cargo: {error}");
                ExitCode::FAILURE
            }
        }
    }
}
