//! Certificates of the built-in transport. The server's certificate is always verified.

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) use absent::*;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) use present::*;

/// Whether a TLS library is compiled in.
pub(super) const IS_THERE: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod present {
    use reqwest::{Certificate, ClientBuilder, Identity};

    use super::super::{Error, Result};

    /// Adds root certificates to the system's.
    pub(in super::super) fn with_root_certificates(
        mut builder: ClientBuilder,
        pems: &[Vec<u8>],
    ) -> Result<ClientBuilder> {
        for pem in pems {
            let certificates = Certificate::from_pem_bundle(pem).map_err(|error| {
                Error::config(format!("the root certificates are not PEM: {error}"))
            })?;
            if certificates.is_empty() {
                return Err(Error::config("the root certificates hold no certificate"));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(builder)
    }

    /// Sets the client certificate.
    pub(in super::super) fn with_identity(
        builder: ClientBuilder,
        chain: Vec<u8>,
        key: &str,
    ) -> Result<ClientBuilder> {
        let identity = identity(chain, key).map_err(|_| {
            Error::config(
                "the client certificate and its key are not PEM, or do not belong together",
            )
        })?;
        Ok(builder.identity(identity))
    }

    /// Selects the library if both are compiled in, so that other settings, such as a client
    /// certificate, do not change which roots are trusted.
    pub(in super::super) fn choose(builder: ClientBuilder) -> ClientBuilder {
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_rustls();
        builder
    }

    #[cfg(feature = "rustls")]
    fn identity(mut chain: Vec<u8>, key: &str) -> reqwest::Result<Identity> {
        chain.push(b'\n');
        chain.extend_from_slice(key.as_bytes());
        Identity::from_pem(&chain)
    }

    #[cfg(not(feature = "rustls"))]
    fn identity(chain: Vec<u8>, key: &str) -> reqwest::Result<Identity> {
        Identity::from_pkcs8_pem(&chain, key.as_bytes())
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
mod absent {
    use reqwest::ClientBuilder;

    use super::super::{Error, Result};

    pub(in super::super) fn choose(builder: ClientBuilder) -> ClientBuilder {
        builder
    }

    pub(in super::super) fn with_root_certificates(
        builder: ClientBuilder,
        pems: &[Vec<u8>],
    ) -> Result<ClientBuilder> {
        match pems {
            [] => Ok(builder),
            _ => Err(no_tls("root certificates need")),
        }
    }

    pub(in super::super) fn with_identity(
        _: ClientBuilder,
        _: Vec<u8>,
        _: &str,
    ) -> Result<ClientBuilder> {
        Err(no_tls("a client certificate needs"))
    }

    fn no_tls(what: &str) -> Error {
        Error::config(format!("{what} the feature `rustls` or `native-tls`"))
    }
}
