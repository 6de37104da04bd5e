//! Threads: work spread over all processors, and stacks for deep recursion.

/// Splits the items into one slice for each processor, runs `work` on each slice in a thread of its
/// own, and returns the results in order.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = items
            .chunks(share)
            .map(|share| scope.spawn(move || with_deep_stack(|| work(share))))
            .collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            // Propagates a worker's panic to the caller.
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    })
}

/// Runs a function on a thread with a 64 MiB stack.
///
/// Stages that recurse over a description need it: the parsers accept deeper nesting than the 2 MiB
/// stack of an ordinary thread can follow.
pub(crate) fn with_deep_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    const STACK: usize = 64 << 20;
    std::thread::scope(|scope| {
        match std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, run)
        {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => panic!("cannot spawn a thread: {error}"),
        }
    })
}
