//! Runs sdkgen on each description, in a separate process, so that a crash affects no other.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::Value;
use xtask::{
    find::Found,
    process::{Ended, Limits},
};

use super::progress;

/// Settings of all runs.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The path of sdkgen.
    pub(super) program: PathBuf,
    /// The limits of each process.
    pub(super) limits: Limits,
    /// Number of processes at a time.
    pub(super) jobs: usize,
    /// The folder for temporary output.
    pub(super) scratch: PathBuf,
}

impl Settings {
    /// sdkgen with its memory limit.
    pub(super) fn command(&self) -> Command {
        self.limits.command(&self.program)
    }

    /// Runs a command until it ends or times out; `worker` names its files.
    pub(super) fn end(&self, worker: &str, command: Command) -> std::io::Result<Ended> {
        self.limits.run(&self.scratch, worker, command)
    }
}

/// The result for one description.
#[derive(Clone, Debug)]
pub(super) struct RunResult {
    /// The duration.
    pub(super) elapsed: Duration,
    /// How it ended.
    pub(super) end: End,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It was rendered.
    Generated {
        /// The number of files.
        files: u64,
        /// Their size.
        bytes: u64,
    },
    /// It was refused with errors: code and message of each.
    Refused(Vec<(String, String)>),
    /// sdkgen panicked or rendered invalid code: the last message.
    Panicked(String),
    /// It reached a time limit.
    TimedOut,
}

impl RunResult {
    pub(super) fn is_generated(&self) -> bool {
        matches!(self.end, End::Generated { .. })
    }
}

/// Calls a function for all descriptions, several at a time; the results have the order of the
/// descriptions.
pub(super) fn all<T: Clone + Send>(
    settings: &Settings,
    found: &[Found],
    what: &str,
    once: &(dyn Fn(usize, &Path) -> std::io::Result<T> + Sync),
) -> Result<Vec<T>, String> {
    if !settings.limits.has_prlimit {
        eprintln!("prlimit is not here: memory is not limited");
    }
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new(vec![None; found.len()]);
    let failure = Mutex::new(None);
    let work = |worker: usize| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = found.get(index) else { return };
            match once(worker, &one.path) {
                Ok(result) => locked(&results)[index] = Some(result),
                Err(error) => {
                    *locked(&failure) = Some(error);
                    return;
                }
            }
            let done = locked(&results).iter().flatten().count();
            progress(what, done, found.len(), 100);
        }
    };
    thread::scope(|scope| {
        for worker in 0..settings.jobs {
            scope.spawn(move || work(worker));
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(format!(
            "cannot run {}: {error}",
            settings.program.display()
        )),
        None => Ok(locked(&results).drain(..).flatten().collect()),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs sdkgen on a description.
pub(super) fn once(settings: &Settings, worker: usize, spec: &Path) -> std::io::Result<RunResult> {
    let mut command = settings.command();
    command
        .args(["generate", "--dry-run", "--format", "json", "--spec"])
        .arg(spec);
    let ended = settings.end(&worker.to_string(), command)?;
    let end = match ended.status {
        None => End::TimedOut,
        Some(status) => judge(status, &ended.out, &ended.err),
    };
    Ok(RunResult {
        elapsed: ended.elapsed,
        end,
    })
}

fn judge(status: ExitStatus, out: &str, err: &str) -> End {
    let document: Value = serde_json::from_str(out).unwrap_or_default();
    let result = &document["result"];
    match status.code() {
        Some(0) if result.is_object() => End::Generated {
            files: result["files"].as_u64().unwrap_or(0),
            bytes: result["bytes"].as_u64().unwrap_or(0),
        },
        Some(1) if document["diagnostics"].is_array() => {
            let errors = errors(&document);
            match errors.iter().find(|(code, _)| code == "E0901") {
                // Rendering invalid Rust is as bad as a panic.
                Some((_, message)) => End::Panicked(message.clone()),
                None => End::Refused(errors),
            }
        }
        _ => {
            let panic = err.lines().position(|line| line.contains("panicked at"));
            let message: Vec<&str> = err.lines().skip(panic.unwrap_or(0)).take(2).collect();
            End::Panicked(format!("{status}: {}", message.join(" ")))
        }
    }
}

fn errors(document: &Value) -> Vec<(String, String)> {
    let list = document["diagnostics"].as_array().into_iter().flatten();
    let errors = list.filter(|diagnostic| diagnostic["severity"] == "error");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors
        .map(|error| (text(&error["code"]), text(&error["message"])))
        .collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn ends_are_distinguished() {
        let exit = |code: i32| ExitStatus::from_raw(code << 8);
        let done = r#"{"diagnostics": [], "result": {"files": 3, "bytes": 9}}"#;
        let generated = End::Generated { files: 3, bytes: 9 };
        assert_eq!(judge(exit(0), done, ""), generated);
        let diagnostic = |code: &str| {
            format!(
                r#"{{"diagnostics": [{{"code": "W1", "severity": "warning", "message": "w"}},
                {{"code": "{code}", "severity": "error", "message": "m"}}], "result": null}}"#
            )
        };
        let refused = End::Refused(vec![("E0401".to_owned(), "m".to_owned())]);
        assert_eq!(judge(exit(1), &diagnostic("E0401"), ""), refused);
        let defect = End::Panicked("m".to_owned());
        assert_eq!(judge(exit(1), &diagnostic("E0901"), ""), defect);
        let err = "note\nthread 'main' panicked at src/a.rs:1:2:\nwhy\n";
        let End::Panicked(message) = judge(exit(101), "", err) else {
            panic!("a panic is one");
        };
        assert!(message.ends_with("src/a.rs:1:2: why"), "{message}");
        let killed = judge(ExitStatus::from_raw(9), done, "");
        assert!(matches!(killed, End::Panicked(_)), "{killed:?}");
        // Success without a result is a bug of sdkgen.
        assert!(matches!(judge(exit(0), "", ""), End::Panicked(_)));
    }
}
