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
/// Setters take what they are given; [`build`](Self::build) checks it all.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    service: &'static Service,
    /// Given by the caller; the service has one of its own.
    base_url: Option<String>,
    token_url: Option<String>,
    /// Stands in place of scheme and host of both.
    gateway: Option<String>,
    allows_insecure_http: bool,
    user_agent: String,
    pub(super) credentials: Credentials,
    login_timeout: Duration,
    renews_on_unauthorized: bool,
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

    /// The URL that operations' paths are appended to: scheme and host, and a path if the API sits
    /// behind one. It stands in place of the servers that operations have of their own too.
    ///
    /// It does not move logins. With a [login](Self::login) it takes a [`token_url`](Self::token_url)
    /// besides, unless both hosts are the service's own or one; [`gateway`](Self::gateway) moves
    /// both.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sends calls and logins through a gateway: its URL stands in place of scheme and host of all
    /// of them, a path of it before their paths. Replaces URLs given before.
    pub fn gateway(mut self, url: impl Into<String>) -> Self {
        self.gateway = Some(url.into());
        self.base_url = None;
        self.token_url = None;
        self
    }

    /// Lets credentials go to other machines over `http://`, where everybody on the way can read
    /// them. Without this, a client that would send some is not built, and a call that would is not
    /// sent.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allows_insecure_http = true;
        self
    }

    /// The URL that token requests go to.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// The time one login may take, with its retries. 30 s unless set.
    pub fn login_timeout(mut self, timeout: Duration) -> Self {
        self.login_timeout = timeout;
        self
    }

    /// Whether a call that is answered 401 is sent once more with a new token, if the client can get
    /// one. It is unless set. Tokens are renewed ahead of their expiry either way.
    pub fn renew_on_unauthorized(mut self, renew: bool) -> Self {
        self.renews_on_unauthorized = renew;
        self
    }

    /// The text sent as `User-Agent`.
    pub fn user_agent(mut self, text: impl Into<String>) -> Self {
        self.user_agent = text.into();
        self
    }

    /// The time a whole call may take: the login, all attempts, and the waits between them. 180 s
    /// unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time each attempt may take, from connecting to the end of the body, within the whole.
    /// 60 s unless set. Of a body that is read as a stream it is the longest wait, for its beginning and
    /// for each piece, and the time given for the whole call ends with its beginning.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The time connecting may take, within the attempt. 10 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// How often and after what wait requests are sent again.
    ///
    /// Sent again is what is safe to repeat and has a chance: any request that never left, for
    /// there was no connection, or that was answered 429; and a request of an idempotent operation
    /// that was answered 502, 503 or 504, or whose exchange broke off or took too long. A wait that
    /// the service asks for (`Retry-After`, in seconds or as a date) is kept to; if it is longer
    /// than the time left for the call, the call fails at once.
    ///
    /// A 429 that says when to come back is no failure: the request is sent again as often as the
    /// time given for the call allows, unless the policy is [`RetryPolicy::none`]. See
    /// [`hold_on_rate_limit`](Self::hold_on_rate_limit).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many retries the client may send in a row without successes between them, over all its
    /// calls; every fifth success allows one more, up to this number. 100 unless set. It keeps
    /// clients from piling on a service in trouble. Two kinds of retries cost nothing, for they add
    /// nothing to that trouble: those after a 429 that says when to come back, and those after a
    /// request that never left, for there was no connection.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Whether calls wait while the service's rate limit allows no more. They do unless set.
    ///
    /// After a 429 that says when to come back (`Retry-After`), all calls of this client to that host
    /// wait until then, for 180 s at most. Where the service tells in headers how many requests
    /// remain in a window of up to a minute, calls wait for its end before a 429 comes. Then a few
    /// calls go first, and the others follow once those are answered: first come, first served.
    ///
    /// Each call keeps to the time given for it. One that would have to wait longer fails at once
    /// with an error of which [`Error::is_rate_limited`] and [`Error::retry_after`] tell, and that
    /// has the 429 of the call that met it. [`Attempt::held`] says how long a call waited.
    ///
    /// Switched off, each call finds out by itself, as is right where limits are those of single
    /// operations rather than of the client.
    pub fn hold_on_rate_limit(mut self, hold: bool) -> Self {
        self.holds_on_rate_limit = hold;
        self
    }

    /// The size, in bytes and after decompression, above which the body of a success is refused.
    /// 64 MiB unless set.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// The size, in bytes, that the body of an error response is cut to. 64 KiB unless set.
    pub fn max_error_body_bytes(mut self, bytes: usize) -> Self {
        self.max_error_body_bytes = bytes;
        self
    }

    /// Calls a function after every attempt at a call or a login.
    pub fn on_attempt(mut self, observe: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.on_attempt = Some(Box::new(observe));
        self
    }

    /// Whether the bodies of requests are told to `tracing`, at the level `TRACE`, with the values of
    /// secret properties blotted out. They hold personal data all the same. Off unless set; nothing
    /// happens without the feature `tracing`.
    pub fn trace_request_bodies(mut self, trace: bool) -> Self {
        self.trace_request_bodies = trace;
        self
    }

    /// The same for the bodies of responses.
    pub fn trace_response_bodies(mut self, trace: bool) -> Self {
        self.trace_response_bodies = trace;
        self
    }

    /// Sends all requests through a proxy, given as a URL that may hold user name and password.
    /// Without it the proxies that the environment names are used.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.http.proxy = ProxySetting::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.http.proxy = ProxySetting::None;
        self
    }

    /// Trusts the authorities of these certificates, in PEM, beside those the system trusts.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self
    }

    /// Shows a certificate to the service: the certificate and its chain, and the key in PKCS #8,
    /// all in PEM. The service's own certificate is checked as ever.
    pub fn client_certificate(
        mut self,
        certificate_pem: impl Into<Vec<u8>>,
        key_pem: impl Into<Secret>,
    ) -> Self {
        self.http.client_certificate = Some((certificate_pem.into(), key_pem.into()));
        self
    }

    /// A header sent with every request, unless the request has one of that name.
    pub fn default_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.default_headers.insert(name, value);
        self
    }

    /// Sends requests by something else than the built-in HTTP client. Settings of connections
    /// (proxy, certificates, the time for connecting) are then its own business.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Puts something around the transport, built-in or not: it sees each attempt, logins included,
    /// and can change, answer or refuse it. The last one given is the outermost.
    pub fn wrap_transport<T: Transport>(
        mut self,
        wrap: impl FnOnce(Arc<dyn Transport>) -> T + Send + 'static,
    ) -> Self {
        let wrap = |inner| -> Arc<dyn Transport> { Arc::new(wrap(inner)) };
        self.wrap_transport.push(Box::new(wrap));
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::is_config`] when the base URL is not an absolute `http` or `https` URL without
    /// query, when the token URL is none, when credentials or the user agent cannot stand where they
    /// belong, when credentials would go to another machine over `http://` (see
    /// [`allow_insecure_http`](Self::allow_insecure_http)), when only [`base_url`](Self::base_url)
    /// says where calls go and a login would go elsewhere, or when the HTTP client cannot be set up.
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
        let default_headers_show = destination::has_credentials(&self.default_headers);
        let has_credentials = self.credentials.is_any() || default_headers_show;
        if has_credentials && !self.allows_insecure_http && destination::is_exposed(&base_url) {
            return Err(Error::config(destination::exposure(&base_url)));
        }
        let own_origin = destination::origin(self.service.base_url);
        let is_moved = own_origin.is_some() && destination::origin(&base_url) != own_origin;
        let mut headers = HeaderMap::new();
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::config("the user agent has characters a header cannot carry"))?;
        headers.insert(header::USER_AGENT, user_agent.clone());
        // Also where no body is expected: the body of an error is JSON.
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        // A transport of the caller's own has whatever certificate it has.
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
            timeout: self.timeout,
            sender,
        })))
    }

    /// The policy of retries so far.
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
        // `build` refuses one with secrets; until then they must not be shown.
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
        // The text is not repeated: what stands before the @ is a password as a rule.
        return Err(Error::config(
            "the base URL must not have a user name, a password or an @",
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
