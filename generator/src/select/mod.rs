//! Which operations an SDK is made of.
//!
//! What is not selected leaves the tree before anything else looks at it, and the components that
//! only it needs go with it: a construct that is not supported is no error where nobody asked for it.

mod prune;
mod selector;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use selector::{Candidate, Selector};

use crate::{
    config::Config,
    diagnostics::{Code, Diagnostic, Sink},
    normalize::METHODS,
    pointer::Pointer,
    resolve,
};

/// Whether a key of a path item is that of an operation, be it one that is not rendered.
fn is_method(key: &str) -> bool {
    METHODS.contains(&key) || key == "query"
}

/// Selectors as they are written. Without any of `include`, everything is included; what is excluded
/// is so whatever includes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

/// What was not selected.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// The ids of operations and the names of components.
    names: BTreeSet<String>,
}

impl LeftOut {
    /// Whether a key of the configuration, `Schema.property` or an operationId, is about something
    /// that was not selected.
    pub(crate) fn is_about(&self, key: &str) -> bool {
        let ends = key.match_indices(['.', '[']).map(|(index, _)| index);
        ends.chain([key.len()])
            .any(|end| self.names.contains(&key[..end]))
    }

    /// Whether everything was selected.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Takes what is not selected out of the tree. Selectors that fit nothing are in the sink.
pub(crate) fn apply(
    root: &mut Value,
    selection: &Selection,
    config: &Config,
    sink: &mut Sink,
) -> LeftOut {
    let mut sieve = Sieve::new(selection, config, sink);
    let mut left_out = LeftOut::default();
    if sieve.is_empty() {
        return left_out;
    }
    let Some(Value::Object(paths)) = root.get("paths") else {
        // What is wrong with it is said by those who need it.
        return left_out;
    };
    let mut kept = Map::new();
    for (path, item) in paths {
        let Some(members) = resolved(root, item) else {
            kept.insert(path.clone(), item.clone());
            continue;
        };
        let mut own = members.clone();
        own.retain(|method, operation| {
            if !is_method(method) {
                return true;
            }
            let candidate = Candidate::new(method, path, operation);
            let keeps = sieve.keeps(&candidate);
            if !keeps {
                left_out.names.extend(candidate.id.map(str::to_owned));
            }
            keeps
        });
        let count = |members: &Map<String, Value>| {
            let methods = members.keys();
            methods.filter(|key| is_method(key)).count()
        };
        match count(&own) {
            0 if count(members) > 0 => {}
            all if all == count(members) => drop(kept.insert(path.clone(), item.clone())),
            _ => drop(kept.insert(path.clone(), Value::Object(own))),
        }
    }
    let is_empty = kept.is_empty() && !paths.is_empty();
    sieve.report(is_empty, sink);
    root["paths"] = Value::Object(kept);
    if !selection.include.is_empty() || !config.include.is_empty() {
        // They are no operations that a selector could have named.
        root.as_object_mut()
            .map(|root| root.shift_remove("webhooks"));
    }
    left_out.names.extend(prune::components(root));
    left_out
}

/// The members of a path item, which may be declared elsewhere in the document.
fn resolved<'a>(root: &'a Value, item: &'a Value) -> Option<&'a Map<String, Value>> {
    let members = item.as_object()?;
    let Some(Value::String(reference)) = members.get("$ref") else {
        return Some(members);
    };
    let target = Pointer::parse(reference.strip_prefix('#')?)?;
    let mut tokens = target.tokens();
    tokens
        .try_fold(root, |node, token| node.get(token))?
        .as_object()
}

/// Selectors, and what has come by.
struct Sieve<'a> {
    selectors: Vec<Entry<'a>>,
    has_includes: bool,
    tags: BTreeSet<String>,
    paths: BTreeSet<String>,
    ids: BTreeSet<String>,
}

struct Entry<'a> {
    selector: Selector,
    text: &'a str,
    excludes: bool,
    used: bool,
    /// The configuration, if it stands there.
    config: Option<&'a Config>,
}

impl Entry<'_> {
    fn complain(&self, message: String) -> Diagnostic {
        complaint(self.text, self.excludes, self.config, message)
    }
}

