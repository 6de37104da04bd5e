//! How grave a change must be to fail.

use std::str::FromStr;

use super::Impact;

/// The least grave change that fails, if any does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(Option<Impact>);

impl Limit {
    /// Nothing fails.
    pub const NEVER: Self = Self(None);
    /// The words for all of them, as they are given on a command line.
    pub const WORDS: [&str; 5] = ["breaking", "risky", "compatible", "words", "never"];

    /// Whether a change of this gravity fails.
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

    fn from_str(word: &str) -> Result<Self, String> {
        let mut all = Impact::ALL.into_iter();
        match all.find(|impact| impact.as_str() == word) {
            Some(impact) => Ok(Self::from(impact)),
            None if word == "never" => Ok(Self::NEVER),
            None => Err(format!("`{word}` is none of {}", Self::WORDS.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_a_limit() {
        for word in Limit::WORDS {
            let limit: Limit = word.parse().unwrap();
            let failing = Impact::ALL.iter().filter(|impact| limit.is_met(**impact));
            let expected = match word {
                "breaking" => 1,
                "risky" => 2,
                "compatible" => 3,
                "words" => 4,
                _ => 0,
            };
            assert_eq!(failing.count(), expected, "{word}");
        }
        assert!("grave".parse::<Limit>().is_err());
    }
}
