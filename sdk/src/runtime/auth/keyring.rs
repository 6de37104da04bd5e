//! All credentials of a client, and which of them a call takes.

use std::borrow::Cow;

use http::{HeaderMap, header};

use super::{
    super::{Result, encode},
    Alternatives, ApiKeyPlace, Credential, Scheme, SchemeKind, TokenCache,
    scheme::missing,
};

/// What every request of a call carries of the client's own.
#[derive(Clone, Default)]
pub(in super::super) struct Grant {
    pub(in super::super) headers: HeaderMap,
    /// Added to the query: an API key, as a rule nothing.
    pub(in super::super) query: String,
    pub(in super::super) tokens: Option<TokenCache>,
}

/// A credential as the client holds it.
pub(in super::super) enum Key {
    Fixed(Credential),
    Tokens(TokenCache),
}

/// What a keyring is made of.
pub(in super::super) struct Keys {
    /// What goes with every call, whatever credentials it takes.
    pub(in super::super) headers: HeaderMap,
    /// The same, laid over the credentials.
    pub(in super::super) default_headers: HeaderMap,
    /// For any scheme of their kind.
    pub(in super::super) general: Vec<Credential>,
    pub(in super::super) general_tokens: Option<TokenCache>,
    /// For one scheme each.
    pub(in super::super) own: Vec<(&'static Scheme, Key)>,
    /// Whether the connection shows a certificate, as far as the client knows.
    pub(in super::super) has_certificate: bool,
    /// Which credentials calls take that do not say it.
    pub(in super::super) usual: Alternatives,
    /// What a client lacks that has none at all, where calls take whatever there is.
    pub(in super::super) needs: Alternatives,
    /// Whether calls are sent without what they take, where the client does not have it.
    pub(in super::super) is_optional: bool,
}

/// All credentials of a client.
pub(in super::super) struct Keyring {
    keys: Keys,
    /// What a call takes that takes whatever there is.
    everything: Grant,
    /// What calls take that do not say it; `None` if it is not there.
    usual: Option<Grant>,
}

/// What the caller of a request has set by hand.
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

    /// What a call takes. An error names what it lacks.
    pub(in super::super) fn grant(
        &self,
        alternatives: Option<Alternatives>,
        by_hand: ByHand<'_>,
    ) -> Result<Cow<'_, Grant>, String> {
        let alternatives = match (alternatives, &self.usual) {
            (Some([]), _) => return Ok(Cow::Borrowed(&self.everything)),
            (None, _) if self.keys.usual.is_empty() => return self.whatever_there_is(by_hand),
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

    /// What a call carries that takes whatever there is, unless it needs something and there is
    /// nothing.
    fn whatever_there_is(&self, by_hand: ByHand<'_>) -> Result<Cow<'_, Grant>, String> {
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

    /// Whether there is a credential that is not for one scheme only.
    fn is_general(&self) -> bool {
        let keys = &self.keys;
        let by_header = keys.default_headers.contains_key(header::AUTHORIZATION);
        !keys.general.is_empty() || keys.general_tokens.is_some() || by_header
    }

    /// The first set that is complete; none at all, where that is allowed; else `None`.
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

    /// The credentials of a set, if all are there.
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
                Found::Shown => {}
                Found::Nothing => return Ok(None),
            }
        }
        grant.headers.extend(self.keys.default_headers.clone());
        Ok(Some(grant))
    }
}

/// What a client has for a scheme.
enum Found<'a> {
    Fixed(&'a Credential),
    Tokens(&'a TokenCache),
    /// A certificate, which the connection shows.
    Shown,
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
                true => Found::Shown,
                false => Found::Nothing,
            };
        }
        let mut general = self.general.iter().filter(|it| it.fits(scheme.kind));
        general.next_back().map_or(Found::Nothing, Found::Fixed)
    }
}

impl Credential {
    /// Whether it is what a scheme of this kind wants.
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
