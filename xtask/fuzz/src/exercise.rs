//! One case through the commands of sdkgen, each in a process of its own, and what is wrong with
//! what they do.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;
use xtask::process::{Ended, Limits};

use crate::{
    case::{self, Base, Case, Syntax},
    checks::{self, Files},
    find::{Find, Kind},
};

/// What a case is run with.
#[derive(Clone, Debug)]
pub struct Lab {
    /// sdkgen.
    pub program: PathBuf,
    /// What each process may use.
    pub limits: Limits,
    /// The folder that cases are written to. Each worker has its own.
    pub folder: PathBuf,
}

/// A command, with what is expected of it.
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
    /// `generate` over what the base rendered to.
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

/// What a step showed.
#[derive(Debug, Default)]
pub struct Shown {
    /// What is wrong.
    pub finds: Vec<Find>,
    /// Whether the command did what it was asked to.
    pub succeeded: bool,
}

/// The formats of `diff`.
const FORMATS: &[&str] = &["text", "markdown", "json", "html", "github"];

impl Lab {
    /// Writes a case into the emptied folder and runs steps.
    ///
    /// # Errors
    /// When a file cannot be written or a process cannot be started.
    pub fn run(&self, case: &Case, base: &Base, steps: &[Step], draws: u64) -> io::Result<Shown> {
        let mut shown = Shown::default();
        self.prepare(case)?;
        let mut verdicts = Vec::new();
        for step in steps {
            let mut session = Session {
                lab: self,
                case,
                base,
                draws,
                finds: Vec::new(),
            };
            let succeeded = session.step(*step)?;
            shown.succeeded |= *step == Step::Whole && succeeded;
            verdicts.push((*step, succeeded));
            let finds = session.finds;
            // What does not end in one command takes as long in the next.
            let is_over = finds.iter().any(|find| find.kind == Kind::Hang);
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

/// The files below a folder; none if there is no such folder.
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

struct Session<'a> {
    lab: &'a Lab,
    case: &'a Case,
    base: &'a Base,
    draws: u64,
    finds: Vec<Find>,
}

impl Session<'_> {
    fn step(&mut self, step: Step) -> io::Result<bool> {
        match step {
            Step::Check => self.check(),
            Step::Inspect => {
                let arguments = self.reading("inspect");
                let ended = self.judged(&arguments)?;
                self.again(&arguments, ended.as_ref())?;
                Ok(succeeded(ended.as_ref()))
            }
            Step::Whole => self.whole(),
            Step::Embedded => {
                let arguments = self.rendering("embedded", &["--embedded"]);
                let ended = self.judged(&arguments)?;
                self.folder("embedded", succeeded(ended.as_ref()), &arguments)?;
                Ok(succeeded(ended.as_ref()))
            }
            Step::Update => self.update(),
            Step::Slice => self.slice(),
            Step::Same => self.same(),
            Step::Diff => self.diff(),
        }
    }

    /// The arguments of a command that reads the document.
    fn reading(&self, command: &str) -> Vec<String> {
        let mut arguments = vec![command.to_owned(), format!("--spec={}", self.case.file())];
        arguments.extend(self.case.options());
        arguments
    }

    fn rendering(&self, out: &str, more: &[&str]) -> Vec<String> {
        let mut arguments = self.reading("generate");
        arguments.push(format!("--out={out}"));
        arguments.extend(more.iter().map(|one| (*one).to_owned()));
        arguments
    }

    fn find(&mut self, kind: Kind, message: impl Into<String>, arguments: &[String]) {
        let find = Find::new(kind, message, &command_line(arguments));
        if !self.finds.contains(&find) {
            self.finds.push(find);
        }
    }

    fn run(&self, arguments: &[String]) -> io::Result<Ended> {
        let mut command = self.lab.limits.command(&self.lab.program);
        command
            .args(arguments)
            .current_dir(&self.lab.folder)
            // A file that a fault leaves for us to read is not wanted elsewhere.
            .env("TMPDIR", self.lab.folder.join("logs"))
            .env("RUST_BACKTRACE", "0");
        self.lab
            .limits
            .run(&self.lab.folder.join("logs"), "run", command)
    }

    /// Runs a command and judges how it ended; `None` if there is nothing more to be learnt.
    fn judged(&mut self, arguments: &[String]) -> io::Result<Option<Ended>> {
        let ended = self.run(arguments)?;
        let Some(status) = ended.status else {
            self.find(
                Kind::Hang,
                format!("`{}` does not end", arguments[0]),
                arguments,
            );
            return Ok(None);
        };
        if let Some(message) = crash(status, &ended.err) {
            self.find(Kind::Crash, message, arguments);
            return Ok(None);
        }
        let is_json = arguments.iter().any(|one| one == "--format=json");
        let (text, has_error) = match is_json {
            false => (
                format!("{}{}", ended.err, ended.out),
                ended.err.contains("error[E"),
            ),
            true => (
                ended.err.clone(),
                ended.out.contains("\"severity\": \"error\"") || ended.err.contains("error[E"),
            ),
        };
        for code in own_faults(&ended) {
            self.find(Kind::Defect, code, arguments);
        }
        if let Some(what) = checks::printed(&text) {
            self.find(
                Kind::Defect,
                format!("{what} of `{}`", arguments[0]),
                arguments,
            );
        }
        let compares = arguments.iter().any(|one| one == "--check");
        if status.success() && has_error {
            self.find(Kind::Defect, "an error, and exit status 0", arguments);
        } else if !status.success() && !has_error && !compares {
            self.find(
                Kind::Defect,
                format!("exit status 1 without an error of `{}`", arguments[0]),
                arguments,
            );
        }
        Ok(Some(ended))
    }

    /// Runs a command a second time, which must say the same.
    fn again(&mut self, arguments: &[String], first: Option<&Ended>) -> io::Result<()> {
        let Some(first) = first else { return Ok(()) };
        let second = self.run(arguments)?;
        let is_same =
            first.status == second.status && first.out == second.out && first.err == second.err;
        if !is_same && second.status.is_some() {
            self.find(
                Kind::Defect,
                format!("`{}` says something else each time", arguments[0]),
                arguments,
            );
        }
        Ok(())
    }

    fn check(&mut self) -> io::Result<bool> {
        let mut arguments = self.reading("check");
        let text = self.judged(&arguments)?;
        arguments.push("--format=json".to_owned());
        let json = self.judged(&arguments)?;
        if let (Some(text), Some(json)) = (&text, &json) {
            if serde_json::from_str::<Value>(&json.out).is_err() {
                self.find(
                    Kind::Defect,
                    "`--format json` does not print JSON",
                    &arguments,
                );
            }
            if text.status != json.status {
                self.find(
                    Kind::Defect,
                    "formats differ in their exit status",
                    &arguments,
                );
            }
        }
        Ok(succeeded(text.as_ref()))
    }

    fn whole(&mut self) -> io::Result<bool> {
        let arguments = self.rendering("whole", &[]);
        let first = self.judged(&arguments)?;
        let Some(first) = first else { return Ok(false) };
        let one = self.folder("whole", succeeded(Some(&first)), &arguments)?;
        let again = self.rendering("again", &[]);
        let second = self.run(&again)?;
        let other = files(&self.lab.folder.join("again"))?;
        if let Some(path) = checks::difference(&one, &other) {
            self.find(
                Kind::Defect,
                format!("two runs render different bytes: `{path}`"),
                &again,
            );
        }
        if first.out != second.out || first.err != second.err {
            self.find(
                Kind::Defect,
                "two runs of `generate` print different texts",
                &again,
            );
        }
        if first.status.is_some_and(|status| status.success()) {
            let compare = self.rendering("whole", &["--check"]);
            if let Some(ended) = self.judged(&compare)?
                && !succeeded(Some(&ended))
            {
                self.find(
                    Kind::Defect,
                    "`--check` finds differences right after `generate`",
                    &compare,
                );
            }
            return Ok(true);
        }
        let reading = self.reading("check");
        let codes = errors(&first.err);
        // A name that a crate cannot have, or a folder, is not a matter of the document.
        if !codes.iter().any(|code| code.starts_with("E09"))
            && succeeded(Some(&self.run(&reading)?))
        {
            let message = format!(
                "`check` finds no error and `generate` does: {}",
                codes.join(" ")
            );
            self.find(Kind::Defect, message, &arguments);
        }
        Ok(false)
    }

    /// Judges what a run left in its folder, and returns it.
    fn folder(&mut self, out: &str, succeeded: bool, arguments: &[String]) -> io::Result<Files> {
        let folder = self.lab.folder.join(out);
        let found = files(&folder)?;
        if !succeeded && folder.exists() {
            self.find(Kind::Defect, "a run that failed left files", arguments);
        } else if succeeded {
            for what in checks::rendered(&found) {
                self.find(Kind::Defect, what, arguments);
            }
        }
        Ok(found)
    }

    fn update(&mut self) -> io::Result<bool> {
        let base = case::write(&self.base.spec, Syntax::Ascii);
        fs::write(self.lab.folder.join("base.json"), base)?;
        let out = self.lab.folder.join("updated");
        let plain = ["generate", "--spec=base.json", "--out=updated"].map(str::to_owned);
        self.run(&plain)?;
        let before = files(&out)?;
        if before.is_empty() {
            return Ok(false);
        }
        let arguments = self.rendering("updated", &[]);
        let Some(ended) = self.judged(&arguments)? else {
            return Ok(false);
        };
        let after = files(&out)?;
        let expected = match succeeded(Some(&ended)) {
            true => files(&self.lab.folder.join("whole"))?,
            false => before,
        };
        let is_known = !expected.is_empty();
        if let Some(path) = checks::difference(&expected, &after).filter(|_| is_known) {
            let what = match succeeded(Some(&ended)) {
                true => format!("an update is not what a fresh run renders: `{path}`"),
                false => format!("an update that failed changed a file: `{path}`"),
            };
            self.find(Kind::Defect, what, &arguments);
        }
        Ok(succeeded(Some(&ended)))
    }

    fn slice(&mut self) -> io::Result<bool> {
        let mut arguments = vec!["slice".to_owned(), self.case.file().to_owned()];
        let options = self.case.options().into_iter();
        arguments.extend(options.filter(|option| !option.starts_with("--config")));
        let ended = self.judged(&arguments)?;
        if !succeeded(ended.as_ref()) {
            return Ok(false);
        }
        self.again(&arguments, ended.as_ref())?;
        let Some(first) = ended else { return Ok(false) };
        fs::write(self.lab.folder.join("slice.yaml"), &first.out)?;
        let reading = ["check", "--spec=slice.yaml"].map(str::to_owned);
        if let Some(read) = self.judged(&reading)?
            && !succeeded(Some(&read))
        {
            let message = format!("a slice cannot be read: {}", errors(&read.err).join(" "));
            self.find(Kind::Defect, message, &arguments);
            return Ok(true);
        }
        let slicing = ["slice", "slice.yaml"].map(str::to_owned);
        if let Some(second) = self.judged(&slicing)?
            && succeeded(Some(&second))
            && second.out != first.out
        {
            self.find(
                Kind::Defect,
                "a slice of a slice is another text",
                &arguments,
            );
        }
        Ok(true)
    }

    fn same(&mut self) -> io::Result<bool> {
        let file = self.case.file().to_owned();
        let mut arguments = vec![
            "diff".to_owned(),
            file.clone(),
            file,
            "--format=json".to_owned(),
        ];
        let options = self.case.options().into_iter();
        arguments.extend(options.filter(|option| option.starts_with("--config")));
        let ended = self.judged(&arguments)?;
        if !succeeded(ended.as_ref()) {
            return Ok(false);
        }
        self.again(&arguments, ended.as_ref())?;
        let report: Value = serde_json::from_str(&ended.map(|ended| ended.out).unwrap_or_default())
            .unwrap_or_default();
        match report["entries"].as_array() {
            None => self.find(
                Kind::Defect,
                "`diff --format json` does not print a report",
                &arguments,
            ),
            Some(entries) => {
                if let Some(entry) = entries.first() {
                    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
                    let message = format!("a document differs from itself: {}", text("code"));
                    self.find(Kind::Defect, message, &arguments);
                }
            }
        }
        Ok(true)
    }

    fn diff(&mut self) -> io::Result<bool> {
        let base = case::write(&self.base.spec, Syntax::Ascii);
        fs::write(self.lab.folder.join("base.json"), base)?;
        let mut pair = ["base.json", self.case.file()];
        if self.draws & 1 == 1 {
            pair.reverse();
        }
        let format = FORMATS[(self.draws >> 1) as usize % FORMATS.len()];
        let arguments =
            ["diff", pair[0], pair[1], &format!("--format={format}")].map(str::to_owned);
        let ended = self.judged(&arguments)?;
        self.again(&arguments, ended.as_ref())?;
        if let Some(ended) = &ended
            && format == "html"
            && ["<script>alert", "<img src=x"]
                .iter()
                .any(|tag| ended.out.contains(tag))
        {
            self.find(
                Kind::Defect,
                "HTML of the description in a report",
                &arguments,
            );
        }
        Ok(succeeded(ended.as_ref()))
    }
}

/// A command as it would be typed.
fn command_line(arguments: &[String]) -> String {
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

fn succeeded(ended: Option<&Ended>) -> bool {
    ended
        .and_then(|ended| ended.status)
        .is_some_and(|status| status.success())
}

/// How a process ended that ended in no documented way.
fn crash(status: std::process::ExitStatus, err: &str) -> Option<String> {
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
        // Exit status 2 means that we gave arguments that there are not.
        _ => Some(format!(
            "{status}: {}",
            err.lines().next().unwrap_or_default()
        )),
    }
}

/// The codes of errors in printed diagnostics.
fn errors(text: &str) -> Vec<String> {
    let codes = text.split("error[").skip(1);
    codes
        .filter_map(|rest| Some(rest.split_once(']')?.0.to_owned()))
        .collect()
}

/// Diagnostics whose code means a fault of sdkgen.
fn own_faults(ended: &Ended) -> Vec<String> {
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

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::{os::unix::process::ExitStatusExt, process::ExitStatus, time::Duration};

    use serde_json::json;

    use super::*;

    /// A lab whose sdkgen is a script.
    fn lab(folder: &Path, script: &str) -> Lab {
        let program = folder.join("sdkgen");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        let mut permissions = fs::metadata(&program).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
        fs::set_permissions(&program, permissions).unwrap();
        Lab {
            program,
            limits: Limits {
                timeout: Duration::from_secs(5),
                memory: 1 << 32,
                has_prlimit: false,
            },
            folder: folder.join("case"),
        }
    }

    /// What is found with a script in place of sdkgen.
    fn found(script: &str, steps: &[Step]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let case = Case {
            spec: json!({"openapi": "3.0.3"}),
            syntax: Syntax::Json,
            text: None,
            config: None,
            overlay: None,
            include: None,
        };
        let base = Base {
            name: "b".to_owned(),
            spec: json!({}),
            config: None,
        };
        let shown = lab(folder.path(), script)
            .run(&case, &base, steps, 0)
            .unwrap();
        shown.finds.iter().map(Find::signature).collect()
    }

    #[test]
    fn crashes_are_told_apart() {
        let exit = |code: i32| ExitStatus::from_raw(code << 8);
        assert_eq!(crash(exit(0), ""), None);
        assert_eq!(crash(exit(1), "error[E0101]"), None);
        assert!(
            crash(exit(101), "thread 'main' panicked at a.rs:1:2:\nwhy\n")
                .unwrap()
                .ends_with("a.rs:1:2: why")
        );
        assert_eq!(
            crash(
                ExitStatus::from_raw(6),
                "thread 'main' has overflowed its stack"
            )
            .as_deref(),
            Some("stack overflow")
        );
        assert!(crash(ExitStatus::from_raw(9), "").is_some());
        assert!(crash(exit(2), "usage").is_some());
    }

    #[test]
    fn a_program_that_behaves_is_clean() {
        let script = "case $1 in generate) for one; do case $one in --out=*) mkdir -p ${one#--out=}/src; echo 'struct A;' > ${one#--out=}/src/a.rs;; esac; done;;\n\
            check) case $3 in --format=json) echo '{}';; esac;; diff) echo '{\"entries\": []}';; esac";
        assert_eq!(found(script, Step::ALL), Vec::<String>::new());
    }

    #[test]
    fn programs_that_misbehave_are_found() {
        let first = |script: &str, step: Step| {
            found(script, &[step])
                .into_iter()
                .next()
                .unwrap_or_default()
        };
        assert!(first("exit 101", Step::Check).starts_with("crash"));
        assert!(first("kill -6 $$", Step::Inspect).starts_with("crash"));
        assert!(first("exit 1", Step::Inspect).contains("without an error"));
        assert!(first("echo 'error[E0901]: x' >&2; exit 1", Step::Inspect).contains("E0901"));
        assert!(first("printf '\\033[31m'", Step::Inspect).contains("U+001B"));
        assert!(first("echo $$", Step::Inspect).contains("each time"));
        assert!(
            first(
                "mkdir -p whole again; echo 'error[E0101]: x' >&2; exit 1",
                Step::Whole
            )
            .contains("left files")
        );
        assert!(
            first(
                "mkdir -p embedded/src; echo struct > embedded/src/a.rs",
                Step::Embedded
            )
            .contains("not Rust")
        );
        assert!(
            first("echo '{\"entries\": [{\"code\": \"x\"}]}'", Step::Same)
                .contains("differs from itself: x")
        );
        assert!(
            first(
                "mkdir -p whole again; echo $$ > whole/a; echo $$ > again/a",
                Step::Whole
            )
            .contains("different bytes")
        );
    }

    #[test]
    fn what_does_not_end_is_a_hang() {
        let folder = tempfile::tempdir().unwrap();
        let mut lab = lab(folder.path(), "exec sleep 30");
        lab.limits.timeout = Duration::from_millis(100);
        let case = Case {
            spec: json!({}),
            syntax: Syntax::Json,
            text: None,
            config: None,
            overlay: None,
            include: None,
        };
        let base = Base {
            name: "b".to_owned(),
            spec: json!({}),
            config: None,
        };
        let shown = lab.run(&case, &base, Step::ALL, 0).unwrap();
        assert_eq!(shown.finds.len(), 1);
        assert_eq!(shown.finds[0].kind, Kind::Hang);
    }
}
