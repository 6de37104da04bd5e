//! What there is to say about the input: coded, placed, collected in one sink.

mod explain;
pub mod printable;

use std::{fmt, path::Path};

pub use crate::openapi::Pointer;
pub use explain::Explanation;

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something was decided that the reader may want otherwise.
    Warning,
    /// Nothing can be rendered.
    Error,
}

macro_rules! codes {
    ($($variant:ident = $code:literal $severity:ident: $title:literal;)*) => {
        /// The kinds of diagnostics. A code, once published, keeps its meaning.
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

            /// What the code stands for, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// How bad it is, where repairs are not refused.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Whether it tells of a defect in the description that was repaired: these are the
            /// codes that `repairs = "refuse"` makes errors.
            pub fn is_repair(self) -> bool {
                self.as_str().starts_with("W07") || self.as_str().starts_with("W03")
            }
        }
    };
}

codes! {
    FileNotRead = "E0101" Error: "a file cannot be read";
    Syntax = "E0102" Error: "a file is not valid YAML or JSON";
    Dialect = "E0104" Error: "the file is no description of a supported dialect";
    Overlay = "E0106" Error: "an overlay cannot be applied";
    DanglingRef = "E0201" Error: "a $ref leads nowhere";
    CyclicRef = "E0202" Error: "a $ref leads back to itself";
    ForeignRef = "E0203" Error: "a $ref leads to a place that is not supported";
    MissingOperationId = "W0301" Warning: "an operation has no operationId";
    DuplicateOperationId = "W0302" Warning: "two operations share an operationId";
    DuplicatePath = "W0303" Warning: "two path templates are one";
    PathParameters = "W0304" Warning: "a path template and its parameters disagree";
    DuplicateParameter = "W0305" Warning: "a parameter is declared twice";
    ConfigSyntax = "E0501" Error: "the configuration cannot be read";
    ConfigUnused = "E0502" Error: "a configuration entry fits nothing in the description";
    ConfigMisfit = "E0503" Error: "a configuration entry contradicts the description";
    Selector = "E0504" Error: "a selector cannot be read or fits nothing";
    CrateName = "E0505" Error: "a crate cannot have this name";
    RenderBug = "E0901" Error: "the rendered text is not Rust (a defect of sdkgen)";
    Output = "E0902" Error: "the output cannot be written";
    Edited = "E0903" Error: "a rendered file was edited by hand";
    Kept = "W0904" Warning: "a file that is no longer rendered was edited by hand and stays";
    UnknownKey = "W0606" Warning: "a key that OpenAPI does not know is ignored";
    Ignored = "W0607" Warning: "a part of the description does not show in the SDK";
    ListedTwice = "W0605" Warning: "a value or a name stands twice in one list";
    Renamed = "W0601" Warning: "two names became one, so one was changed";
    RequiredUndeclared = "W0602" Warning: "a required property is not declared";
    DefaultOutsideEnum = "W0603" Warning: "a default is not among the values of its enum";
    Simplified = "W0604" Warning: "a construct is rendered as less than it says";
    Lossy = "W0608" Warning: "what a keyword says is lost";
    UnusedSchemas = "W0610" Warning: "schemas that no operation uses are left out";
    OverlayUnused = "W0609" Warning: "an action of an overlay matches nothing";
    NotText = "W0701" Warning: "another value stands where a text must";
    MissingPart = "W0702" Warning: "a required part is missing";
    UnknownType = "W0703" Warning: "the name of a type is none";
    RequiredMisused = "W0704" Warning: "`required` is not a list of names";
    WrongShape = "W0705" Warning: "a value has not the shape it must have";
    LeftOut = "W0706" Warning: "a part that makes no sense is left out";
    KeyMended = "W0707" Warning: "a key is read as the one that was meant";
    ValueMisfit = "W0708" Warning: "a value does not fit the type it belongs to";
    DanglingSchema = "W0709" Warning: "a schema that is not there is read as any value";
    DuplicateKey = "W0710" Warning: "a key stands twice in one mapping";
    VersionMended = "W0711" Warning: "the version of OpenAPI is not one that is known";
    Misplaced = "W0712" Warning: "a part stands where another dialect or section has it";
}

