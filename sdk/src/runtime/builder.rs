use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

use super::{
    Attempt, Client, Error, Result, RetryPolicy, Secret, Transport,
    client::Inner,
    credentials::{Credentials, LoginSettings},
    destination,
    gates::Gates,
    http_client::{HttpClient, HttpSettings, ProxySetting},
    printable::without_secrets,
    retry::RetryBudget,
    sender::{OnAttempt, Sender},
    service::Service,
    tls,
    transport::Bounded,
};

/// The settings of a [`Client`].
///
/// Setters store their arguments unchecked; [`build`](Self::build) validates all of them.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    service: &'static Service,
    /// Set by the caller; otherwise the service's own applies.
    base_url: Option<String>,
    token_url: Option<String>,
    /// Replaces scheme and host of both.
    gateway: Option<String>,
    allows_insecure_http: bool,
    user_agent: String,
    pub(super) credentials: Credentials,
    login_timeout: Duration,
    renews_on_unauthorized: bool,
    keeps_mismatches: bool,
    assumes_utc: bool,
    timeout: Duration,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    retry_budget: u32,
    holds_on_rate_limit: bool,
    max_response_bytes: usize,
    max_error_body_bytes: usize,
    on_attempt: Option<Box<OnAttempt>>,
    trace_request_bodies: bool,
    trace_response_bodies: bool,
    http: HttpSettings,
    transport: Option<Arc<dyn Transport>>,
    wrap_transport: Vec<Box<WrapTransport>>,
    default_headers: HeaderMap,
}

type WrapTransport = dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send;

impl ClientBuilder {
    pub(super) fn new(service: &'static Service) -> Self {
        Self {
            service,
            base_url: None,
            token_url: None,
            gateway: None,
            allows_insecure_http: false,
            user_agent: service.user_agent.to_owned(),
            credentials: Credentials::default(),
            login_timeout: Duration::from_secs(30),
            renews_on_unauthorized: true,
            keeps_mismatches: service.keeps_mismatches,
            assumes_utc: false,
            timeout: Duration::from_secs(180),
            attempt_timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            retry_budget: 100,
            holds_on_rate_limit: true,
            max_response_bytes: 64 << 20,
            max_error_body_bytes: 64 << 10,
            on_attempt: None,
            trace_request_bodies: false,
            trace_response_bodies: false,
            http: HttpSettings {
                connect_timeout: Duration::from_secs(10),
                ..HttpSettings::default()
            },
            transport: None,
            wrap_transport: Vec::new(),
            default_headers: HeaderMap::new(),
        }
    }

    /// Sets the URL that operations' paths are appended to: scheme and host, and a path prefix if
    /// the API has one. It also replaces the servers that single operations declare.
    ///
    /// It does not redirect logins. A client with a [login](Self::login) also needs a
    /// [`token_url`](Self::token_url), unless the base URL is at the service's own host or at that
    /// of the logins; [`gateway`](Self::gateway) redirects both.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sends calls and logins through a gateway: its URL replaces the scheme and host of their
    /// URLs, and its path is put before their paths. Discards a base URL or token URL set before.
    pub fn gateway(mut self, url: impl Into<String>) -> Self {
        self.gateway = Some(url.into());
        self.base_url = None;
        self.token_url = None;
        self
    }

