//! Policies that the configuration chooses.

use serde::Deserialize;

/// The policy for defects of the description whose meaning is obvious.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repairs {
    /// They are repaired, each with a warning.
    #[default]
    Accept,
    /// They are errors.
    Refuse,
}

/// Which models have constructors and setters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setters {
    /// Those that requests are made of. All others have public fields and `Default`, which is enough
    /// for tests, and compile faster without.
    #[default]
    Requests,
    /// All.
    All,
}

/// The policy for schemas that no operation uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnusedSchemas {
    /// They are left out, with a warning.
    #[default]
    Omit,
    /// They are rendered.
    Render,
}

/// The policy for properties that a schema requires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequiredInResponses {
    /// A response may lack them: every field is an `Option`.
    Tolerate,
    /// A response that lacks one is an error: their fields hold the value itself.
    #[default]
    Trust,
}

/// The type of values with `format: date-time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dates {
    /// The runtime's `DateTime`: an instant that keeps the text it was read from.
    #[default]
    Exact,
    /// `chrono::DateTime<Utc>`: the instant alone, by RFC 3339.
    Chrono,
    /// A string. This goes for `format: date` as well.
    Text,
}

/// What becomes of a response with an optional property whose value does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mismatches {
    /// The property is left out, and the response lists it.
    Keep,
    /// The response is an error.
    Refuse,
}
