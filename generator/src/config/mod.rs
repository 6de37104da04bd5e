//! `sdkgen.toml`: settings of one API that its description cannot express.

mod left_out;
mod pagination;
mod policy;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub(crate) use left_out::LeftOut;
pub(crate) use pagination::Pagination;
pub(crate) use policy::{Dates, Mismatches, Repairs, RequiredInResponses, Setters, UnusedSchemas};
use serde::Deserialize;

use crate::diagnostics::{Code, Diagnostic, Sink};

/// The configuration. Every entry must fit something in the description, or it is an error: a typo
/// must not pass for a setting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether to repair defects of the description whose meaning is obvious.
    pub repairs: Repairs,
    /// Whether responses hold what their schemas require.
    pub required_in_responses: RequiredInResponses,
    /// What becomes of responses with optional properties whose values do not fit. By default they are kept where
    /// required properties may be missing, too.
    pub mismatches: Option<Mismatches>,
    /// The type of dates with times.
    pub dates: Dates,
    /// The extension of operations, `{type: ANY or ALL, permissions: [..]}`, that says what the
    /// caller must be allowed to do.
    pub permissions_extension: Option<String>,
    /// Properties, as `Schema.property`, whose values must not be logged.
    pub secrets: Vec<String>,
    /// Operations, by operationId, that can be sent again although their method does not say so.
    pub idempotent: Vec<String>,
    /// Selectors of the operations to render; all if there are none.
    pub include: Vec<String>,
    /// Selectors of operations that are not rendered; they win over `include`.
    pub exclude: Vec<String>,
    /// Rust names to use in place of the derived ones.
    pub rename: Rename,
    /// Which models have constructors and setters.
    pub setters: Setters,
    /// Whether schemas that no operation uses are rendered.
    pub unused_schemas: UnusedSchemas,
    /// How operations page, by operationId.
    pub pagination: BTreeMap<String, Pagination>,
    /// Whether pagination is detected by shape, where that is unambiguous, for operations not listed.
    pub detect_pagination: bool,
    #[serde(skip)]
    source: Source,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            required_in_responses: RequiredInResponses::default(),
            mismatches: None,
            dates: Dates::default(),
            permissions_extension: None,
            secrets: Vec::new(),
            idempotent: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            rename: Rename::default(),
            setters: Setters::default(),
            unused_schemas: UnusedSchemas::default(),
            pagination: BTreeMap::new(),
            detect_pagination: true,
            repairs: Repairs::default(),
            source: Source::default(),
        }
    }
}

/// Rust names, by the part of the description they are for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rename {
    /// Types, as `Schema` or, for the type of a property, `Schema.property`.
    pub types: BTreeMap<String, String>,
    /// Fields, as `Schema.property`.
    pub properties: BTreeMap<String, String>,
    /// Methods, by operationId.
    pub operations: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Source {
    file: String,
    text: String,
    used: RefCell<BTreeSet<String>>,
}

