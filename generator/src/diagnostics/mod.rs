//! Diagnostics: errors and warnings about the input, each with a code and a place in it.
//!
//! All stages add theirs to one [`Sink`].

mod explain;
pub mod printable;

use std::{fmt, path::Path};

pub use crate::openapi::Pointer;
pub use explain::Explanation;

use serde::Serialize;

/// Whether a diagnostic prevents rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Rendering goes on; the message says what sdkgen assumed, ignored or simplified.
    Warning,
    /// Nothing is rendered.
    Error,
}

macro_rules! codes {
    ($($variant:ident = $code:literal $severity:ident: $title:literal;)*) => {
        /// The kinds of diagnostics. A published code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// A summary of the code in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The severity, unless repairs are refused.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Whether it reports a defect of the description that sdkgen repairs. These codes
            /// are errors under `repairs = "refuse"`.
            pub fn is_repair(self) -> bool {
                self.as_str().starts_with("W07") || self.as_str().starts_with("W03")
            }
        }
    };
}

codes! {
    FileNotRead = "E0101" Error: "a file cannot be read";
    Syntax = "E0102" Error: "a file is not valid YAML or JSON";
    Dialect = "E0104" Error: "the file is not a supported OpenAPI document";
    Overlay = "E0106" Error: "an overlay cannot be applied";
    DanglingRef = "E0201" Error: "the target of a $ref does not exist";
    CyclicRef = "E0202" Error: "a chain of $refs forms a cycle";
    ForeignRef = "E0203" Error: "a $ref has an unsupported target";
    MissingOperationId = "W0301" Warning: "an operation has no operationId";
    DuplicateOperationId = "W0302" Warning: "two operations share an operationId";
    DuplicatePath = "W0303" Warning: "two path templates match the same requests";
    PathParameters = "W0304" Warning: "a path template and its parameters disagree";
    DuplicateParameter = "W0305" Warning: "a parameter is declared twice";
    ConfigSyntax = "E0501" Error: "the configuration cannot be read";
    ConfigUnused = "E0502" Error: "a configuration entry matches nothing in the description";
    ConfigMisfit = "E0503" Error: "a configuration entry contradicts the description";
    Selector = "E0504" Error: "a selector is invalid or matches nothing";
    CrateName = "E0505" Error: "the crate name is invalid";
    RenderBug = "E0901" Error: "the rendered text is not valid Rust (a bug in sdkgen)";
    Output = "E0902" Error: "the output cannot be written";
    Edited = "E0903" Error: "a rendered file was edited by hand";
    Kept = "W0904" Warning: "a file that is no longer rendered was edited by hand and is kept";
    UnknownKey = "W0606" Warning: "an unknown key is ignored";
    Ignored = "W0607" Warning: "a part of the description has no effect on the SDK";
    ListedTwice = "W0605" Warning: "a list has a value or name twice";
    Renamed = "W0601" Warning: "a name was changed because it collides with another";
    RequiredUndeclared = "W0602" Warning: "a required property is not declared";
    DefaultOutsideEnum = "W0603" Warning: "a default is not one of the values of its enum";
    Simplified = "W0604" Warning: "a construct is simplified";
    Lossy = "W0608" Warning: "an unsupported keyword is ignored";
    UnusedSchemas = "W0610" Warning: "schemas that no operation uses are left out";
    OverlayUnused = "W0609" Warning: "an overlay action matches nothing";
    NotText = "W0701" Warning: "a value that should be a string is of another type";
    MissingPart = "W0702" Warning: "a required part is missing";
    UnknownType = "W0703" Warning: "unknown type name";
    RequiredMisused = "W0704" Warning: "`required` is not a list of property names";
    WrongShape = "W0705" Warning: "a value has the wrong JSON type";
    LeftOut = "W0706" Warning: "an invalid part is left out";
    KeyMended = "W0707" Warning: "a misspelled key is corrected";
    ValueMisfit = "W0708" Warning: "a value does not match its schema's type";
    DanglingSchema = "W0709" Warning: "a missing schema is read as any value";
    DuplicateKey = "W0710" Warning: "a mapping has a key twice";
    VersionMended = "W0711" Warning: "unknown OpenAPI version";
    Misplaced = "W0712" Warning: "a part is where another OpenAPI version or section has it";
}

