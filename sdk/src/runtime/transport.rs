use std::{error::Error as StdError, fmt, future::Future, pin::Pin, time::Duration};

use bytes::{Bytes, BytesMut};

/// A request as it goes to a [`Transport`]: absolute URL, all headers set, the body in memory.
pub type HttpRequest = http::Request<Bytes>;

/// A response as a [`Transport`] hands it back, body read to its end.
pub type HttpResponse = http::Response<Bytes>;

/// What [`Transport::send`] returns.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'a>>;

/// Carries one HTTP exchange.
///
/// The default is built on `reqwest`; another one can be given to
/// [`ClientBuilder::transport`](super::ClientBuilder::transport), for tests or for another HTTP
/// client.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request and reads the response, all within `timeout` and with a body of at most
    /// `max_body` bytes.
    ///
    /// A status of 400 and above is a response, not an error. Redirects must not be followed.
    fn send(&self, request: HttpRequest, timeout: Duration, max_body: usize)
    -> TransportFuture<'_>;
}

/// Why a [`Transport`] has no response to hand back.
#[derive(Debug)]
pub struct TransportError {
    pub(super) failure: Failure,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Connect,
    ConnectTimeout,
    Timeout,
    TooLarge,
    Other,
}

impl TransportError {
    /// No connection came about: nothing of the request reached the service.
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            failure: Failure::Connect,
            source: Some(source.into()),
        }
    }

    /// The time given for the exchange ran out.
    pub fn timeout() -> Self {
        Self {
            failure: Failure::Timeout,
            source: None,
        }
    }

    /// The body is larger than the bytes allowed.
    pub fn too_large() -> Self {
        Self {
            failure: Failure::TooLarge,
            source: None,
        }
    }

    /// The exchange broke in any other way.
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            failure: Failure::Other,
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure {
            Failure::Connect => "no connection to the service",
            Failure::ConnectTimeout => "no connection to the service within the time given",
            Failure::Timeout => "no complete response within the time given",
            Failure::TooLarge => "the response body is larger than allowed",
            Failure::Other => "the exchange with the service broke off",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The built-in transport. Private, so that reqwest's version is no part of the public API.
pub(super) struct Reqwest(pub(super) reqwest::Client);

impl Transport for Reqwest {
    fn send(
        &self,
        request: HttpRequest,
        timeout: Duration,
        max_body: usize,
    ) -> TransportFuture<'_> {
        Box::pin(async move {
            let mut request = reqwest::Request::try_from(request).map_err(from_reqwest)?;
            *request.timeout_mut() = Some(timeout);
            let mut response = self.0.execute(request).await.map_err(from_reqwest)?;
            if response
                .content_length()
                .is_some_and(|length| length > max_body as u64)
            {
                return Err(TransportError::too_large());
            }
            let mut body = BytesMut::new();
            while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
                if body.len() + chunk.len() > max_body {
                    return Err(TransportError::too_large());
                }
                body.extend_from_slice(&chunk);
            }
            let mut whole = http::Response::new(body.freeze());
            *whole.status_mut() = response.status();
            *whole.headers_mut() = std::mem::take(response.headers_mut());
            Ok(whole)
        })
    }
}

fn from_reqwest(error: reqwest::Error) -> TransportError {
    // The URL of a request can carry personal data; the error says which operation it was anyway.
    let error = error.without_url();
    if error.is_connect() {
        let failure = match error.is_timeout() {
            true => Failure::ConnectTimeout,
            false => Failure::Connect,
        };
        TransportError {
            failure,
            source: Some(error.into()),
        }
    } else if error.is_timeout() {
        TransportError::timeout()
    } else {
        TransportError::other(error)
    }
}