impl Config {
    /// Reads the configuration; `None` if that failed, which is reported.
    pub fn load(path: &Path, sink: &mut Sink) -> Option<Self> {
        let file = path.display().to_string();
        let text = match crate::document::read_text(path, true) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("cannot read the configuration: {error}");
                sink.push(
                    Diagnostic::new(Code::FileNotRead, message)
                        .in_file(file)
                        .help("check the path given with --config"),
                );
                return None;
            }
        };
        Self::parse(&file, text, sink)
    }

    /// Reads the configuration from a text in memory; `file` only names it.
    pub fn parse(file: &str, text: String, sink: &mut Sink) -> Option<Self> {
        match toml::from_str::<Self>(&text) {
            Ok(mut config) => {
                config.source = Source {
                    file: file.to_owned(),
                    text,
                    used: RefCell::default(),
                };
                Some(config)
            }
            Err(error) => {
                let mut diagnostic =
                    Diagnostic::new(Code::ConfigSyntax, error.message().trim()).in_file(file);
                if let Some(span) = error.span() {
                    let (line, column) = line_column(&text, span.start);
                    diagnostic = diagnostic.at_line(line, column);
                }
                sink.push(diagnostic);
                None
            }
        }
    }

    /// Whether clients keep responses with optional properties whose values do not fit.
    pub fn keeps_mismatches(&self) -> bool {
        match self.mismatches {
            Some(chosen) => chosen == Mismatches::Keep,
            None => self.required_in_responses == RequiredInResponses::Tolerate,
        }
    }

    /// Whether defects that could be repaired are errors.
    pub fn refuses_repairs(&self) -> bool {
        self.repairs == Repairs::Refuse
    }

    /// The name given to a type, if any.
    pub fn type_name(&self, path: &str) -> Option<&str> {
        self.take("rename.types", &self.rename.types, path)
    }

    /// The name given to a property's field, if any.
    pub fn property_name(&self, path: &str) -> Option<&str> {
        self.take("rename.properties", &self.rename.properties, path)
    }

    /// The name given to an operation's method, if any.
    pub fn operation_name(&self, id: &str) -> Option<&str> {
        self.take("rename.operations", &self.rename.operations, id)
    }

    /// How an operation pages, if it does.
    pub fn pagination_of(&self, id: &str) -> Option<&Pagination> {
        let pagination = self.pagination.get(id)?;
        self.mark("pagination", id);
        Some(pagination)
    }

    /// Whether an operation can be sent again although its method does not say so.
    pub fn is_idempotent(&self, id: &str) -> bool {
        let listed = self.idempotent.iter().any(|listed| listed == id);
        if listed {
            self.mark("idempotent", id);
        }
        listed
    }

    /// The extension that says what the caller must be allowed to do, if this operation has it.
    pub fn permissions_of<'a, T>(
        &self,
        extensions: &'a indexmap::IndexMap<String, T>,
    ) -> Option<(&str, &'a T)> {
        let key = self.permissions_extension.as_deref()?;
        let value = extensions.get(key)?;
        self.mark("permissions_extension", key);
        Some((key, value))
    }

    /// Whether the values of a property must not be logged.
    pub fn is_secret(&self, path: &str) -> bool {
        let secret = self.secrets.iter().any(|secret| secret == path);
        if secret {
            self.mark("secrets", path);
        }
        secret
    }

    /// SHA-256 of the configuration's text; empty if there is none.
    pub fn hash(&self) -> String {
        if self.source.text.is_empty() {
            String::new()
        } else {
            crate::output::hash(&self.source.text)
        }
    }

    /// Reports an entry that contradicts the description.
    pub fn misfit(&self, section: &str, key: &str, message: String, sink: &mut Sink) {
        sink.push(self.about(Code::ConfigMisfit, section, key, message));
    }

    /// Reports entries that nothing used, unless they are about something that was not selected.
    pub(crate) fn report_unused(&self, left_out: &LeftOut, sink: &mut Sink) {
        let maps = [
            (
                "rename.types",
                self.rename.types.keys().collect::<Vec<_>>(),
                "type",
            ),
            (
                "rename.properties",
                self.rename.properties.keys().collect(),
                "property",
            ),
            (
                "rename.operations",
                self.rename.operations.keys().collect(),
                "operation",
            ),
            ("pagination", self.pagination.keys().collect(), "operation"),
            (
                "permissions_extension",
                self.permissions_extension.iter().collect(),
                "operation with the extension",
            ),
            (
                "secrets",
                self.secrets.iter().collect(),
                "property of type string",
            ),
            ("idempotent", self.idempotent.iter().collect(), "operation"),
        ];
        for (section, keys, what) in maps {
            for key in keys {
                // Of the operations that have an extension, none may have been selected.
                let is_moot = section == "permissions_extension" && !left_out.is_empty();
                if is_moot || left_out.is_about(key) {
                    continue;
                }
                if !self
                    .source
                    .used
                    .borrow()
                    .contains(&format!("{section}/{key}"))
                {
                    let message = format!("the description has no {what} `{key}` ({section})");
                    sink.push(
                        self.about(Code::ConfigUnused, section, key, message)
                            .help("correct the entry or remove it"),
                    );
                }
            }
        }
    }

    fn take<'a>(
        &self,
        section: &str,
        map: &'a BTreeMap<String, String>,
        key: &str,
    ) -> Option<&'a str> {
        let name = map.get(key)?;
        self.mark(section, key);
        Some(name)
    }

    fn mark(&self, section: &str, key: &str) {
        self.source
            .used
            .borrow_mut()
            .insert(format!("{section}/{key}"));
    }

    /// A diagnostic at an entry.
    pub(crate) fn about(
        &self,
        code: Code,
        section: &str,
        key: &str,
        message: String,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, message).in_file(self.source.file.as_str());
        match find_entry(&self.source.text, section, key) {
            Some(offset) => {
                let (line, column) = line_column(&self.source.text, offset);
                diagnostic.at_line(line, column)
            }
            None => diagnostic,
        }
    }
}

