use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Body, ByteStream, Client, FilePart, Param, RequestOptions, Response, Result, call::Sending,
    encode, exchange::Exchange, multipart::Part, operation::Operation,
};

/// Stands in for the operation in a request to an endpoint that is none.
static REQUEST: Operation = Operation {
    id: "request",
    method: Method::GET,
    path: "",
    idempotent: false,
};

impl Client {
    /// Starts a request to an endpoint that this crate has no method for. It gets what every call
    /// gets: the login, retries, limits, errors.
    ///
    /// `path` is appended to the base URL; it starts with a slash, and values in it are percent-encoded
    /// already. It cannot lead to another host, nor out of the base URL by dots.
    ///
    /// ```ignore
    /// let flags: serde_json::Value = client
    ///     .request(Method::GET, "/api/v2/featureflags")
    ///     .query("pageSize", 100)
    ///     .send_json()
    ///     .await?
    ///     .into_body();
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        let mut exchange = Exchange::new(self, &REQUEST);
        exchange.options.idempotent = Some(method.is_idempotent());
        exchange.method = method;
        let path = path.into();
        if let Err(why) = encode::check_path(&path) {
            exchange.refuse(format!("the path {why}"));
        }
        exchange.path = path;
        RawRequest(exchange)
    }
}

/// A request to an endpoint that this crate has no method for, of [`Client::request`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest(Exchange);

impl RawRequest {
    /// Adds a pair to the query.
    pub fn query(mut self, name: &str, value: impl Param) -> Self {
        self.0.add_query(name, &value.to_text());
        self
    }

    /// Sets a header, in place of one of that name.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.set_header(name, value);
        self
    }

    /// Sets a body of JSON.
    pub fn json<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        self.0.set_body(serde_json::to_vec(body));
        self
    }

    /// Sets a body of any type, in memory or a stream.
    pub fn body(mut self, content_type: HeaderValue, body: impl Into<Body>) -> Self {
        self.0.set_content(content_type, body);
        self
    }

    /// Adds a text to a body of several parts (`multipart/form-data`).
    pub fn part(mut self, name: &str, value: impl Param) -> Self {
        self.0.add_part(Part::text(name, &value.to_text()));
        self
    }

    /// Adds a file to a body of several parts (`multipart/form-data`).
    pub fn file(mut self, name: &str, file: impl Into<FilePart>) -> Self {
        self.0.add_part(file.into().into_part(name));
        self
    }

    /// Lays per-request options over the client's settings.
    pub fn with_options(mut self, options: RequestOptions) -> Self {
        let idempotent = options.idempotent.or(self.0.options.idempotent);
        self.0.options = RequestOptions {
            idempotent,
            ..options
        };
        self
    }

    /// Sends the request and returns the body as it comes.
    ///
    /// # Errors
    /// As every call; see [`Error`](super::Error).
    pub async fn send(self) -> Result<Response<Bytes>> {
        let response = self.0.run().await?.response;
        let body = response.body().clone();
        Ok(Response::new(response, self.0.client().service(), body))
    }

    /// Sends the request and reads the body as JSON.
    ///
    /// # Errors
    /// As every call; see [`Error`](super::Error).
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<Response<T>> {
        let received = self.0.run().await?;
        match serde_json::from_slice(received.response.body()) {
            Ok(body) => {
                let service = self.0.client().service();
                Ok(Response::new(received.response, service, body))
            }
            Err(error) => Err(self.0.undecodable(received, &error.into())),
        }
    }

    /// Sends the request and returns the body while it comes. [`ByteStream::into_events`] and
    /// [`ByteStream::into_json_lines`] read it further.
    ///
    /// # Errors
    /// As every call; see [`Error`](super::Error).
    pub async fn send_stream(mut self) -> Result<Response<ByteStream>> {
        self.0.want_stream();
        let mut received = self.0.run().await?;
        let stream = ByteStream::of(&mut received, &self.0);
        let service = self.0.client().service();
        Ok(Response::new(received.response, service, stream))
    }
}

/// Awaiting a request sends it, as [`send`](RawRequest::send) does.
impl IntoFuture for RawRequest {
    type Output = Result<Response<Bytes>>;
    type IntoFuture = Sending<Response<Bytes>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
