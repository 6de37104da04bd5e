//! A client that makes as many calls as it is told to.

use std::{fmt, hint::black_box};

use tokio::runtime;

use crate::{
    Failure,
    callers::{Caller, Sketch},
};

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One user.
    GetUser,
    /// A page of users.
    GetUsers,
}

impl Operation {
    /// Both.
    pub const ALL: [Self; 2] = [Self::GetUser, Self::GetUsers];
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GetUser => "getUser",
            Self::GetUsers => "getUsers",
        })
    }
}

/// One of the clients compared.
///
/// Each has a runtime of its own, so that it meets nobody else's tasks and timers, but all run in
/// the thread of their owner: with a thread each, it depends on the cores the threads end up on
/// which client looks quicker.
pub struct Contestant {
    /// How it is called in the table.
    pub name: &'static str,
    repeat: Box<dyn Fn(Operation, u32) -> Result<(), Failure>>,
}

impl Contestant {
    /// Also hands back what the client reads out of the answers.
    pub(crate) fn new<C: Caller + 'static>(
        name: &'static str,
        caller: C,
    ) -> Result<(Self, Vec<Sketch>), Failure> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let seen = runtime
            .block_on(look(&caller))
            .map_err(|error| format!("{name}: {error}"))?;
        let repeat =
            Box::new(move |operation, calls| runtime.block_on(repeat(&caller, operation, calls)));
        Ok((Self { name, repeat }, seen))
    }

    /// Makes `calls` calls, one after the other, in this thread.
    ///
    /// # Errors
    /// That of the first call that gives no value.
    pub fn call(&self, operation: Operation, calls: u32) -> Result<(), Failure> {
        (self.repeat)(operation, calls)
    }
}

async fn repeat<C: Caller>(caller: &C, operation: Operation, calls: u32) -> Result<(), Failure> {
    for _ in 0..calls {
        match operation {
            Operation::GetUser => drop(black_box(caller.user().await?)),
            Operation::GetUsers => drop(black_box(caller.page().await?)),
        }
    }
    Ok(())
}

async fn look<C: Caller>(caller: &C) -> Result<Vec<Sketch>, Failure> {
    let mut sketches = vec![C::sketch(&caller.user().await?)];
    let users = C::entities(caller.page().await?);
    sketches.extend(users.iter().map(C::sketch));
    Ok(sketches)
}