/// The position of an entry: the keys of a TOML document keep their spans, those of our structs do not.
fn find_entry(text: &str, section: &str, key: &str) -> Option<usize> {
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut steps = section.split('.').peekable();
    while let Some(step) = steps.next() {
        let value = table.get(step)?.get_ref();
        match value {
            toml::de::DeValue::Table(inner) => table = inner,
            toml::de::DeValue::Array(items) if steps.peek().is_none() => {
                let item = items
                    .iter()
                    .find(|item| item.get_ref().as_str() == Some(key))?;
                return Some(item.span().start);
            }
            // A setting that is one value: the entry is the setting.
            value if steps.peek().is_none() && value.as_str() == Some(key) => {
                return table.get(step).map(|value| value.span().start);
            }
            _ => return None,
        }
    }
    let (found, _) = table.iter().find(|(found, _)| found.get_ref() == key)?;
    Some(found.span().start)
}

fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

/// The key under which the configuration names a type or property: `Schema.property`.
pub(crate) fn key(words: &[String]) -> String {
    words.join(".").replace(".[]", "[]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::Pointer;

    fn parse(text: &str) -> (Option<Config>, Vec<Diagnostic>) {
        let mut sink = Sink::default();
        let config = Config::parse("sdkgen.toml", text.to_owned(), &mut sink);
        let place = |_: &[Pointer]| unreachable!("configuration has no pointers");
        (config, sink.into_sorted(place))
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let (config, diagnostics) = parse("secrets = []\nrequird = 1\n");
        assert!(config.is_none());
        assert_eq!(diagnostics[0].code, Code::ConfigSyntax);
        assert_eq!(diagnostics[0].place.as_ref().unwrap().line, Some(2));
    }

    #[test]
    fn an_entry_nobody_asks_for_is_an_error_with_its_line() {
        let text =
            "secrets = [\n  \"A.b\",\n  \"C.d\",\n]\n[rename.types]\nX = \"Y\"\n\"U.v\" = \"Uv\"\n";
        let config = parse(text).0.unwrap();
        assert_eq!(config.type_name("U.v"), Some("Uv"));
        assert!(config.is_secret("A.b") && !config.is_secret("Z"));
        let mut sink = Sink::default();
        config.report_unused(&LeftOut::default(), &mut sink);
        let unused = sink.into_sorted(|_: &[Pointer]| unreachable!("no pointers"));
        let lines: Vec<_> = unused
            .iter()
            .map(|d| d.place.as_ref().unwrap().line)
            .collect();
        assert_eq!(lines, [Some(3), Some(6)]);
    }

    #[test]
    fn repairs_are_accepted_unless_they_are_refused() {
        assert!(!parse("").0.unwrap().refuses_repairs());
        let refusing = parse("repairs = \"refuse\"\n").0.unwrap();
        assert!(refusing.refuses_repairs());
        assert!(parse("repairs = \"maybe\"\n").0.is_none());
    }

    #[test]
    fn pagination_styles_name_their_parts() {
        let text = "[pagination.getUsers]\nstyle = \"page\"\nnumber = \"n\"\nsize = \"s\"\nitems = \"e\"\n";
        let config = parse(text).0.unwrap();
        assert_eq!(config.pagination_of("getUsers").unwrap().style(), "page");
        let text = "[pagination]\na = {style = \"next-url\", next = \"n\", items = \"e\"}\nb = {style = \"link-header\", items = \"\"}\n";
        let config = parse(text).0.unwrap();
        assert_eq!(config.pagination_of("a").unwrap().items(), "e");
        assert_eq!(config.pagination_of("b").unwrap().style(), "link-header");
        let (_, diagnostics) = parse("[pagination.getUsers]\nstyle = \"pages\"\n");
        assert_eq!(diagnostics[0].code, Code::ConfigSyntax);
    }
}
