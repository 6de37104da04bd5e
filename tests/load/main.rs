//! Many calls through one client, at a server that lets one request in a hundred come to grief: is
//! every call accounted for, and does memory stay flat? And a bulk read at a server with a rate limit:
//! is every read answered, and how many requests does the limit refuse?
//!
//! `load CALLS CONCURRENT`, and `load limit READS ALLOWED SECONDS`; the server is the same program,
//! started with `serve`, so that its memory is not counted as the client's.

mod child;
mod limit;
mod memory;
mod server;
mod window;

use std::{
    collections::BTreeMap,
    env,
    error::Error as StdError,
    process::ExitCode,
    time::{Duration, Instant},
};

use child::{Child, Counts};
use genesys_cloud_users::{Client, Error};
use tokio::{task::JoinSet, time::timeout_at};

pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

/// A call that takes longer is given up by the SDK. No fault takes that long.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
const PROGRESS_EVERY: usize = 5_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["serve", ref rules @ ..] => server::run(rules).map(|()| true),
        ["limit", ref rules @ ..] => limit::carry_out(rules),
        [calls, concurrent] => Plan::parse(calls, concurrent).and_then(carry_out),
        _ => Err("usage: load CALLS CONCURRENT, or load limit READS ALLOWED SECONDS".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Plan {
    calls: usize,
    concurrent: usize,
}

impl Plan {
    fn parse(calls: &str, concurrent: &str) -> Result<Self, Failure> {
        let plan = Self {
            calls: calls.parse()?,
            concurrent: concurrent.parse()?,
        };
        if plan.calls == 0 || plan.concurrent == 0 {
            return Err("without calls there is nothing to see".into());
        }
        Ok(plan)
    }

    /// When memory is looked at for the first time: after a tenth, and once all connections are
    /// there.
    fn settled(&self) -> usize {
        (self.calls / 10).max(2 * self.concurrent).min(self.calls)
    }

    /// What has not come back by then is lost. A slow machine makes some thousand calls a second.
    fn time(&self) -> Duration {
        2 * CALL_TIMEOUT + Duration::from_millis(2 * self.calls as u64)
    }
}

/// How calls ended.
#[derive(Default)]
struct Tally {
    answered: usize,
    /// Given up with an error, by what the error names as its cause.
    failed: BTreeMap<String, usize>,
    /// Ended in any other way: a panic, an answer to another call, an error that says nothing.
    astray: usize,
    resident_when_settled: Option<u64>,
    resident: Option<u64>,
}

impl Tally {
    fn failed(&self) -> usize {
        self.failed.values().sum()
    }

    fn ended(&self) -> usize {
        self.answered + self.failed() + self.astray
    }

    fn add(&mut self, ending: Ending) {
        match ending {
            Ending::Answered => self.answered += 1,
            Ending::Failed(cause) => *self.failed.entry(cause).or_default() += 1,
            Ending::Astray(what) => {
                eprintln!("load: {what}");
                self.astray += 1;
            }
        }
    }
}

pub(crate) enum Ending {
    Answered,
    Failed(String),
    Astray(String),
}

/// Runs it all; says whether every call was answered and memory stayed flat.
fn carry_out(plan: Plan) -> Result<bool, Failure> {
    let mut server = Child::start(&[])?;
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let tally = runtime.block_on(call_all(&plan, &mut server))?;
    let seconds = start.elapsed().as_secs_f64();
    // Tasks that never ended must not keep the program.
    runtime.shutdown_background();
    let Counts {
        requests, faults, ..
    } = server.counts()?;
    let rate = tally.ended() as f64 / seconds;
    println!(
        "{requests} requests, {faults} of them met a fault; {seconds:.1} s, {rate:.0} calls/s"
    );
    Ok(tell(&plan, &tally))
}

/// Prints what came of it, and says whether that is as it should be.
fn tell(plan: &Plan, tally: &Tally) -> bool {
    let settled = plan.settled();
    let (before, after) = (tally.resident_when_settled, tally.resident);
    println!(
        "memory: {} MB after {settled} calls, {} MB at the end",
        memory::text(before),
        memory::text(after)
    );
    let is_flat = match (before, after) {
        (Some(before), Some(after)) => after <= before + before / 2,
        _ => true,
    };
    if !is_flat {
        eprintln!("load: memory grew by more than half");
    }
    let kinds: Vec<String> = tally
        .failed
        .iter()
        .map(|(cause, times)| format!("{times} {cause}"))
        .collect();
    match kinds.is_empty() {
        true => println!("failed: none"),
        false => println!("failed: {}", kinds.join("; ")),
    }
    let (calls, answered) = (plan.calls, tally.answered);
    let lost = calls - answered - tally.failed();
    let peak = memory::text(memory::peak());
    println!("load: {calls} calls, {answered} answered, {lost} lost, peak {peak} MB");
    lost == 0 && answered == calls && is_flat
}

async fn call_all(plan: &Plan, server: &mut Child) -> Result<Tally, Failure> {
    let client = Client::builder()
        .base_url(server.url())
        .bearer_token("load")
        .timeout(CALL_TIMEOUT)
        .build()?;
    let deadline = tokio::time::Instant::now() + plan.time();
    let mut tally = Tally::default();
    let mut calls = JoinSet::new();
    let mut numbers = 0..plan.calls;
    loop {
        while calls.len() < plan.concurrent
            && let Some(number) = numbers.next()
        {
            calls.spawn(call(client.clone(), number));
        }
        match timeout_at(deadline, calls.join_next()).await {
            Ok(Some(ending)) => {
                tally.add(ending.unwrap_or_else(|error| Ending::Astray(error.to_string())));
            }
            Ok(None) => break,
            Err(_) => {
                eprintln!("load: {} calls do not come back", calls.len());
                break;
            }
        }
        if tally.ended() == plan.settled() {
            tally.resident_when_settled = memory::resident();
        }
        if tally.ended().is_multiple_of(PROGRESS_EVERY) {
            let (ended, answered) = (tally.ended(), tally.answered);
            let retried = server.counts()?.retried;
            let resident = memory::text(memory::resident());
            println!("{ended:7} calls: {answered} answered, {retried} retried, {resident} MB");
        }
    }
    tally.resident = memory::resident();
    Ok(tally)
}

pub(crate) async fn call(client: Client, number: usize) -> Ending {
    let id = format!("load-{number}");
    match client.users().get_user(&id).send().await {
        // After a fault it would be easy to hand out the rest of somebody else's answer.
        Ok(user) if user.id.as_ref() == Some(&id) => Ending::Answered,
        Ok(user) => Ending::Astray(format!("{id} was answered with {:?}", user.id)),
        Err(error) => match cause(&error) {
            Some(cause) => Ending::Failed(cause),
            None => Ending::Astray(format!("{id} failed without a cause: {error}")),
        },
    }
}

/// What an error names as its cause.
fn cause(error: &Error) -> Option<String> {
    if error.is_status() {
        return error.status().map(|status| format!("status {status}"));
    }
    let known = [
        (error.is_config(), "settings"),
        (error.is_request(), "request"),
        (error.is_connect(), "no connection"),
        (error.is_timeout(), "timeout"),
        (error.is_too_large(), "too large"),
        (error.is_decode(), "decode"),
    ];
    if let Some((_, name)) = known.iter().find(|(holds, _)| *holds) {
        return Some((*name).to_owned());
    }
    let mut deepest = error.source()?;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    Some(deepest.to_string())
}
