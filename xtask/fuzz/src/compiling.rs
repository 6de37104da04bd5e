//! Rendered crates of cases, compiled together.

use std::{fs, path::Path, time::Duration};

use sdkgen_fuzz::{case::Case, exercise::Lab};
use xtask::{compile::Workspace, process::Limits};

/// A workspace that cases are rendered into and compiled in.
pub(crate) struct Compiler {
    lab: Lab,
    workspace: Workspace,
    batches: u64,
}

impl Compiler {
    /// A compiler that keeps its files in a folder, of which the built dependencies stay for later
    /// runs.
    pub(crate) fn new(lab: &Lab, folder: &Path) -> Result<Self, String> {
        let workspace = Workspace::new(folder.join("compile"), folder.join("target"))?;
        let lab = Lab {
            limits: Limits {
                timeout: lab.limits.timeout.max(Duration::from_secs(20)),
                ..lab.limits.clone()
            },
            folder: folder.join("cases"),
            ..lab.clone()
        };
        Ok(Self {
            lab,
            workspace,
            batches: 0,
        })
    }

    /// The compiler's first error of each case; none for a case that compiles or renders nothing.
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
            // Finds keep their descriptions; crates can be rendered again.
            let _ = fs::remove_dir_all(self.workspace.member(name));
        }
        Ok(names.iter().map(|name| errors.remove(name)).collect())
    }

    fn render(&self, case: &Case, name: &str) -> std::io::Result<bool> {
        let _ = fs::remove_dir_all(&self.lab.folder);
        fs::create_dir_all(&self.lab.folder)?;
        case.write(&self.lab.folder)?;
        let mut command = self.lab.limits.command(&self.lab.program);
        command
            .args(["generate", "--name", name, "--spec", case.file(), "--out"])
            .arg(self.workspace.member(name))
            .args(case.options())
            .env("TMPDIR", &self.lab.folder)
            .current_dir(&self.lab.folder);
        let ended = self.lab.limits.run(&self.lab.folder, "run", command)?;
        Ok(ended.status.is_some_and(|status| status.success()))
    }
}
