//! Calls that block the thread until they are done.

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::runtime::{Builder, Runtime};

use super::{Error, Items, Pages, Result};

/// Runs a future to its end on this thread. Sockets and timers are looked after by a thread in the
/// background, one for all blocking calls of the program; so this can be called anywhere, though in
/// async code it holds up what else its thread has to do.
pub(super) fn block_on<F: Future>(future: F) -> Result<F::Output> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sdk-blocking")
            .enable_all()
            .build()
    });
    let runtime = runtime
        .as_ref()
        .map_err(|error| Error::config(format!("no thread for blocking calls: {error}")))?;
    let _entered = runtime.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return Ok(output),
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
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
        block_on(self.0.try_next())
            .and_then(|next| next)
            .transpose()
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
        block_on(self.0.try_next())
            .and_then(|next| next)
            .transpose()
    }
}
