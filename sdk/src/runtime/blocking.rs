//! Calls that block the thread until they are done.

use std::{
    cell::Cell,
    future::Future,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::runtime::{Builder, Runtime};

use super::{Error, Items, Pages, Result};

/// Runs a future of this crate to completion on this thread.
///
/// A background thread, shared by all blocking calls of the program, drives sockets and timers. In
/// async code, this blocks all other tasks of the thread. A login that such code started continues
/// only when its thread is free: do not wait for one on the only thread of a runtime.
///
/// # Errors
/// The errors of the future; and [`Error::is_config`] if the background thread cannot be started,
/// or if this is called on it, by a token source or an observer.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    if thread::current().name() == Some(WORKER) {
        let message = "a blocking call on the thread that blocking calls depend on";
        return Err(Error::config(message));
    }
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(WORKER)
            .enable_all()
            .build()
    });
    let runtime = runtime
        .as_ref()
        .map_err(|error| Error::config(format!("no thread for blocking calls: {error}")))?;
    let _entered = runtime.enter();
    let _blocking = Blocking::begin();
    let wakeup = Arc::new(Wakeup {
        thread: thread::current(),
        is_due: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&wakeup));
    let mut context = Context::from_waker(&waker);
    // Disables tokio's cooperative budget: the future could not yield to the task around it, and
    // would wait forever.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => {
                while !wakeup.is_due.swap(false, Ordering::Acquire) {
                    thread::park();
                }
            }
        }
    }
}

thread_local! {
    /// How many blocking calls are nested on this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread is in a blocking call.
pub(super) fn is_blocking() -> bool {
    DEPTH.get() > 0
}

struct Blocking;

impl Blocking {
    fn begin() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// The name of the background thread.
const WORKER: &str = "sdk-blocking";

/// Unparks a thread and records it, because other code on that thread may park it, too.
struct Wakeup {
    thread: Thread,
    is_due: AtomicBool,
}

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        self.is_due.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// The pages of a list, as an iterator that blocks the thread for each.
#[derive(Debug)]
#[must_use = "pages are asked for only when they are wanted"]
pub struct BlockingPages<P: 'static, T: 'static>(Pages<P, T>);

impl<P: Send + 'static, T: 'static> Pages<P, T> {
    /// Turns the stream into an iterator that blocks the thread for each page.
    pub fn into_blocking(self) -> BlockingPages<P, T> {
        BlockingPages(self)
    }
}

impl<P: 'static, T: 'static> BlockingPages<P, T> {
    /// The pages themselves, to ask them for [`token`](Pages::token) and [`end`](Pages::end).
    pub fn as_pages(&self) -> &Pages<P, T> {
        &self.0
    }
}

impl<P: Send + 'static, T: 'static> Iterator for BlockingPages<P, T> {
    type Item = Result<P>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.try_next()).transpose()
    }
}

/// The entries of a list, as an iterator that blocks the thread for each page.
#[derive(Debug)]
#[must_use = "entries are asked for only when they are wanted"]
pub struct BlockingItems<P: 'static, T: 'static>(Items<P, T>);

impl<P: Send + 'static, T: 'static> Items<P, T> {
    /// Turns the stream into an iterator that blocks the thread for each page.
    pub fn into_blocking(self) -> BlockingItems<P, T> {
        BlockingItems(self)
    }
}

impl<P: 'static, T: 'static> BlockingItems<P, T> {
    /// The entries themselves, to ask them for [`token`](Items::token) and [`end`](Items::end).
    pub fn as_items(&self) -> &Items<P, T> {
        &self.0
    }
}

impl<P: Send + 'static, T: 'static> Iterator for BlockingItems<P, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.try_next()).transpose()
    }
}
