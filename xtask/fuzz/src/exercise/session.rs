//! The steps of one case.

use std::{fs, io};

use serde_json::Value;
use xtask::process::Ended;

use super::{
    Sandbox, Step,
    ended::{command_line, crash, errors, own_faults, succeeded},
    files,
};
use crate::{
    case::{self, Base, Case, Syntax},
    checks::{self, Files},
    find::{Find, FindKind},
};

/// The formats of `diff`.
const FORMATS: &[&str] = &["text", "markdown", "json", "html", "github"];

/// A case and its finds so far.
pub(super) struct Session<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) case: &'a Case,
    pub(super) base: &'a Base,
    pub(super) draws: u64,
    pub(super) finds: Vec<Find>,
}

impl Session<'_> {
    /// Runs a step and returns whether its command succeeded.
    pub(super) fn step(&mut self, step: Step) -> io::Result<bool> {
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

    /// Whether to run `diff` twice, which takes longer than all other commands.
    fn is_thorough(&self) -> bool {
        (self.draws >> 8).is_multiple_of(8)
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

    fn find(&mut self, kind: FindKind, message: impl Into<String>, arguments: &[String]) {
        let find = Find::new(kind, message, &command_line(arguments));
        if !self.finds.contains(&find) {
            self.finds.push(find);
        }
    }

    fn run(&self, arguments: &[String]) -> io::Result<Ended> {
        let mut command = self.sandbox.limits.command(&self.sandbox.program);
        command
            .args(arguments)
            .current_dir(&self.sandbox.folder)
            // Temporary files of a faulty run must not leave the work folder.
            .env("TMPDIR", self.sandbox.folder.join("logs"))
            .env("RUST_BACKTRACE", "0");
        self.sandbox
            .limits
            .run(&self.sandbox.folder.join("logs"), "run", command)
    }

    /// Runs a command and checks how it ended; `None` after a crash or a hang.
    fn judged(&mut self, arguments: &[String]) -> io::Result<Option<Ended>> {
        let ended = self.run(arguments)?;
        let Some(status) = ended.status else {
            self.find(
                FindKind::Hang,
                format!("{} does not end", arguments[0]),
                arguments,
            );
            return Ok(None);
        };
        if let Some(message) = crash(status, &ended.err) {
            self.find(FindKind::Crash, message, arguments);
            return Ok(None);
        }
        let is_json = arguments.iter().any(|one| one == "--format=json");
        // The configuration can turn a warning into an error, which keeps its code.
        let has_error = ended.err.lines().any(|line| line.starts_with("error["))
            || (is_json && ended.out.contains("\"severity\": \"error\""));
        for code in own_faults(&ended) {
            self.find(FindKind::Defect, code, arguments);
        }
        let out = match arguments[0].as_str() {
            "slice" => checks::printed_yaml(&ended.out),
            _ if is_json => None,
            _ => checks::printed(&ended.out),
        };
        if let Some(what) = checks::printed(&ended.err).or(out) {
            self.find(
                FindKind::Defect,
                format!("{what} of `{}`", arguments[0]),
                arguments,
            );
        }
        let compares = arguments.iter().any(|one| one == "--check");
        if status.success() && has_error {
            self.find(FindKind::Defect, "an error, and exit status 0", arguments);
        } else if !status.success() && !has_error && !compares {
            self.find(
                FindKind::Defect,
                format!("exit status 1 without an error of {}", arguments[0]),
                arguments,
            );
        }
        Ok(Some(ended))
    }

    /// Runs a command again, which must print the same.
    fn again(&mut self, arguments: &[String], first: Option<&Ended>) -> io::Result<()> {
        let Some(first) = first else { return Ok(()) };
        let second = self.run(arguments)?;
        let is_same =
            first.status == second.status && first.out == second.out && first.err == second.err;
        if !is_same && second.status.is_some() {
            self.find(
                FindKind::Defect,
                format!("{} prints something else each time", arguments[0]),
                arguments,
            );
        }
        Ok(())
    }

    fn check(&mut self) -> io::Result<bool> {
        let mut arguments = self.reading("check");
        let text = self.judged(&arguments)?;
        if text.is_none() {
            return Ok(false);
        }
        arguments.push("--format=json".to_owned());
        let json = self.judged(&arguments)?;
        if let (Some(text), Some(json)) = (&text, &json) {
            if serde_json::from_str::<Value>(&json.out).is_err() {
                self.find(
                    FindKind::Defect,
                    "`--format json` does not print JSON",
                    &arguments,
                );
            }
            if text.status != json.status {
                self.find(
                    FindKind::Defect,
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
        let other = files(&self.sandbox.folder.join("again"))?;
        if let Some(path) = checks::difference(&one, &other) {
            self.find(
                FindKind::Defect,
                format!("two runs render different bytes: `{path}`"),
                &again,
            );
        }
        if first.out != second.out || first.err != second.err {
            self.find(
                FindKind::Defect,
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
                    FindKind::Defect,
                    "`--check` finds differences right after `generate`",
                    &compare,
                );
            }
            return Ok(true);
        }
        let reading = self.reading("check");
        let codes = errors(&first.err);
        // Invalid names of crates and folders are not in the document, so `check` does not see them.
        if !codes.iter().any(|code| code.starts_with("E09"))
            && succeeded(Some(&self.run(&reading)?))
        {
            let message = format!(
                "check finds no error and generate does: {}",
                codes.join(" ")
            );
            self.find(FindKind::Defect, message, &arguments);
        }
        Ok(false)
    }

    /// Checks the files that a run left in its folder, and returns them.
    fn folder(&mut self, out: &str, succeeded: bool, arguments: &[String]) -> io::Result<Files> {
        let folder = self.sandbox.folder.join(out);
        let found = files(&folder)?;
        if !succeeded && folder.exists() {
            self.find(FindKind::Defect, "a run that failed left files", arguments);
        } else if succeeded {
            for what in checks::rendered(&found) {
                self.find(FindKind::Defect, what, arguments);
            }
        }
        Ok(found)
    }

    fn update(&mut self) -> io::Result<bool> {
        let base = case::write(&self.base.spec, Syntax::Ascii);
        fs::write(self.sandbox.folder.join("base.json"), base)?;
        let out = self.sandbox.folder.join("updated");
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
            true => files(&self.sandbox.folder.join("whole"))?,
            false => before,
        };
        let is_known = !expected.is_empty();
        if let Some(path) = checks::difference(&expected, &after).filter(|_| is_known) {
            let what = match succeeded(Some(&ended)) {
                true => format!("an update is not what a fresh run renders: `{path}`"),
                false => format!("an update that failed changed a file: `{path}`"),
            };
            self.find(FindKind::Defect, what, &arguments);
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
        fs::write(self.sandbox.folder.join("slice.yaml"), &first.out)?;
        let reading = ["check", "--spec=slice.yaml"].map(str::to_owned);
        if let Some(read) = self.judged(&reading)?
            && !succeeded(Some(&read))
        {
            let message = format!("a slice cannot be read: {}", errors(&read.err).join(" "));
            self.find(FindKind::Defect, message, &arguments);
            return Ok(true);
        }
        let slicing = ["slice", "slice.yaml"].map(str::to_owned);
        if let Some(second) = self.judged(&slicing)?
            && succeeded(Some(&second))
            && second.out != first.out
        {
            self.find(
                FindKind::Defect,
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
        if self.is_thorough() {
            self.again(&arguments, ended.as_ref())?;
        }
        let report: Value = serde_json::from_str(&ended.map(|ended| ended.out).unwrap_or_default())
            .unwrap_or_default();
        match report["entries"].as_array() {
            None => self.find(
                FindKind::Defect,
                "`diff --format json` does not print a report",
                &arguments,
            ),
            Some(entries) => {
                if let Some(entry) = entries.first() {
                    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
                    let message = format!("a document differs from itself: {}", text("code"));
                    self.find(FindKind::Defect, message, &arguments);
                }
            }
        }
        Ok(true)
    }

    fn diff(&mut self) -> io::Result<bool> {
        let base = case::write(&self.base.spec, Syntax::Ascii);
        fs::write(self.sandbox.folder.join("base.json"), base)?;
        let mut pair = ["base.json", self.case.file()];
        if self.draws & 1 == 1 {
            pair.reverse();
        }
        let format = FORMATS[(self.draws >> 1) as usize % FORMATS.len()];
        let arguments =
            ["diff", pair[0], pair[1], &format!("--format={format}")].map(str::to_owned);
        let ended = self.judged(&arguments)?;
        if self.is_thorough() {
            self.again(&arguments, ended.as_ref())?;
        }
        if let Some(ended) = &ended
            && format == "html"
            && ["<script>alert", "<img src=x"]
                .iter()
                .any(|tag| ended.out.contains(tag))
        {
            self.find(
                FindKind::Defect,
                "HTML of the description in a report",
                &arguments,
            );
        }
        Ok(succeeded(ended.as_ref()))
    }
}
