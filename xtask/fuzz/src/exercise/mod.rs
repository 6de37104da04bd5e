//! Runs the commands of sdkgen on one case, each in a separate process, and checks their results.

mod ended;
mod session;
#[cfg(all(test, unix))]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use xtask::process::Limits;

use crate::{
    case::{Base, Case},
    checks::Files,
    find::{Find, FindKind},
};
use session::Session;

/// The environment in which cases run.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// The path of sdkgen.
    pub program: PathBuf,
    /// The limits of each process.
    pub limits: Limits,
    /// The folder that cases are written to. Each worker has its own.
    pub folder: PathBuf,
}

/// A command and its expectations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `check`, in both formats.
    Check,
    /// `inspect`.
    Inspect,
    /// `generate`, twice, and `--check`.
    Whole,
    /// `generate --embedded`.
    Embedded,
    /// `generate` into the folder of the rendered base.
    Update,
    /// `slice`, and `check` and `slice` of the slice.
    Slice,
    /// `diff` of the document with itself.
    Same,
    /// `diff` of the base with the document.
    Diff,
}

impl Step {
    /// All of them, in the order they are run.
    pub const ALL: &'static [Self] = &[
        Self::Check,
        Self::Inspect,
        Self::Whole,
        Self::Embedded,
        Self::Update,
        Self::Slice,
        Self::Same,
        Self::Diff,
    ];
}

/// The results of steps.
#[derive(Debug, Default)]
pub struct StepResults {
    /// The faults.
    pub finds: Vec<Find>,
    /// Whether `generate` rendered a crate.
    pub succeeded: bool,
}

impl Sandbox {
    /// Writes a case into the emptied folder and runs steps.
    ///
    /// # Errors
    /// When a file cannot be written or a process cannot be started.
    pub fn run(
        &self,
        case: &Case,
        base: &Base,
        steps: &[Step],
        draws: u64,
    ) -> io::Result<StepResults> {
        let mut shown = StepResults::default();
        self.prepare(case)?;
        let mut verdicts = Vec::new();
        for step in steps {
            let mut session = Session {
                sandbox: self,
                case,
                base,
                draws,
                finds: Vec::new(),
            };
            let succeeded = session.step(*step)?;
            shown.succeeded |= *step == Step::Whole && succeeded;
            verdicts.push((*step, succeeded));
            let finds = session.finds;
            // If one command hangs, the next ones would too.
            let is_over = finds.iter().any(|find| find.kind == FindKind::Hang);
            shown.finds.extend(finds);
            if is_over {
                break;
            }
        }
        Ok(shown)
    }

    fn prepare(&self, case: &Case) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(self.folder.join("logs"))?,
        }
        case.write(&self.folder)
    }
}

/// The files below a folder; none if the folder does not exist.
///
/// # Errors
/// When one cannot be read.
pub fn files(folder: &Path) -> io::Result<Files> {
    let mut found = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(below) = waiting.pop() {
        let entries = match fs::read_dir(&below) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let steps = path.strip_prefix(folder).unwrap_or(&path).iter();
                let steps: Vec<_> = steps.map(|step| step.to_string_lossy()).collect();
                found.insert(steps.join("/"), fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
