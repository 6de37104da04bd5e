//! A transport that answers from memory, and the ways to look at what it was sent.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use serde::{Serialize, de::DeserializeOwned};
use workspace_tests::{
    Client,
    runtime::{
        ClientBuilder, HttpRequest, HttpResponse, Transport, TransportContext, TransportFuture,
    },
};

/// Answers every request alike and keeps it.
#[derive(Clone)]
pub(crate) struct Recorder {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Transport for Recorder {
    fn send(&self, request: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
        self.requests.lock().unwrap().push(request);
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, *value);
        }
        let response: HttpResponse = response.body(self.body.clone().into()).unwrap();
        Box::pin(async move { Ok(response) })
    }
}

impl Recorder {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            requests: Arc::default(),
        }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A client that is served by this.
    pub(crate) fn client(&self) -> Client {
        workspace_tests::client(self.clone())
    }

    /// A client with these settings that is served by this.
    pub(crate) fn client_of(&self, builder: ClientBuilder) -> Client {
        builder.transport(self.clone()).build().unwrap()
    }

    /// Method, URL and body of the only request; no space ends it where there is no body.
    pub(crate) fn sent(&self) -> String {
        assert_eq!(self.count(), 1);
        let (line, body) = (
            self.last(|request| format!("{} {}", request.method(), request.uri())),
            self.body(),
        );
        format!("{line} {body}").trim_end().to_owned()
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// Method and URL of the last request, without the base URL.
    pub(crate) fn line(&self) -> String {
        self.last(|request| {
            let uri = request.uri().to_string();
            let uri = uri
                .strip_prefix("https://api.example.com/base")
                .unwrap_or(&uri);
            format!("{} {uri}", request.method())
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.last(|request| {
            let value = request.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        })
    }

    pub(crate) fn body(&self) -> String {
        self.last(|request| {
            let bytes = request.body().as_bytes().unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        })
    }

    fn last<T>(&self, look: impl FnOnce(&HttpRequest) -> T) -> T {
        let requests = self.requests.lock().unwrap();
        look(requests.last().expect("a request came"))
    }
}

/// A client that gets this answer, and what it was asked.
pub(crate) fn answering(status: u16, body: impl Into<Vec<u8>>) -> (Client, Recorder) {
    let recorder = Recorder::new(status, body);
    (recorder.client(), recorder)
}

/// A client whose requests succeed without an answer, and what it was asked.
pub(crate) fn silent() -> (Client, Recorder) {
    answering(204, "")
}

/// Runs a future to its end. The recorder answers at once, but clients keep time.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(future)
}

/// Reads a text, and checks that writing the value gives the very text again.
pub(crate) fn keeps<T: DeserializeOwned + Serialize + Debug>(text: &str) -> T {
    let value: T = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&value).unwrap(), text, "{value:?}");
    value
}

/// Why a text is no value of the type.
pub(crate) fn refuses<T: DeserializeOwned + Debug>(text: &str) -> String {
    serde_json::from_str::<T>(text).unwrap_err().to_string()
}
