use super::ApiKeyPlace;

/// A security scheme of the description. Rendered as a constant, so that references to it are
/// `'static`; compared by value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) kind: SchemeKind,
}

/// The kind of credential that a scheme takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "rendered only for schemes of the kind")]
pub(crate) enum SchemeKind {
    /// User name and password.
    Basic,
    /// A token.
    Bearer,
    /// A token in `Authorization` after this word.
    Token { prefix: &'static str },
    /// A key in a header, the query or a cookie.
    ApiKey {
        place: ApiKeyPlace,
        name: &'static str,
    },
    /// A token from this URL; relative to the base URL's host if it begins with a slash.
    OAuth2 { token_url: &'static str },
    /// A client certificate, which the connection presents.
    MutualTls,
}

/// Sets of schemes. A call needs all schemes of any one set.
pub(crate) type Alternatives = &'static [&'static [&'static Scheme]];

/// The alternatives in words, without the empty one.
pub(super) fn in_words(alternatives: Alternatives) -> String {
    let set = |schemes: &&[&Scheme]| {
        let names: Vec<_> = schemes.iter().map(|it| format!("`{}`", it.name)).collect();
        names.join(" with ")
    };
    let sets: Vec<_> = alternatives.iter().map(set).collect();
    sets.join(" or ")
}
