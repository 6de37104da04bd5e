//! Sends token requests and converts their failures to errors.

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use oauth2::{AsyncHttpClient, RequestTokenError, basic::BasicErrorResponse};

use super::{
    super::{
        error::Answer,
        operation::Operation,
        printable,
        retry::{deadline, is_transient, retry_after},
        sender::{Outgoing, Sender},
        transport::{Failure, TransportError},
    },
    TokenError,
    token::{LoginExchange, Reason},
};

static LOGIN: Operation = Operation {
    id: "login",
    method: Method::POST,
    path: "",
    idempotent: false,
};

/// The HTTP client for one token request, in the form that `oauth2` takes.
pub(super) struct TokenHttpClient<'a> {
    pub(super) sender: &'a Sender,
    pub(super) user_agent: &'a HeaderValue,
    pub(super) timeout: Duration,
    pub(super) is_idempotent: bool,
    /// The part of the exchange that errors report.
    pub(super) exchange: Mutex<LoginExchange>,
}

impl<'c> AsyncHttpClient<'c> for TokenHttpClient<'_> {
    type Error = TokenError;
    type Future =
        Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, TokenError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

impl TokenHttpClient<'_> {
    pub(super) async fn carry(
        &self,
        request: oauth2::HttpRequest,
    ) -> Result<oauth2::HttpResponse, TokenError> {
        let (parts, body) = request.into_parts();
        let host = printable::host(&parts.uri);
        let mut headers = parts.headers;
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(value) = headers.get_mut(header::AUTHORIZATION) {
            value.set_sensitive(true);
        }
        let none = HeaderMap::new();
        let outgoing = Outgoing {
            operation: &LOGIN,
            method: parts.method,
            url: parts.uri,
            headers: [&headers, &none, &none],
            body: Some(body.into()),
            wants_stream: false,
            tokens: None,
            renews_on_unauthorized: false,
            // `TokenCache` ends a login that takes too long; this deadline comes after it.
            deadline: deadline(self.timeout.saturating_add(Duration::from_secs(1))),
            attempt_timeout: self.sender.attempt_timeout,
            retry: self.sender.retry,
            is_idempotent: self.is_idempotent,
        };
        let delivery = self.sender.send(outgoing).await;
        let delivery = delivery.map_err(|error| TokenError::because(Reason::Other, error))?;
        let held = delivery.held();
        let (outcome, note) = delivery.into_parts();
        let answer = outcome.as_ref().ok();
        let answer = answer.map(|response| Answer::of_login(response, self.sender.service));
        // The error already names the time of the next login.
        let asks = |answer: &Answer| retry_after(answer.headers()).is_some();
        let note = note.filter(|_| !answer.as_ref().is_some_and(asks));
        self.remember(LoginExchange { host, answer, note });
        let response = match outcome {
            Ok(response) => response,
            Err(error) => return Err(self.broken_off(error)),
        };
        let status = response.status();
        // OAuth's error format covers neither transient failures nor responses of proxies.
        let is_json = response.body().first() == Some(&b'{');
        if is_transient(status) || (!status.is_success() && !is_json) {
            let error = self.not_oauth();
            return Err(match held {
                // The response is that of an earlier request, and part of its wait is over.
                Some(wait) => error.with_retry_after(wait),
                None => error,
            });
        }
        Ok(response.map(Vec::from))
    }

    fn remember(&self, exchange: LoginExchange) {
        *self.exchange.lock().unwrap_or_else(PoisonError::into_inner) = exchange;
    }

    /// Adds the exchange to an error.
    fn with_exchange(&self, error: TokenError) -> TokenError {
        let mut exchange = self.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        error.in_exchange(std::mem::take(&mut *exchange))
    }

    pub(super) fn failure(
        &self,
        error: RequestTokenError<TokenError, BasicErrorResponse>,
    ) -> TokenError {
        match error {
            RequestTokenError::ServerResponse(error) => self.refused(&error),
            RequestTokenError::Request(error) => error,
            // The texts of these errors can contain the response, and so a token.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => self.not_oauth(),
        }
    }

    /// The login service refused the login, with an OAuth error.
    pub(super) fn refused(&self, error: &BasicErrorResponse) -> TokenError {
        let description = error.error_description().cloned();
        self.with_exchange(TokenError::refused(error.error().as_ref(), description))
    }

    /// The exchange failed without a complete response.
    fn broken_off(&self, error: TransportError) -> TokenError {
        let reason = match error.failure {
            Failure::Connect | Failure::ConnectTimeout => Reason::Unsent,
            Failure::Timeout | Failure::Other => Reason::Unanswered,
            Failure::TooLarge | Failure::Refused => Reason::Other,
        };
        self.with_exchange(TokenError::because(reason, error))
    }

    /// The response is not an OAuth token or error response.
    pub(super) fn not_oauth(&self) -> TokenError {
        let mut error = self.with_exchange(TokenError::of(Reason::Other));
        let status = error.answer().map(|answer| answer.status);
        error.reason = match status {
            Some(StatusCode::TOO_MANY_REQUESTS) => Reason::Unsent,
            Some(status) if is_transient(status) => Reason::Unanswered,
            _ => Reason::Other,
        };
        error
    }
}