    /// Permits sending credentials to other machines over `http://`, where anybody on the network
    /// path can read them. Otherwise [`build`](Self::build) refuses such a client, and calls that
    /// would expose credentials fail unsent.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allows_insecure_http = true;
        self
    }

    /// Sets the URL that token requests are sent to.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Sets the timeout of a login, including its retries. Default: 30 s.
    pub fn login_timeout(mut self, timeout: Duration) -> Self {
        self.login_timeout = timeout;
        self
    }

    /// Sets whether a call that is answered 401 is sent once more with a new token, if the client
    /// can obtain one. Default: `true`. Tokens are renewed ahead of their expiry either way.
    pub fn renew_on_unauthorized(mut self, renew: bool) -> Self {
        self.renews_on_unauthorized = renew;
        self
    }

    /// Sets whether a response is kept although values of optional fields do not fit: the fields are `None`,
    /// [`Response::mismatches`](super::Response::mismatches) lists them, and their JSON is in `extra`. Otherwise
    /// such a response is an error. Default: `true` if the crate was generated with
    /// `required_in_responses = "tolerate"`.
    pub fn keep_mismatches(mut self, keep: bool) -> Self {
        self.keeps_mismatches = keep;
        self
    }

    /// Sets whether times without a zone in responses are in UTC. Otherwise they are no instants, and their fields do
    /// not fit. Default: `false`.
    pub fn assume_utc(mut self, assume: bool) -> Self {
        self.assumes_utc = assume;
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = text.into();
        self
    }

    /// Sets the timeout of a whole call: the login, all attempts, and the waits between them.
    /// Default: 180 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the timeout of each attempt, from connecting to the end of the body. Default: 60 s; the
    /// rest of the call's timeout, if that is shorter. If the body is read as a stream, this limits
    /// the wait for the response headers and for each chunk, and the call's timeout ends with the
    /// headers.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the timeout for connecting, within the attempt. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Sets how often and after which waits requests are retried.
    ///
    /// The client retries what is safe to repeat: any request that was not sent because the
    /// connection failed, or that was answered 429; and requests of idempotent operations that were
    /// answered 502, 503 or 504, broke off or timed out. It honors `Retry-After` (in seconds or as
    /// a date); if that is longer than the time left for the call, the call fails at once.
    ///
    /// A 429 with `Retry-After` does not count as a retry: the request is repeated as often as the
    /// call's timeout permits, unless the policy is [`RetryPolicy::none`]. See
    /// [`hold_on_rate_limit`](Self::hold_on_rate_limit).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many retries the client may send without a success in between, over all its calls;
    /// every fifth success permits one more, up to this number. Default: 100. The budget prevents
    /// retries from multiplying the load of a service in trouble. Retries after a 429 with
    /// `Retry-After` and after a failed connection are free, for they add no such load.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Sets whether calls wait while the service's rate limit permits no more requests. Default:
    /// `true`.
    ///
    /// After a 429 with `Retry-After`, all calls of this client to that host wait for that time, at
    /// most 180 s. If response headers report how many requests remain in a window of up to a
    /// minute, calls wait for its end once it is used up, before a 429 occurs. Then a few calls are
    /// sent first, and the others follow when those are answered: first come, first served.
    ///
    /// Calls keep to their timeouts. A call whose timeout ends before the wait after a 429 does
    /// fails at once; the error has the status and body of that 429, [`Error::is_rate_limited`] is
    /// true, and [`Error::retry_after`] is the rest of the wait. Headers alone fail no call: one
    /// without the time to wait for the next window is sent. [`Attempt::held`] is how long a call
    /// waited.
    ///
    /// With `false`, each call is sent regardless of other calls. That fits services that limit
    /// single operations rather than clients.
    pub fn hold_on_rate_limit(mut self, hold: bool) -> Self {
        self.holds_on_rate_limit = hold;
        self
    }

    /// Sets the maximum size of a success response's body, in bytes after decompression. A larger
    /// one fails the call. Default: 64 MiB.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets the size, in bytes, to which the body of an error response is truncated. Default: 64
    /// KiB.
    pub fn max_error_body_bytes(mut self, bytes: usize) -> Self {
        self.max_error_body_bytes = bytes;
        self
    }

    /// Calls a function after every attempt at a call or a login.
    pub fn on_attempt(mut self, observe: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.on_attempt = Some(Box::new(observe));
        self
    }

    /// Sets whether request bodies are logged through `tracing` at level `TRACE`, with the values
    /// of secret properties redacted. They can still contain personal data. Default: `false`.
    /// Without the feature `tracing` this has no effect.
    pub fn trace_request_bodies(mut self, trace: bool) -> Self {
        self.trace_request_bodies = trace;
        self
    }

    /// Like [`trace_request_bodies`](Self::trace_request_bodies), for response bodies.
    pub fn trace_response_bodies(mut self, trace: bool) -> Self {
        self.trace_response_bodies = trace;
        self
    }

    /// Sends all requests through a proxy. Its URL may contain a user name and a password. By
    /// default, the proxies in the environment variables are used.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.http.proxy = ProxySetting::Url(url.into());
        self
    }

    /// Uses no proxy and ignores the environment variables that name one.
    pub fn no_proxy(mut self) -> Self {
        self.http.proxy = ProxySetting::None;
        self
    }

    /// Trusts these root certificates, in PEM, in addition to the system's.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self
    }

    /// Presents a client certificate (mutual TLS): the certificate with its chain, and the key in
    /// PKCS #8, all in PEM. The server's certificate is verified as usual.
    pub fn client_certificate(
        mut self,
        certificate_pem: impl Into<Vec<u8>>,
        key_pem: impl Into<Secret>,
    ) -> Self {
        self.http.client_certificate = Some((certificate_pem.into(), key_pem.into()));
        self
    }

    /// Adds a header to every request that does not set one of that name.
    pub fn default_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.default_headers.insert(name, value);
        self
    }

    /// Sends requests through this transport instead of the built-in HTTP client. The connection
    /// settings (proxy, certificates, connect timeout) then have no effect.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Wraps the transport, built-in or not, in middleware: it sees each attempt, logins included,
    /// and can modify, answer or refuse it. The last one added is the outermost.
    pub fn wrap_transport<T: Transport>(
        mut self,
        wrap: impl FnOnce(Arc<dyn Transport>) -> T + Send + 'static,
    ) -> Self {
        let wrap = |inner| -> Arc<dyn Transport> { Arc::new(wrap(inner)) };
        self.wrap_transport.push(Box::new(wrap));
        self
    }

    /// Builds the client. Sends nothing.
    ///
    /// # Errors
    /// [`Error::is_config`] when the base URL is not an absolute `http` or `https` URL without
    /// query, when the token URL is not a URL, when credentials or the user agent contain
    /// characters that a header cannot carry, when credentials would be sent to another machine
    /// over `http://` (see [`allow_insecure_http`](Self::allow_insecure_http)), when
    /// [`base_url`](Self::base_url) redirects calls but not the login, or when the HTTP client
    /// cannot be set up.
    pub fn build(self) -> Result<Client> {
        let has_own_base_url = self.base_url.is_some() || self.gateway.is_some();
        let gateway = self.gateway.as_deref().map(check_base_url).transpose()?;
        let base_url = match (&self.base_url, &gateway) {
            (Some(url), _) => check_base_url(url)?,
            (None, Some(gateway)) => {
                let path = destination::path(self.service.base_url);
                format!("{gateway}{path}")
            }
            (None, None) => check_base_url(self.service.base_url)?,
        };
        let default_headers_have_credentials = destination::has_credentials(&self.default_headers);
        let has_credentials = self.credentials.is_any() || default_headers_have_credentials;
        if has_credentials && !self.allows_insecure_http && destination::is_exposed(&base_url) {
            return Err(Error::config(destination::exposure(&base_url)));
        }
        let own_origin = destination::origin(self.service.base_url);
        let is_moved = own_origin.is_some() && destination::origin(&base_url) != own_origin;
        let mut headers = HeaderMap::new();
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::config("the user agent has characters a header cannot carry"))?;
        headers.insert(header::USER_AGENT, user_agent.clone());
        // Sent even if no body is expected: error bodies are JSON.
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        // A custom transport may present a certificate that the client does not know of.
        let has_certificate = self.http.client_certificate.is_some() || self.transport.is_some();
        let mut transport: Arc<dyn Transport> = match self.transport {
            Some(transport) => Arc::new(Bounded(transport)),
            None if base_url.starts_with("https:") && !tls::IS_THERE => {
                let message = "an https URL needs the feature `rustls` or `native-tls`";
                return Err(Error::config(message));
            }
            None => Arc::new(HttpClient::new(self.http)?),
        };
        for wrap in self.wrap_transport {
            transport = Arc::new(Bounded(wrap(transport)));
        }
        let sender = Arc::new(Sender {
            service: self.service,
            transport,
            retry: self.retry,
            budget: RetryBudget::for_retries(self.retry_budget),
            gates: self.holds_on_rate_limit.then(Gates::default),
            attempt_timeout: self.attempt_timeout,
            max_body: self.max_response_bytes,
            max_error_body: self.max_error_body_bytes,
            on_attempt: self.on_attempt,
            trace_request_bodies: self.trace_request_bodies,
            trace_response_bodies: self.trace_response_bodies,
        });
        let settings = LoginSettings {
            base_url: &base_url,
            token_url: self.token_url.as_deref().unwrap_or(self.service.token_url),
            is_for_all: self.token_url.is_some(),
            gateway: gateway.as_deref(),
            leaves_logins_behind: is_moved && self.token_url.is_none() && gateway.is_none(),
            allows_insecure_http: self.allows_insecure_http,
            sender: &sender,
            user_agent: &user_agent,
            timeout: self.login_timeout,
        };
        let keyring = self.credentials.into_keyring(
            headers,
            self.default_headers,
            self.service,
            has_certificate,
            &settings,
        )?;
        Ok(Client(Arc::new(Inner {
            base_url,
            has_own_base_url,
            allows_insecure_http: self.allows_insecure_http,
            keyring,
            renews_on_unauthorized: self.renews_on_unauthorized,
            keeps_mismatches: self.keeps_mismatches,
            assumes_utc: self.assumes_utc,
            timeout: self.timeout,
            sender,
        })))
    }

    /// Returns the retry policy set so far.
    #[allow(
        dead_code,
        reason = "made for code that knows the API; not every API needs it"
    )]
    pub(crate) fn retry_policy(&self) -> RetryPolicy {
        self.retry
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `build` refuses URLs with secrets; until then they must not be shown.
        let base_url = self.base_url.as_deref().unwrap_or(self.service.base_url);
        f.debug_struct("ClientBuilder")
            .field("base_url", &without_secrets(base_url))
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn check_base_url(text: &str) -> Result<String> {
    if text.contains('@') {
        // The message does not quote the text: what precedes the @ is usually a password.
        return Err(Error::config(
            "the base URL must not contain a user name, a password or an @",
        ));
    }
    let refuse =
        |why: &str| Error::config(format!("the base URL {:?} {why}", without_secrets(text)));
    let url: Uri = text.parse().map_err(|_| refuse("is not a URL"))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none_or(str::is_empty) {
        return Err(refuse("is not an absolute http or https URL"));
    }
    if url.query().is_some() || text.contains('#') {
        return Err(refuse("must not have a query or a fragment"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests;
