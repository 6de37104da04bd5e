//! Holds requests while a host's rate limit permits no more.
//!
//! The gate of a host closes when the service answers 429 with `Retry-After`, or when the rate
//! limit headers of its responses report that no requests remain. Calls then wait in a queue, each
//! until its own deadline at most. No task is spawned: the first call in the queue sets the timer,
//! and every call that leaves the queue or completes a request wakes the next.

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

/// How many requests may be in flight when a hold ends. The service answers them before others
/// follow, so that few are refused if the limit still applies.
const PROBES: usize = 4;
/// After a hold, a request may replace each one that completes; the number in flight grows by one
/// after this many responses per request in flight. The slower it grows, the fewer requests are in
/// flight when the limit is hit again: about a dozen, if 300 are allowed in a window.
const RESPONSES_PER_STEP: usize = 4;
/// How long after a hold the number of requests in flight stays limited.
const CALM: Duration = Duration::from_secs(60);
/// How long a 429 holds other calls at most. Then a few of them probe whether the limit still
/// applies.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(180);
/// A hold is extended without waking the queue, unless it grows by more than this.
const NOTICEABLE: Duration = Duration::from_secs(1);

/// Admits requests to one host, or holds them.
pub(super) struct Gate {
    /// How many requests may be in flight for the fast path; 0 while calls are queued or held.
    limit: AtomicUsize,
    in_flight: AtomicUsize,
    state: Mutex<State>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            limit: AtomicUsize::new(usize::MAX),
            in_flight: AtomicUsize::new(0),
            state: Mutex::default(),
        }
    }
}

/// The position of a call in the queue: since when it waits, and a number that makes it unique.
type Position = (Instant, u64);

/// A call in the queue.
struct Waiter {
    deadline: Instant,
    waker: Waker,
}

#[derive(Default)]
struct State {
    queue: BTreeMap<Position, Waiter>,
    last_number: u64,
    hold: Option<Hold>,
    /// The 429 that caused the last hold.
    response: Option<WholeResponse>,
    /// The current window, from the headers of responses.
    window: Option<RateWindow>,
    /// How many requests each window permits, if known.
    allowed: Option<usize>,
    /// When a used-up window ended, until a response reports the next one.
    window_ended_at: Option<Instant>,
    /// Whether the headers were proven wrong: the service accepted requests beyond the reported
    /// limit.
    are_headers_wrong: bool,
    /// Whether a 429 came although the headers reported remaining requests: there is another limit.
    has_other_limit: bool,
    ramp: Option<Ramp>,
}

/// The effect of a 429 with `Retry-After`.
#[derive(Clone, Copy)]
struct Hold {
    until: Instant,
    /// The end that the service asked for, which can be later than `until`.
    asked_until: Instant,
}

/// The limit of requests in flight after a hold, which grows with responses.
#[derive(Clone, Copy)]
struct Ramp {
    limit: usize,
    /// Responses since the limit last grew.
    responses: usize,
    /// The end of the hold, past or future.
    since: Instant,
}

/// Why a call was not admitted.
pub(super) struct Refusal {
    /// The 429 that caused the hold, usually the answer to another call.
    pub(super) answer: Option<WholeResponse>,
    /// How long the call would still have to wait; zero if unknown.
    pub(super) wait: Duration,
    /// Whether the call was queued until its deadline.
    pub(super) is_timed_out: bool,
}

enum Decision {
    Pass,
    Refuse(Refusal),
    Wait(Instant),
}

impl Gate {
    /// Waits until a request may be sent. Calls are queued in the order of `since`. One that cannot
    /// be sent before its deadline is refused, at once if that is known. `is_traced`: whether to
    /// log that the call waits.
    pub(super) async fn pass(
        &self,
        since: Instant,
        deadline: Instant,
        is_traced: bool,
    ) -> Result<Pass<'_>, Refusal> {
        if self.try_pass() {
            return Ok(Pass {
                gate: self,
                waited: Duration::ZERO,
            });
        }
        let began = Instant::now();
        let turn = Turn {
            gate: self,
            position: self.position(since),
        };
        // Created when needed, so that calls that do not wait work without tokio's timers.
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

    /// The fast path: admits a request without taking the lock.
    fn try_pass(&self) -> bool {
        let limit = self.limit.load(SeqCst);
        let one_more = |in_flight: usize| (in_flight < limit).then_some(in_flight + 1);
        self.in_flight
            .fetch_update(SeqCst, SeqCst, one_more)
            .is_ok()
    }

    fn position(&self, since: Instant) -> Position {
        let mut state = self.lock();
        state.last_number += 1;
        (since, state.last_number)
    }

