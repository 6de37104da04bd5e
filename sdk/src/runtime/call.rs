use std::{fmt, future::Future, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::{Client, Error, Param, Result, encode, transport::HttpResponse};

/// An operation of the API, as the description declares it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template, each parameter in braces.
    pub(crate) path: &'static str,
}

/// One request of an operation, its parameters filled in, and how to read its response.
///
/// Every rendered request is a newtype over this. All that does not depend on `T` is in
/// [`Exchange`], compiled once.
pub(crate) struct Call<T> {
    exchange: Exchange,
    decode: fn(&HttpResponse) -> Result<T, serde_json::Error>,
}

impl<T: DeserializeOwned> Call<T> {
    /// A call whose success carries JSON.
    pub(crate) fn json(client: &Client, operation: &'static Operation) -> Self {
        Self {
            exchange: Exchange::new(client, operation),
            decode: |response| serde_json::from_slice(response.body()),
        }
    }
}

impl Call<()> {
    /// A call whose success carries nothing; a body that comes all the same is not looked at.
    pub(crate) fn empty(client: &Client, operation: &'static Operation) -> Self {
        Self {
            exchange: Exchange::new(client, operation),
            decode: |_| Ok(()),
        }
    }
}

impl<T> Call<T> {
    /// Fills in a path parameter.
    pub(crate) fn path(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.fill_path(name, &value.to_text());
        self
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.add_query(name, &value.to_text());
        self
    }

    /// Adds a query parameter once per value.
    pub(crate) fn query_each<V: Param>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        for value in values {
            self.exchange.add_query(name, &value.to_text());
        }
        self
    }

    /// Adds a query parameter whose values share one pair, with commas between them.
    #[allow(dead_code, reason = "rendered only for parameters with explode: false")]
    pub(crate) fn query_joined<V: Param>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut joined = String::new();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                joined.push(',');
            }
            joined.push_str(&value.to_text());
        }
        self.exchange.add_query(name, &joined);
        self
    }

    /// Sets a header parameter.
    #[allow(dead_code, reason = "rendered only for header parameters")]
    pub(crate) fn header(mut self, name: &'static str, value: impl Param) -> Self {
        self.exchange.add_header(name, &value.to_text());
        self
    }

    /// Sets the body.
    pub(crate) fn body<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        self.exchange.set_body(serde_json::to_vec(body));
        self
    }

    /// Lays per-request options over the client's settings.
    pub(crate) fn options(mut self, options: RequestOptions) -> Self {
        self.exchange.options = options;
        self
    }

    /// Sends the request and returns what its response carries.
    #[expect(
        clippy::manual_async_fn,
        reason = "`Send` is promised once here, so that no rendered request has to prove it"
    )]
    pub(crate) fn send(self) -> impl Future<Output = Result<T>> + Send {
        async move { Ok(self.send_with_response().await?.into_body()) }
    }

    /// Sends the request and returns status and headers as well.
    #[expect(
        clippy::manual_async_fn,
        reason = "`Send` is promised once here, so that no rendered request has to prove it"
    )]
    pub(crate) fn send_with_response(self) -> impl Future<Output = Result<Response<T>>> + Send {
        async move {
            let operation = self.exchange.operation.id;
            let client = self.exchange.client.clone();
            let response = self.exchange.run().await?;
            match (self.decode)(&response) {
                Ok(body) => Ok(Response {
                    status: response.status(),
                    correlation_id: client.describe(&response).correlation_id,
                    headers: response.into_parts().0.headers,
                    body,
                }),
                Err(error) => {
                    let summary = client.describe(&response);
                    Err(Error::decode(operation, response, summary, &error))
                }
            }
        }
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            exchange: self.exchange.clone(),
            decode: self.decode,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchange.fmt(f)
    }
}

/// What a request needs besides its parameters, laid over the client's settings for one request.
///
/// ```ignore
/// let options = RequestOptions::new().with_timeout(Duration::from_secs(5));
/// client.users().get_users_me().with_options(options).send().await?;
/// ```
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are given to a request"]
pub struct RequestOptions {
    timeout: Option<Duration>,
    headers: HeaderMap,
}

impl RequestOptions {
    /// Options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time the whole exchange may take, in place of the client's.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends a header, in place of one of that name that the SDK would send.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl fmt::Debug for RequestOptions {
    /// Shows the names of headers: their values can hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("headers", &names)
            .finish()
    }
}

