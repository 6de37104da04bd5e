//! How a client authenticates.

#[cfg(feature = "oauth")]
mod authorize;
mod cache;
mod keyring;
#[cfg(feature = "oauth")]
mod login;
mod pause;
mod scheme;
mod token;
#[cfg(feature = "oauth")]
mod token_http;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Error, Result, Secret, encode};

#[cfg(feature = "oauth")]
pub use authorize::{Authorization, AuthorizeUrl};
pub(super) use cache::{Token, TokenCache};
pub(super) use keyring::{ByHand, Key, Keyring, Keys};
#[cfg(feature = "oauth")]
pub(super) use login::LoginSource;
#[cfg(feature = "oauth")]
pub use login::{Login, Tokens};
pub(super) use pause::LoginFailure;
pub(crate) use scheme::{Alternatives, Scheme, SchemeKind};
pub use token::{AccessToken, TokenError, TokenFuture, TokenSource};

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyPlace {
    /// Into a header.
    Header,
    /// Into the query.
    Query,
    /// Into a cookie.
    Cookie,
}

/// A fixed credential, sent with every request.
#[derive(Clone, Debug)]
pub(super) enum Credential {
    Bearer(Secret),
    Basic {
        user: String,
        password: Secret,
    },
    /// A token in `Authorization` with a prefix other than `Bearer`.
    Token {
        prefix: &'static str,
        token: Secret,
    },
    ApiKey {
        place: ApiKeyPlace,
        name: String,
        key: Secret,
    },
}

impl Credential {
    /// Adds the credential to the headers or the query of a request.
    pub(super) fn write(&self, headers: &mut HeaderMap, query: &mut String) -> Result<()> {
        match self {
            Self::Bearer(token) => {
                headers.insert(header::AUTHORIZATION, bearer(token)?);
            }
            Self::Basic { user, password } => {
                if user.contains(':') {
                    return Err(Error::config("the user name must not contain a colon"));
                }
                let pair = BASE64_STANDARD.encode(format!("{user}:{}", password.expose()));
                let value = sensitive(&format!("Basic {pair}"), "the password")?;
                headers.insert(header::AUTHORIZATION, value);
            }
            Self::Token { prefix, token } => {
                let value = sensitive(&format!("{prefix} {}", token.expose()), "the token")?;
                headers.insert(header::AUTHORIZATION, value);
            }
            Self::ApiKey { place, name, key } => match place {
                ApiKeyPlace::Header => {
                    let header = HeaderName::try_from(name.as_str())
                        .map_err(|_| Error::config(format!("no header can be named {name:?}")))?;
                    headers.insert(header, sensitive(key.expose(), "the API key")?);
                }
                ApiKeyPlace::Query => encode::append(query, name, key.expose()),
                ApiKeyPlace::Cookie => {
                    let pair = format!("{name}={}", key.expose());
                    if pair.contains([';', ',', ' ', '"', '\\']) {
                        let message = "the API key has characters a cookie cannot carry";
                        return Err(Error::config(message));
                    }
                    // All cookies of a request share one header.
                    let before = headers.get(header::COOKIE).and_then(|it| it.to_str().ok());
                    let pairs = before.map_or(pair.clone(), |before| format!("{before}; {pair}"));
                    headers.insert(header::COOKIE, sensitive(&pairs, "the API key")?);
                }
            },
        }
        Ok(())
    }
}

/// The value of `Authorization` for a token.
pub(super) fn bearer(token: &Secret) -> Result<HeaderValue> {
    sensitive(&format!("Bearer {}", token.expose()), "the token")
}

fn sensitive(text: &str, what: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::try_from(text)
        .map_err(|_| Error::config(format!("{what} has characters a header cannot carry")))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