fn complaint(text: &str, excludes: bool, config: Option<&Config>, message: String) -> Diagnostic {
    let section = if excludes { "exclude" } else { "include" };
    match config {
        Some(config) => config.about(Code::Selector, section, text, message),
        None => Diagnostic::new(Code::Selector, format!("--{section}: {message}")),
    }
}

impl<'a> Sieve<'a> {
    fn new(selection: &'a Selection, config: &'a Config, sink: &mut Sink) -> Self {
        let mut selectors = Vec::new();
        let sources = [
            (&selection.include, false, None),
            (&selection.exclude, true, None),
            (&config.include, false, Some(config)),
            (&config.exclude, true, Some(config)),
        ];
        for (texts, excludes, config) in sources {
            for text in texts {
                match Selector::parse(text) {
                    Ok(selector) => selectors.push(Entry {
                        selector,
                        text,
                        excludes,
                        used: false,
                        config,
                    }),
                    Err(why) => {
                        let message = format!("`{text}` is no selector: {why}");
                        sink.push(complaint(text, excludes, config, message).help(
                            "write `tag:Users`, `path:/users/**`, `operation:getUser` or `GET /users/{id}`",
                        ));
                    }
                }
            }
        }
        Self {
            has_includes: selectors.iter().any(|entry| !entry.excludes),
            selectors,
            tags: BTreeSet::new(),
            paths: BTreeSet::new(),
            ids: BTreeSet::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.selectors.is_empty()
    }

    /// Whether an operation is selected.
    fn keeps(&mut self, candidate: &Candidate<'_>) -> bool {
        self.tags
            .extend(candidate.tags.iter().map(|tag| (*tag).to_owned()));
        self.paths.insert(candidate.path.to_owned());
        self.ids.extend(candidate.id.map(str::to_owned));
        let (mut included, mut excluded) = (!self.has_includes, false);
        // All are asked, so that each that fits counts as used.
        for entry in &mut self.selectors {
            if entry.selector.fits(candidate) {
                entry.used = true;
                if entry.excludes {
                    excluded = true;
                } else {
                    included = true;
                }
            }
        }
        included && !excluded
    }

    /// Complains of selectors that fit nothing, and of those that leave nothing.
    fn report(&self, is_empty: bool, sink: &mut Sink) {
        let mut all_fit = true;
        for entry in self.selectors.iter().filter(|entry| !entry.used) {
            all_fit = false;
            let message = format!("`{}` fits no operation", entry.text);
            let (wanted, names) = match &entry.selector {
                Selector::Tag(name) => (name, &self.tags),
                Selector::Path(name) | Selector::Request(_, name) => (name, &self.paths),
                Selector::Id(name) => (name, &self.ids),
            };
            let near = resolve::nearest(wanted.as_str(), names.iter().map(String::as_str));
            sink.push(match near {
                Some(near) => entry
                    .complain(message)
                    .help(format!("did you mean `{near}`?")),
                None => entry
                    .complain(message)
                    .help("correct the selector or remove it"),
            });
        }
        if is_empty && all_fit {
            let message = "what is excluded is everything there is".to_owned();
            sink.push(Diagnostic::new(Code::Selector, message).help("exclude less"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let operation = |id: &str, tag: &str, schema: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            json!({"operationId": id, "tags": [tag], "responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
        };
        json!({
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
                "securitySchemes": {"key": {}},
            },
        })
    }

    fn select(include: &[&str], exclude: &[&str]) -> (Value, LeftOut, Vec<Diagnostic>) {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let selection = Selection {
            include: own(include),
            exclude: own(exclude),
        };
        let (mut root, mut sink) = (document(), Sink::default());
        let left_out = apply(&mut root, &selection, &Config::default(), &mut sink);
        let said = sink.into_sorted(|_: &[Pointer]| unreachable!("selectors have no pointers"));
        (root, left_out, said)
    }

    fn ids(include: &[&str], exclude: &[&str]) -> Vec<String> {
        let (root, _, said) = select(include, exclude);
        assert_eq!(said, []);
        let items = root["paths"].as_object().unwrap().values();
        let ids = items.flat_map(|item| {
            let members = resolved(&root, item).unwrap().values();
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
        assert_eq!(select(&[], &[]).0, document());
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
}
