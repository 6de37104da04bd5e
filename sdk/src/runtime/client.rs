use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};

use super::{
    Error, ErrorSummary, Result, Secret, Transport,
    transport::{HttpRequest, HttpResponse, Reqwest},
};

/// A connection to one API, cheap to clone and to share between tasks.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    base_url: String,
    headers: HeaderMap,
    timeout: Duration,
    max_response_bytes: usize,
    describe_error: fn(&HttpResponse) -> ErrorSummary,
    transport: Box<dyn Transport>,
}

impl Client {
    /// The URL that operations' paths are appended to, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    pub(super) async fn exchange(
        &self,
        operation: &'static str,
        method: Method,
        target: &str,
        headers: HeaderMap,
        body: Option<Bytes>,
        timeout: Option<Duration>,
    ) -> Result<HttpResponse> {
        let Inner {
            base_url,
            headers: own,
            ..
        } = &*self.0;
        let url: Uri = format!("{base_url}{target}")
            .parse()
            .map_err(|error| Error::request(operation, format!("not a URL: {error}")))?;
        // Some proxies insist on a length where a body could be; of what has none, HTTP does not.
        let needs_length = matches!(method, Method::POST | Method::PUT | Method::PATCH);
        let is_bodiless = body.is_none();
        let mut request = HttpRequest::new(body.unwrap_or_default());
        *request.method_mut() = method;
        *request.uri_mut() = url;
        *request.headers_mut() = own.clone();
        if needs_length && is_bodiless {
            request
                .headers_mut()
                .insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in headers {
            if let Some(name) = name {
                request.headers_mut().insert(name, value);
            }
        }
        let timeout = timeout.unwrap_or(self.0.timeout);
        self.0
            .transport
            .send(request, timeout, self.0.max_response_bytes)
            .await
            .map_err(|error| Error::transport(operation, error))
    }

    pub(super) fn describe(&self, response: &HttpResponse) -> ErrorSummary {
        (self.0.describe_error)(response)
    }
}

impl fmt::Debug for Client {
    /// Leaves the headers out: one of them is the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
///
/// Setters take what they are given; [`build`](Self::build) checks it all.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    base_url: String,
    bearer_token: Option<Secret>,
    user_agent: String,
    timeout: Duration,
    connect_timeout: Duration,
    max_response_bytes: usize,
    describe_error: fn(&HttpResponse) -> ErrorSummary,
    transport: Option<Box<dyn Transport>>,
}

impl ClientBuilder {
    /// The settings an API starts from: where it is, how its clients call themselves, and how its
    /// error responses are to be read.
    pub(crate) fn new(
        base_url: impl Into<String>,
        user_agent: impl Into<String>,
        describe_error: fn(&HttpResponse) -> ErrorSummary,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            bearer_token: None,
            user_agent: user_agent.into(),
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 64 << 20,
            describe_error,
            transport: None,
        }
    }

    /// The URL that operations' paths are appended to: scheme and host, and a path if the API sits
    /// behind one.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The token sent as `Authorization: Bearer`.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.bearer_token = Some(token.into());
        self
    }

    /// The text sent as `User-Agent`.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = text.into();
        self
    }

    /// The time a whole exchange may take, from connecting to the end of the body. 60 s unless
    /// set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time connecting may take, within the whole. 10 s unless set; a transport of your own
    /// has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The size, in bytes, above which a response body is refused. 64 MiB unless set.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sends requests by something else than the built-in HTTP client.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::is_config`] when the base URL is not an absolute `http` or `https` URL without
    /// query, when the token or the user agent cannot stand in a header, or when the HTTP client
    /// cannot be set up.
    pub fn build(self) -> Result<Client> {
        let base_url = check_base_url(&self.base_url)?;
        let mut headers = HeaderMap::new();
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::config("the user agent has characters a header cannot carry"))?;
        headers.insert(header::USER_AGENT, user_agent);
        if let Some(token) = self.bearer_token {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .map_err(|_| Error::config("the token has characters a header cannot carry"))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Box::new(default_transport(self.connect_timeout)?),
        };
        Ok(Client(Arc::new(Inner {
            base_url,
            headers,
            timeout: self.timeout,
            max_response_bytes: self.max_response_bytes,
            describe_error: self.describe_error,
            transport,
        })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("bearer_token", &self.bearer_token)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn check_base_url(text: &str) -> Result<String> {
    if text.contains('@') {
        // The text is not repeated: what stands before the @ is a password as a rule.
        return Err(Error::config(
            "the base URL must not have a user name, a password or an @",
        ));
    }
    let refuse = |why: &str| Error::config(format!("the base URL {text:?} {why}"));
    let url: Uri = text.parse().map_err(|_| refuse("is not a URL"))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none_or(str::is_empty) {
        return Err(refuse("is not an absolute http or https URL"));
    }
    if url.query().is_some() || text.contains('#') {
        return Err(refuse("must not have a query or a fragment"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Follows no redirects: a redirect target is not the host the token is meant for.
fn default_transport(connect_timeout: Duration) -> Result<Reqwest> {
    reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map(Reqwest)
        .map_err(|error| Error::config(format!("the HTTP client cannot be set up: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> ClientBuilder {
        ClientBuilder::new("https://api.example.com/", "test", |_| {
            ErrorSummary::default()
        })
    }

    #[test]
    fn the_base_url_loses_its_last_slash() {
        assert_eq!(
            builder().build().unwrap().base_url(),
            "https://api.example.com"
        );
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        for url in [
            "",
            "api.example.com",
            "ftp://x",
            "https://",
            "https://x/?q=1",
            "https://x/#a",
        ] {
            let error = builder().base_url(url).build().unwrap_err();
            assert!(error.is_config(), "{url}: {error}");
        }
        let error = builder()
            .base_url("https://user:s3cr3t@x")
            .build()
            .unwrap_err();
        assert!(error.is_config() && !format!("{error} {error:?}").contains("s3cr3t"));
        assert!(
            builder()
                .bearer_token("a\nb")
                .build()
                .unwrap_err()
                .is_config()
        );
        assert!(
            builder()
                .user_agent("a\nb")
                .build()
                .unwrap_err()
                .is_config()
        );
    }

    #[test]
    fn debug_does_not_show_the_token() {
        let builder = builder().bearer_token("s3cr3t");
        assert!(!format!("{builder:?}").contains("s3cr3t"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("s3cr3t"));
    }
}
