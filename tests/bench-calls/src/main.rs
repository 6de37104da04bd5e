//! Takes the times, lets its sister program count, and prints both.

use std::{
    env::{self, consts::EXE_SUFFIX},
    process::{Command, ExitCode},
    time::Instant,
};

use bench_calls::{Contestant, Failure, Operation};

/// How the clients take turns. Turns are so short that a neighbour on the machine slows down all
/// clients of a round alike.
struct Turns {
    rounds: usize,
    calls: u32,
    /// Calls before time is taken, so that nobody pays for the caches the one before left behind.
    warm_up: u32,
}

fn turns(operation: Operation) -> Turns {
    match operation {
        Operation::GetUser => Turns {
            rounds: 1001,
            calls: 20,
            warm_up: 3,
        },
        Operation::GetUsers => Turns {
            rounds: 501,
            calls: 2,
            warm_up: 1,
        },
    }
}

fn main() -> ExitCode {
    match compare() {
        Ok(last_line) => {
            println!("{last_line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench-calls: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a table for each operation; gives the summary of the first.
fn compare() -> Result<String, Failure> {
    let counts = count()?;
    let contestants = bench_calls::contestants()?;
    let mut summary = None;
    for operation in Operation::ALL {
        let Turns { rounds, calls, .. } = turns(operation);
        println!("{operation}, medians of {rounds} rounds of {calls} calls");
        println!("  client        time/call  allocations/call  bytes/call");
        let times = times(&contestants, operation)?;
        let mut allocated = Vec::new();
        for (Contestant { name, .. }, times) in contestants.iter().zip(&times) {
            let (allocations, bytes) = counts_of(&counts, name, operation)?;
            let time = median(times.clone()) / 1000.0;
            println!("  {name:12} {time:7.1} µs  {allocations:16.1}  {bytes:10.0}");
            allocated.push(allocations);
        }
        let ([sdk, hand, third], [sdk_allocations, hand_allocations, _]) =
            (&times[..], &allocated[..])
        else {
            return Err("three clients were expected".into());
        };
        let (to_hand, to_third) = (ratio(sdk, hand), ratio(sdk, third));
        let allocations = sdk_allocations / hand_allocations;
        let line = format!(
            "sdk/hand-written {to_hand:.2} time, {allocations:.2} allocations; \
             sdk/progenitor {to_third:.2} time"
        );
        println!("  {line}");
        summary.get_or_insert(format!("calls: {line}"));
    }
    summary.ok_or_else(|| "nothing was compared".into())
}

/// Nanoseconds per call, of each client, in each round.
fn times(contestants: &[Contestant], operation: Operation) -> Result<Vec<Vec<f64>>, Failure> {
    let turns = turns(operation);
    for contestant in contestants {
        contestant.call(operation, 10 * turns.calls)?;
    }
    let mut times = vec![Vec::with_capacity(turns.rounds); contestants.len()];
    for _ in 0..turns.rounds {
        for (contestant, times) in contestants.iter().zip(&mut times) {
            contestant.call(operation, turns.warm_up)?;
            let start = Instant::now();
            contestant.call(operation, turns.calls)?;
            times.push(start.elapsed().as_nanos() as f64 / f64::from(turns.calls));
        }
    }
    Ok(times)
}

/// The median of what each round says: turns of one round met the machine in the same mood.
fn ratio(ours: &[f64], theirs: &[f64]) -> f64 {
    let pairs = ours.iter().zip(theirs);
    median(pairs.map(|(ours, theirs)| ours / theirs).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What the sister program prints; it lies beside this one.
fn count() -> Result<String, Failure> {
    let program = env::current_exe()?.with_file_name(format!("allocations{EXE_SUFFIX}"));
    let output = Command::new(&program)
        .output()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Allocations and bytes per call, from its lines: operation, both figures, client.
fn counts_of(counts: &str, name: &str, operation: Operation) -> Result<(f64, f64), Failure> {
    let operation = operation.to_string();
    for line in counts.lines() {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        if let [first, allocations, bytes, last] = words[..]
            && first == operation
            && last == name
        {
            return Ok((allocations.parse()?, bytes.parse()?));
        }
    }
    Err(format!("{operation} of {name} was not counted").into())
}