/// A place in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's path, as the caller wrote it.
    pub file: String,
    /// A JSON Pointer to the node, if the file could be parsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The line, counted from 1, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in characters, counted from 1, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The line's text, for printing.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
}

impl Place {
    /// Makes the file's path relative to a folder, if the file is below it.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        if let Ok(name) = Path::new(&self.file).strip_prefix(folder) {
            self.file = name.display().to_string();
        }
        self
    }
}

/// A line of a file, cut to the width of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// The number of characters before the place.
    pub indent: usize,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: Code,
    /// The code's severity, or an error if repairs are refused.
    pub severity: Severity,
    /// What is wrong, with the names and values involved.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in the input, if there is one.
    pub place: Option<Place>,
}

impl Diagnostic {
    /// Creates a diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place: None,
        }
    }

    /// Adds help: what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.place = Some(Place {
            file: file.into(),
            pointer: None,
            line: None,
            column: None,
            excerpt: None,
        });
        self
    }

    /// Sets line and column. Without a file this does nothing.
    #[must_use]
    pub fn at_line(mut self, line: usize, column: usize) -> Self {
        if let Some(place) = &mut self.place {
            place.line = Some(line);
            place.column = Some(column);
        }
        self
    }

    /// Makes the file's path relative to a folder, if the file is below it.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        self.place = self.place.map(|place| place.below(folder));
        self
    }

    /// The diagnostic as a JSON object, the form of `--format json`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code.as_str(),
            "severity": self.severity,
            "message": self.message,
            "help": self.help,
            "place": self.place,
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        // Messages quote the description. Escaping and indenting keep its text from being a terminal
        // command, and from looking like another diagnostic.
        let message = indented(&self.message);
        write!(f, "{severity}[{}]: {message}", self.code.as_str())?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {}", printable::escaped(&place.file))?;
            if let (Some(line), Some(column)) = (place.line, place.column) {
                write!(f, ":{line}:{column}")?;
            }
            if let Some(pointer) = &place.pointer {
                write!(f, "\n   at {}", printable::escaped(pointer))?;
            }
            if let (Some(line), Some(excerpt)) = (place.line, &place.excerpt) {
                let margin = line.to_string().len();
                let Excerpt { text, indent } = excerpt;
                let text = printable::in_columns(text);
                write!(f, "\n {line} | {text}\n {:margin$} | {:indent$}^", "", "")?;
            }
        }
        if let Some(help) = &self.help {
            write!(f, "\n help: {}", indented(help))?;
        }
        Ok(())
    }
}

/// Escapes a text and indents all lines but the first.
fn indented(text: &str) -> String {
    printable::escaped_lines(text.trim_end()).replace('\n', "\n  ")
}

/// Collects the diagnostics of all stages. Pointers are resolved to lines once, at the end.
#[derive(Debug, Default)]
pub struct Sink {
    /// Each diagnostic, with the pointer that its place is yet to be made of.
    entries: Vec<(Diagnostic, Option<Pointer>)>,
    refuses_repairs: bool,
}

impl Sink {
    /// Turns repairs that are added from now on into errors.
    pub fn refuse_repairs(&mut self) {
        self.refuses_repairs = true;
    }

