//! How a client authenticates.

#[cfg(feature = "oauth")]
mod authorize;
mod cache;
mod keyring;
#[cfg(feature = "oauth")]
mod login;
mod pause;
mod scheme;
#[cfg(test)]
mod security_tests;
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

/// A credential that does not change, sent with every request.
#[derive(Clone, Debug)]
pub(super) enum Credential {
    Bearer(Secret),
    Basic {
        user: String,
        password: Secret,
    },
    /// A token in `Authorization` after another word.
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
                    return Err(Error::config("the user name must not have a colon"));
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
mod tests {
    use super::*;

    fn written(credential: &Credential) -> Result<(HeaderMap, String)> {
        let (mut headers, mut query) = (HeaderMap::new(), String::new());
        credential.write(&mut headers, &mut query)?;
        Ok((headers, query))
    }

    fn key(place: ApiKeyPlace, name: &str, key: &str) -> Credential {
        Credential::ApiKey {
            place,
            name: name.to_owned(),
            key: Secret::new(key),
        }
    }

    #[test]
    fn each_credential_goes_to_its_place() {
        let basic = Credential::Basic {
            user: "Aladdin".to_owned(),
            password: Secret::new("open sesame"),
        };
        let (headers, _) = written(&basic).unwrap();
        // The example of RFC 7617.
        assert_eq!(
            headers["authorization"],
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert!(headers["authorization"].is_sensitive());
        let (headers, _) = written(&key(ApiKeyPlace::Header, "X-Key", "k")).unwrap();
        assert_eq!(headers["x-key"], "k");
        assert!(headers["x-key"].is_sensitive());
        let (_, query) = written(&key(ApiKeyPlace::Query, "key", "a&b")).unwrap();
        assert_eq!(query, "key=a%26b");
        let (headers, _) = written(&key(ApiKeyPlace::Cookie, "sid", "abc")).unwrap();
        assert_eq!(headers["cookie"], "sid=abc");
        let mut both = headers;
        let second = key(ApiKeyPlace::Cookie, "key", "d");
        second.write(&mut both, &mut String::new()).unwrap();
        assert_eq!(both["cookie"], "sid=abc; key=d");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_without_being_repeated() {
        for credential in [
            Credential::Bearer(Secret::new("s3cr3t\n")),
            Credential::Basic {
                user: "a:b".to_owned(),
                password: Secret::new("s3cr3t"),
            },
            key(ApiKeyPlace::Header, "a b", "s3cr3t"),
            key(ApiKeyPlace::Header, "a", "s3cr3t\r\nX: y"),
            key(ApiKeyPlace::Cookie, "a", "s3cr3t; other=1"),
        ] {
            let error = written(&credential).unwrap_err();
            assert!(error.is_config());
            assert!(!format!("{error} {error:?} {credential:?}").contains("s3cr3t"));
        }
    }
}
