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
    super::{Error, Result, call::Call, trace},
    PageToken, PagesEnd, Paging,
    pager::{Pager, Verdict},
};

/// The pages of a list, in order: a stream, and an iterator through `into_blocking` (feature
/// `blocking`).
///
/// A page is requested when it is needed, unless [`look_ahead`](Self::look_ahead) is set. The list
/// ends where the service ends it, or when the service repeats itself; see [`end`](Self::end). It
/// also ends after an error: [`token`](Self::token) is where to resume.
#[must_use = "pages are asked for only when they are wanted"]
pub struct Pages<P: 'static, T: 'static> {
    paging: &'static Paging<P, T>,
    /// The request as it was given.
    call: Call<P>,
    state: State<P>,
    looks_ahead: bool,
    token: Option<PageToken>,
    end: Option<PagesEnd>,
}

enum State<P> {
    /// Between two pages.
    Ready(Box<Progress<P>>),
    /// Waiting for a page.
    Fetching(Fetching<P>),
    Done,
}

/// Where a progress over the pages has got to.
struct Progress<P> {
    call: Call<P>,
    pager: Pager,
}

/// The progress and the page it came to, if that belongs to the list.
type Fetched<P> = (Box<Progress<P>>, Result<Option<P>>);

/// A page being fetched; yields nothing if the task that fetches it is gone.
type Fetching<P> = Pin<Box<dyn Future<Output = Option<Fetched<P>>> + Send>>;

impl<P: 'static, T: 'static> Pages<P, T> {
    pub(crate) fn new(call: Call<P>, paging: &'static Paging<P, T>) -> Self {
        Self {
            state: State::Done,
            token: None,
            looks_ahead: false,
            end: None,
            paging,
            call,
        }
        .beginning_with(Pager::new(paging.style, paging.more, paging.entries))
    }

    /// Starts at `token` instead of the page that the request selects. With a token of another kind
    /// of list, the first page is an error, [`Error::is_page`](super::super::Error::is_page).
    ///
    /// A token determines what is requested with the client's credentials: accept it only from
    /// sources that you would accept the request from.
    pub fn starting_at(self, token: PageToken) -> Self {
        let pager = Pager::new(self.paging.style, self.paging.more, self.paging.entries);
        self.beginning_with(pager.starting_at(token))
    }

    fn beginning_with(mut self, pager: Pager) -> Self {
        self.token = pager.token();
        self.end = None;
        let call = self.call.clone();
        self.state = State::Ready(Box::new(Progress { call, pager }));
        self
    }

    /// Requests the next page as soon as a page has arrived, while the caller processes that one.
    pub fn look_ahead(mut self) -> Self {
        self.looks_ahead = true;
        self
    }

    /// A token of the page after those returned so far, to be stored and passed to
    /// [`starting_at`](Self::starting_at). `None` once the list has ended, or if the last page does
    /// not contain it.
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
            is_waiting: false,
            pages: self,
            entries: Vec::new().into_iter(),
        }
    }
}

impl<P: Send + 'static, T: 'static> Pages<P, T> {
    /// The next page; `None` once the list has ended.
    ///
    /// Cancel safe: if the future is dropped, nothing is lost and the next call continues.
    ///
    /// # Errors
    /// See [`Error`](super::super::Error).
    pub async fn try_next(&mut self) -> Result<Option<P>> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Ready(progress) => {
                    let fetched = async move { Some(fetch(progress).await) };
                    self.state = State::Fetching(Box::pin(fetched));
                }
                State::Fetching(mut fetching) => {
                    let Poll::Ready(fetched) = fetching.as_mut().poll(context) else {
                        self.state = State::Fetching(fetching);
                        return Poll::Pending;
                    };
                    let Some((progress, outcome)) = fetched else {
                        let id = self.call.exchange.operation().id;
                        let message = "the runtime that was fetching the next page is gone";
                        return Poll::Ready(Some(Err(unusable(id, message))));
                    };
                    let page = outcome.transpose();
                    if page.as_ref().is_none_or(Result::is_ok) {
                        self.arrive(progress);
                    }
                    if page.is_some() {
                        return Poll::Ready(page);
                    }
                }
            }
        }
    }

    /// Takes note of where a progress has got to, and sets out again or not.
    fn arrive(&mut self, progress: Box<Progress<P>>) {
        self.token = progress.pager.token();
        self.end = progress.pager.end();
        self.state = if self.end.is_some() {
            State::Done
        } else if self.looks_ahead {
            let task = AbortOnDrop(tokio::spawn(trace::in_current_span(fetch(progress))));
            State::Fetching(Box::pin(task))
        } else {
            State::Ready(progress)
        };
    }
}

