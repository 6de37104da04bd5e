//! The operations that are selected.
//!
//! The filter is asked for each operation before it is read, once its path item and method are known.
//! Components are read when something that was read requires them, so that an unsupported construct is no
//! error where nobody selected it.

mod selector;

use std::collections::BTreeSet;

use serde_json::Value;

use selector::{Candidate, Selector};

use crate::{
    config::{Config, LeftOut},
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{Method, spelling},
};

/// Whether a key of a path item is that of an operation, rendered or not.
fn is_method(key: &str) -> bool {
    Method::of_key(key).is_some() || key == "query"
}

/// Selectors as they are written. Without `include`, everything is included; `exclude` wins over
/// `include`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

/// Selectors, and the operations they were asked for.
#[derive(Debug, Default)]
pub(crate) struct OperationFilter {
    selectors: Vec<Entry>,
    has_includes: bool,
    tags: BTreeSet<String>,
    paths: BTreeSet<String>,
    ids: BTreeSet<String>,
    left_out: LeftOut,
    /// After all paths were read: whether none matched.
    left_nothing: Option<bool>,
}

#[derive(Debug)]
struct Entry {
    selector: Selector,
    text: String,
    excludes: bool,
    used: bool,
    /// Whether it comes from the configuration rather than the command line.
    in_config: bool,
}

impl OperationFilter {
    /// Parses selectors, and reports those that are invalid.
    pub(crate) fn new(selection: &Selection, config: &Config, sink: &mut Sink) -> Self {
        let mut selectors = Vec::new();
        let sources = [
            (&selection.include, false, false),
            (&selection.exclude, true, false),
            (&config.include, false, true),
            (&config.exclude, true, true),
        ];
        for (texts, excludes, in_config) in sources {
            for text in texts {
                match Selector::parse(text) {
                    Ok(selector) => selectors.push(Entry {
                        selector,
                        text: text.clone(),
                        excludes,
                        used: false,
                        in_config,
                    }),
                    Err(why) => {
                        let message = format!("invalid selector `{text}`: {why}");
                        let config = in_config.then_some(config);
                        sink.push(selector_error(text, excludes, config, message).help(
                            "write `tag:Users`, `path:/users/**`, `operation:getUser` or `GET /users/{id}`",
                        ));
                    }
                }
            }
        }
        Self {
            has_includes: selectors.iter().any(|entry| !entry.excludes),
            selectors,
            ..Self::default()
        }
    }

    /// Whether there are no selectors, so that everything is selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.selectors.is_empty()
    }

    /// Whether an operation must match a selector to be selected.
    pub(crate) fn has_includes(&self) -> bool {
        self.has_includes
    }

    /// Whether an operation is selected. The method is in lower case.
    pub(crate) fn keeps(&mut self, method: &str, path: &str, operation: &Value) -> bool {
        if self.is_empty() {
            return true;
        }
        let candidate = Candidate::new(method, path, operation);
        for tag in &candidate.tags {
            if !self.tags.contains(*tag) {
                self.tags.insert((*tag).to_owned());
            }
        }
        if !self.paths.contains(path) {
            self.paths.insert(path.to_owned());
        }
        self.ids.extend(candidate.id.map(str::to_owned));
        let (mut included, mut excluded) = (!self.has_includes, false);
        // All are asked, so that each that fits counts as used.
        for entry in &mut self.selectors {
            if entry.selector.matches(&candidate) {
                entry.used = true;
                if entry.excludes {
                    excluded = true;
                } else {
                    included = true;
                }
            }
        }
        let keeps = included && !excluded;
        if !keeps {
            self.left_out.names.extend(candidate.id.map(str::to_owned));
        }
        keeps
    }

    /// Notes that all paths were read, and whether none matched.
    pub(crate) fn finish_paths(&mut self, left_nothing: bool) {
        self.left_nothing = Some(left_nothing);
    }

    /// Notes a component that nothing selected requires.
    pub(crate) fn leave_out(&mut self, name: &str) {
        self.left_out.names.insert(name.to_owned());
    }

    /// Reports selectors that match nothing, and selectors that exclude everything; returns what was left
    /// out. Without any paths, the selectors are not to blame.
    pub(crate) fn finish(self, config: &Config, sink: &mut Sink) -> LeftOut {
        let Some(left_nothing) = self.left_nothing else {
            return self.left_out;
        };
        let mut all_fit = true;
        for entry in self.selectors.iter().filter(|entry| !entry.used) {
            all_fit = false;
            let message = format!("`{}` matches no operation", entry.text);
            let (wanted, names) = match &entry.selector {
                Selector::Tag(name) => (name, &self.tags),
                Selector::Path(name) | Selector::Request(_, name) => (name, &self.paths),
                Selector::Id(name) => (name, &self.ids),
            };
            let near = spelling::nearest(wanted.as_str(), names.iter().map(String::as_str));
            let config = entry.in_config.then_some(config);
            let selector_error = selector_error(&entry.text, entry.excludes, config, message);
            sink.push(match near {
                Some(near) => selector_error.help(format!("did you mean `{near}`?")),
                None => selector_error.help("correct the selector or remove it"),
            });
        }
        if left_nothing && all_fit && !self.selectors.is_empty() {
            let message = "the selectors exclude every operation".to_owned();
            sink.push(Diagnostic::new(Code::Selector, message).help("exclude less"));
        }
        self.left_out
    }
}

