//! Faults of sdkgen that a run reveals.

use std::fmt;

/// The kind of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindKind {
    /// A panic, a signal, an exit code that sdkgen does not document.
    Crash,
    /// It did not end within its time.
    Hang,
    /// It ended with wrong output.
    Defect,
    /// The rendered crate does not compile.
    Uncompilable,
}

impl fmt::Display for FindKind {
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
    pub kind: FindKind,
    /// The message of the program or of the check.
    pub message: String,
    /// The command that revealed it.
    pub command: String,
}

impl Find {
    /// A find of a command.
    pub fn new(kind: FindKind, message: impl Into<String>, command: &str) -> Self {
        Self {
            kind,
            message: message.into(),
            command: command.to_owned(),
        }
    }

    /// Identifies finds of one cause: the kind, and the message without names and numbers.
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

/// The message without the parts that depend on the document: quoted texts and numbers. Positions in
/// source files of sdkgen are kept, because they distinguish panics.
fn mask(message: &str) -> String {
    let mut masked = String::new();
    // Positions in documents and rendered crates come last.
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
        let of = |message: &str| Find::new(FindKind::Defect, message, "check").signature();
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
        let crash = Find::new(FindKind::Crash, "`a` is 12 long", "check");
        assert_ne!(crash.signature(), of("`a` is 12 long"));
        assert!(
            crash.name().starts_with("crash_is_0_long_"),
            "{}",
            crash.name()
        );
    }
}
