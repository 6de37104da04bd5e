//! Faults of sdkgen that a run shows.

use std::fmt;

/// The kind of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A panic, a signal, an exit code that sdkgen does not document.
    Crash,
    /// It did not end within its time.
    Hang,
    /// It ended, and what it wrote is wrong.
    Defect,
    /// What it rendered does not compile.
    Uncompilable,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crash => "crash",
            Self::Hang => "hang",
            Self::Defect => "defect",
            Self::Uncompilable => "uncompilable",
        })
    }
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// Its kind.
    pub kind: Kind,
    /// What is wrong, in the words of the program or of the check.
    pub message: String,
    /// The command that showed it.
    pub command: String,
}

impl Find {
    /// A find of a command.
    pub fn new(kind: Kind, message: impl Into<String>, command: &str) -> Self {
        Self {
            kind,
            message: message.into(),
            command: command.to_owned(),
        }
    }

    /// What finds of one cause have in common: the kind, and the message without names and numbers.
    pub fn signature(&self) -> String {
        format!("{}: {}", self.kind, mask(&self.message))
    }

    /// A name for files and tests, from the signature.
    pub fn name(&self) -> String {
        let signature = self.signature();
        let words: Vec<String> = signature
            .split(|one: char| !one.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(6)
            .map(str::to_lowercase)
            .collect();
        format!(
            "{}_{}",
            words.join("_"),
            &sdkgen::output::hash(&signature)[..6]
        )
    }
}

/// The message without what differs from one document to the next: quoted texts and numbers. Places
/// in source files of sdkgen stay, for they tell one panic from another.
fn mask(message: &str) -> String {
    let mut masked = String::new();
    // Where a text was kept, or stands in a rendered crate, is told last.
    let mut rest = message;
    for place in ["; the text is in", " --> "] {
        rest = rest.split(place).next().unwrap_or_default();
    }
    while let Some(one) = rest.chars().next() {
        rest = &rest[one.len_utf8()..];
        match one {
            '`' | '"' => match rest.find(one) {
                Some(end) => {
                    masked.push('_');
                    rest = &rest[end + 1..];
                }
                None => {
                    masked.push('_');
                    break;
                }
            },
            '0'..='9'
                if !masked
                    .ends_with(|last: char| last.is_alphanumeric() || ":+".contains(last)) =>
            {
                rest = rest.trim_start_matches(|one: char| one.is_ascii_digit());
                masked.push('0');
            }
            _ => masked.push(one),
        }
    }
    masked.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_that_differ_in_names_alone_are_one() {
        let of = |message: &str| Find::new(Kind::Defect, message, "check").signature();
        assert_eq!(of("`a` is 12 long"), of("`b\n` is 3 long"));
        assert_ne!(of("E0901"), of("E0902"));
        assert_eq!(
            of("bad; the text is in /a/0"),
            of("bad; the text is in /b/1")
        );
        assert_ne!(
            of("panicked at src/a.rs:1:2"),
            of("panicked at src/a.rs:3:2")
        );
        let crash = Find::new(Kind::Crash, "`a` is 12 long", "check");
        assert_ne!(crash.signature(), of("`a` is 12 long"));
        assert!(
            crash.name().starts_with("crash_is_0_long_"),
            "{}",
            crash.name()
        );
    }
}