fn selector_error(
    text: &str,
    excludes: bool,
    config: Option<&Config>,
    message: String,
) -> Diagnostic {
    let section = if excludes { "exclude" } else { "include" };
    match config {
        Some(config) => config.about(Code::Selector, section, text, message),
        None => Diagnostic::new(Code::Selector, format!("--{section}: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        document::Document,
        read::{self, Options},
    };

    fn document() -> Value {
        let operation = |id: &str, tag: &str, schema: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            json!({"operationId": id, "tags": [tag], "responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
        };
        json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "paths": {
                "/users": {"get": operation("getUsers", "Users", "User"), "post": operation("postUsers", "Users", "User")},
                "/users/{id}/pets": {"parameters": [], "get": operation("getPets", "Pets", "Pet")},
                "/away": {"$ref": "#/components/pathItems/Away"},
            },
            "components": {
                "pathItems": {"Away": {"get": operation("getAway", "Pets", "Base"), "put": operation("putAway", "Users", "User")}},
                "schemas": {
                    "User": {"properties": {"home": {"$ref": "#/components/schemas/Home"}}},
                    "Home": {}, "Pet": {}, "Unused": {},
                    "Base": {"discriminator": {"propertyName": "kind", "mapping": {"m": "Mapped"}}},
                    "Child": {"allOf": [{"$ref": "#/components/schemas/Base"}]},
                    "Mapped": {},
                },
                "securitySchemes": {"key": {"type": "http", "scheme": "basic"}},
            },
        })
    }

    fn select(include: &[&str], exclude: &[&str]) -> (Value, LeftOut, Vec<Diagnostic>) {
        select_of(document(), include, exclude)
    }

    fn select_of(
        root: Value,
        include: &[&str],
        exclude: &[&str],
    ) -> (Value, LeftOut, Vec<Diagnostic>) {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let selection = Selection {
            include: own(include),
            exclude: own(exclude),
        };
        let (config, mut sink) = (Config::default(), Sink::default());
        let mut filter = OperationFilter::new(&selection, &config, &mut sink);
        let document = Document {
            path: "a.json".into(),
            text: String::new(),
            root,
        };
        let normalized = read::read(document, Options::default(), &mut filter, &mut sink).unwrap();
        let left_out = filter.finish(&config, &mut sink);
        let said = sink.into_sorted(|pointers| normalized.sources.places(pointers));
        let root = serde_json::to_value(&normalized.openapi).unwrap();
        (root, left_out, said)
    }

    fn ids(include: &[&str], exclude: &[&str]) -> Vec<String> {
        let (root, _, said) = select(include, exclude);
        assert_eq!(said, []);
        ids_in(&root)
    }

    fn ids_in(root: &Value) -> Vec<String> {
        let items = root["paths"].as_object().unwrap().values();
        let ids = items.flat_map(|item| {
            let members = item.as_object().unwrap().values();
            members.filter_map(|operation| operation.get("operationId")?.as_str())
        });
        ids.map(str::to_owned).collect()
    }

    #[test]
    fn operations_are_selected_by_tag_path_id_and_request() {
        assert_eq!(ids(&["tag:Pets"], &[]), ["getPets", "getAway"]);
        assert_eq!(
            ids(&["path:/users/**"], &[]),
            ["getUsers", "postUsers", "getPets"]
        );
        assert_eq!(ids(&["/users"], &["post*"]), ["getUsers"]);
        assert_eq!(
            ids(&["GET /users", "operation:getPets"], &[]),
            ["getUsers", "getPets"]
        );
        assert_eq!(ids(&[], &["tag:Users"]), ["getPets", "getAway"]);
        assert_eq!(ids(&["tag:*"], &["put /away"]).len(), 4);
    }

    #[test]
    fn components_that_nothing_selected_needs_are_left_out() {
        let (root, left_out, _) = select(&["tag:Pets"], &[]);
        let names: Vec<&String> = root["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(names, ["Pet", "Base", "Child", "Mapped"]);
        assert_eq!(
            root["components"]["securitySchemes"]
                .as_object()
                .unwrap()
                .len(),
            1
        );
        for key in ["User", "User.home", "Home", "getUsers", "User[]"] {
            assert!(left_out.is_about(key), "{key}");
        }
        assert!(!left_out.is_about("Pet.name") && !left_out.is_about("Use"));
        let all = select(&[], &[]).0;
        assert_eq!(all["components"]["schemas"].as_object().unwrap().len(), 7);
    }

    #[test]
    fn selectors_that_fit_nothing_are_errors() {
        let help = |selector: &str| {
            let (_, _, said) = select(&[selector], &[]);
            assert_eq!(said[0].code, Code::Selector, "{selector}");
            said[0].help.clone().unwrap()
        };
        assert_eq!(help("tag:User"), "did you mean `Users`?");
        assert_eq!(help("getUser"), "did you mean `getUsers`?");
        assert_eq!(help("GET /user"), "did you mean `/users`?");
        assert_eq!(
            help("operation:nothing"),
            "correct the selector or remove it"
        );
        assert!(help("path:/[").starts_with("write"));
        assert!(help("tag:").starts_with("write"));
        let (_, _, said) = select(&[], &["path:**"]);
        assert_eq!(said[0].help.as_deref(), Some("exclude less"));
    }

    #[test]
    fn what_is_selected_is_found_however_it_is_written() {
        let returns = |id: &str, reference: &str| {
            let schema = json!({"$ref": reference});
            json!({"operationId": id, "tags": ["B"], "responses": {"200": {"description": "d", "content": {"application/json": {"schema": schema}}}}})
        };
        let root = json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1"},
            "paths": {
                "/c": {"get": returns("getC", "#/components/schemas/Sp%61ce")},
                "/c2": {"get": returns("getC2", "#anch")},
                "/c3": {"get": returns("getC3", "#/definitions/Old")},
                "d": {"GET": {"operationId": "getD", "tags": ["D"], "responses": {}}, "frobnicate": 1},
                "/e": {
                    "$ref": "#/components/pathItems/E",
                    "get": {"operationId": "getE", "tags": ["B"], "responses": {}},
                },
            },
            "components": {
                "pathItems": {"E": {
                    "get": {"operationId": "overridden", "tags": ["B"], "responses": {}},
                    "post": {"operationId": "postE", "tags": ["E"], "responses": {}},
                }},
                "schemas": {
                    "Space": {"type": "object"},
                    "Anch": {"$anchor": "anch", "type": "object"},
                    "Old": {"type": "object"},
                    "Wrong": {"type": "nope"},
                },
            },
        });
        let (selected, _, said) = select_of(root.clone(), &["tag:B"], &[]);
        let codes: Vec<Code> = said.iter().map(|said| said.code).collect();
        assert_eq!(codes, [Code::Misplaced], "{said:?}");
        assert_eq!(ids_in(&selected), ["getC", "getC2", "getC3", "getE"]);
        let schemas = selected["components"]["schemas"].as_object().unwrap();
        assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Space", "Anch", "Old"]);
        for (selector, wanted) in [
            ("tag:D", "getD"),
            ("GET /d", "getD"),
            ("path:d", "getD"),
            ("tag:E", "postE"),
        ] {
            let (selected, _, _) = select_of(root.clone(), &[selector], &[]);
            assert_eq!(ids_in(&selected), [wanted], "{selector}");
        }
    }

    #[test]
    fn other_files_are_asked_for_their_operations() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "o.yaml",
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a: {$ref: 'a.yaml'}\n  /b:\n    get: {operationId: getB, tags: [B], responses: {'200': {description: d, content: {application/json: {schema: {$ref: 'b.yaml#/B'}}}}}}\n  /broken:\n    get: {operationId: getX, tags: [X], responses: {'200': {$ref: broken.yaml}}}\ncomponents:\n  schemas:\n    Main: {type: object, properties: {m: {type: string}}}\n    Other: {type: object}\n",
        );
        write(
            "a.yaml",
            "get: {operationId: getA, tags: [A], responses: {'200': {description: d}}}\n",
        );
        write(
            "b.yaml",
            "B: {type: object, properties: {m: {$ref: 'o.yaml#/components/schemas/Main'}}}\n",
        );
        write("broken.yaml", "a: [\n");
        let compiled = |selector: &str| {
            crate::job::compile(
                &crate::job::Job::new(folder.path().join("o.yaml")).with_include(selector),
            )
        };
        for (selector, id) in [("tag:A", "getA"), ("tag:B", "getB")] {
            let found = compiled(selector);
            assert_eq!(found.diagnostics, [], "{selector}");
            let operations = found.compiled.unwrap().api.operations;
            assert_eq!(operations.len(), 1);
            assert!(format!("{operations:?}").contains(id));
        }
        let broken = compiled("tag:X").diagnostics;
        let codes: Vec<Code> = broken.iter().map(|said| said.code).collect();
        assert!(codes.contains(&Code::Syntax), "{broken:?}");
    }
}
