//! The built-in transport, on reqwest.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::Proxy;

use super::{
    Body, Error, Result, Secret,
    body::{BodyStream, BoxError},
    read_whole::{Bounds, Chunks, in_time, read_whole},
    retry::deadline,
    tls,
    transport::{
        HttpRequest, HttpResponse, Transport, TransportContext, TransportError, TransportFuture,
    },
};

/// The settings of the built-in transport.
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
    /// The proxies of the environment and the operating system.
    #[default]
    System,
    /// No proxy.
    None,
    /// This proxy. Secret, because its URL can contain a password.
    Url(Secret),
}

/// The built-in transport. Private, so that reqwest's version is not part of the public API.
pub(super) struct HttpClient {
    client: reqwest::Client,
    /// A client for blocking calls, with connections of its own: tasks drive those of the other
    /// client, possibly on the thread that a blocking call blocks.
    #[cfg(feature = "blocking")]
    blocking: std::sync::OnceLock<reqwest::Client>,
    #[cfg(feature = "blocking")]
    settings: HttpSettings,
}

impl HttpClient {
    /// Creates the clients. Opens no connection.
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
        *request.body_mut() = match body.try_into_bytes() {
            Ok(bytes) if bytes.is_empty() => None,
            Ok(bytes) => Some(bytes.into()),
            Err(stream) => Some(reqwest::Body::wrap(Upload(stream.into_stream()))),
        };
        // Not reqwest's timeout of requests, which needs three more allocations.
        let deadline = deadline(context.timeout);
        let client = self.client()?;
        let sending = async { client.execute(request).await.map_err(refused) };
        let mut response = in_time(deadline, sending).await?;
        let status = response.status();
        let length = response.content_length();
        let headers = std::mem::take(response.headers_mut());
        let body = if status.is_success() && context.wants_stream {
            let body = http::Response::from(response).into_body();
            let body = Body::stream(Download(body));
            match length {
                Some(length) => body.with_length(length),
                None => body,
            }
        } else {
            let bounds = Bounds::new(status.is_success(), &context, deadline);
            read_whole(&mut response, length, bounds).await?.into()
        };
        let mut whole = HttpResponse::new(body);
        *whole.status_mut() = status;
        *whole.headers_mut() = headers;
        Ok(whole)
    }
}

impl Chunks for reqwest::Response {
    async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.chunk().await.map_err(refused)
    }
}

/// Adapts a request body for reqwest.
struct Upload(BodyStream);

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = ready!(Pin::new(&mut self.0).poll_next(context));
        Poll::Ready(next.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.0
            .length()
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Adapts a response body of reqwest.
struct Download(reqwest::Body);

impl Stream for Download {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                // Frames other than data are trailers, which are ignored.
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(refused(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}

fn client(settings: HttpSettings) -> Result<reqwest::Client> {
    // The target of a redirect may not be entitled to the token.
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
        // The cause is usually in the source.
        let cause = std::error::Error::source(&error).map(|source| format!(": {source}"));
        let cause = cause.unwrap_or_default();
        Error::config(format!("the HTTP client cannot be set up: {error}{cause}"))
    })
}

/// Parses a proxy URL. An unusable one is an error: requests must not bypass it.
fn proxy(url: &Secret) -> Result<Proxy> {
    let text = url.expose();
    let lower = text.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return Err(Error::config(
            "the URL of the proxy is not an http or https URL",
        ));
    }
    // The error of reqwest would quote the URL, with its password.
    Proxy::all(text).map_err(|_| Error::config("the URL of the proxy is not one"))
}

impl Transport for HttpClient {
    fn send(&self, request: HttpRequest, context: TransportContext) -> TransportFuture<'_> {
        Box::pin(self.carry(request, context))
    }
}

fn refused(error: reqwest::Error) -> TransportError {
    // The URL of a request can contain personal data; the error names the operation anyway.
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
mod tests;
