use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::time::Instant;

use super::{
    Body, ByteStream, Client, Error, Mismatch, Param, RequestOptions, Result,
    auth::Alternatives,
    constants::Constants,
    date_time,
    decode_failure::Unreadable,
    encode, lenient,
    multipart::{Multipart, Part},
    operation::Operation,
    sender::Received,
    trace,
    transport::WholeResponse,
};

/// A request under construction. `run` reports the first value that cannot be sent, so that setters
/// need not return a `Result`.
#[derive(Clone)]
pub(super) struct Exchange {
    client: Client,
    operation: &'static Operation,
    /// The operation's method, except for raw requests.
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Body>,
    pub(super) options: RequestOptions,
    defect: Option<String>,
    special: Option<Box<Special>>,
}

/// Fields that few requests use.
#[derive(Clone, Default)]
struct Special {
    multipart: Option<Multipart>,
    /// The encoded pairs of a form body.
    form: Option<String>,
    server: Option<&'static str>,
    security: Option<Alternatives>,
    wants_stream: bool,
    expected: Constants,
    /// The media type that a success must have.
    required: Option<&'static str>,
}

impl Exchange {
    pub(super) fn new(client: &Client, operation: &'static Operation) -> Self {
        // Reserves capacity for the values of parameters.
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
            options: RequestOptions::default(),
            defect: None,
            special: None,
        }
    }

    fn special(&mut self) -> &mut Special {
        self.special.get_or_insert_default()
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

    /// Sets a JSON body.
    pub(super) fn set_json(&mut self, body: Bytes) {
        let json = HeaderValue::from_static("application/json");
        self.set_content(json, body);
    }

    /// Sets a body of any type.
    pub(super) fn set_content(&mut self, content_type: HeaderValue, body: impl Into<Body>) {
        self.body = Some(body.into());
        self.set_header(header::CONTENT_TYPE, content_type);
    }

    /// The body, if there is one and it is in memory.
    pub(super) fn body_bytes(&self) -> Option<&[u8]> {
        self.body.as_ref()?.as_bytes().map(|bytes| &**bytes)
    }

    /// Makes the body multipart, without parts yet.
    pub(super) fn set_multipart(&mut self) {
        self.add_parts(|_| Ok(()));
    }

    /// Adds a part to a multipart body.
    pub(super) fn add_part(&mut self, part: Result<Part, String>) {
        self.add_parts(|multipart| {
            multipart.add(part?);
            Ok(())
        });
    }

    fn add_parts(&mut self, add: impl FnOnce(&mut Multipart) -> Result<(), String>) {
        let multipart = self.special().multipart.get_or_insert_default();
        let added = add(multipart);
        let content_type = HeaderValue::try_from(multipart.content_type());
        match (added, content_type) {
            (Ok(()), Ok(value)) => self.set_header(header::CONTENT_TYPE, value),
            (Err(defect), _) => self.refuse(defect),
            (_, Err(error)) => self.refuse(error.to_string()),
        }
    }

    /// The encoded pairs of the body, which becomes a form.
    pub(super) fn form(&mut self) -> &mut String {
        if self.special().form.is_none() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            self.set_header(header::CONTENT_TYPE, form);
        }
        self.special().form.get_or_insert_default()
    }

    /// Sets the operation's own server.
    pub(super) fn set_server(&mut self, url: &'static str) {
        self.special().server = Some(url.trim_end_matches('/'));
    }

    /// Sets the credentials that the operation requires.
    pub(super) fn set_security(&mut self, alternatives: Alternatives) {
        self.special().security = Some(alternatives);
    }

    /// Requests the body of the response as a stream.
    pub(super) fn want_stream(&mut self) {
        self.special().wants_stream = true;
    }

    pub(super) fn wants_stream(&self) -> bool {
        self.special.as_ref().is_some_and(|it| it.wants_stream)
    }

    pub(super) fn security(&self) -> Option<Alternatives> {
        self.special.as_ref()?.security
    }

    /// The URL that the path is appended to, without a trailing slash.
    pub(super) fn base_url(&self) -> &str {
        let server = self.special.as_ref().and_then(|it| it.server);
        let server = server.filter(|_| !self.client.has_own_base_url());
        server.unwrap_or_else(|| self.client.base_url())
    }

    /// The body to send.
    pub(super) fn whole_body(&self) -> Option<Body> {
        let special = self.special.as_deref();
        if let Some(multipart) = special.and_then(|it| it.multipart.as_ref()) {
            return Some(multipart.body());
        }
        match special.and_then(|it| it.form.as_ref()) {
            Some(form) => Some(form.clone().into()),
            None => self.body.clone(),
        }
    }

    /// Records why the request cannot be sent.
    pub(super) fn refuse(&mut self, defect: impl Into<String>) {
        self.defect.get_or_insert_with(|| defect.into());
    }

    /// Requires that a success is of a media type.
    pub(super) fn require(&mut self, media_type: &'static str) {
        self.special().required = Some(media_type);
    }

    /// The media type of a response, if it is not the required one. Services that declare none are believed.
    fn other_media_type(&self, response: &WholeResponse) -> Option<String> {
        let required = self.special.as_ref()?.required?;
        let found = response
            .headers()
            .get(header::CONTENT_TYPE)?
            .to_str()
            .ok()?;
        let essence = |media_type: &str| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence.to_ascii_lowercase()
        };
        let (found, required) = (essence(found), essence(required));
        // Only what is plainly something else: events and JSON are never each other.
        let is_other = found != required
            && (required == "text/event-stream" || found.ends_with("json"))
            && !required.contains('*');
        is_other.then_some(found)
    }

    /// Sets a boolean property of the JSON body to `true`.
    pub(super) fn set_flag(&mut self, name: &'static str) {
        let body = self.body_bytes().unwrap_or(b"{}");
        match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body) {
            Ok(mut members) => {
                members.insert(name.to_owned(), true.into());
                self.set_body(serde_json::to_vec(&members));
            }
            Err(_) => self.refuse(format!("the body is no object with `{name}`")),
        }
    }

    pub(super) fn expect(&mut self, constants: Constants) {
        self.special().expected = constants;
    }

    /// The constants of the declared success.
    pub(super) fn expected(&self) -> Constants {
        self.special
            .as_ref()
            .map_or(&[], |special| special.expected)
    }

    /// Refuses the request if a parameter has a value that cannot be sent.
    pub(super) fn check(&mut self, name: &str, value: &dyn Param) {
        if let Some(defect) = value.defect() {
            self.refuse(format!("the parameter `{name}` cannot be sent: {defect}"));
        }
    }

    pub(super) fn set_body(&mut self, body: Result<Vec<u8>, serde_json::Error>) {
        match body {
            Ok(body) => self.set_json(body.into()),
            Err(error) => {
                self.refuse(format!("the body cannot be written as JSON: {error}"));
            }
        }
    }

    /// Whether the body, or a part of it, is a stream that has been read.
    fn is_spent(&self) -> bool {
        let special = self.special.as_ref();
        let parts = special.and_then(|special| special.multipart.as_ref());
        self.body.as_ref().is_some_and(Body::is_spent) || parts.is_some_and(Multipart::is_spent)
    }

    /// Sends the request. Any status except a success is an error. Errors are logged here, once.
    pub(super) async fn run(&self) -> Result<Received> {
        let began = Instant::now();
        let mut outcome = self.run_unlogged().await;
        if let Ok(received) = &mut outcome
            && let Some(other) = self.other_media_type(&received.response)
        {
            let body = ByteStream::of(received, self).collect().await?;
            let received = received.with_body(body);
            return Err(self.undecodable(received, &Unreadable::MediaType(other)));
        }
        if let Err(error) = &outcome {
            trace::failed(error, Some(began.elapsed()));
        }
        outcome
    }

    async fn run_unlogged(&self) -> Result<Received> {
        let id = self.operation.id;
        if let Some(defect) = &self.defect {
            return Err(Error::request(id, defect.as_str()));
        }
        if self.is_spent() {
            let message = "the body is a stream that has been sent before";
            return Err(Error::request(id, message));
        }
        self.client.exchange(self).await
    }

    /// The error for a success whose body could not be decoded.
    /// Decodes a body, and reports what was left out of it.
    pub(super) fn decoding<R>(&self, decode: impl FnOnce() -> R) -> (R, Vec<Mismatch>) {
        let (decoded, mismatches) = lenient::during(self.client.keeps_mismatches(), || {
            date_time::assuming_utc(self.client.assumes_utc(), decode)
        });
        if !mismatches.is_empty() {
            trace::mismatched(self.operation.id, &mismatches);
        }
        (decoded, mismatches)
    }

    pub(super) fn undecodable(&self, received: Received, error: &Unreadable) -> Error {
        let failure = error.of_response(&received.response);
        let (id, service) = (self.operation.id, self.client.service());
        let error = Error::decode(id, received.response, service, failure);
        let error = error.after(received.attempts, None);
        trace::failed(&error, None);
        error
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
