//! Proposes the next version of the crate and its changelog.

use std::{collections::BTreeSet, fmt::Write as _};

use semver::{BuildMetadata, Prerelease, Version};

use super::{Entry, Impact};

/// The part of the version that must increase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing changed.
    None,
    /// Nothing changed for callers.
    Patch,
    /// Something was added or behaves differently.
    Minor,
    /// Callers may have to change.
    Major,
}

impl Level {
    /// The name, as printed.
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
    /// What the changes require.
    pub level: Level,
    /// The current version as given, if it was.
    pub from: Option<String>,
    /// The next version, if the current one is given and has a successor.
    pub to: Option<String>,
    /// The entries for the changelog; empty if there are none.
    pub changelog: String,
}

impl Proposal {
    pub(super) fn of(entries: &[Entry], version: Option<&str>) -> Self {
        let level = match entries.iter().map(Entry::impact).min() {
            Some(Impact::Breaking) => Level::Major,
            Some(Impact::Risky | Impact::Compatible) => Level::Minor,
            Some(Impact::Docs) => Level::Patch,
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

/// The version after one by cargo's rules: before 1.0.0 a breaking change increases the second number. A
/// prerelease is followed by the next one of its kind, whatever changed: callers require it exactly, and
/// its release has made no promises yet.
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

/// The prerelease after one: its last number is increased or, without one, added.
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

/// A list under headings, in the style of CHANGELOG.md, without changes of documentation.
fn changelog(entries: &[Entry]) -> String {
    let mut text = String::new();
    for (impact, heading) in [
        (Impact::Breaking, "Breaking"),
        (Impact::Risky, "Changed"),
        (Impact::Compatible, "Added"),
    ] {
        let of_impact = entries.iter().filter(|entry| entry.impact() == impact);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let lines: Vec<String> = of_impact
            .map(capitalized)
            .filter(|line| seen.insert(line.clone()))
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

fn capitalized(entry: &Entry) -> String {
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
