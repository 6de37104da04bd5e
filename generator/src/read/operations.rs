//! Paths, and the operations on them.

use std::collections::HashSet;

use openapiv3::{Operation, PathItem, Paths, ReferenceOr};
use serde_json::Value;

use super::{
    Dialect,
    content::ResponseTypes,
    cursor::Cursor,
    parameters::{ParameterKey, Parameters},
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{Method, Pointer, keywords},
};

/// The longest chain of path items that refer to others.
const DEEPEST: usize = 16;

/// Where a path item is read from, for all its operations.
#[derive(Clone)]
struct PathItemContext<'p> {
    /// The path, as the result spells it.
    path: &'p str,
    /// The number of path items that refer to this one, each to the next.
    depth: usize,
    inherited: Inherited,
}

/// What the path items that refer to this one declare already, which wins over this one.
#[derive(Clone, Default)]
struct Inherited {
    methods: HashSet<Method>,
    parameters: Vec<ParameterKey>,
}

impl<'a> Reader<'a, '_> {
    /// Reads all paths.
    pub(super) fn paths(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Paths {
        let mut paths = Paths::default();
        let Some(members) = values::members(&mut self.issues, at, value) else {
            return paths;
        };
        for (path, item) in members {
            if path.starts_with("x-") {
                paths.extensions.insert(path.clone(), item.clone());
                continue;
            }
            let spelt = format!("/{}", path.strip_prefix('/').unwrap_or(path));
            let context = PathItemContext {
                path: &spelt,
                depth: 0,
                inherited: Inherited::default(),
            };
            if !self.selected.is_everything()
                && self.keeps_any(at.file(), item, &context) == Some(false)
            {
                continue;
            }
            let at = &at.step(path);
            let item = if path.starts_with('/') {
                self.path_item(at, item, &context)
            } else {
                let message = format!("path `{path}` must start with `/`; it is read as `{spelt}`");
                self.issues.warn(at, Code::KeyMended, message);
                let target = Pointer::root().join("paths").join(spelt.as_str());
                let at = &self.builder.place(at, target);
                self.path_item(at, item, &context)
            };
            let Some(item) = item else { continue };
            if paths.paths.contains_key(&spelt) {
                self.issues.warn(
                    at,
                    Code::LeftOut,
                    format!("duplicate path `{spelt}`; `{path}` is ignored"),
                );
            } else {
                paths.paths.insert(spelt, ReferenceOr::Item(item));
            }
        }
        self.selected
            .finish_paths(paths.paths.is_empty() && !members.is_empty());
        paths
    }

    /// Whether any operation of a path item is selected; `None` if it has none.
    fn keeps_any(
        &mut self,
        file: usize,
        value: &'a Value,
        context: &PathItemContext<'_>,
    ) -> Option<bool> {
        let members = value.as_object()?;
        let mut context = context.clone();
        let mut any = None;
        let mut ask = |reader: &mut Self, method: &str, operation: &Value| {
            let keeps = reader.selected.keeps(method, context.path, operation);
            any = Some(any.unwrap_or(false) | keeps);
        };
        for (key, value) in members {
            match method_of(key, members) {
                Some(method) if context.inherited.methods.contains(&method) => {}
                Some(method) => ask(self, method.key(), value),
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
        let base = reference.filter(|_| context.depth < DEEPEST);
        let base = base.and_then(|reference| self.links.target(file, reference).ok());
        if let Some((path, node)) = base {
            context.depth += 1;
            context.inherited.methods.extend(methods(members));
            let below = self.keeps_any(path.file, node, &context);
            any = any.max(below);
        } else if reference.is_some() {
            // An unresolved reference is reported when the path item is read.
            return None;
        }
        any
    }

    /// Reads a path item, and the one it refers to; its own members go before those of the other.
    fn path_item(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        context: &PathItemContext<'_>,
    ) -> Option<PathItem> {
        let members = values::members(&mut self.issues, at, value)?;
        let (own, keys) = self.own_path_item(at, members, context);
        let Some(reference) = members.get("$ref") else {
            return Some(own);
        };
        let Some(reference) = self.reference_text(at, reference) else {
            return Some(own);
        };
        let mut below = context.clone();
        below.depth += 1;
        below.inherited.methods.extend(methods(members));
        below.inherited.parameters.extend(keys);
        let Some(base) = self.referred_path_item(at, reference, &below) else {
            return Some(own);
        };
        // The origins below the target now lead into `base`, except for the members read here.
        let (target, source) = (at.target(), at.source());
        for key in members.keys().filter(|key| *key != "$ref") {
            let origin = source.join(key.as_str());
            self.builder
                .origins
                .insert(target.join(key.as_str()), origin);
        }
        Some(merge(own, base))
    }

    fn referred_path_item(
        &mut self,
        at: &Cursor<'_, 'a>,
        reference: &'a str,
        context: &PathItemContext<'_>,
    ) -> Option<PathItem> {
        let found = match self.links.target(at.file(), reference) {
            Ok(_) if context.depth > DEEPEST => Err(super::links::circle(reference, &[reference])),
            found => found,
        };
        match found {
            Ok((path, node)) => {
                let at = &self.builder.jump(at, path.as_ref().clone(), at.target());
                self.path_item(at, node, context)
            }
            Err(miss) => {
                self.issues.report(&at.step("$ref"), miss);
                None
            }
        }
    }

    /// Reads the own members of a path item; returns the keys of its parameters as well.
    fn own_path_item(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        context: &PathItemContext<'_>,
    ) -> (PathItem, Vec<ParameterKey>) {
        let mut item = PathItem::default();
        // Bodies among the parameters are those of each operation, so these are read first.
        let mut shared = match members.get("parameters") {
            Some(value) => {
                self.parameters(&at.step("parameters"), value, &context.inherited.parameters)
            }
            None => Parameters::default(),
        };
        item.parameters = std::mem::take(&mut shared.listed);
        for (key, value) in members {
            let method = method_of(key, members);
            if let Some(method) = method
                && (context.inherited.methods.contains(&method)
                    || !self.selected.keeps(method.key(), context.path, value))
            {
                continue;
            }
            let at = &at.step(key);
            match (method, key.as_str()) {
                (Some(method), _) => {
                    let operation = if key == method.key() {
                        self.operation(at, value, &shared)
                    } else {
                        self.issues.warn(
                            at,
                            Code::KeyMended,
                            format!(
                                "method `{key}` must be in lower case; it is read as `{}`",
                                method.key()
                            ),
                        );
                        let target = at.target_parent().join(method.key());
                        let at = &self.builder.place(at, target);
                        self.operation(at, value, &shared)
                    };
                    *operation_mut(&mut item, method) = operation;
                }
                (None, "parameters" | "$ref") => {}
                (None, "summary") => item.summary = values::text(&mut self.issues, at, value),
                (None, "description") => {
                    item.description = values::text(&mut self.issues, at, value)
                }
                (None, "servers") => item.servers = self.servers(at, value),
                (None, "query" | "additionalOperations") => {
                    if self.keeps_any_other(key, value, context) {
                        self.issues.warn(
                            at,
                            Code::Ignored,
                            format!(
                                "`{key}` is ignored, because sdkgen does not support its methods"
                            ),
                        );
                    }
                }
                _ if key.starts_with("x-") => {
                    item.extensions.insert(key.clone(), value.clone());
                }
                _ if Method::of_key(&key.to_ascii_lowercase()).is_some() => {
                    let method = key.to_ascii_lowercase();
                    let message = format!("duplicate method `{method}`; `{key}` is ignored");
                    self.issues.warn(at, Code::LeftOut, message);
                }
                _ => self.issues.unknown_key(at, key, keywords::PATH_ITEM),
            }
        }
        (item, shared.keys)
    }

    /// Whether an operation of a method that is not rendered is selected.
    fn keeps_any_other(&mut self, key: &str, value: &Value, context: &PathItemContext<'_>) -> bool {
        match value {
            Value::Object(all) if key == "additionalOperations" => {
                all.iter().any(|(method, operation)| {
                    let method = method.to_ascii_lowercase();
                    self.selected.keeps(&method, context.path, operation)
                })
            }
            _ => self.selected.keeps(key, context.path, value),
        }
    }

    fn operation(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        shared: &Parameters<'a>,
    ) -> Option<Operation> {
        let members = values::members(&mut self.issues, at, value)?;
        let mut operation = Operation::default();
        let mut parameters = match members.get("parameters") {
            Some(value) => self.parameters(&at.step("parameters"), value, &[]),
            None => Parameters::default(),
        };
        operation.parameters = std::mem::take(&mut parameters.listed);
        // Media types that the operation names go before those of the whole description.
        let produces = self.media_types(at, members, "produces");
        let inlines_responses = produces.is_some() && self.dialect(at) == Dialect::Swagger2;
        let names = produces.unwrap_or_else(|| self.produces.clone());
        let types = ResponseTypes {
            names: &names,
            inlines_responses,
        };
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "parameters" | "consumes" | "produces" | "schemes" | "externalDocs" => {}
                "tags" => operation.tags = self.texts(at, value),
                "summary" => operation.summary = values::text(&mut self.issues, at, value),
                "description" => operation.description = values::text(&mut self.issues, at, value),
                "operationId" => operation.operation_id = values::text(&mut self.issues, at, value),
                "deprecated" => operation.deprecated = values::flag(&mut self.issues, at, value),
                "requestBody" if !value.is_null() => {
                    operation.request_body = self.request_body(at, value);
                }
                "requestBody" => self.issues.misshapen(at, value, "a request body"),
                "responses" => operation.responses = self.responses(at, value, types),
                "security" => operation.security = Some(self.security(at, value)),
                "servers" => operation.servers = self.servers(at, value),
                "callbacks" => {
                    self.pass_over(at, value);
                    self.issues.warn(
                        at,
                        Code::Ignored,
                        "callbacks are not generated; `callbacks` is ignored",
                    );
                }
                _ if key.starts_with("x-") => {
                    operation.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::OPERATION),
            }
        }
        if !members.contains_key("responses") && self.dialect(at) != Dialect::V31 {
            self.issues.warn(
                at,
                Code::MissingPart,
                "the operation has no `responses`; it is read as one without any",
            );
        }
        if operation.request_body.is_none() {
            operation.request_body = self.body_of_parameters(at, members, &parameters, shared);
        }
        Some(operation)
    }
}

