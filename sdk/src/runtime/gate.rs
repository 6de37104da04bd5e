//! Holds calls back while a host's rate limit allows no more.
//!
//! The gate of a host closes when the service answers 429 and says when to come back, or when the
//! rate limit headers of its responses say that nothing remains. Calls then wait in line, each within
//! its own deadline. No task is spawned: the call at the head of the line keeps the time, and whoever
//! leaves the line, or the host, wakes the next.

use std::{
    collections::BTreeMap,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    HttpResponse, RateLimit, rate_window::RateWindow, retry, trace, transport::WholeResponse,
};

/// How many requests may be under way when a hold ends. The service answers them before the others
/// follow, so that few requests are lost if it allows no more yet.
const PROBES: usize = 4;
/// After a hold, each place that a response frees is used at once; one more is added after this many
/// responses for each place there is. The slower that goes, the fewer requests are under way when
/// the limit is met again: a dozen, if it allows 300 in a window.
const RESPONSES_PER_PLACE: usize = 4;
/// How long after a hold the number of requests under way is limited at most.
const CALM: Duration = Duration::from_secs(60);
/// How long a 429 holds other calls at most: then some of them find out whether it is still so.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(180);
/// Calls that wait are woken for a hold that ends later than they know by more than this.
const NOTICEABLE: Duration = Duration::from_secs(1);

/// Lets requests to one host through, or holds them.
pub(super) struct Gate {
    /// How many requests may be under way for another to follow at once; 0 while others wait.
    limit: AtomicUsize,
    under_way: AtomicUsize,
    state: Mutex<State>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            limit: AtomicUsize::new(usize::MAX),
            under_way: AtomicUsize::new(0),
            state: Mutex::default(),
        }
    }
}

/// Where a call stands in line: since when, and a number that tells it from others of that moment.
type Place = (Instant, u64);

/// A call that stands in line.
struct Waiting {
    deadline: Instant,
    waker: Waker,
}

#[derive(Default)]
struct State {
    line: BTreeMap<Place, Waiting>,
    last_number: u64,
    hold: Option<Hold>,
    /// The response that caused the last hold.
    answer: Option<WholeResponse>,
    /// What the headers of responses say.
    window: Option<RateWindow>,
    /// How many requests each window allows, as far as is known.
    allowed: Option<usize>,
    /// When a window ended of which nothing remained, until a response tells of the next.
    turned_at: Option<Instant>,
    /// Whether the figures have been proven wrong: the service answers what they say it would not.
    is_window_wrong: bool,
    /// Whether a 429 came though the figures allowed more: there is another limit, too.
    is_window_incomplete: bool,
    width: Option<Width>,
}

/// A 429 that says when to come back.
#[derive(Clone, Copy)]
struct Hold {
    until: Instant,
    /// When to come back, which can be later.
    asked_until: Instant,
}

/// How many requests may be under way after a hold.
#[derive(Clone, Copy)]
struct Width {
    places: usize,
    /// Responses since the last place was added.
    responses: usize,
    /// When the hold ended or will end.
    since: Instant,
}

/// A call was not let through.
pub(super) struct Held {
    /// The 429 that caused it, which as a rule was the answer to another call.
    pub(super) answer: Option<WholeResponse>,
    /// How long calls would have to wait, as far as is known.
    pub(super) wait: Duration,
    /// Whether the call stood in line until its time ran out.
    pub(super) is_late: bool,
}

enum Decision {
    Pass,
    Refuse(Held),
    Wait(Instant),
}