    /// Adds a diagnostic that already has a place, or has none.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.add(diagnostic, None);
    }

    /// Adds a diagnostic about a node of the description.
    pub fn at(&mut self, pointer: &Pointer, diagnostic: Diagnostic) {
        self.add(diagnostic, Some(pointer.clone()));
    }

    /// Adds all diagnostics of another sink.
    pub fn append(&mut self, other: Self) {
        for (diagnostic, pointer) in other.entries {
            self.add(diagnostic, pointer);
        }
    }

    /// Whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.entries
            .iter()
            .any(|(diagnostic, _)| diagnostic.severity == Severity::Error)
    }

    fn add(&mut self, mut diagnostic: Diagnostic, pointer: Option<Pointer>) {
        if self.refuses_repairs && diagnostic.code.is_repair() {
            diagnostic.severity = Severity::Error;
        }
        self.entries.push((diagnostic, pointer));
    }

    /// Returns the diagnostics without repetitions, errors first, then by place. `locate` resolves
    /// all pointers to places, in their order.
    pub fn into_sorted(self, locate: impl FnOnce(&[Pointer]) -> Vec<Place>) -> Vec<Diagnostic> {
        let pointers: Vec<Pointer> = self
            .entries
            .iter()
            .filter_map(|(_, pointer)| pointer.clone())
            .collect();
        let mut places = if pointers.is_empty() {
            Vec::new()
        } else {
            locate(&pointers)
        }
        .into_iter();
        let mut sorted: Vec<Diagnostic> = self
            .entries
            .into_iter()
            .map(|(mut diagnostic, pointer)| {
                if pointer.is_some() {
                    diagnostic.place = places.next();
                }
                diagnostic
            })
            .collect();
        sorted.sort_by_cached_key(|diagnostic| {
            let place = diagnostic.place.as_ref();
            (
                std::cmp::Reverse(diagnostic.severity),
                place.map(|place| (place.file.clone(), place.line, place.column)),
                diagnostic.code,
                diagnostic.message.clone(),
            )
        });
        sorted.dedup();
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_begin_with_their_severity() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(
                seen.insert(code.as_str()),
                "{} is not unique",
                code.as_str()
            );
            let letter = match code.severity() {
                Severity::Error => 'E',
                Severity::Warning => 'W',
            };
            assert!(code.as_str().starts_with(letter));
        }
    }

    #[test]
    fn refused_repairs_are_errors() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::NotText, "a"));
        assert!(!sink.has_errors());
        sink.refuse_repairs();
        sink.push(Diagnostic::new(Code::Renamed, "b"));
        assert!(!sink.has_errors());
        sink.push(Diagnostic::new(Code::NotText, "c"));
        assert!(sink.has_errors());
    }

    #[test]
    fn the_excerpt_is_printed_and_is_not_in_json() {
        let mut diagnostic = Diagnostic::new(Code::NotText, "m")
            .in_file("a.yaml")
            .at_line(12, 3);
        diagnostic.place.as_mut().unwrap().excerpt = Some(Excerpt {
            text: "  a: 1".to_owned(),
            indent: 2,
        });
        let shown = diagnostic.to_string();
        assert!(shown.ends_with("\n 12 |   a: 1\n    |   ^"), "{shown}");
        assert!(!diagnostic.to_json().to_string().contains("excerpt"));
    }

    #[test]
    fn no_text_is_a_command_to_a_terminal_or_another_diagnostic() {
        let mut diagnostic = Diagnostic::new(Code::NotText, "a\u{1b}[2J\u{202e}\nerror[E0101]: b")
            .help("c\u{9b}1m")
            .in_file("d\n.yaml")
            .at_line(1, 2);
        let place = diagnostic.place.as_mut().unwrap();
        place.pointer = Some("/e\u{7}".to_owned());
        place.excerpt = Some(Excerpt {
            text: "f\u{1b}g".to_owned(),
            indent: 1,
        });
        let expected = "warning[W0701]: a\\u{1b}[2J\\u{202e}\n  error[E0101]: b\n  --> d\\n.yaml:1:2\n   \
            at /e\\u{7}\n 1 | f\u{241b}g\n   |  ^\n help: c\\u{9b}1m";
        assert_eq!(diagnostic.to_string(), expected);
    }

    #[test]
    fn errors_come_before_warnings_and_repetitions_are_dropped() {
        let mut sink = Sink::default();
        sink.push(Diagnostic::new(Code::Renamed, "b"));
        sink.push(Diagnostic::new(Code::DanglingRef, "a"));
        sink.push(Diagnostic::new(Code::DanglingRef, "a"));
        assert!(sink.has_errors());
        let place = |_: &[Pointer]| unreachable!("no pointers here");
        let codes: Vec<_> = sink.into_sorted(place).iter().map(|d| d.code).collect();
        assert_eq!(codes, [Code::DanglingRef, Code::Renamed]);
    }
}
