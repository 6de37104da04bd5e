//! Counts what the clients allocate per call, in one line for each client and operation. A program
//! of its own, because the counting allocator is that of a whole program, and slow.

use std::process::ExitCode;

use bench_calls::{Failure, Operation};

const WARM_UP: u32 = 50;
const CALLS: u32 = 200;

fn main() -> ExitCode {
    match count() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("allocations: {error}");
            ExitCode::FAILURE
        }
    }
}

fn count() -> Result<(), Failure> {
    let contestants = bench_calls::contestants()?;
    for operation in Operation::ALL {
        for contestant in &contestants {
            contestant.call(operation, WARM_UP)?;
            let mut outcome = Ok(());
            // Counts this thread alone, and so not the server. What is made larger counts anew.
            let counted = allocation_counter::measure(|| {
                outcome = contestant.call(operation, CALLS);
            });
            outcome?;
            let allocations = counted.count_total as f64 / f64::from(CALLS);
            let bytes = counted.bytes_total as f64 / f64::from(CALLS);
            let name = contestant.name;
            println!("{operation} {allocations} {bytes} {name}");
        }
    }
    Ok(())
}
