use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Body, ByteStream, Client, FilePart, Param, RequestOptions, Response, Result, call::Sending,
    encode, exchange::Exchange, lenient, multipart::Part, operation::Operation,
};

/// The pseudo operation of requests to endpoints without an operation.
static REQUEST: Operation = Operation {
    id: "request",
    method: Method::GET,
    path: "",
    idempotent: false,
};

impl Client {
    /// Starts a request to an endpoint that this crate has no method for, with the same logins,
    /// retries, limits and errors as other calls.
    ///
    /// `path` is appended to the base URL. It starts with a slash, and values in it must be
    /// percent-encoded. A path that leads to another host, or out of the base URL by dot segments,
    /// is refused.
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

/// A request to an endpoint that this crate has no method for; see [`Client::request`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest(Exchange);

impl RawRequest {
    /// Adds a pair to the query.
    pub fn query(mut self, name: &str, value: impl Param) -> Self {
        self.0.check(name, &value);
        self.0.add_query(name, &value.to_text());
        self
    }

    /// Sets a header. Replaces one of that name.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.set_header(name, value);
        self
    }

    /// Sets a JSON body.
    pub fn json<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        self.0.set_body(serde_json::to_vec(body));
        self
    }

    /// Sets a body of any type, in memory or a stream.
    pub fn body(mut self, content_type: HeaderValue, body: impl Into<Body>) -> Self {
        self.0.set_content(content_type, body);
        self
    }

    /// Adds a text part to the body (`multipart/form-data`).
    pub fn part(mut self, name: &str, value: impl Param) -> Self {
        self.0.check(name, &value);
        self.0.add_part(Part::text(name, &value.to_text()));
        self
    }

    /// Adds a file part to the body (`multipart/form-data`).
    pub fn file(mut self, name: &str, file: impl Into<FilePart>) -> Self {
        self.0.add_part(file.into().into_part(name));
        self
    }

    /// Sets options that override the client's settings.
    pub fn with_options(mut self, options: RequestOptions) -> Self {
        let idempotent = options.idempotent.or(self.0.options.idempotent);
        self.0.options = RequestOptions {
            idempotent,
            ..options
        };
        self
    }

    /// Sends the request and returns the body unchanged.
    ///
    /// # Errors
    /// See [`Error`](super::Error).
    pub async fn send(self) -> Result<Response<Bytes>> {
        let response = self.0.run().await?.response;
        let body = response.body().clone();
        Ok(Response::new(response, self.0.client().service(), body))
    }

    /// Sends the request and decodes the body as JSON.
    ///
    /// # Errors
    /// See [`Error`](super::Error).
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<Response<T>> {
        let received = self.0.run().await?;
        let body = received.response.body().clone();
        let (decoded, mismatches) = self.0.decoding(|| lenient::from_slice(&body));
        match decoded {
            Ok(body) => {
                let service = self.0.client().service();
                let response = Response::new(received.response, service, body);
                Ok(response.with_mismatches(mismatches))
            }
            Err(error) => Err(self.0.undecodable(received, &error.into())),
        }
    }

    /// Sends the request and returns the body as a stream, as soon as the headers have arrived.
    /// [`ByteStream::into_events`] and [`ByteStream::into_json_lines`] parse it.
    ///
    /// # Errors
    /// See [`Error`](super::Error).
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
