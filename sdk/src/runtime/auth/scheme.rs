use super::ApiKeyPlace;

/// A security scheme of the description. Rendered as a constant, so that references to it are
/// `'static`; compared by value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) kind: SchemeKind,
    /// The builder method that sets the credential of the scheme.
    pub(crate) set_by: &'static str,
}

/// The kind of credential that a scheme takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "rendered only for schemes of the kind")]
pub(crate) enum SchemeKind {
    /// User name and password.
    Basic,
    /// A token.
    Bearer,
    /// A token in `Authorization` with this prefix.
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

/// The error message for a client that has none of the alternatives.
pub(super) fn missing(alternatives: Alternatives) -> String {
    let sets = describe(alternatives);
    format!(
        "the operation requires credentials that the client does not have: {sets}; set them on the \
         client's builder, or call `without_credentials` there to send calls without"
    )
}

/// Describes the alternatives, except an empty one, and the methods that set them.
fn describe(alternatives: Alternatives) -> String {
    let one = |scheme: &&Scheme| {
        let Scheme { name, kind, set_by } = scheme;
        match kind {
            SchemeKind::OAuth2 { .. } if cfg!(feature = "oauth") => {
                format!("`{name}` (`login` or `{set_by}`)")
            }
            _ => format!("`{name}` (`{set_by}`)"),
        }
    };
    let alternatives = alternatives.iter().filter(|set| !set.is_empty());
    let set = |schemes: &&[&Scheme]| {
        let names: Vec<_> = schemes.iter().map(one).collect();
        names.join(" with ")
    };
    let sets: Vec<_> = alternatives.map(set).collect();
    sets.join(" or ")
}
