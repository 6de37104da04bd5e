//! All credentials of a client, and which of them a call sends.

use std::borrow::Cow;

use http::{HeaderMap, header};

use super::{
    super::{Result, encode},
    Alternatives, ApiKeyPlace, Credential, Scheme, SchemeKind, TokenCache,
    scheme::missing,
};

/// What the client adds to the requests of a call.
#[derive(Clone, Default)]
pub(in super::super) struct Grant {
    pub(in super::super) headers: HeaderMap,
    /// Added to the query: an API key, or nothing.
    pub(in super::super) query: String,
    pub(in super::super) tokens: Option<TokenCache>,
}

/// A fixed credential, or a source of tokens.
pub(in super::super) enum Key {
    Fixed(Credential),
    Tokens(TokenCache),
}

/// The parts of a keyring.
pub(in super::super) struct Keys {
    /// Sent with every call, whatever credentials it requires.
    pub(in super::super) headers: HeaderMap,
    /// Sent with every call, too; they override credentials of the same name.
    pub(in super::super) default_headers: HeaderMap,
    /// Usable for any scheme of their kind.
    pub(in super::super) general: Vec<Credential>,
    pub(in super::super) general_tokens: Option<TokenCache>,
    /// Usable for one scheme each.
    pub(in super::super) own: Vec<(&'static Scheme, Key)>,
    /// Whether the client knows that connections present a client certificate.
    pub(in super::super) has_certificate: bool,
    /// The alternatives for calls that do not declare their own.
    pub(in super::super) usual: Alternatives,
    /// What a client without any credentials lacks, if calls accept any credentials.
    pub(in super::super) needs: Alternatives,
    /// Whether calls are sent without the credentials that they require, if the client lacks them.
    pub(in super::super) is_optional: bool,
}

/// All credentials of a client.
pub(in super::super) struct Keyring {
    keys: Keys,
    /// All general credentials, for calls whose credentials the description does not declare.
    everything: Grant,
    /// The grant for the usual alternatives; `None` if the client lacks credentials for them.
    usual: Option<Grant>,
}

/// Headers and query that the caller set on a request.
#[derive(Clone, Copy)]
pub(in super::super) struct ByHand<'a> {
    pub(in super::super) headers: [&'a HeaderMap; 2],
    pub(in super::super) query: [&'a str; 2],
}

impl ByHand<'_> {
    fn serves(&self, scheme: &Scheme) -> bool {
        let has = |name: &str| {
            self.headers
                .iter()
                .any(|headers| headers.contains_key(name))
        };
        match scheme.kind {
            SchemeKind::MutualTls => false,
            SchemeKind::ApiKey { place, name } => match place {
                ApiKeyPlace::Header => has(name),
                ApiKeyPlace::Cookie => has(header::COOKIE.as_str()),
                ApiKeyPlace::Query => {
                    let name = encode::value(name);
                    let mut names = self.query.iter().flat_map(|query| encode::names(query));
                    names.any(|it| it == name)
                }
            },
            _ => has(header::AUTHORIZATION.as_str()),
        }
    }
}

impl Keyring {
    /// Checks that the credentials can be sent.
    pub(in super::super) fn new(keys: Keys) -> Result<Self> {
        let mut everything = keys.bare();
        for credential in &keys.general {
            credential.write(&mut everything.headers, &mut everything.query)?;
        }
        everything.tokens.clone_from(&keys.general_tokens);
        everything.headers.extend(keys.default_headers.clone());
        for (_, key) in &keys.own {
            if let Key::Fixed(credential) = key {
                credential.write(&mut HeaderMap::new(), &mut String::new())?;
            }
        }
        let mut keyring = Self {
            keys,
            everything,
            usual: None,
        };
        let alternatives = keyring.keys.usual;
        if let Ok(Some(usual)) = keyring.choose(alternatives, None) {
            keyring.usual = Some(usual);
        }
        Ok(keyring)
    }

    /// Returns what a call sends. An error names the missing credentials.
    pub(in super::super) fn grant(
        &self,
        alternatives: Option<Alternatives>,
        by_hand: ByHand<'_>,
    ) -> Result<Cow<'_, Grant>, String> {
        let alternatives = match (alternatives, &self.usual) {
            (Some([]), _) => return Ok(Cow::Borrowed(&self.everything)),
            (None, _) if self.keys.usual.is_empty() => return self.any_credentials(by_hand),
            (None, Some(usual)) => return Ok(Cow::Borrowed(usual)),
            (Some(alternatives), _) => alternatives,
            (None, None) => self.keys.usual,
        };
        let chosen = self.choose(alternatives, Some(by_hand));
        match chosen.map_err(|error| error.to_string())? {
            Some(grant) => Ok(Cow::Owned(grant)),
            None if self.is_general() || self.keys.is_optional => {
                Ok(Cow::Borrowed(&self.everything))
            }
            None => Err(missing(alternatives)),
        }
    }