/// A success response: what it carries, and what came with it.
#[derive(Clone)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    correlation_id: Option<String>,
    body: T,
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// Leaves the headers out: they can hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("correlation_id", &self.correlation_id)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl<T> Response<T> {
    /// The status, always a success.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id of the exchange, to be told to the service's support.
    pub fn correlation_id(&self) -> Option<&str> {
        self.correlation_id.as_deref()
    }

    /// What the response carries.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// What the response carries, by value.
    pub fn into_body(self) -> T {
        self.body
    }
}

/// A request in the making. A value that cannot be sent is remembered and reported by `run`, so
/// that setters need not return a `Result`.
#[derive(Clone)]
struct Exchange {
    client: Client,
    operation: &'static Operation,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    options: RequestOptions,
    defect: Option<String>,
}

impl Exchange {
    fn new(client: &Client, operation: &'static Operation) -> Self {
        let mut headers = HeaderMap::new();
        // Also where no body is expected: the body of an error is JSON.
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            client: client.clone(),
            operation,
            path: operation.path.to_owned(),
            query: String::new(),
            headers,
            body: None,
            options: RequestOptions::default(),
            defect: None,
        }
    }

    fn fill_path(&mut self, name: &str, value: &str) {
        if let Err(defect) = encode::fill(&mut self.path, name, value) {
            self.defect.get_or_insert(defect);
        }
    }

    fn add_query(&mut self, name: &str, value: &str) {
        encode::append(&mut self.query, name, value);
    }

    fn add_header(&mut self, name: &'static str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.set_header(name, value),
            _ => {
                self.defect
                    .get_or_insert(format!("the header `{name}` cannot carry the value given"));
            }
        }
    }

    fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    fn set_body(&mut self, body: Result<Vec<u8>, serde_json::Error>) {
        match body {
            Ok(body) => {
                self.body = Some(body.into());
                let json = HeaderValue::from_static("application/json");
                self.set_header(header::CONTENT_TYPE, json);
            }
            Err(error) => {
                self.defect
                    .get_or_insert(format!("the body cannot be written as JSON: {error}"));
            }
        }
    }

    /// Sends the request; any status but a success is an error.
    async fn run(self) -> Result<HttpResponse> {
        let id = self.operation.id;
        if let Some(defect) = self.defect {
            return Err(Error::request(id, defect));
        }
        let mut target = self.path;
        if !self.query.is_empty() {
            target.push('?');
            target.push_str(&self.query);
        }
        let mut headers = self.headers;
        // `extend` would keep both values of a name that is set twice; a replacement is meant.
        for (name, value) in &self.options.headers {
            headers.insert(name.clone(), value.clone());
        }
        let timeout = self.options.timeout;
        let method = self.operation.method.clone();
        let response = self
            .client
            .exchange(id, method, &target, headers, self.body, timeout)
            .await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let summary = self.client.describe(&response);
        Err(Error::status_of(id, response, summary))
    }
}

impl fmt::Debug for Exchange {
    /// Leaves all values out: they can be secrets, wherever they go.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.query.split('&');
        let names = pairs.map(|pair| pair.split('=').next().unwrap_or_default());
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("method", &self.operation.method)
            .field("path", &self.operation.path)
            .field("query", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Gives a rendered request what every request can do.
macro_rules! request {
    ($name:ident -> $body:ty) => {
        impl $name {
            /// Lays per-request options over the client's settings.
            pub fn with_options(self, options: $crate::runtime::RequestOptions) -> Self {
                Self(self.0.options(options))
            }

            /// Sends the request and returns what its response carries.
            ///
            /// # Errors
            /// Whatever kept the value from coming; see [`Error`]($crate::Error).
            pub fn send(
                self,
            ) -> impl ::std::future::Future<Output = $crate::runtime::Result<$body>>
            + ::std::marker::Send {
                self.0.send()
            }

            /// Sends the request and returns what its response carries, with status, headers and
            /// correlation id.
            ///
            /// # Errors
            /// As for [`send`](Self::send).
            pub fn send_with_response(
                self,
            ) -> impl ::std::future::Future<
                Output = $crate::runtime::Result<$crate::runtime::Response<$body>>,
            > + ::std::marker::Send {
                self.0.send_with_response()
            }
        }
    };
}

pub(crate) use request;
