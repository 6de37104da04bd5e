//! Compiles the rendered crates of several cases together.

use std::{fs, path::Path, time::Duration};

use sdkgen_fuzz::{case::Case, exercise::Sandbox};
use xtask::{compile::Workspace, process::Limits};

/// A workspace that cases are rendered into and compiled in.
pub(crate) struct Compiler {
    sandbox: Sandbox,
    workspace: Workspace,
    batches: u64,
}

impl Compiler {
    /// A compiler with its files in a folder, where the built dependencies stay for later runs.
    pub(crate) fn new(sandbox: &Sandbox, folder: &Path) -> Result<Self, String> {
        let workspace = Workspace::new(folder.join("compile"), folder.join("target"))?;
        let sandbox = Sandbox {
            limits: Limits {
                timeout: sandbox.limits.timeout.max(Duration::from_secs(20)),
                ..sandbox.limits.clone()
            },
            folder: folder.join("cases"),
            ..sandbox.clone()
        };
        Ok(Self {
            sandbox,
            workspace,
            batches: 0,
        })
    }

    /// The first compiler error of each case; `None` if it compiles, or if sdkgen refuses it.
    pub(crate) fn compile(&mut self, cases: &[&Case]) -> Result<Vec<Option<String>>, String> {
        let fail = |error: std::io::Error| error.to_string();
        self.batches += 1;
        let names: Vec<String> = (0..cases.len())
            .map(|index| format!("f{}-{index}", self.batches))
            .collect();
        let mut members = Vec::new();
        for (case, name) in cases.iter().zip(&names) {
            if self.render(case, name).map_err(fail)? {
                self.workspace.adopt(name)?;
                members.push(name.clone());
            }
        }
        let mut errors = self.workspace.check(&members)?;
        for name in &names {
            // Crates can be rendered again from the descriptions of finds.
            let _ = fs::remove_dir_all(self.workspace.member(name));
        }
        Ok(names.iter().map(|name| errors.remove(name)).collect())
    }

    fn render(&self, case: &Case, name: &str) -> std::io::Result<bool> {
        let _ = fs::remove_dir_all(&self.sandbox.folder);
        fs::create_dir_all(&self.sandbox.folder)?;
        case.write(&self.sandbox.folder)?;
        let mut command = self.sandbox.limits.command(&self.sandbox.program);
        command
            .args(["generate", "--name", name, "--spec", case.file(), "--out"])
            .arg(self.workspace.member(name))
            .args(case.options())
            .env("TMPDIR", &self.sandbox.folder)
            .current_dir(&self.sandbox.folder);
        let ended = self
            .sandbox
            .limits
            .run(&self.sandbox.folder, "run", command)?;
        Ok(ended.status.is_some_and(|status| status.success()))
    }
}