/// The method whose operation a key of a path item holds; `None` if it names none, or if the path item
/// has the same method in lower case as well.
fn method_of(key: &str, members: &Members) -> Option<Method> {
    let method = Method::of_key(&key.to_ascii_lowercase())?;
    (key == method.key() || !members.contains_key(method.key())).then_some(method)
}

/// The methods that a path item has operations for.
fn methods(members: &Members) -> impl Iterator<Item = Method> {
    members.keys().filter_map(|key| method_of(key, members))
}

/// The members of a path item, and those of the one it refers to where it has none itself.
fn merge(mut own: PathItem, mut base: PathItem) -> PathItem {
    for method in Method::ALL {
        let inherited = operation_mut(&mut base, method).take();
        let operation = operation_mut(&mut own, method);
        *operation = operation.take().or(inherited);
    }
    if own.servers.is_empty() {
        own.servers = base.servers;
    }
    own.summary = own.summary.or(base.summary);
    own.description = own.description.or(base.description);
    own.parameters.extend(base.parameters);
    own.extensions = base.extensions.into_iter().chain(own.extensions).collect();
    own
}

/// The operation that a path item has for a method.
pub(super) fn operation_mut(item: &mut PathItem, method: Method) -> &mut Option<Operation> {
    match method {
        Method::Get => &mut item.get,
        Method::Put => &mut item.put,
        Method::Post => &mut item.post,
        Method::Delete => &mut item.delete,
        Method::Options => &mut item.options,
        Method::Head => &mut item.head,
        Method::Patch => &mut item.patch,
        Method::Trace => &mut item.trace,
    }
}
