//! Records what clients report through `on_attempt`, and measures time and memory.

use std::{
    error::Error as StdError,
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use genesys_cloud_users::Attempt;

/// The attempts passed to `on_attempt`.
#[derive(Clone, Default)]
pub(crate) struct Attempts(Arc<Mutex<Vec<Told>>>);

/// The data of an attempt.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) operation: &'static str,
    pub(crate) method: String,
    pub(crate) path: &'static str,
    pub(crate) number: u32,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) held: Duration,
    pub(crate) elapsed: Duration,
    pub(crate) retry_in: Option<Duration>,
    /// The whole attempt in its `Debug` form.
    pub(crate) shown: String,
}

impl Attempts {
    /// What to give to `on_attempt`.
    pub(crate) fn observer(&self) -> impl Fn(&Attempt<'_>) + Send + Sync + 'static {
        let told = Arc::clone(&self.0);
        move |attempt| {
            let attempt = Told {
                operation: attempt.operation(),
                method: attempt.method().to_string(),
                path: attempt.path_template(),
                number: attempt.number(),
                status: attempt.status().map(|status| status.as_u16()),
                code: attempt.code(),
                correlation_id: attempt.correlation_id().map(str::to_owned),
                error: attempt.error().map(ToString::to_string),
                held: attempt.held(),
                elapsed: attempt.elapsed(),
                retry_in: attempt.retry_in(),
                shown: format!("{attempt:?} {attempt:#?}"),
            };
            told.lock()
                .expect("no holder of the lock panics")
                .push(attempt);
        }
    }

    /// The attempts so far.
    pub(crate) fn all(&self) -> Vec<Told> {
        self.0.lock().expect("no holder of the lock panics").clone()
    }

    /// The numbers of the attempts so far.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.all().iter().map(|attempt| attempt.number).collect()
    }
}

/// Whatever an error shows of itself and of its causes.
pub(crate) fn shown(error: &(dyn StdError + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    text
}

/// Runs a future and measures its duration.
pub(crate) async fn timed<F: Future>(future: F) -> (F::Output, Duration) {
    let started = Instant::now();
    let output = future.await;
    (output, started.elapsed())
}

/// Waits until something holds; for five seconds at most.
pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still not so after five seconds: {what}");
}

/// The peak memory of this process in bytes, if the system reports it.
pub(crate) fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