/// Asks for the page a progress has come to, and reads where the next one is.
async fn fetch<P>(mut progress: Box<Progress<P>>) -> Fetched<P> {
    let outcome = fetch_page(&mut progress).await;
    (progress, outcome)
}

async fn fetch_page<P>(progress: &mut Progress<P>) -> Result<Option<P>> {
    let Progress { call, pager } = progress;
    let id = call.exchange.operation().id;
    let refuse = |message| unusable(id, message);
    pager.ask(&mut call.exchange).map_err(refuse)?;
    let received = call.exchange.run().await?;
    // A decoding error takes precedence over errors of the pager.
    let (page, response) = call.decode(received, |page, response, _| (page, response))?;
    Ok(match pager.read(&call.exchange, &response) {
        Verdict::Keep => Some(page),
        Verdict::Drop => None,
    })
}

/// Logs and returns the error of a page that cannot be requested.
fn unusable(operation: &'static str, message: impl Into<String>) -> Error {
    let error = Error::page(operation, message);
    trace::failed(&error, None);
    error
}

/// A task that nobody waits for any more is of no use.
struct AbortOnDrop<O>(JoinHandle<O>);

impl<O> Drop for AbortOnDrop<O> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<O> Future for AbortOnDrop<O> {
    type Output = Option<O>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<O>> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(output) => Some(output),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Cancelled, which only happens if its runtime is shut down.
                Err(_) => None,
            },
        })
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

/// The entries of a list, page after page: a stream, and an iterator through `into_blocking`
/// (feature `blocking`).
#[must_use = "entries are asked for only when they are wanted"]
pub struct Items<P: 'static, T: 'static> {
    pages: Pages<P, T>,
    /// Where the page is that `entries` came from.
    current: Option<PageToken>,
    /// Whether a page has been asked for and has not come.
    is_waiting: bool,
    entries: vec::IntoIter<T>,
}

impl<P: 'static, T: 'static> Items<P, T> {
    /// Starts at `token`; see [`Pages::starting_at`].
    pub fn starting_at(mut self, token: PageToken) -> Self {
        self.pages = self.pages.starting_at(token);
        self.entries = Vec::new().into_iter();
        self.is_waiting = false;
        self
    }

    /// Requests the next page while the entries of a page are returned; see [`Pages::look_ahead`].
    pub fn look_ahead(mut self) -> Self {
        self.pages = self.pages.look_ahead();
        self
    }

    /// A token of the page with the next entry, as far as it is known, to be stored and passed to
    /// [`starting_at`](Self::starting_at). Entries of that page that were already returned are then
    /// returned again. `None` once the list has ended.
    pub fn token(&self) -> Option<&PageToken> {
        if self.entries.len() == 0 {
            self.pages.token()
        } else {
            self.current.as_ref()
        }
    }

    /// Why the list ended; `None` until its last page has arrived.
    pub fn end(&self) -> Option<PagesEnd> {
        self.pages.end()
    }
}

impl<P: Send + 'static, T: 'static> Items<P, T> {
    /// The next entry; `None` once the list has ended.
    ///
    /// Cancel safe: if the future is dropped, nothing is lost and the next call continues.
    ///
    /// # Errors
    /// See [`Error`](super::super::Error).
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
            if !self.is_waiting {
                self.current = self.pages.token.clone();
                self.is_waiting = true;
            }
            let page = ready!(self.pages.poll_page(context));
            self.is_waiting = false;
            match page {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
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
