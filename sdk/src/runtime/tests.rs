//! Helpers that the unit tests of calls share: a transport that needs no network.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use http::{HeaderValue, StatusCode, header};

use super::{
    Body, Client, ClientBuilder, HttpRequest, HttpResponse, Transport, TransportContext,
    transport::TransportFuture,
};

/// Answers every request alike and keeps it.
#[derive(Clone, Default)]
pub(super) struct Recorder {
    status: StatusCode,
    body: Body,
    requests: Arc<Mutex<Vec<(HttpRequest, bool)>>>,
}

impl Transport for Recorder {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        let mut requests = self.requests.lock().unwrap();
        requests.push((request, context.wants_stream()));
        let mut response = HttpResponse::new(self.body.clone());
        *response.status_mut() = self.status;
        let location = HeaderValue::from_static("/elsewhere");
        response.headers_mut().insert(header::LOCATION, location);
        Box::pin(async move { Ok(response) })
    }
}

impl Recorder {
    pub(super) fn answering(status: u16, body: impl Into<Body>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            body: body.into(),
            requests: Arc::default(),
        }
    }

    /// A client of this service, by these settings.
    pub(super) fn client(&self, builder: ClientBuilder) -> Client {
        builder.transport(self.clone()).build().unwrap()
    }

    pub(super) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// What is wanted of the last request.
    pub(super) fn last<R>(&self, read: impl FnOnce(&HttpRequest) -> R) -> R {
        read(&self.requests.lock().unwrap().last().unwrap().0)
    }

    /// Whether the last request asked for a stream.
    pub(super) fn wanted_stream(&self) -> bool {
        self.requests.lock().unwrap().last().unwrap().1
    }

    pub(super) fn url(&self) -> String {
        self.last(|request| request.uri().to_string())
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.last(|request| {
            let value = request.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        })
    }

    /// The body of the last request, which is in memory.
    pub(super) fn body(&self) -> String {
        self.last(|request| {
            let bytes = request.body().as_bytes().unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        })
    }
}

/// Runs a future to its end.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(future)
}