    /// Updates the state from a response to a request that was sent at `sent`.
    fn record(&self, sent: Instant, response: &HttpResponse, figures: Option<RateLimit>) {
        let is_limited = response.status() == StatusCode::TOO_MANY_REQUESTS;
        if !is_limited && figures.is_none() && self.limit.load(SeqCst) == usize::MAX {
            return;
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.refresh(now);
        let window = figures.and_then(|figures| RateWindow::read(figures, sent, now));
        let in_flight = self.in_flight.load(SeqCst);
        let mut woken = Vec::new();
        if is_limited {
            state.are_headers_wrong = false;
            state.window_ended_at = None;
            if let Some(asked) = retry::rate_limited_wait(response)
                && state.hold(now, sent, asked, in_flight)
            {
                let mut answer = WholeResponse::new(Bytes::new());
                *answer.status_mut() = response.status();
                answer.headers_mut().clone_from(response.headers());
                *answer.body_mut() = response.body().as_bytes().cloned().unwrap_or_default();
                state.response = Some(answer);
                // Those whose deadlines are before the end of the hold fail at once.
                woken.extend(state.queue.values().map(|it| it.waker.clone()));
            }
        } else {
            state.grow(sent);
        }
        if let Some(window) = window {
            state.merge_window(window, sent, response.status().is_success());
        }
        woken.extend(state.candidates());
        self.publish(&state);
        drop(state);
        woken.into_iter().for_each(Waker::wake);
    }

    /// A request is no longer in flight.
    fn leave(&self) {
        self.in_flight.fetch_sub(1, SeqCst);
        // A queued call sets the limit to 0 before it reads the number of requests in flight. So
        // either the 0 is seen here, or the queued call sees the lower number.
        if self.limit.load(SeqCst) == 0 {
            let candidates = self.lock().candidates();
            candidates.into_iter().for_each(Waker::wake);
        }
    }

    fn publish(&self, state: &State) {
        let is_open = state.hold.is_none() && state.queue.is_empty();
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

/// A call's position in the queue, which it leaves when it is admitted, refused or dropped.
struct Turn<'a> {
    gate: &'a Gate,
    position: Position,
}

impl Turn<'_> {
    fn decide(&self, now: Instant, deadline: Instant, waker: &Waker) -> Decision {
        let gate = self.gate;
        let mut state = gate.lock();
        state.refresh(now);
        let waker = waker.clone();
        state
            .queue
            .insert(self.position, Waiter { deadline, waker });
        // Before `under_way` is read: see `leave`.
        gate.limit.store(0, SeqCst);
        let mut in_flight = gate.in_flight.load(SeqCst);
        let decision = loop {
            let decision = state.decide(self.position, now, deadline, in_flight);
            match decision {
                Decision::Wait(_) => return decision,
                Decision::Refuse(_) => break decision,
                Decision::Pass => {}
            }
            // A call that read the limit before it became 0 may have been admitted in the meantime.
            let more = in_flight + 1;
            match gate
                .in_flight
                .compare_exchange(in_flight, more, SeqCst, SeqCst)
            {
                Ok(_) => break decision,
                Err(changed) => in_flight = changed,
            }
        };
        self.leave_queue(state);
        decision
    }

    /// Leaves the queue and wakes the next.
    fn leave_queue(&self, mut state: MutexGuard<'_, State>) {
        if state.queue.remove(&self.position).is_none() {
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
        self.leave_queue(self.gate.lock());
    }
}

/// Permission to send a request, which counts as in flight until this is dropped.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    waited: Duration,
}

impl Pass<'_> {
    /// How long the call was queued.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }

    /// Updates the gate from the response and the rate limit in its headers.
    pub(super) fn answered(
        &self,
        sent: Instant,
        response: &HttpResponse,
        figures: Option<RateLimit>,
    ) {
        self.gate.record(sent, response, figures);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.leave();
    }
}

impl State {
    fn decide(&self, own: Position, now: Instant, deadline: Instant, in_flight: usize) -> Decision {
        let is_first = self.queue.keys().next() == Some(&own);
        // Those behind the first need no timer: they are woken when it is their turn.
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
        if is_first && in_flight < self.limit() {
            return Decision::Pass;
        }
        if self.ends_before_window(deadline) && in_flight < PROBES {
            return Decision::Pass;
        }
        wait(self.window.map(|window| window.end()))
    }

    /// Whether the window is used up and ends after a call's deadline. Such a call is sent
    /// nevertheless, because headers alone must not fail a call; if the service refuses it, that
    /// 429 holds the others.
    fn ends_before_window(&self, deadline: Instant) -> bool {
        self.window
            .is_some_and(|window| window.remaining() == 0 && deadline <= window.end())
    }

