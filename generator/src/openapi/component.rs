//! The kinds of components, and the sections that hold them.

/// The kind of a component, which follows from the section of `components` that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ComponentKind {
    Schema,
    Response,
    Parameter,
    RequestBody,
    Header,
    SecurityScheme,
    PathItem,
}

impl ComponentKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Schema,
        Self::Response,
        Self::Parameter,
        Self::RequestBody,
        Self::Header,
        Self::SecurityScheme,
        Self::PathItem,
    ];

    /// The section of `components` that holds this kind.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::PathItem => "pathItems",
        }
    }

    /// The kind that a section of `components` holds.
    pub(crate) fn of_section(section: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.section() == section)
    }

    /// The section at the root of a Swagger 2.0 document that holds this kind, if one does.
    pub(crate) fn swagger_section(self) -> Option<&'static str> {
        match self {
            Self::Schema => Some("definitions"),
            Self::Response => Some("responses"),
            Self::Parameter => Some("parameters"),
            Self::SecurityScheme => Some("securityDefinitions"),
            Self::RequestBody | Self::Header | Self::PathItem => None,
        }
    }

    /// The kind that a section at the root of a Swagger 2.0 document holds.
    pub(crate) fn of_swagger_section(section: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.swagger_section() == Some(section))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_kinds_match() {
        for kind in ComponentKind::ALL {
            assert_eq!(ComponentKind::of_section(kind.section()), Some(kind));
            if let Some(section) = kind.swagger_section() {
                assert_eq!(ComponentKind::of_swagger_section(section), Some(kind));
            }
        }
        assert_eq!(ComponentKind::of_section("definitions"), None);
        assert_eq!(ComponentKind::of_swagger_section("schemas"), None);
    }
}
