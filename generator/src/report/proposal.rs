//! The next version of the crate, and what its changelog says.

use std::{collections::BTreeSet, fmt::Write as _};

use semver::{BuildMetadata, Prerelease, Version};

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
    /// The version that is, if somebody gave one, whatever they gave.
    pub from: Option<String>,
    /// The version to come, if the one that is is known and a version that another can follow.
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

/// The version after one, as cargo counts: before 1.0.0 the second number is the one that breaks. A
/// prerelease is followed by the next of its kind, whatever changed: callers name it exactly, and the
/// release that it leads to has not promised anything yet.
fn next(version: &str, level: Level) -> Option<String> {
    let old = Version::parse(version).ok()?;
    let more = |number: u64| number.checked_add(1);
    let Version {
        major,
        minor,
        patch,
        ..
    } = old;
    let is_stable = major > 0;
    let new = match level {
        Level::None => old,
        _ if !old.pre.is_empty() => Version {
            pre: Prerelease::new(&after(&old.pre)?).ok()?,
            build: BuildMetadata::EMPTY,
            ..old
        },
        Level::Major if is_stable => Version::new(more(major)?, 0, 0),
        Level::Major => Version::new(0, more(minor)?, 0),
        Level::Minor if is_stable => Version::new(major, more(minor)?, 0),
        Level::Minor | Level::Patch => Version::new(major, minor, more(patch)?),
    };
    Some(new.to_string())
}

/// The prerelease after one: its last number is the next, or it gets one.
fn after(prerelease: &str) -> Option<String> {
    let (before, last) = match prerelease.rsplit_once('.') {
        Some((before, last)) => (Some(before), last),
        None => (None, prerelease),
    };
    let next = match last.bytes().all(|byte| byte.is_ascii_digit()) {
        true => last.parse::<u64>().ok()?.checked_add(1)?.to_string(),
        false => format!("{last}.1"),
    };
    Some(match before {
        Some(before) => format!("{before}.{next}"),
        None => next,
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
            ("0.4.1-rc.1", Level::Patch, Some("0.4.1-rc.2")),
            ("1.0.0-rc.1", Level::Minor, Some("1.0.0-rc.2")),
            ("1.0.0-rc.1", Level::None, Some("1.0.0-rc.1")),
            ("2.0.0-beta+7", Level::Major, Some("2.0.0-beta.1")),
            ("1.2.3+7", Level::Minor, Some("1.3.0")),
            ("18446744073709551615.0.0", Level::Major, None),
            ("1.0.18446744073709551615", Level::Patch, None),
            ("1.0.0-18446744073709551615", Level::Patch, None),
            ("v2", Level::Major, None),
            ("1.2.3.4", Level::Major, None),
            ("1.2.3-", Level::Major, None),
            ("+1.2.3", Level::Major, None),
        ] {
            assert_eq!(
                next(version, level).as_deref(),
                expected,
                "{version} {level:?}"
            );
        }
    }
}
