//! Paths, and the operations on them.

use openapiv3::{Operation, PathItem, Paths, ReferenceOr};
use serde_json::Value;

use super::{
    Dialect, keys,
    parameters::Parameters,
    reader::{Members, Reader},
};
use crate::diagnostics::Code;

/// The methods a path item has operations for, as it spells them.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A path item that refers to others goes through no more of them than this.
const DEEPEST: usize = 16;

impl<'a> Reader<'a, '_> {
    /// Reads all paths.
    pub(super) fn paths(&mut self, value: &'a Value) -> Paths {
        let mut paths = Paths::default();
        for (path, item) in self.members(value).into_iter().flatten() {
            if path.starts_with("x-") {
                paths.extensions.insert(path.clone(), item.clone());
                continue;
            }
            self.enter(path);
            let item = if path.starts_with('/') {
                self.path_item(item, 0)
            } else {
                let message = format!("the path `{path}` is read as `/{path}`");
                self.say(Code::KeyMended, message);
                let out = crate::pointer::Pointer::root()
                    .join("paths")
                    .join(format!("/{path}"));
                self.standing_at(out, |reader| reader.path_item(item, 0))
            };
            self.leave();
            let Some(item) = item else { continue };
            let spelt = format!("/{}", path.strip_prefix('/').unwrap_or(path));
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
        paths
    }

    /// Reads a path item. What it refers to is taken in, and what stands beside the reference goes
    /// before it.
    fn path_item(&mut self, value: &'a Value, depth: usize) -> Option<PathItem> {
        let members = self.members(value)?;
        let Some(reference) = members.get("$ref") else {
            return Some(self.own_path_item(members));
        };
        let base = match reference {
            Value::String(reference) => self.referred_path_item(reference, depth),
            _ => {
                self.say_of(
                    "$ref",
                    Code::WrongShape,
                    "a `$ref` is a text, and is left out",
                );
                None
            }
        };
        let own = self.own_path_item(members);
        let Some(base) = base else {
            return Some(own);
        };
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
            parameters: if own.parameters.is_empty() {
                base.parameters
            } else {
                own.parameters
            },
            extensions: base.extensions.into_iter().chain(own.extensions).collect(),
        })
    }

    fn referred_path_item(&mut self, reference: &'a str, depth: usize) -> Option<PathItem> {
        let found = match self.links.target(self.file(), reference) {
            Ok(_) if depth == DEEPEST => Err(super::links::circle(reference, &[reference])),
            found => found,
        };
        match found {
            Ok((spot, node)) => {
                let out = self.target_pointer();
                let spot = spot.as_ref().clone();
                self.elsewhere(spot, out, |reader| reader.path_item(node, depth + 1))
            }
            Err(miss) => {
                self.report_of("$ref", miss);
                None
            }
        }
    }

    fn own_path_item(&mut self, members: &'a Members) -> PathItem {
        let mut item = PathItem::default();
        // Bodies among the parameters are those of each operation, so these are read first.
        let mut shared = match members.get("parameters") {
            Some(value) => self.within("parameters", |reader| reader.parameters(value)),
            None => Parameters::default(),
        };
        item.parameters = std::mem::take(&mut shared.listed);
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "parameters" | "$ref" => {}
                "summary" => item.summary = self.text(value),
                "description" => item.description = self.text(value),
                "servers" => item.servers = self.servers(value),
                method if METHODS.contains(&method) => {
                    let operation = self.operation(value, &shared);
                    set_operation(&mut item, method, operation);
                }
                "query" | "additionalOperations" => self.say(
                    Code::Ignored,
                    format!("`{key}` of a path is ignored: its methods are not supported"),
                ),
                _ if key.starts_with("x-") => {
                    item.extensions.insert(key.clone(), value.clone());
                }
                _ if METHODS.contains(&key.to_ascii_lowercase().as_str()) => {
                    let method = key.to_ascii_lowercase();
                    self.say(
                        Code::KeyMended,
                        format!("the method `{key}` is read as `{method}`"),
                    );
                    let item_at = self.target_pointer().parent().unwrap_or_default();
                    let operation = self.standing_at(item_at.join(method.as_str()), |reader| {
                        reader.operation(value, &shared)
                    });
                    if members.contains_key(&method) {
                        let message = format!("`{method}` is there already: `{key}` is left out");
                        self.say(Code::LeftOut, message);
                    } else {
                        set_operation(&mut item, &method, operation);
                    }
                }
                _ => self.unknown(key, keys::PATH_ITEM),
            }
            self.leave();
        }
        item
    }

    fn operation(&mut self, value: &'a Value, shared: &Parameters<'a>) -> Option<Operation> {
        let members = self.members(value)?;
        let mut operation = Operation::default();
        let mut parameters = match members.get("parameters") {
            Some(value) => self.within("parameters", |reader| reader.parameters(value)),
            None => Parameters::default(),
        };
        operation.parameters = std::mem::take(&mut parameters.listed);
        // Media types that the operation names go before those of the whole description.
        let produces = self.media_types(members, "produces");
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
                "callbacks" => self.say(Code::Ignored, "`callbacks` is ignored"),
                _ if key.starts_with("x-") => {
                    operation.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keys::OPERATION),
            }
            self.leave();
        }
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
