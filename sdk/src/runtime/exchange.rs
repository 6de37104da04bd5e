use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::{
    Client, Error, RequestOptions, Result, encode, operation::Operation, sender::Received,
};

/// A request in the making. A value that cannot be sent is remembered and reported by `run`, so
/// that setters need not return a `Result`.
#[derive(Clone)]
pub(super) struct Exchange {
    client: Client,
    operation: &'static Operation,
    /// That of the operation, but for requests to endpoints that are none.
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    /// The pairs of a body that is a form, encoded; sent in place of `body`.
    pub(super) form: Option<String>,
    pub(super) options: RequestOptions,
    defect: Option<String>,
}

impl Exchange {
    pub(super) fn new(client: &Client, operation: &'static Operation) -> Self {
        // With room for the values of parameters.
        let mut path = String::with_capacity(operation.path.len() + 64);
        path.push_str(operation.path);
        Self {
            client: client.clone(),
            operation,
            method: operation.method.clone(),
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            form: None,
            options: RequestOptions::default(),
            defect: None,
        }
    }

    pub(super) fn fill_path(&mut self, name: &str, value: &str) {
        if let Err(defect) = encode::fill(&mut self.path, name, value) {
            self.refuse(defect);
        }
    }

    pub(super) fn add_query(&mut self, name: &str, value: &str) {
        encode::append(&mut self.query, name, value);
    }

    pub(super) fn add_header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.set_header(name, value),
            _ => {
                self.refuse(format!("the header `{name}` cannot carry the value given"));
            }
        }
    }

    pub(super) fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Sets a body that is JSON.
    pub(super) fn set_json(&mut self, body: Bytes) {
        self.body = Some(body);
        let json = HeaderValue::from_static("application/json");
        self.set_header(header::CONTENT_TYPE, json);
    }

    /// Remembers why the request cannot be sent.
    pub(super) fn refuse(&mut self, defect: impl Into<String>) {
        self.defect.get_or_insert_with(|| defect.into());
    }

    pub(super) fn set_body(&mut self, body: Result<Vec<u8>, serde_json::Error>) {
        match body {
            Ok(body) => self.set_json(body.into()),
            Err(error) => {
                self.refuse(format!("the body cannot be written as JSON: {error}"));
            }
        }
    }

    /// The body to send.
    pub(super) fn body(&self) -> Option<Bytes> {
        match &self.form {
            Some(form) => Some(Bytes::copy_from_slice(form.as_bytes())),
            None => self.body.clone(),
        }
    }

    /// Sends the request; any status but a success is an error.
    pub(super) async fn run(&self) -> Result<Received> {
        let id = self.operation.id;
        if let Some(defect) = &self.defect {
            return Err(Error::request(id, defect.as_str()));
        }
        self.client.exchange(self).await
    }

    /// The error of a success whose body could not be read.
    pub(super) fn undecodable(&self, received: Received, error: &serde_json::Error) -> Error {
        let Received { response, attempts } = received;
        let error = Error::decode(self.operation.id, response, self.client.service(), error);
        error.after(attempts, None)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl fmt::Debug for Exchange {
    /// Leaves all values out: they can be secrets, wherever they go.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("method", &self.method)
            .field("path", &self.operation.path)
            .field("query", &encode::names(&self.query))
            .finish_non_exhaustive()
    }
}
