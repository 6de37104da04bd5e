//! Another generator on the same descriptions, under the same limits and in the same run.

use std::{
    fmt,
    path::Path,
    process::ExitStatus,
    time::{Duration, Instant},
};

use xtask::find::Found;

use super::run::{self, Settings};

/// The results of another program. Only its exit codes are known, which do not show what it left out.
#[derive(Debug, Default)]
pub(super) struct Beside {
    command: String,
    succeeded: usize,
    failed: usize,
    panicked: usize,
    timed_out: usize,
    elapsed: Duration,
}

/// Runs a command on each description, whose path is the last argument.
pub(super) fn run(settings: &Settings, command: &str, found: &[Found]) -> Result<Beside, String> {
    let mut words = command.split_whitespace();
    let program = words.next().ok_or("`--beside` names no program")?;
    let arguments: Vec<&str> = words.collect();
    let settings = Settings {
        program: program.into(),
        ..settings.clone()
    };
    let start = Instant::now();
    let once = |worker: usize, spec: &Path| {
        let mut command = settings.command();
        command.args(&arguments).arg(spec);
        let ended = settings.end(&worker.to_string(), command)?;
        Ok(ended.status)
    };
    let ends = run::all(&settings, found, "beside", &once)?;
    let count =
        |wanted: fn(&Option<ExitStatus>) -> bool| ends.iter().filter(|end| wanted(end)).count();
    let (succeeded, timed_out) = (
        count(|end| end.is_some_and(|status| status.success())),
        count(Option::is_none),
    );
    // A program without an exit code was killed by a signal, for example after a stack overflow.
    let panicked = count(|end| end.is_some_and(|status| matches!(status.code(), None | Some(101))));
    Ok(Beside {
        command: command.to_owned(),
        succeeded,
        failed: ends.len() - succeeded - timed_out - panicked,
        panicked,
        timed_out,
        elapsed: start.elapsed(),
    })
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "beside, `{}`: {} succeeded, {} failed, {} panics, {} timeouts; {:.1} s",
            self.command,
            self.succeeded,
            self.failed,
            self.panicked,
            self.timed_out,
            self.elapsed.as_secs_f64()
        )
    }
}

#[cfg(all(test, unix))]
mod tests {
    use xtask::process::Limits;

    use super::*;

    #[test]
    fn ends_are_counted() {
        let scratch = tempfile::tempdir().unwrap();
        let settings = Settings {
            program: "unused".into(),
            limits: Limits {
                timeout: Duration::from_secs(1),
                cpu: None,
                memory: 1 << 32,
                has_prlimit: false,
            },
            jobs: 2,
            scratch: scratch.path().to_owned(),
        };
        let script = scratch.path().join("peer.sh");
        let text =
            "case $1 in *ok) exit 0;; *bad) exit 1;; *panic) exit 101;; *) sleep 30;; esac\n";
        std::fs::write(&script, text).unwrap();
        let found = ["ok", "bad", "panic", "slow", "also-ok"].map(|name| Found {
            path: name.into(),
            size: 1,
            dialect: "3.0".to_owned(),
        });
        let command = format!("sh {}", script.display());
        let beside = run(&settings, &command, &found).unwrap().to_string();
        assert!(
            beside.contains(": 2 succeeded, 1 failed, 1 panics, 1 timeouts;"),
            "{beside}"
        );
        assert!(run(&settings, " ", &found).is_err());
    }
}
