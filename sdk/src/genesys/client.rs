use http::HeaderMap;

use super::{Config, Host, MtlsConfig, Region, RetryConfig, error};
use crate::{
    Client, ClientBuilder, Error, RateLimit, Result,
    generated::models,
    runtime::{
        codegen::{Scheme, SchemeKind},
        service::Service,
    },
};

/// The security scheme of all operations, by its name in the description.
const OAUTH: Scheme = Scheme {
    name: "PureCloudOAuth",
    kind: SchemeKind::OAuth2 { token_url: "" },
    set_by: "bearer_token",
};

static SERVICE: Service = Service {
    base_url: "https://api.mypurecloud.com",
    token_url: "https://login.mypurecloud.com/oauth/token",
    user_agent: concat!("genesys-cloud-users/", env!("CARGO_PKG_VERSION"), " (Rust)"),
    describe_error: error::describe,
    correlation_header: Some(error::CORRELATION_ID),
    rate_limit,
    keeps_mismatches: models::KEEPS_MISMATCHES,
    secrets: models::SECRETS,
    // Whatever the client has is sent: a gateway may take a key beside the token.
    security: &[],
    needs: &[&[&OAUTH]],
};

impl Client {
    /// A builder with the default region, `us_east_1`.
    pub fn builder() -> ClientBuilder {
        Self::for_service(&SERVICE)
    }

    /// A builder with the settings of the configuration file and the environment; see [`Config`].
    /// Settings made on the builder override them.
    ///
    /// # Errors
    /// [`Error::is_config`] if the file or a variable is invalid.
    pub fn configured() -> Result<ClientBuilder> {
        Self::builder().config(&Config::load()?)
    }
}

impl ClientBuilder {
    /// Sets the region of the organization, which determines the hosts of calls and logins.
    /// Replaces URLs set before.
    ///
    /// For a gateway in front of the platform see [`gateway`](Self::gateway).
    pub fn region(self, region: Region) -> Self {
        self.base_url(region.api_url())
            .login_url(&region.login_url())
    }

    /// Applies the settings of a configuration.
    ///
    /// An access token overrides the ID and secret of an OAuth client. A gateway overrides a host
    /// or a region, wherever those are set.
    ///
    /// # Errors
    /// [`Error::is_config`] if a certificate file cannot be read, or if settings contradict each
    /// other: an ID without its secret, a certificate without its key, a minimum wait above the
    /// maximum.
    pub fn config(mut self, config: &Config) -> Result<Self> {
        if let Some(host) = &config.host {
            self = self.host(host);
        }
        let gateway = &config.gateway;
        if let (Some(api), Some(login)) = (gateway.api_url(), gateway.login_url()) {
            self = self.base_url(api).login_url(&login);
        }
        if let Some(url) = config.proxy.url() {
            self = self.proxy(url);
        }
        self = with_certificates(self, &config.mtls)?;
        self = with_retries(self, &config.retry)?;
        if let Some(renew) = config.reauthentication.refresh_access_token {
            self = self.renew_on_unauthorized(renew);
        }
        if let Some(timeout) = config.reauthentication.refresh_token_wait_max {
            self = self.login_timeout(timeout);
        }
        if let Some(trace) = config.logging.request_body {
            self = self.trace_request_bodies(trace);
        }
        if let Some(trace) = config.logging.response_body {
            self = self.trace_response_bodies(trace);
        }
        match (
            &config.access_token,
            &config.client_id,
            &config.client_secret,
        ) {
            (Some(token), _, _) => Ok(self.bearer_token(token.clone())),
            #[cfg(feature = "oauth")]
            (None, Some(id), Some(secret)) => {
                let login = crate::Login::client_credentials(id, secret.clone());
                Ok(self.login(login))
            }
            (None, None, None) => Ok(self),
            #[cfg(feature = "oauth")]
            _ => Err(Error::config(
                "the ID of an OAuth client requires its secret, and the secret the ID",
            )),
            #[cfg(not(feature = "oauth"))]
            _ => Err(Error::config("an OAuth client needs the feature `oauth`")),
        }
    }

    /// Sets the host of the platform: a region, or another URL. Replaces URLs set before.
    pub fn host(self, host: &Host) -> Self {
        self.base_url(host.api_url()).login_url(&host.login_url())
    }

    /// Sets the URL of the login service, such as `https://login.mypurecloud.com`. A path after the
    /// host is kept.
    pub fn login_url(self, url: &str) -> Self {
        let url = url.trim_end_matches('/');
        self.token_url(format!("{url}/oauth/token"))
    }
}

fn with_certificates(mut builder: ClientBuilder, mtls: &MtlsConfig) -> Result<ClientBuilder> {
    if let Some(authorities) = &mtls.authorities {
        builder = builder.root_certificates(authorities.read()?.expose());
    }
    match (&mtls.certificate, &mtls.key) {
        (Some(certificate), Some(key)) => {
            Ok(builder.client_certificate(certificate.read()?.expose(), key.read()?))
        }
        (None, None) => Ok(builder),
        _ => Err(Error::config(
            "a client certificate requires its key, and the key the certificate",
        )),
    }
}

fn with_retries(builder: ClientBuilder, retry: &RetryConfig) -> Result<ClientBuilder> {
    let mut policy = builder.retry_policy();
    if let (Some(first), Some(longest)) = (retry.wait_min, retry.wait_max)
        && first > longest
    {
        return Err(Error::config("retry_wait_min is above retry_wait_max"));
    }
    if let Some(wait) = retry.wait_min {
        policy = policy.with_initial_backoff(wait).with_max_backoff_of(wait);
    }
    if let Some(wait) = retry.wait_max {
        policy = policy.with_max_backoff(wait);
    }
    if let Some(retries) = retry.max {
        policy = policy.with_max_retries(retries);
    }
    Ok(builder.retry(policy))
}

/// The platform sends these headers with successes, too. The time is in seconds.
fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    RateLimit::from_headers(
        headers,
        "inin-ratelimit-count",
        "inin-ratelimit-allowed",
        "inin-ratelimit-reset",
    )
}
