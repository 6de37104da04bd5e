use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;
use tokio::task::JoinHandle;

use super::{
    super::{Error, Result, call::Call},
    PageToken, PagesEnd, Paging,
    turner::{Turner, Verdict},
};

/// The pages of a list, in their order: a stream, and an iterator by
/// [`into_blocking`](Self::into_blocking).
///
/// A page is asked for when it is wanted, unless [`look_ahead`](Self::look_ahead) is set. The list
/// ends where the service says so, and wherever going on would not get further; see
/// [`end`](Self::end). After an error it ends as well: [`token`](Self::token) tells where to go on.
#[must_use = "pages are asked for only when they are wanted"]
pub struct Pages<P: 'static, T: 'static> {
    paging: &'static Paging<P, T>,
    state: State<P>,
    looks_ahead: bool,
    token: Option<PageToken>,
    end: Option<PagesEnd>,
}

enum State<P> {
    /// Between two pages.
    Ready(Box<Walk<P>>),
    /// Waiting for a page.
    Fetching(Pin<Box<dyn Future<Output = Fetched<P>> + Send>>),
    Done,
}

/// Where a walk over the pages has got to.
struct Walk<P> {
    call: Call<P>,
    turner: Turner,
}

/// The walk and the page it came to, if that belongs to the list.
type Fetched<P> = (Box<Walk<P>>, Result<Option<P>>);

impl<P: 'static, T: 'static> Pages<P, T> {
    pub(crate) fn new(call: Call<P>, paging: &'static Paging<P, T>) -> Self {
        let turner = Turner::new(paging.turn, paging.entries);
        Self {
            paging,
            token: turner.token(),
            state: State::Ready(Box::new(Walk { call, turner })),
            looks_ahead: false,
            end: None,
        }
    }

    /// Begins where `token` says, instead of where the request does. A token of another kind of
    /// list makes the first page an error, [`Error::is_page`](super::super::Error::is_page).
    pub fn starting_at(mut self, token: PageToken) -> Self {
        if let State::Ready(walk) = &mut self.state {
            walk.turner.jump(token);
            self.token = walk.turner.token();
        }
        self
    }

    /// Asks for the page after each one as soon as that has come, while the caller is busy with it.
    pub fn look_ahead(mut self) -> Self {
        self.looks_ahead = true;
        self
    }

    /// Where the list goes on after the pages handed out so far, to be stored and given to
    /// [`starting_at`](Self::starting_at); `None` once it has ended.
    pub fn token(&self) -> Option<&PageToken> {
        self.token.as_ref()
    }

    /// Why the list ended; `None` until it has.
    pub fn end(&self) -> Option<PagesEnd> {
        self.end
    }

    /// The entries of the pages, one by one.
    pub fn into_items(self) -> Items<P, T> {
        Items {
            current: None,
            pages: self,
            entries: Vec::new().into_iter(),
        }
    }
}

impl<P: Send + 'static, T: 'static> Pages<P, T> {
    /// The next page; `None` once the list has ended.
    ///
    /// Nothing is lost when this is dropped before it is done: the next call goes on.
    ///
    /// # Errors
    /// Whatever kept the page from coming; see [`Error`](super::super::Error).
    pub async fn try_next(&mut self) -> Result<Option<P>> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Ready(walk) => self.state = State::Fetching(Box::pin(fetch(walk))),
                State::Fetching(mut fetching) => {
                    let Poll::Ready((walk, outcome)) = fetching.as_mut().poll(context) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    let Some(page) = outcome.transpose() else {
                        self.arrive(walk);
                        continue;
                    };
                    if page.is_ok() {
                        self.arrive(walk);
                    }
                    return Poll::Ready(Some(page));
                }
            }
        }
    }

    /// Takes note of where a walk has got to, and sets out again or not.
    fn arrive(&mut self, walk: Box<Walk<P>>) {
        self.token = walk.turner.token();
        self.end = walk.turner.end();
        self.state = if self.end.is_some() {
            State::Done
        } else if self.looks_ahead {
            let task = AbortOnDrop(tokio::spawn(fetch(walk)));
            State::Fetching(Box::pin(task))
        } else {
            State::Ready(walk)
        };
    }
}

