use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};

use super::{
    ClientBuilder, Error, RequestOptions, Result,
    auth::{NoToken, TokenCache},
    encode,
    operation::Operation,
    retry::deadline,
    sender::{Outgoing, Received, Sender},
    service::Service,
};

/// A connection to one API, cheap to clone and to share between tasks.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    /// Without a slash at its end.
    pub(super) base_url: String,
    /// Sent with every request.
    pub(super) headers: HeaderMap,
    /// Added to every query: an API key, as a rule nothing.
    pub(super) query: String,
    pub(super) tokens: Option<TokenCache>,
    pub(super) renews_on_unauthorized: bool,
    pub(super) timeout: std::time::Duration,
    pub(super) sender: Arc<Sender>,
}

impl Client {
    /// The settings of a client of an API.
    pub(crate) fn for_service(service: &'static Service) -> ClientBuilder {
        ClientBuilder::new(service)
    }

    /// The URL that operations' paths are appended to, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Gets a token now, if the client logs in and has none, so that wrong credentials show before
    /// the first call. There is no need to: calls log in by themselves.
    ///
    /// # Errors
    /// [`Error::is_login`] when the login fails, [`Error::is_timeout`] when it takes longer than the
    /// client's timeout.
    pub async fn log_in(&self) -> Result<()> {
        let Some(tokens) = &self.0.tokens else {
            return Ok(());
        };
        match tokens.get(deadline(self.0.timeout)).await {
            Ok(_) => Ok(()),
            Err(NoToken::Timeout) => {
                let error = super::TransportError::timeout();
                Err(Error::transport("login", error))
            }
            Err(NoToken::Failed(error)) => Err(Error::login("login", error)),
        }
    }

    pub(super) fn service(&self) -> &'static Service {
        self.0.sender.service
    }

    /// Sends a request; any status but a success is an error. `target` is a path with a query.
    pub(super) async fn exchange(
        &self,
        operation: &'static Operation,
        method: Method,
        target: &str,
        mut headers: HeaderMap,
        body: Option<Bytes>,
        options: &RequestOptions,
    ) -> Result<Received> {
        let Inner {
            base_url, sender, ..
        } = &*self.0;
        let url = self.url(operation, base_url, target, &options.query)?;
        if headers.is_empty() {
            headers.clone_from(&self.0.headers);
        } else {
            for (name, value) in &self.0.headers {
                headers.entry(name).or_insert_with(|| value.clone());
            }
        }
        // Some proxies insist on a length where a body could be; of what has none, HTTP does not.
        let needs_length = matches!(method, Method::POST | Method::PUT | Method::PATCH);
        if needs_length && body.is_none() {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in &options.headers {
            headers.insert(name.clone(), value.clone());
        }
        // A caller who brings an `Authorization` needs no token.
        let has_own = options.headers.contains_key(header::AUTHORIZATION);
        let outgoing = Outgoing {
            operation,
            method,
            url,
            headers,
            body: body.unwrap_or_default(),
            tokens: self.0.tokens.as_ref().filter(|_| !has_own),
            renews_on_unauthorized: self.0.renews_on_unauthorized,
            deadline: deadline(options.timeout.unwrap_or(self.0.timeout)),
            attempt_timeout: options.attempt_timeout.unwrap_or(sender.attempt_timeout),
            retry: options.retry.unwrap_or(sender.retry),
            is_idempotent: options.idempotent.unwrap_or(operation.idempotent),
        };
        let delivery = sender.send(outgoing).await?;
        delivery.into_success(operation, sender.service)
    }

    fn url(
        &self,
        operation: &'static Operation,
        base_url: &str,
        target: &str,
        more: &str,
    ) -> Result<Uri> {
        // What a link to the next page has already is not added once more.
        let own = match self.0.query.as_str() {
            "" => String::new(),
            own => encode::without(
                own,
                &encode::names(target.split_once('?').unwrap_or_default().1),
            ),
        };
        let mut url =
            String::with_capacity(base_url.len() + target.len() + own.len() + more.len() + 2);
        url.push_str(base_url);
        url.push_str(target);
        let mut separator = if target.contains('?') { '&' } else { '?' };
        for pairs in [own.as_str(), more] {
            if !pairs.is_empty() {
                url.push(separator);
                url.push_str(pairs);
                separator = '&';
            }
        }
        Uri::try_from(url)
            .map_err(|error| Error::request(operation.id, format!("not a URL: {error}")))
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
