//! The measuring tools: separate packages, which are built on first use, so that rendering the SDK
//! does not build them.

use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

use clap::Args;

/// Arguments that the tool parses itself; it has its own `--help`.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// A tool in a package of this workspace.
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
    /// Builds the tool and runs it in the current folder, because its arguments may be relative paths.
    /// Returns its exit status.
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
