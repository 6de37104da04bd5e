use super::ApiKeyPlace;

/// A security scheme of the description. Rendered as a constant, references to which live for ever
/// wherever they are written; told from others by its value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) kind: SchemeKind,
}

/// What a scheme wants to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "rendered only for schemes of the kind")]
pub(crate) enum SchemeKind {
    /// User name and password.
    Basic,
    /// A token.
    Bearer,
    /// Anything else that stands in `Authorization`, after this word.
    Token { prefix: &'static str },
    /// A key in a place of its own.
    ApiKey {
        place: ApiKeyPlace,
        name: &'static str,
    },
    /// A token that is handed out here; below the base URL's host, if it begins with a slash.
    OAuth2 { token_url: &'static str },
    /// A certificate, which the connection shows.
    MutualTls,
}

/// Sets of schemes, any of which is enough. Those of one set go together.
pub(crate) type Alternatives = &'static [&'static [&'static Scheme]];

/// The alternatives in words, without the one that is none.
pub(super) fn in_words(alternatives: Alternatives) -> String {
    let set = |schemes: &&[&Scheme]| {
        let names: Vec<_> = schemes.iter().map(|it| format!("`{}`", it.name)).collect();
        names.join(" with ")
    };
    let sets: Vec<_> = alternatives.iter().map(set).collect();
    sets.join(" or ")
}
