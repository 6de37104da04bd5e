//! A server that goes on while the thread of the test is blocked.

use std::{future::Future, sync::LazyLock, thread};

use tokio::runtime::{Builder, Runtime};

use super::{Recorded, Server, Step};

/// Sets up a server on a thread of its own.
pub(crate) fn in_background(server: impl Future<Output = Server> + Send) -> Server {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a thread for servers")
    });
    // A thread that is inside of one runtime cannot wait on another.
    let set_up = || thread::scope(|scope| scope.spawn(|| RUNTIME.block_on(server)).join());
    set_up().expect("a server")
}

/// A server of [`in_background`] whose answer depends on the request.
pub(crate) fn deciding<F>(script: F) -> Server
where
    F: Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static,
{
    in_background(Server::deciding(script))
}
