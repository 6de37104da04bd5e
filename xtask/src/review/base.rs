//! A revision of the repository, checked out beside the working tree.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A revision in a temporary folder, which is removed on drop. The working tree and the index stay
/// untouched.
#[derive(Debug)]
pub struct Base {
    name: String,
    commit: String,
    tree: PathBuf,
    _folder: TempDir,
}

/// The default revision to compare with.
const USUAL: &str = "origin/main";

impl Base {
    /// Checks a revision out; by default `origin/main`, or `HEAD` if that does not exist.
    ///
    /// # Errors
    /// When the revision does not exist, or git is missing.
    pub fn check_out(root: &Path, revision: Option<&str>) -> Result<Self, String> {
        let (name, commit) = match revision {
            Some(name) => (name, commit(root, name)?),
            None => match commit(root, USUAL) {
                Ok(commit) => (USUAL, commit),
                Err(_) => ("HEAD", commit(root, "HEAD")?),
            },
        };
        let folder = TempDir::new().map_err(|error| format!("no temporary folder: {error}"))?;
        let tree = folder.path().join("tree");
        // A separate index, so that the one of the working tree is not changed.
        let index = folder.path().join("index");
        let mut prefix = tree.clone().into_os_string();
        prefix.push("/");
        run(git(root)
            .env("GIT_INDEX_FILE", &index)
            .args(["read-tree", &commit]))?;
        let mut option = std::ffi::OsString::from("--prefix=");
        option.push(prefix);
        run(git(root)
            .env("GIT_INDEX_FILE", &index)
            .args(["checkout-index", "--all"])
            .arg(option))?;
        Ok(Self {
            name: name.to_owned(),
            commit,
            tree,
            _folder: folder,
        })
    }

    /// The folder that it was checked out to.
    pub fn root(&self) -> &Path {
        &self.tree
    }

    /// The name it was requested by, and the start of its hash.
    pub fn name(&self) -> String {
        let short = self.commit.get(..10).unwrap_or(&self.commit);
        format!("{} ({short})", self.name)
    }
}

fn commit(root: &Path, revision: &str) -> Result<String, String> {
    let peeled = format!("{revision}^{{commit}}");
    run(git(root).args(["rev-parse", "--verify", "--end-of-options", &peeled]))
        .map_err(|stderr| format!("`{revision}` is no revision: {stderr}"))
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root);
    command
}

/// The standard output of a program, without the final line break.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()),
        false => {
            let stderr = String::from_utf8_lossy(&output.stderr)
                .trim_end()
                .to_owned();
            Err(format!("git: {stderr}"))
        }
    }
}
