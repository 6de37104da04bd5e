use std::{fmt, sync::Arc};

use http::{Uri, header};
use tokio::time::Instant;

use super::{
    ClientBuilder, Error, Result,
    auth::{ByHand, Keyring},
    destination, encode,
    exchange::Exchange,
    retry::deadline,
    sender::{Outgoing, Received, Sender},
    service::Service,
    trace,
};

/// A client of one API. Cheap to clone and to share between tasks.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    /// Without a trailing slash.
    pub(super) base_url: String,
    /// Whether the caller set the base URL, which then replaces servers of single operations.
    pub(super) has_own_base_url: bool,
    /// Whether credentials may go to other machines without TLS.
    pub(super) allows_insecure_http: bool,
    pub(super) keyring: Keyring,
    pub(super) renews_on_unauthorized: bool,
    pub(super) keeps_mismatches: bool,
    pub(super) assumes_utc: bool,
    pub(super) timeout: std::time::Duration,
    pub(super) sender: Arc<Sender>,
}

impl Client {
    /// A builder of clients of an API.
    pub(crate) fn for_service(service: &'static Service) -> ClientBuilder {
        ClientBuilder::new(service)
    }

    /// The URL that operations' paths are appended to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Obtains a token now, if the client logs in and has none, so that wrong credentials are
    /// detected before the first call. This is optional: calls log in when they need a token.
    ///
    /// # Errors
    /// [`Error::is_login`] when the login fails, or failed a moment ago
    /// ([`Error::next_login_in`]); [`Error::is_timeout`] when it takes longer than the client's
    /// timeout.
    pub async fn log_in(&self) -> Result<()> {
        let began = Instant::now();
        let deadline = deadline(self.0.timeout);
        for tokens in self.0.keyring.token_caches() {
            let token = tokens.get(deadline).await;
            token.map_err(|error| {
                let error = Error::login("login", error);
                trace::failed(&error, Some(began.elapsed()));
                error
            })?;
        }
        Ok(())
    }

    pub(super) fn has_own_base_url(&self) -> bool {
        self.0.has_own_base_url
    }

    pub(super) fn keeps_mismatches(&self) -> bool {
        self.0.keeps_mismatches
    }

    pub(super) fn assumes_utc(&self) -> bool {
        self.0.assumes_utc
    }

    pub(super) fn service(&self) -> &'static Service {
        self.0.sender.service
    }

    /// Sends a request. Any status except a success is an error.
    pub(super) async fn exchange(&self, exchange: &Exchange) -> Result<Received> {
        let operation = exchange.operation();
        let sender = &self.0.sender;
        let options = &exchange.options;
        let by_hand = ByHand {
            headers: [&exchange.headers, &options.headers],
            query: [&exchange.query, &options.query],
        };
        let grant = self.0.keyring.grant(exchange.security(), by_hand);
        let grant = grant.map_err(|message| Error::unequipped(operation.id, message))?;
        // If the caller sets `Authorization`, no token is needed.
        let has_own = [&exchange.headers, &options.headers]
            .into_iter()
            .any(|headers| headers.contains_key(header::AUTHORIZATION));
        let url = url(exchange, &grant.query)?;
        if !self.0.allows_insecure_http && destination::is_exposed_uri(&url) {
            let all = [&grant.headers, &exchange.headers, &options.headers];
            let is_shown = grant.tokens.is_some() || !grant.query.is_empty();
            if is_shown || all.into_iter().any(destination::has_credentials) {
                let message = destination::exposure(exchange.base_url());
                return Err(Error::unequipped(operation.id, message));
            }
        }
        let outgoing = Outgoing {
            operation,
            method: exchange.method.clone(),
            url,
            headers: [&grant.headers, &exchange.headers, &options.headers],
            body: exchange.whole_body(),
            wants_stream: exchange.wants_stream(),
            tokens: grant.tokens.as_ref().filter(|_| !has_own),
            renews_on_unauthorized: self.0.renews_on_unauthorized,
            deadline: deadline(options.timeout.unwrap_or(self.0.timeout)),
            attempt_timeout: options.attempt_timeout.unwrap_or(sender.attempt_timeout),
            retry: options.retry.unwrap_or(sender.retry),
            is_idempotent: options.idempotent.unwrap_or(operation.idempotent),
        };
        let delivery = sender.send(outgoing).await?;
        delivery.into_success(operation, sender.service)
    }
}

/// The URL of a request. `own` is what the client adds to its query.
fn url(exchange: &Exchange, own: &str) -> Result<Uri> {
    // A link to the next page may already contain these pairs.
    let own = match own {
        "" => String::new(),
        own => encode::without(own, &encode::names(&exchange.query)),
    };
    let base_url = exchange.base_url();
    let queries = [&exchange.query, &own, &exchange.options.query];
    let length = base_url.len() + exchange.path.len();
    let more: usize = queries.iter().map(|query| query.len() + 1).sum();
    let mut url = String::with_capacity(length + more);
    url.push_str(base_url);
    url.push_str(&exchange.path);
    let mut separator = '?';
    for pairs in queries {
        if !pairs.is_empty() {
            url.push(separator);
            url.push_str(pairs);
            separator = '&';
        }
    }
    let id = exchange.operation().id;
    Uri::try_from(url).map_err(|error| Error::request(id, format!("not a URL: {error}")))
}

impl fmt::Debug for Client {
    /// Omits the headers: they contain the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .finish_non_exhaustive()
    }
}
