//! Paths, and the operations on them.

use std::collections::HashSet;

use openapiv3::{Operation, PathItem, Paths, ReferenceOr};
use serde_json::Value;

use super::{
    Dialect,
    parameters::{ParameterKey, Parameters},
    reader::{Members, Reader},
};
use crate::{
    diagnostics::Code,
    openapi::{Method, Pointer, keywords},
};

/// A path item that refers to others goes through no more of them than this.
const DEEPEST: usize = 16;

/// What a path item is read as.
#[derive(Clone)]
struct Way<'p> {
    /// The path, as it is spelt in the result.
    path: &'p str,
    /// How many path items refer to this one, one to the next.
    depth: usize,
    /// What these have already, so that it is not taken from here.
    above: Above,
}

#[derive(Clone, Default)]
struct Above {
    methods: HashSet<String>,
    parameters: Vec<ParameterKey>,
}

impl<'a> Reader<'a, '_> {
    /// Reads all paths.
    pub(super) fn paths(&mut self, value: &'a Value) -> Paths {
        let mut paths = Paths::default();
        let Some(members) = self.members(value) else {
            return paths;
        };
        for (path, item) in members {
            if path.starts_with("x-") {
                paths.extensions.insert(path.clone(), item.clone());
                continue;
            }
            let spelt = format!("/{}", path.strip_prefix('/').unwrap_or(path));
            let way = Way {
                path: &spelt,
                depth: 0,
                above: Above::default(),
            };
            if !self.sieve.is_empty() && self.keeps_any(self.file(), item, &way) == Some(false) {
                continue;
            }
            self.enter(path);
            let item = if path.starts_with('/') {
                self.path_item(item, &way)
            } else {
                let message = format!("the path `{path}` is read as `{spelt}`");
                self.say(Code::KeyMended, message);
                let out = Pointer::root().join("paths").join(spelt.as_str());
                self.standing_at(out, |reader| reader.path_item(item, &way))
            };
            self.leave();
            let Some(item) = item else { continue };
            if paths.paths.contains_key(&spelt) {
                self.say_of(
                    path,
                    Code::LeftOut,
                    format!("`{spelt}` is there already: `{path}` is left out"),
                );
            } else {
                paths.paths.insert(spelt, ReferenceOr::Item(item));
            }
        }
        self.sieve
            .has_seen_paths(paths.paths.is_empty() && !members.is_empty());
        paths
    }

    /// Whether any operation of a path item is selected; `None` if it has none.
    fn keeps_any(&mut self, file: usize, value: &'a Value, way: &Way<'_>) -> Option<bool> {
        let members = value.as_object()?;
        let mut way = way.clone();
        let mut any = None;
        let mut ask = |reader: &mut Self, method: &str, operation: &Value| {
            let keeps = reader.sieve.keeps(method, way.path, operation);
            any = Some(any.unwrap_or(false) | keeps);
        };
        for (key, value) in members {
            match method_of(key, members) {
                Some(method) if way.above.methods.contains(&method) => {}
                Some(method) => ask(self, &method, value),
                None if key == "query" => ask(self, key, value),
                None if key == "additionalOperations" => {
                    for (method, operation) in value.as_object().into_iter().flatten() {
                        ask(self, &method.to_ascii_lowercase(), operation);
                    }
                }
                None => {}
            }
        }
        let reference = members.get("$ref").and_then(Value::as_str);
        let base = reference.filter(|_| way.depth < DEEPEST);
        let base = base.and_then(|reference| self.links.target(file, reference).ok());
        if let Some((spot, node)) = base {
            way.depth += 1;
            way.above.methods.extend(methods(members));
            let below = self.keeps_any(spot.file, node, &way);
            any = any.max(below);
        } else if reference.is_some() {
            // What cannot be read cannot be left out: it is reported on.
            return None;
        }
        any
    }

    /// Reads a path item. What it refers to is taken in, and what stands beside the reference goes
    /// before it.
    fn path_item(&mut self, value: &'a Value, way: &Way<'_>) -> Option<PathItem> {
        let members = self.members(value)?;
        let (own, keys) = self.own_path_item(members, way);
        let Some(reference) = members.get("$ref") else {
            return Some(own);
        };
        let Value::String(reference) = reference else {
            self.say_of(
                "$ref",
                Code::WrongShape,
                "a `$ref` is a text, and is left out",
            );
            return Some(own);
        };
        let mut below = way.clone();
        below.depth += 1;
        below.above.methods.extend(methods(members));
        below.above.parameters.extend(keys);
        let Some(base) = self.referred_path_item(reference, &below) else {
            return Some(own);
        };
        // All that is not said here came from there.
        let (out, here) = (self.target_pointer(), self.here().pointer());
        for key in members.keys().filter(|key| *key != "$ref") {
            self.origins
                .insert(out.join(key.as_str()), here.join(key.as_str()));
        }
        let mut parameters = own.parameters;
        parameters.extend(base.parameters);
        Some(PathItem {
            summary: own.summary.or(base.summary),
            description: own.description.or(base.description),
            get: own.get.or(base.get),
            put: own.put.or(base.put),
            post: own.post.or(base.post),
            delete: own.delete.or(base.delete),
            options: own.options.or(base.options),
            head: own.head.or(base.head),
            patch: own.patch.or(base.patch),
            trace: own.trace.or(base.trace),
            servers: if own.servers.is_empty() {
                base.servers
            } else {
                own.servers
            },
            parameters,
            extensions: base.extensions.into_iter().chain(own.extensions).collect(),
        })
    }

    fn referred_path_item(&mut self, reference: &'a str, way: &Way<'_>) -> Option<PathItem> {
        let found = match self.links.target(self.file(), reference) {
            Ok(_) if way.depth > DEEPEST => Err(super::links::circle(reference, &[reference])),
            found => found,
        };
        match found {
            Ok((spot, node)) => {
                let out = self.target_pointer();
                let spot = spot.as_ref().clone();
                self.elsewhere(spot, out, |reader| reader.path_item(node, way))
            }
            Err(miss) => {
                self.report_of("$ref", miss);
                None
            }
        }
    }

    /// Reads what a path item says itself, and tells which parameters these are.
    fn own_path_item(
        &mut self,
        members: &'a Members,
        way: &Way<'_>,
    ) -> (PathItem, Vec<ParameterKey>) {
        let mut item = PathItem::default();
        // Bodies among the parameters are those of each operation, so these are read first.
        let mut shared = match members.get("parameters") {
            Some(value) => self.within("parameters", |reader| {
                reader.parameters(value, &way.above.parameters)
            }),
            None => Parameters::default(),
        };
        item.parameters = std::mem::take(&mut shared.listed);
        for (key, value) in members {
            let method = method_of(key, members);
            if let Some(method) = &method
                && (way.above.methods.contains(method)
                    || !self.sieve.keeps(method, way.path, value))
            {
                continue;
            }
            self.enter(key);
            match (method, key.as_str()) {
                (Some(method), _) if *key == method => {
                    let operation = self.operation(value, &shared);
                    set_operation(&mut item, &method, operation);
                }
                (Some(method), _) => {
                    self.say(
                        Code::KeyMended,
                        format!("the method `{key}` is read as `{method}`"),
                    );
                    let item_at = self.target_pointer().parent().unwrap_or_default();
                    let operation = self.standing_at(item_at.join(method.as_str()), |reader| {
                        reader.operation(value, &shared)
                    });
                    set_operation(&mut item, &method, operation);
                }
                (None, "parameters" | "$ref") => {}
                (None, "summary") => item.summary = self.text(value),
                (None, "description") => item.description = self.text(value),
                (None, "servers") => item.servers = self.servers(value),
                (None, "query" | "additionalOperations") => {
                    if self.keeps_any_other(key, value, way) {
                        self.say(
                            Code::Ignored,
                            format!("`{key}` of a path is ignored: its methods are not supported"),
                        );
                    }
                }
                _ if key.starts_with("x-") => {
                    item.extensions.insert(key.clone(), value.clone());
                }
                _ if Method::of_key(&key.to_ascii_lowercase()).is_some() => {
                    let method = key.to_ascii_lowercase();
                    let message = format!("`{method}` is there already: `{key}` is left out");
                    self.say(Code::LeftOut, message);
                }
                _ => self.unknown(key, keywords::PATH_ITEM),
            }
            self.leave();
        }
        (item, shared.keys)
    }

    /// Whether an operation of a method that is not rendered is selected.
    fn keeps_any_other(&mut self, key: &str, value: &Value, way: &Way<'_>) -> bool {
        match value {
            Value::Object(all) if key == "additionalOperations" => {
                all.iter().any(|(method, operation)| {
                    let method = method.to_ascii_lowercase();
                    self.sieve.keeps(&method, way.path, operation)
                })
            }
            _ => self.sieve.keeps(key, way.path, value),
        }
    }

    fn operation(&mut self, value: &'a Value, shared: &Parameters<'a>) -> Option<Operation> {
        let members = self.members(value)?;
        let mut operation = Operation::default();
        let mut parameters = match members.get("parameters") {
            Some(value) => self.within("parameters", |reader| reader.parameters(value, &[])),
            None => Parameters::default(),
        };
        operation.parameters = std::mem::take(&mut parameters.listed);
        // Media types that the operation names go before those of the whole description.
        let produces = self.media_types(members, "produces");
        self.names_produces = produces.is_some() && self.dialect() == Dialect::Swagger2;
        let global = produces.map(|own| std::mem::replace(&mut self.produces, own));
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "parameters" | "consumes" | "produces" | "schemes" | "externalDocs" => {}
                "tags" => operation.tags = self.texts(value),
                "summary" => operation.summary = self.text(value),
                "description" => operation.description = self.text(value),
                "operationId" => operation.operation_id = self.text(value),
                "deprecated" => operation.deprecated = self.flag(value),
                "requestBody" if !value.is_null() => {
                    operation.request_body = self.request_body(value);
                }
                "requestBody" => self.misshapen(value, "a request body"),
                "responses" => operation.responses = self.responses(value),
                "security" => operation.security = Some(self.security(value)),
                "servers" => operation.servers = self.servers(value),
                "callbacks" => {
                    self.pass_over(value);
                    self.say(Code::Ignored, "`callbacks` is ignored");
                }
                _ if key.starts_with("x-") => {
                    operation.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::OPERATION),
            }
            self.leave();
        }
        self.names_produces = false;
        if let Some(global) = global {
            self.produces = global;
        }
        if !members.contains_key("responses") && self.dialect() != Dialect::V31 {
            self.say(
                Code::MissingPart,
                "an operation without `responses` is read as one with none",
            );
        }
        if operation.request_body.is_none() {
            operation.request_body = self.body_of_parameters(members, &parameters, shared);
        }
        Some(operation)
    }
}

/// The method whose operation a key of a path item holds; `None` if it is none, or if the same method
/// stands there in the right case.
fn method_of(key: &str, members: &Members) -> Option<String> {
    let method = key.to_ascii_lowercase();
    let is_own =
        Method::of_key(&method).is_some() && (key == method || !members.contains_key(&method));
    is_own.then_some(method)
}

/// The methods that a path item has operations for.
fn methods(members: &Members) -> impl Iterator<Item = String> {
    members.keys().filter_map(|key| method_of(key, members))
}

fn set_operation(item: &mut PathItem, method: &str, operation: Option<Operation>) {
    let place = match method {
        "get" => &mut item.get,
        "put" => &mut item.put,
        "post" => &mut item.post,
        "delete" => &mut item.delete,
        "options" => &mut item.options,
        "head" => &mut item.head,
        "patch" => &mut item.patch,
        _ => &mut item.trace,
    };
    *place = operation;
}
