//! A subscriber that records the SDK's spans and events.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};
use tracing_core::span::Current;

/// The spans and events of this thread.
#[derive(Clone, Default)]
pub(crate) struct Spans(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    spans: Vec<Span>,
    events: Vec<Span>,
    /// The spans that are entered, the innermost last.
    entered: Vec<usize>,
    /// What each span was declared with.
    metadata: Vec<&'static Metadata<'static>>,
}

/// A span, or an event.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    /// The position of the span around it.
    pub(crate) parent: Option<usize>,
    pub(crate) fields: BTreeMap<&'static str, String>,
}

impl Span {
    /// The value of a field as it prints; empty if nothing was recorded.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl Spans {
    /// Records the spans and events of this thread while the guard lives.
    pub(crate) fn listen() -> (Self, DefaultGuard) {
        let spans = Self::default();
        let guard = tracing::subscriber::set_default(spans.clone());
        (spans, guard)
    }

    /// All spans, in the order in which they began.
    pub(crate) fn all(&self) -> Vec<Span> {
        self.lock().spans.clone()
    }

    /// The spans of a name, in the order in which they began.
    pub(crate) fn named(&self, name: &str) -> Vec<Span> {
        let mut spans = self.all();
        spans.retain(|span| span.name == name);
        spans
    }

    /// The one span of calls of an operation.
    pub(crate) fn call(&self, operation: &str) -> Span {
        let mut calls = self.named("api_call");
        calls.retain(|call| call.field("otel.name") == operation);
        let [call] = &calls[..] else {
            panic!("expected one call, not {calls:#?}");
        };
        call.clone()
    }

    /// All events, in their order.
    pub(crate) fn events(&self) -> Vec<Span> {
        self.lock().events.clone()
    }

    /// Everything recorded, as one text to search.
    pub(crate) fn text(&self) -> String {
        format!("{:?} {:?}", self.all(), self.events())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

impl State {
    fn told(&self, metadata: &'static Metadata<'static>, parent: Option<&Id>) -> Span {
        let explicit = parent.map(position);
        Span {
            name: metadata.name(),
            level: *metadata.level(),
            parent: explicit.or_else(|| self.entered.last().copied()),
            fields: BTreeMap::new(),
        }
    }
}

/// Ids count from one.
fn id(position: usize) -> Id {
    Id::from_u64(position as u64 + 1)
}

/// The position of the span with this id.
fn position(id: &Id) -> usize {
    usize::try_from(id.into_u64()).expect("few spans") - 1
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("genesys_cloud_users")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut state = self.lock();
        let mut told = state.told(span.metadata(), span.parent());
        span.record(&mut Fields(&mut told.fields));
        state.spans.push(told);
        state.metadata.push(span.metadata());
        id(state.spans.len() - 1)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut state = self.lock();
        values.record(&mut Fields(&mut state.spans[position(span)].fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut state = self.lock();
        let mut told = state.told(event.metadata(), event.parent());
        event.record(&mut Fields(&mut told.fields));
        state.events.push(told);
    }

    fn enter(&self, span: &Id) {
        self.lock().entered.push(position(span));
    }

    fn current_span(&self) -> Current {
        let state = self.lock();
        match state.entered.last() {
            Some(&innermost) => Current::new(id(innermost), state.metadata[innermost]),
            None => Current::none(),
        }
    }

    fn exit(&self, span: &Id) {
        let left = self.lock().entered.pop();
        assert_eq!(left, Some(position(span)), "spans are left inside out");
    }
}

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