/// Where in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as the caller named it.
    pub file: String,
    /// The node, if the file was readable as a tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The line, counted from 1, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in characters, counted from 1, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What stands there, for people.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
}

impl Place {
    /// The same place with its file named as it stands below a folder, if it is there.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        if let Ok(name) = Path::new(&self.file).strip_prefix(folder) {
            self.file = name.display().to_string();
        }
        self
    }
}

/// A line of a file, cut to what fits a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text.
    pub text: String,
    /// How many characters of it stand before the place.
    pub indent: usize,
}

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: Code,
    /// How bad it is: what the code says, or an error where repairs are refused.
    pub severity: Severity,
    /// What is the matter, naming names.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Place>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the file it is about.
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

    /// Adds line and column to the file.
    #[must_use]
    pub fn at_line(mut self, line: usize, column: usize) -> Self {
        if let Some(place) = &mut self.place {
            place.line = Some(line);
            place.column = Some(column);
        }
        self
    }

    /// The same diagnostic with its file named as it stands below a folder, if it is there.
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
        // What a description says may reach a message; a terminal must not take it for commands, nor
        // a reader for another diagnostic.
        let message = in_lines(&self.message);
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
            write!(f, "\n help: {}", in_lines(help))?;
        }
        Ok(())
    }
}

/// A text for people, what follows its first line being indented.
fn in_lines(text: &str) -> String {
    printable::escaped_lines(text.trim_end()).replace('\n', "\n  ")
}

/// Collects diagnostics from all stages. Pointers are turned into lines at the end, once.
#[derive(Debug, Default)]
pub struct Sink {
    said: Vec<(Diagnostic, Option<Pointer>)>,
    refuses_repairs: bool,
}

impl Sink {
    /// Makes errors of the repairs that are added from now on.
    pub fn refuse_repairs(&mut self) {
        self.refuses_repairs = true;
    }

    /// Adds a diagnostic that has its place already, or none.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.add(diagnostic, None);
    }

    /// Adds a diagnostic about a node of the description.
    pub fn at(&mut self, pointer: &Pointer, diagnostic: Diagnostic) {
        self.add(diagnostic, Some(pointer.clone()));
    }

    /// Adds all that another sink holds.
    pub fn append(&mut self, other: Self) {
        for (diagnostic, pointer) in other.said {
            self.add(diagnostic, pointer);
        }
    }

    /// Whether something keeps the description from being rendered.
    pub fn has_errors(&self) -> bool {
        self.said
            .iter()
            .any(|(diagnostic, _)| diagnostic.severity == Severity::Error)
    }

    fn add(&mut self, mut diagnostic: Diagnostic, pointer: Option<Pointer>) {
        if self.refuses_repairs && diagnostic.code.is_repair() {
            diagnostic.severity = Severity::Error;
        }
        self.said.push((diagnostic, pointer));
    }

    /// The diagnostics, errors first, then by place; `locate` turns all pointers into places.
    pub fn into_sorted(self, locate: impl FnOnce(&[Pointer]) -> Vec<Place>) -> Vec<Diagnostic> {
        let pointers: Vec<Pointer> = self
            .said
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
            .said
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
    fn codes_are_unique_and_say_their_severity() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} stands twice", code.as_str());
            let letter = match code.severity() {
                Severity::Error => 'E',
                Severity::Warning => 'W',
            };
            assert!(code.as_str().starts_with(letter));
        }
    }

    #[test]
    fn repairs_are_errors_where_they_are_refused() {
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
    fn the_line_stands_under_the_message_and_not_in_json() {
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
    fn errors_come_before_warnings_and_repeats_once() {
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