/// Asks for the page a walk has come to, and reads where the next one is.
async fn fetch<P>(mut walk: Box<Walk<P>>) -> Fetched<P> {
    let outcome = fetch_page(&mut walk).await;
    (walk, outcome)
}

async fn fetch_page<P>(walk: &mut Walk<P>) -> Result<Option<P>> {
    let Walk { call, turner } = walk;
    let id = call.exchange.operation().id;
    let refuse = |message| Error::page(id, message);
    turner.ask(&mut call.exchange).map_err(refuse)?;
    let received = call.exchange.run().await?;
    // What does not decode is told as such, whatever the turner would make of it.
    let (page, response) = call.decode(received, |page, response| (page, response))?;
    match turner.read(&call.exchange, &response).map_err(refuse)? {
        Verdict::Keep => Ok(Some(page)),
        Verdict::Drop => Ok(None),
    }
}

/// A task that nobody waits for any more is of no use.
struct AbortOnDrop<O>(JoinHandle<O>);

impl<O> Drop for AbortOnDrop<O> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<O> Future for AbortOnDrop<O> {
    type Output = O;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O> {
        match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(output) => Poll::Ready(output),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Cancelled, which only happens when its runtime is shut down.
                Err(_) => Poll::Pending,
            },
        }
    }
}

/// Pages are never pinned where they lie.
impl<P: 'static, T: 'static> Unpin for Pages<P, T> {}

impl<P: Send + 'static, T: 'static> Stream for Pages<P, T> {
    type Item = Result<P>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<P: 'static, T: 'static> fmt::Debug for Pages<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("token", &self.token)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// The entries of a list, page after page: a stream, and an iterator by
/// [`into_blocking`](Self::into_blocking).
#[must_use = "entries are asked for only when they are wanted"]
pub struct Items<P: 'static, T: 'static> {
    pages: Pages<P, T>,
    /// Where the page is that `entries` came from.
    current: Option<PageToken>,
    entries: vec::IntoIter<T>,
}

impl<P: 'static, T: 'static> Items<P, T> {
    /// Begins where `token` says; see [`Pages::starting_at`].
    pub fn starting_at(mut self, token: PageToken) -> Self {
        self.pages = self.pages.starting_at(token);
        self
    }

    /// Asks for the page after each one while its entries are handed out; see
    /// [`Pages::look_ahead`].
    pub fn look_ahead(mut self) -> Self {
        self.pages = self.pages.look_ahead();
        self
    }

    /// The page that the next entry is on, as far as that is known, to be stored and given to
    /// [`starting_at`](Self::starting_at): entries of it that have been handed out come again then.
    /// `None` once the list has ended.
    pub fn token(&self) -> Option<&PageToken> {
        if self.entries.len() == 0 {
            self.pages.token()
        } else {
            self.current.as_ref()
        }
    }

    /// Why the list ended; `None` until its last page has come.
    pub fn end(&self) -> Option<PagesEnd> {
        self.pages.end()
    }
}

impl<P: Send + 'static, T: 'static> Items<P, T> {
    /// The next entry; `None` once the list has ended.
    ///
    /// Nothing is lost when this is dropped before it is done: the next call goes on.
    ///
    /// # Errors
    /// Whatever kept its page from coming; see [`Error`](super::super::Error).
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        poll_fn(|context| self.poll_entry(context))
            .await
            .transpose()
    }

    fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(entry) = self.entries.next() {
                return Poll::Ready(Some(Ok(entry)));
            }
            let place = self.pages.token.clone();
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    self.current = place;
                    self.entries = (self.pages.paging.into_entries)(page).into_iter();
                }
            }
        }
    }
}

/// Entries are never pinned where they lie.
impl<P: 'static, T: 'static> Unpin for Items<P, T> {}

impl<P: Send + 'static, T: 'static> Stream for Items<P, T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_entry(context)
    }
}

impl<P: 'static, T: 'static> fmt::Debug for Items<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("token", &self.token())
            .field("end", &self.end())
            .finish_non_exhaustive()
    }
}