    /// The queued calls that can be next: the first, and the first of those that have no time to
    /// wait for the next window. The latter must not wait behind a first call that has the time.
    fn candidates(&self) -> Vec<Waker> {
        let first = self.queue.values().next();
        let mut waiting = self.queue.values().skip(1);
        let impatient = match &self.hold {
            Some(_) => None,
            None => waiting.find(|it| self.ends_before_window(it.deadline)),
        };
        let candidates = first.into_iter().chain(impatient);
        candidates.map(|it| it.waker.clone()).collect()
    }

    fn refusal(&self, now: Instant, is_timed_out: bool) -> Refusal {
        let hold_end = self.hold.map(|hold| hold.asked_until);
        let end = hold_end.or_else(|| {
            let window = self.window.filter(|window| window.remaining() == 0);
            window.map(|window| window.end())
        });
        Refusal {
            answer: self.response.clone(),
            wait: end.map_or(Duration::ZERO, |end| end.saturating_duration_since(now)),
            is_timed_out,
        }
    }

    /// Removes holds, windows and limits that have expired.
    fn refresh(&mut self, now: Instant) {
        self.hold = self.hold.filter(|hold| now < hold.until);
        if let Some(window) = self.window.filter(|window| now >= window.end()) {
            self.window = None;
            // Clocks differ and other clients waited, too: calls must not all start at once.
            if window.remaining() == 0 || !self.queue.is_empty() {
                self.window_ended_at = Some(window.end());
                self.ramp.get_or_insert(Ramp::starting(window.end()));
            }
        }
        self.ramp = self.ramp.filter(|ramp| now < ramp.since + CALM);
        if self.ramp.is_none() {
            self.has_other_limit = false;
            self.response = self.response.take().filter(|_| self.hold.is_some());
        }
    }

    /// Starts or extends the hold that a 429 asks for. Returns whether it ends noticeably later
    /// than before.
    fn hold(&mut self, now: Instant, sent: Instant, asked: Duration, in_flight: usize) -> bool {
        let until = now + asked.min(LONGEST_HOLD);
        let asked_until = retry::deadline(asked);
        let before = self.hold;
        let until = before.map_or(until, |hold| hold.until.max(until));
        self.hold = Some(Hold {
            until,
            asked_until: before.map_or(asked_until, |hold| hold.asked_until.max(asked_until)),
        });
        let has_room = |window: &RateWindow| window.remaining() > in_flight;
        self.has_other_limit |= self.window.as_ref().is_some_and(has_room);
        // Of the many requests in flight when a limit is hit, only one narrows the gate.
        let is_new = self.ramp.is_none_or(|ramp| sent >= ramp.since);
        let limit = match self.ramp {
            Some(ramp) if is_new => (ramp.limit / 2).max(PROBES),
            Some(ramp) => ramp.limit,
            None => PROBES,
        };
        self.ramp = Some(Ramp {
            limit,
            ..Ramp::starting(until)
        });
        before.is_none_or(|hold| until > hold.until + NOTICEABLE)
    }

    /// Counts a response that is no 429, and widens the gate.
    fn grow(&mut self, sent: Instant) {
        if let Some(ramp) = &mut self.ramp
            && sent >= ramp.since
        {
            ramp.responses += 1;
            if ramp.responses >= RESPONSES_PER_STEP * ramp.limit {
                ramp.limit += 1;
                ramp.responses = 0;
            }
        }
    }

    /// Merges the window that the headers of a response report.
    fn merge_window(&mut self, new: RateWindow, sent: Instant, is_success: bool) {
        // If a window begins used up, with more requests counted than the probes sent, the headers
        // do not mean what their names suggest.
        let is_next_window = self
            .window_ended_at
            .is_some_and(|window_ended_at| sent >= window_ended_at);
        let begins_used_up = is_next_window && new.remaining() == 0 && new.count() > PROBES as u64;
        if is_success && (new.is_exceeded() || begins_used_up) {
            self.are_headers_wrong = true;
        }
        if is_next_window {
            self.window_ended_at = None;
        }
        if self.are_headers_wrong {
            (self.window, self.allowed) = (None, None);
            return;
        }
        let window = self.window.map_or(new, |window| window.merge(new, sent));
        self.window = Some(window);
        self.allowed = Some(window.allowed());
    }

    /// How many requests may be in flight.
    fn limit(&self) -> usize {
        let ramp = self.ramp.map_or(usize::MAX, |ramp| ramp.limit);
        match &self.window {
            // The number of remaining requests is known, so no probing is needed.
            Some(window) if !self.has_other_limit => window.remaining(),
            Some(window) => window.remaining().min(ramp),
            None => self.allowed.unwrap_or(usize::MAX).min(ramp),
        }
    }
}

impl Ramp {
    fn starting(since: Instant) -> Self {
        Self {
            limit: PROBES,
            responses: 0,
            since,
        }
    }
}

#[cfg(test)]
mod tests;
