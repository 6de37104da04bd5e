//! The next version of the crate, and what its changelog says.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{Entry, Impact};

/// What a version has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing changed.
    None,
    /// Nothing that callers must know.
    Patch,
    /// There is more than before, or something behaves differently.
    Minor,
    /// Callers may have to change.
    Major,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// The next version of the crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proposal {
    /// What the changes ask for.
    pub level: Level,
    /// The version that is, if it is known and a version.
    pub from: Option<String>,
    /// The version to come, if the one that is is known.
    pub to: Option<String>,
    /// What to write into the changelog; empty if there is nothing to say.
    pub changelog: String,
}

impl Proposal {
    pub(super) fn of(entries: &[Entry], version: Option<&str>) -> Self {
        let level = match entries.iter().map(Entry::gravity).min() {
            Some(Impact::Breaking) => Level::Major,
            Some(Impact::Risky | Impact::Compatible) => Level::Minor,
            Some(Impact::Words) => Level::Patch,
            None => Level::None,
        };
        Self {
            level,
            from: version.map(str::to_owned),
            to: version.and_then(|version| next(version, level)),
            changelog: changelog(entries),
        }
    }
}

/// The version after one, as cargo counts: before 1.0.0 the second number is the one that breaks.
fn next(version: &str, level: Level) -> Option<String> {
    let core = version.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(str::parse::<u64>);
    let (major, minor, patch) = match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch))) => (major, minor, patch),
        _ => return None,
    };
    let is_stable = major > 0;
    Some(match level {
        Level::None => version.to_owned(),
        Level::Major if is_stable => format!("{}.0.0", major + 1),
        Level::Major => format!("0.{}.0", minor + 1),
        Level::Minor if is_stable => format!("{major}.{}.0", minor + 1),
        Level::Minor | Level::Patch => format!("{major}.{minor}.{}", patch + 1),
    })
}

/// A list under headings, in the style of CHANGELOG.md; words alone are not news.
fn changelog(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (gravity, heading) in [
        (Impact::Breaking, "Breaking"),
        (Impact::Risky, "Changed"),
        (Impact::Compatible, "Added"),
    ] {
        let of_gravity = entries.iter().filter(|entry| entry.gravity() == gravity);
        let mut said: BTreeSet<String> = BTreeSet::new();
        let lines: Vec<String> = of_gravity
            .map(sentence)
            .filter(|line| said.insert(line.clone()))
            .collect();
        if lines.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing to a text does not fail.
        let _ = writeln!(text, "#### {heading}\n");
        for line in lines {
            let _ = writeln!(text, "- {line}");
        }
    }
    text
}

fn sentence(entry: &Entry) -> String {
    let message = super::inline::plain(entry.message());
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    let mut sentence: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    sentence.extend(letters);
    sentence.push('.');
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_as_cargo_has_them() {
        for (version, level, expected) in [
            ("1.2.3", Level::Major, Some("2.0.0")),
            ("1.2.3", Level::Minor, Some("1.3.0")),
            ("1.2.3", Level::Patch, Some("1.2.4")),
            ("1.2.3", Level::None, Some("1.2.3")),
            ("0.4.1", Level::Major, Some("0.5.0")),
            ("0.4.1", Level::Minor, Some("0.4.2")),
            ("0.4.1-rc.1", Level::Patch, Some("0.4.2")),
            ("v2", Level::Major, None),
        ] {
            assert_eq!(
                next(version, level).as_deref(),
                expected,
                "{version} {level:?}"
            );
        }
    }
}
