//! The locations and styles of parameters.

/// Headers that OpenAPI does not let parameters describe; parameters that do are ignored.
const RESERVED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Whether OpenAPI ignores header parameters of this name.
pub(crate) fn is_reserved_header(name: &str) -> bool {
    let mut reserved = RESERVED_HEADERS.into_iter();
    reserved.any(|header| name.eq_ignore_ascii_case(header))
}

/// The value of `in` of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterIn {
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterIn {
    /// As OpenAPI spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The value of `style` of a parameter or a form part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

impl Style {
    /// As OpenAPI spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Label => "label",
            Self::Matrix => "matrix",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
        }
    }

    /// Whether values are exploded unless `explode` says otherwise.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::DeepObject)
    }
}