    /// The grant of a call that accepts any credentials; an error if it requires some and there are
    /// none.
    fn any_credentials(&self, by_hand: ByHand<'_>) -> Result<Cow<'_, Grant>, String> {
        let keys = &self.keys;
        let is_given = |set: &&[&Scheme]| set.iter().all(|scheme| by_hand.serves(scheme));
        let is_enough = keys.needs.is_empty()
            || keys.is_optional
            || self.is_general()
            || !keys.own.is_empty()
            || keys.needs.iter().any(is_given);
        match is_enough {
            true => Ok(Cow::Borrowed(&self.everything)),
            false => Err(missing(keys.needs)),
        }
    }

    /// All sources of tokens.
    pub(in super::super) fn token_caches(&self) -> impl Iterator<Item = &TokenCache> {
        let own = self.keys.own.iter().filter_map(|(_, key)| match key {
            Key::Tokens(tokens) => Some(tokens),
            Key::Fixed(_) => None,
        });
        self.keys.general_tokens.iter().chain(own)
    }

    /// Whether there is a credential that is not bound to one scheme.
    fn is_general(&self) -> bool {
        let keys = &self.keys;
        let by_header = keys.default_headers.contains_key(header::AUTHORIZATION);
        !keys.general.is_empty() || keys.general_tokens.is_some() || by_header
    }

    /// Returns the first complete set; an empty grant where that is allowed; otherwise `None`.
    fn choose(
        &self,
        alternatives: Alternatives,
        by_hand: Option<ByHand<'_>>,
    ) -> Result<Option<Grant>> {
        let sets = alternatives.iter().filter(|set| !set.is_empty());
        for set in sets {
            if let Some(grant) = self.collect(set, by_hand)? {
                return Ok(Some(grant));
            }
        }
        let is_free = alternatives.iter().any(|set| set.is_empty());
        Ok(is_free.then(|| {
            let mut grant = self.keys.bare();
            grant.headers.extend(self.keys.default_headers.clone());
            grant
        }))
    }

    /// Returns the credentials of a set, if the client has them all.
    fn collect(
        &self,
        set: &[&'static Scheme],
        by_hand: Option<ByHand<'_>>,
    ) -> Result<Option<Grant>> {
        let mut grant = self.keys.bare();
        for scheme in set {
            if by_hand.is_some_and(|by_hand| by_hand.serves(scheme)) {
                continue;
            }
            match self.keys.find(scheme) {
                Found::Fixed(credential) => {
                    credential.write(&mut grant.headers, &mut grant.query)?;
                }
                Found::Tokens(tokens) => grant.tokens = Some(tokens.clone()),
                Found::Certificate => {}
                Found::Nothing => return Ok(None),
            }
        }
        grant.headers.extend(self.keys.default_headers.clone());
        Ok(Some(grant))
    }
}

/// The credential that a client has for a scheme.
enum Found<'a> {
    Fixed(&'a Credential),
    Tokens(&'a TokenCache),
    /// A client certificate, which the connection presents.
    Certificate,
    Nothing,
}

impl Keys {
    fn bare(&self) -> Grant {
        Grant {
            headers: self.headers.clone(),
            ..Grant::default()
        }
    }

    fn find(&self, scheme: &Scheme) -> Found<'_> {
        let mut own = self.own.iter().filter(|(it, _)| *it == scheme);
        match own.next_back() {
            Some((_, Key::Fixed(credential))) => return Found::Fixed(credential),
            Some((_, Key::Tokens(tokens))) => return Found::Tokens(tokens),
            None => {}
        }
        let takes_tokens = matches!(scheme.kind, SchemeKind::Bearer | SchemeKind::OAuth2 { .. });
        if let Some(tokens) = self.general_tokens.as_ref().filter(|_| takes_tokens) {
            return Found::Tokens(tokens);
        }
        if scheme.kind == SchemeKind::MutualTls {
            return match self.has_certificate {
                true => Found::Certificate,
                false => Found::Nothing,
            };
        }
        let mut general = self.general.iter().filter(|it| it.fits(scheme.kind));
        general.next_back().map_or(Found::Nothing, Found::Fixed)
    }
}

impl Credential {
    /// Whether a scheme of this kind takes it.
    fn fits(&self, kind: SchemeKind) -> bool {
        match (self, kind) {
            (Self::Bearer(_), SchemeKind::Bearer | SchemeKind::OAuth2 { .. })
            | (Self::Basic { .. }, SchemeKind::Basic) => true,
            (
                Self::ApiKey { place, name, .. },
                SchemeKind::ApiKey {
                    place: its_place,
                    name: its_name,
                },
            ) => {
                let is_header = its_place == ApiKeyPlace::Header;
                let is_same =
                    name == its_name || (is_header && name.eq_ignore_ascii_case(its_name));
                *place == its_place && is_same
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
