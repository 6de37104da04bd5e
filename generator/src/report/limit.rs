//! The impact from which on a change fails a check.

use std::str::FromStr;

use super::Impact;

/// The least serious impact that fails a check, if any does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(Option<Impact>);

impl Limit {
    /// Nothing fails.
    pub const NEVER: Self = Self(None);
    /// The names of all limits, as a command line takes them.
    pub const NAMES: [&str; 5] = ["breaking", "risky", "compatible", "docs", "never"];
    /// Former names that are still accepted, each beside the name that replaced it.
    pub const ALIASES: [(&str, &str); 1] = [("words", "docs")];

    /// Whether a change of this impact fails.
    pub(super) fn is_met(self, impact: Impact) -> bool {
        self.0.is_some_and(|limit| impact <= limit)
    }
}

impl From<Impact> for Limit {
    fn from(impact: Impact) -> Self {
        Self(Some(impact))
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut aliases = Self::ALIASES.into_iter();
        let name = aliases
            .find_map(|(alias, current)| (alias == name).then_some(current))
            .unwrap_or(name);
        let mut all = Impact::ALL.into_iter();
        match all.find(|impact| impact.as_str() == name) {
            Some(impact) => Ok(Self::from(impact)),
            None if name == "never" => Ok(Self::NEVER),
            None => {
                let names = Self::NAMES.join("`, `");
                Err(format!("unknown limit `{name}`; expected one of `{names}`"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_a_limit() {
        let aliases = Limit::ALIASES.into_iter().map(|(alias, _)| alias);
        for name in Limit::NAMES.into_iter().chain(aliases) {
            let limit: Limit = name.parse().unwrap();
            let failing = Impact::ALL.iter().filter(|impact| limit.is_met(**impact));
            let expected = match name {
                "breaking" => 1,
                "risky" => 2,
                "compatible" => 3,
                "docs" | "words" => 4,
                _ => 0,
            };
            assert_eq!(failing.count(), expected, "{name}");
        }
        assert!("grave".parse::<Limit>().is_err());
    }
}