impl Gate {
    /// Waits until a request may be sent. Calls stand in line by `since`; one that cannot be sent
    /// before its deadline is refused, at once if that is known. `is_traced` is whether a wait is news.
    pub(super) async fn pass(
        &self,
        since: Instant,
        deadline: Instant,
        is_traced: bool,
    ) -> Result<Pass<'_>, Held> {
        if self.pass_at_once() {
            return Ok(Pass {
                gate: self,
                waited: Duration::ZERO,
            });
        }
        let began = Instant::now();
        let turn = Turn {
            gate: self,
            place: self.place(since),
        };
        // Made when it is needed: without a wait, calls work without tokio's timers.
        let mut timer: Option<Pin<Box<Sleep>>> = None;
        poll_fn(|context| {
            loop {
                let now = Instant::now();
                let until = match turn.decide(now, deadline, context.waker()) {
                    Decision::Pass => {
                        return Poll::Ready(Ok(Pass {
                            gate: self,
                            waited: now.saturating_duration_since(began),
                        }));
                    }
                    Decision::Refuse(held) => return Poll::Ready(Err(held)),
                    Decision::Wait(until) => until,
                };
                let timer = timer.get_or_insert_with(|| {
                    if is_traced {
                        trace::held(until.saturating_duration_since(now));
                    }
                    Box::pin(sleep_until(until))
                });
                if timer.deadline() != until {
                    timer.as_mut().reset(until);
                }
                if timer.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// Lets a request through without a lock, which is all that most of them need.
    fn pass_at_once(&self) -> bool {
        let limit = self.limit.load(SeqCst);
        let one_more = |under_way: usize| (under_way < limit).then_some(under_way + 1);
        self.under_way
            .fetch_update(SeqCst, SeqCst, one_more)
            .is_ok()
    }

    fn place(&self, since: Instant) -> Place {
        let mut state = self.lock();
        state.last_number += 1;
        (since, state.last_number)
    }

    /// Takes note of a response to a request that was sent at `sent`.
    fn note(&self, sent: Instant, response: &HttpResponse, figures: Option<RateLimit>) {
        let is_limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
        if !is_limited && figures.is_none() && self.limit.load(SeqCst) == usize::MAX {
            return;
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.refresh(now);
        let window = figures.and_then(|figures| RateWindow::read(figures, sent, now));
        let under_way = self.under_way.load(SeqCst);
        let mut woken = Vec::new();
        if is_limited {
            state.is_window_wrong = false;
            state.turned_at = None;
            if let Some(asked) = retry::says_when(response)
                && state.hold(now, sent, asked, under_way)
            {
                let mut answer = WholeResponse::new(Bytes::new());
                *answer.status_mut() = response.status();
                answer.headers_mut().clone_from(response.headers());
                *answer.body_mut() = response.body().as_bytes().cloned().unwrap_or_default();
                state.answer = Some(answer);
                // Those whose deadlines come first need not wait for them.
                woken.extend(state.line.values().map(|it| it.waker.clone()));
            }
        } else {
            state.widen(sent);
        }
        if let Some(window) = window {
            state.take_over(window, sent, response.status().is_success());
        }
        woken.extend(state.candidates());
        self.publish(&state);
        drop(state);
        woken.into_iter().for_each(Waker::wake);
    }

    /// A request is no longer under way.
    fn leave(&self) {
        self.under_way.fetch_sub(1, SeqCst);
        // Whoever waits has set the limit to 0 before counting the requests under way, so that
        // either this is seen here or the one less is seen there.
        if self.limit.load(SeqCst) == 0 {
            let candidates = self.lock().candidates();
            candidates.into_iter().for_each(Waker::wake);
        }
    }

    fn publish(&self, state: &State) {
        let is_open = state.hold.is_none() && state.line.is_empty();
        let limit = if is_open { state.limit() } else { 0 };
        self.limit.store(limit, SeqCst);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

/// A call's place in line, which it leaves when it passes, is refused or is dropped.
struct Turn<'a> {
    gate: &'a Gate,
    place: Place,
}

impl Turn<'_> {
    fn decide(&self, now: Instant, deadline: Instant, waker: &Waker) -> Decision {
        let gate = self.gate;
        let mut state = gate.lock();
        state.refresh(now);
        let waker = waker.clone();
        state.line.insert(self.place, Waiting { deadline, waker });
        // Before the requests under way are counted: see `leave`.
        gate.limit.store(0, SeqCst);
        let mut under_way = gate.under_way.load(SeqCst);
        let decision = loop {
            let decision = state.decide(self.place, now, deadline, under_way);
            match decision {
                Decision::Wait(_) => return decision,
                Decision::Refuse(_) => break decision,
                Decision::Pass => {}
            }
            // A call that read the limit before it was 0 may have passed since they were counted.
            let more = under_way + 1;
            match gate
                .under_way
                .compare_exchange(under_way, more, SeqCst, SeqCst)
            {
                Ok(_) => break decision,
                Err(changed) => under_way = changed,
            }
        };
        self.leave_line(state);
        decision
    }

    /// Makes room for the next in line.
    fn leave_line(&self, mut state: MutexGuard<'_, State>) {
        if state.line.remove(&self.place).is_none() {
            return;
        }
        self.gate.publish(&state);
        let candidates = state.candidates();
        drop(state);
        candidates.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.leave_line(self.gate.lock());
    }
}

/// A request that may be sent. It is under way until this is dropped.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    waited: Duration,
}

impl Pass<'_> {
    /// How long the call stood in line.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }

    /// Takes note of the response, and of what its headers say about the rate limit.
    pub(super) fn answered(
        &self,
        sent: Instant,
        response: &HttpResponse,
        figures: Option<RateLimit>,
    ) {
        self.gate.note(sent, response, figures);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.leave();
    }
}

impl State {
    fn decide(&self, own: Place, now: Instant, deadline: Instant, under_way: usize) -> Decision {
        let is_first = self.line.keys().next() == Some(&own);
        // Those behind the first are woken when it is their turn.
        let wait = |end: Option<Instant>| {
            let end = end.filter(|_| is_first).unwrap_or(deadline);
            Decision::Wait(end.min(deadline))
        };
        if now >= deadline {
            return Decision::Refuse(self.refusal(now, true));
        }
        if let Some(hold) = &self.hold {
            return match deadline <= hold.until {
                true => Decision::Refuse(self.refusal(now, false)),
                false => wait(Some(hold.until)),
            };
        }
        if is_first && under_way < self.limit() {
            return Decision::Pass;
        }
        if self.has_no_time_for_window(deadline) && under_way < PROBES {
            return Decision::Pass;
        }
        wait(self.window.map(|window| window.end()))
    }

    /// Whether nothing remains in the window, and a call's time runs out before the window ends. Such
    /// a call is sent all the same, for headers alone fail no call: if the service refuses it, that
    /// holds the others.
    fn has_no_time_for_window(&self, deadline: Instant) -> bool {
        self.window
            .is_some_and(|window| window.remaining() == 0 && deadline <= window.end())
    }

    /// Those in line that can be next: the first, and the first of those that have no time to wait
    /// for the next window, which do not wait for a first one that has.
    fn candidates(&self) -> Vec<Waker> {
        let first = self.line.values().next();
        let mut waiting = self.line.values().skip(1);
        let hurried = match &self.hold {
            Some(_) => None,
            None => waiting.find(|it| self.has_no_time_for_window(it.deadline)),
        };
        let candidates = first.into_iter().chain(hurried);
        candidates.map(|it| it.waker.clone()).collect()
    }

    fn refusal(&self, now: Instant, is_late: bool) -> Held {
        let hold_end = self.hold.map(|hold| hold.asked_until);
        let end = hold_end.or_else(|| {
            let window = self.window.filter(|window| window.remaining() == 0);
            window.map(|window| window.end())
        });
        Held {
            answer: self.answer.clone(),
            wait: end.map_or(Duration::ZERO, |end| end.saturating_duration_since(now)),
            is_late,
        }
    }

    /// Lets go of what time has ended.
    fn refresh(&mut self, now: Instant) {
        self.hold = self.hold.filter(|hold| now < hold.until);
        if let Some(window) = self.window.filter(|window| now >= window.end()) {
            self.window = None;
            // The clocks differ, and other clients have waited too: not all at once.
            if window.remaining() == 0 || !self.line.is_empty() {
                self.turned_at = Some(window.end());
                self.width.get_or_insert(Width::starting(window.end()));
            }
        }
        self.width = self.width.filter(|width| now < width.since + CALM);
        if self.width.is_none() {
            self.is_window_incomplete = false;
            self.answer = self.answer.take().filter(|_| self.hold.is_some());
        }
    }

    /// Holds calls as a 429 asks. Says whether they wait noticeably longer than before.
    fn hold(&mut self, now: Instant, sent: Instant, asked: Duration, under_way: usize) -> bool {
        let until = now + asked.min(LONGEST_HOLD);
        let asked_until = retry::deadline(asked);
        let before = self.hold;
        let until = before.map_or(until, |hold| hold.until.max(until));
        self.hold = Some(Hold {
            until,
            asked_until: before.map_or(asked_until, |hold| hold.asked_until.max(asked_until)),
        });
        let has_room = |window: &RateWindow| window.remaining() > under_way;
        self.is_window_incomplete |= self.window.as_ref().is_some_and(has_room);
        // Of the many requests under way when a limit is met, one counts.
        let is_new = self.width.is_none_or(|width| sent >= width.since);
        let places = match self.width {
            Some(width) if is_new => (width.places / 2).max(PROBES),
            Some(width) => width.places,
            None => PROBES,
        };
        self.width = Some(Width {
            places,
            ..Width::starting(until)
        });
        before.is_none_or(|hold| until > hold.until + NOTICEABLE)
    }

    /// Takes note of a request that the service did not refuse.
    fn widen(&mut self, sent: Instant) {
        if let Some(width) = &mut self.width
            && sent >= width.since
        {
            width.responses += 1;
            if width.responses >= RESPONSES_PER_PLACE * width.places {
                width.places += 1;
                width.responses = 0;
            }
        }
    }

    /// Takes over what the headers of a response say.
    fn take_over(&mut self, new: RateWindow, sent: Instant, is_success: bool) {
        // A window that begins with nothing left, and more counted than the calls that were let
        // through, is none: the figures mean something else.
        let is_after_turn = self.turned_at.is_some_and(|turned_at| sent >= turned_at);
        let begins_used_up = is_after_turn && new.remaining() == 0 && new.count() > PROBES as u64;
        if is_success && (new.is_exceeded() || begins_used_up) {
            self.is_window_wrong = true;
        }
        if is_after_turn {
            self.turned_at = None;
        }
        if self.is_window_wrong {
            (self.window, self.allowed) = (None, None);
            return;
        }
        let window = self.window.map_or(new, |window| window.merge(new, sent));
        self.window = Some(window);
        self.allowed = Some(window.allowed());
    }

    /// How many requests may be under way.
    fn limit(&self) -> usize {
        let width = self.width.map_or(usize::MAX, |width| width.places);
        match &self.window {
            // What remains is known, so that there is nothing to find out.
            Some(window) if !self.is_window_incomplete => window.remaining(),
            Some(window) => window.remaining().min(width),
            None => self.allowed.unwrap_or(usize::MAX).min(width),
        }
    }
}

impl Width {
    fn starting(since: Instant) -> Self {
        Self {
            places: PROBES,
            responses: 0,
            since,
        }
    }
}

#[cfg(test)]
mod tests;
