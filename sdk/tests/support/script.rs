//! Scripts that depend on what came before, or on what is asked for.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::net::TcpSocket;

use super::{Recorded, Step};

/// Plays one script after the other, a request each, and the last one from then on.
pub(crate) fn in_turn(
    scripts: impl IntoIterator<Item = Vec<Step>>,
) -> impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static {
    let scripts: Vec<_> = scripts.into_iter().collect();
    let next = AtomicUsize::new(0);
    move |_| {
        let turn = next.fetch_add(1, Ordering::SeqCst);
        scripts[turn.min(scripts.len() - 1)].clone()
    }
}

/// Plays the script of the number that the path ends with.
pub(crate) fn by_number(
    scripts: impl IntoIterator<Item = Vec<Step>>,
) -> impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static {
    let scripts: Vec<_> = scripts.into_iter().collect();
    move |request| scripts[number_of(request)].clone()
}

/// Plays `first` when it sees a method and target for the first time, and `then` afterwards.
pub(crate) fn stumbling(
    first: impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static,
    then: Vec<Step>,
) -> impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static {
    let seen = Mutex::new(HashSet::new());
    move |request| {
        let line = request.line.clone();
        let is_new = seen
            .lock()
            .expect("no holder of the lock panics")
            .insert(line);
        if is_new { first(request) } else { then.clone() }
    }
}

/// The number that the path of a request ends with.
pub(crate) fn number_of(request: &Recorded) -> usize {
    let last = request.line.rsplit('/').next().unwrap_or_default();
    last.parse().expect("a path that ends with a number")
}

/// A place where connections are refused. It stays so for as long as the socket is held.
pub(crate) fn refusing() -> (TcpSocket, SocketAddr) {
    // A port that is bound but not listened on refuses, and nothing else can take it meanwhile.
    let socket = TcpSocket::new_v4().expect("a socket");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(any).expect("a free port");
    let address = socket.local_addr().expect("a bound address");
    (socket, address)
}
