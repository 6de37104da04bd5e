//! The built-in transport, on reqwest.

use std::{future::Future, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::Proxy;
use tokio::time::Instant;

use super::{
    Error, Result, Secret,
    retry::deadline,
    tls,
    transport::{
        HttpRequest, HttpResponse, Transport, TransportContext, TransportError, TransportFuture,
    },
};

/// What the built-in transport can be told.
#[derive(Clone, Debug, Default)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Duration,
    pub(super) proxy: ProxySetting,
    /// PEM texts.
    pub(super) root_certificates: Vec<Vec<u8>>,
    /// Certificate chain and key, as PEM.
    pub(super) client_certificate: Option<(Vec<u8>, Secret)>,
}

/// Which proxy requests go through.
#[derive(Clone, Debug, Default)]
pub(super) enum ProxySetting {
    /// What the environment and the operating system say.
    #[default]
    System,
    /// None, whatever they say.
    None,
    /// This one. Secret, because its URL can hold a password.
    Url(Secret),
}

/// The built-in transport. Private, so that reqwest's version is no part of the public API.
pub(super) struct HttpClient {
    client: reqwest::Client,
    /// A client for blocking calls, with connections of its own: those of the other one are looked
    /// after by tasks, perhaps of the very thread that a blocking call holds up.
    #[cfg(feature = "blocking")]
    blocking: std::sync::OnceLock<reqwest::Client>,
    #[cfg(feature = "blocking")]
    settings: HttpSettings,
}

impl HttpClient {
    /// Sets up connections; none is made yet.
    pub(super) fn new(settings: HttpSettings) -> Result<Self> {
        Ok(Self {
            client: client(settings.clone())?,
            #[cfg(feature = "blocking")]
            blocking: std::sync::OnceLock::new(),
            #[cfg(feature = "blocking")]
            settings,
        })
    }

    fn client(&self) -> Result<&reqwest::Client, TransportError> {
        #[cfg(feature = "blocking")]
        if super::blocking::is_blocking() {
            if let Some(client) = self.blocking.get() {
                return Ok(client);
            }
            let client = client(self.settings.clone()).map_err(TransportError::refused)?;
            return Ok(self.blocking.get_or_init(|| client));
        }
        Ok(&self.client)
    }

    async fn carry(
        &self,
        request: HttpRequest,
        context: TransportContext,
    ) -> Result<HttpResponse, TransportError> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let url = reqwest::Url::parse(&url).map_err(TransportError::refused)?;
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        // Not reqwest's own timeout for a request, which takes three allocations more.
        let deadline = deadline(context.timeout);
        let sending = self.client()?.execute(request);
        let mut response = in_time(deadline, sending).await?;
        let is_success = response.status().is_success();
        let limit = match is_success {
            true => context.max_body,
            false => context.max_error_body,
        };
        let length = response.content_length();
        if is_success && length.is_some_and(|length| length > limit as u64) {
            return Err(TransportError::too_large());
        }
        let mut body = BodyBuffer::default();
        loop {
            let mut chunk = match in_time(deadline, response.chunk()).await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) if is_success => return Err(error),
                // Status and headers tell enough of an error.
                Err(_) => break,
            };
            let room = limit - body.len();
            if chunk.len() > room {
                if is_success {
                    return Err(TransportError::too_large());
                }
                chunk.truncate(room);
                body.add(chunk, length);
                break;
            }
            body.add(chunk, length);
        }
        let mut whole = http::Response::new(body.finish());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        Ok(whole)
    }
}

fn client(settings: HttpSettings) -> Result<reqwest::Client> {
    // A redirect target is not the host that the token is meant for.
    let mut builder = tls::choose(reqwest::Client::builder())
        .connect_timeout(settings.connect_timeout)
        .redirect(reqwest::redirect::Policy::none());
    builder = match settings.proxy {
        ProxySetting::System => builder,
        ProxySetting::None => builder.no_proxy(),
        ProxySetting::Url(url) => builder.proxy(proxy(&url)?),
    };
    builder = tls::with_root_certificates(builder, &settings.root_certificates)?;
    if let Some((chain, key)) = settings.client_certificate {
        builder = tls::with_identity(builder, chain, key.expose())?;
    }
    builder.build().map_err(|error| {
        // What is wrong stands in the source as a rule.
        let cause = std::error::Error::source(&error).map(|source| format!(": {source}"));
        let cause = cause.unwrap_or_default();
        Error::config(format!("the HTTP client cannot be set up: {error}{cause}"))
    })
}

/// A proxy that can be used: requests must not go around one that cannot.
fn proxy(url: &Secret) -> Result<Proxy> {
    let text = url.expose();
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(Error::config(
            "the URL of the proxy is not an http or https URL",
        ));
    }
    // The error of reqwest would repeat the URL, with its password.
    Proxy::all(text).map_err(|_| Error::config("the URL of the proxy is not one"))
}

impl Transport for HttpClient {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        Box::pin(self.carry(request, context))
    }
}

/// A body in the making. Most bodies come in one piece, which is then not copied.
#[derive(Default)]
struct BodyBuffer {
    first: Bytes,
    rest: BytesMut,
}

impl BodyBuffer {
    fn len(&self) -> usize {
        // Once there is a second piece, the first one stands in `rest` as well.
        self.first.len().max(self.rest.len())
    }

    fn add(&mut self, chunk: Bytes, expected: Option<u64>) {
        if self.first.is_empty() {
            self.first = chunk;
            return;
        }
        if self.rest.is_empty() {
            // What a header promises is believed up to a point only.
            let expected = expected.map_or(0, |length| length.min(1 << 20) as usize);
            self.rest.reserve(expected);
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&chunk);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() {
            self.first
        } else {
            self.rest.freeze()
        }
    }
}

async fn in_time<T>(
    deadline: Instant,
    future: impl Future<Output = reqwest::Result<T>>,
) -> Result<T, TransportError> {
    match tokio::time::timeout_at(deadline, future).await {
        Ok(outcome) => outcome.map_err(refused),
        Err(_) => Err(TransportError::timeout()),
    }
}

fn refused(error: reqwest::Error) -> TransportError {
    // The URL of a request can carry personal data; the error says which operation it was anyway.
    let error = error.without_url();
    if error.is_builder() {
        TransportError::refused(error)
    } else if error.is_connect() {
        match error.is_timeout() {
            true => TransportError::connect_timeout(error),
            false => TransportError::connect(error),
        }
    } else if error.is_timeout() {
        TransportError::timeout()
    } else {
        TransportError::other(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(settings: HttpSettings) -> String {
        match HttpClient::new(settings) {
            Ok(_) => panic!("these settings cannot work"),
            Err(error) => format!("{error} {error:?}"),
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused_without_being_repeated() {
        let proxy = ProxySetting::Url(Secret::new("http://user:s3cr3t@"));
        let text = refusal(HttpSettings {
            proxy,
            ..HttpSettings::default()
        });
        assert!(text.contains("proxy") && !text.contains("s3cr3t"), "{text}");
        let text = refusal(HttpSettings {
            root_certificates: vec![b"no certificate".to_vec()],
            ..HttpSettings::default()
        });
        assert!(text.contains("root certificates"), "{text}");
        let text = refusal(HttpSettings {
            client_certificate: Some((b"s3cr3t".to_vec(), Secret::new("s3cr3t"))),
            ..HttpSettings::default()
        });
        assert!(text.contains("client certificate"), "{text}");
        assert!(!text.contains("s3cr3t"), "{text}");
    }
}
