//! A bulk read at a server that allows so many requests in each window of time.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use genesys_cloud_users::Client;
use tokio::{task::JoinSet, time::timeout};

use crate::{
    Ending, Failure, call,
    child::{Child, Counts},
    window::Window,
};

/// How many reads are under way at a time.
const CONCURRENT: [usize; 4] = [16, 50, 100, 400];
/// The share of requests that may be answered 429 after the first window, in percent.
const MOST_REFUSED: f64 = 5.0;

/// The figures of a run.
#[derive(Clone, Copy)]
struct Plan {
    reads: usize,
    allowed: usize,
    seconds: f64,
}

/// What one bulk read came to.
struct Report {
    concurrent: usize,
    is_told: bool,
    answered: usize,
    failed: BTreeMap<String, usize>,
    counts: Counts,
    elapsed: Duration,
}

/// Reads at each concurrency, at servers that tell their limit in headers and at servers that only
/// answer 429, all at the same time: as a rule they wait. Says whether every read was answered and
/// few requests were refused.
pub(crate) fn carry_out(rules: &[&str]) -> Result<bool, Failure> {
    let [reads, allowed, seconds] = rules else {
        return Err("a bulk read is READS ALLOWED SECONDS".into());
    };
    let plan = Plan {
        reads: reads.parse()?,
        allowed: allowed.parse()?,
        seconds: seconds.parse()?,
    };
    if plan.reads == 0 || plan.allowed == 0 || plan.seconds.is_nan() || plan.seconds < 1.0 {
        return Err("a bulk read needs reads, a limit, and windows of a second at least".into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let reports = runtime.block_on(read_all(plan))?;
    // Tasks that never ended must not keep the program.
    runtime.shutdown_background();
    let passed: Vec<bool> = reports.iter().map(|report| tell(plan, report)).collect();
    Ok(passed.into_iter().all(|passed| passed))
}

async fn read_all(plan: Plan) -> Result<Vec<Report>, Failure> {
    let mut runs = JoinSet::new();
    for is_told in [true, false] {
        for concurrent in CONCURRENT {
            runs.spawn(read(plan, concurrent, is_told));
        }
    }
    let mut reports = Vec::new();
    while let Some(report) = runs.join_next().await {
        reports.push(report??);
    }
    reports.sort_by_key(|report| (!report.is_told, report.concurrent));
    Ok(reports)
}

async fn read(plan: Plan, concurrent: usize, is_told: bool) -> Result<Report, Failure> {
    let mut server = Child::start(&Window::arguments(plan.allowed, plan.seconds, is_told))?;
    let windows = plan.reads.div_ceil(plan.allowed) as f64;
    // Twice the windows that it takes, and never less than the default.
    let longest = Duration::from_secs_f64((2.0 * windows * plan.seconds).max(180.0));
    let client = Client::builder()
        .base_url(server.url())
        .bearer_token("load")
        .timeout(longest)
        .build()?;
    let began = Instant::now();
    let mut report = Report {
        concurrent,
        is_told,
        answered: 0,
        failed: BTreeMap::new(),
        counts: Counts::default(),
        elapsed: Duration::ZERO,
    };
    let mut reads = JoinSet::new();
    let mut numbers = 0..plan.reads;
    loop {
        while reads.len() < concurrent
            && let Some(number) = numbers.next()
        {
            reads.spawn(call(client.clone(), number));
        }
        // What does not come back is lost.
        let Ok(Some(ending)) = timeout(2 * longest, reads.join_next()).await else {
            break;
        };
        match ending? {
            Ending::Answered => report.answered += 1,
            Ending::Failed(cause) | Ending::Astray(cause) => {
                *report.failed.entry(cause).or_default() += 1;
            }
        }
    }
    report.elapsed = began.elapsed();
    report.counts = server.counts()?;
    Ok(report)
}

/// Prints what came of it, and says whether that is as it should be.
fn tell(plan: Plan, report: &Report) -> bool {
    let Report {
        concurrent,
        answered,
        counts,
        ..
    } = report;
    for (cause, times) in &report.failed {
        eprintln!("load: {times} reads, {concurrent} at a time, failed: {cause}");
    }
    let told = match report.is_told {
        true => "headers tell the limit",
        false => "only a 429 tells the limit",
    };
    let (reads, lost) = (plan.reads, plan.reads - answered);
    let (later, refused) = (counts.later, counts.later_refused);
    let share = 100.0 * refused as f64 / later.max(1) as f64;
    let first = counts.faults - refused;
    let seconds = report.elapsed.as_secs_f64();
    println!(
        "load: {reads} reads, {concurrent} at a time, {told}: {answered} answered, {lost} lost, \
         {first} answered 429 in the first window, {refused} of {later} ({share:.1} %) after it, \
         {seconds:.1} s"
    );
    lost == 0 && share <= MOST_REFUSED
}
