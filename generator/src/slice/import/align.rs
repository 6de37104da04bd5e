//! Rewrites the imported description ("theirs") in the form of the existing one ("ours"), so that only
//! differences in meaning are left: inline or shared components, names of path parameters, and so on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::merge::resolved;
use crate::{
    openapi::{Method, reference::escape},
    slice::{
        prune::{self, Derived},
        shape::{Kind, each_object, members, without_texts},
    },
};

/// Rewrites `theirs` in the form of `ours`. Returns notes on what was not taken over.
pub(super) fn align(ours: &Value, theirs: &mut Value, derived: &Derived) -> Vec<String> {
    let mut notes = Vec::new();
    keep_own(ours, theirs);
    drop_extensions(ours, theirs, &mut notes);
    rename_paths(ours, theirs);
    let source = theirs.clone();
    let mut shared = Shared::new(ours);
    let items = theirs.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in items.into_iter().flatten() {
        let own_item = &ours["paths"][path.as_str()];
        push_down_parameters(own_item, item);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if Method::of_key(method).is_none() {
                continue;
            }
            let own = &own_item[method.as_str()];
            inline(&source, operation);
            align_security(ours, own, operation, &mut notes);
            shared.name_success(own, operation);
            match own.is_object() {
                true => align_responses(ours, own, operation),
                false => shared.adopt(operation),
            }
            shared.record_uses(own, operation, &[path.as_str(), method.as_str()]);
        }
    }
    shared.restore_references(theirs);
    prune::prune(theirs, derived);
    notes
}

/// Keeps our `info`, tags, servers and security schemes: Swagger 2.0 cannot express all of them.
fn keep_own(ours: &Value, theirs: &mut Value) {
    let kept = |key: &str| !matches!(key, "paths" | "components");
    let Value::Object(members) = theirs else {
        return;
    };
    members.retain(|key, _| !kept(key));
    for (key, value) in ours.as_object().into_iter().flatten() {
        if kept(key) {
            members.insert(key.clone(), value.clone());
        }
    }
    let components = members.entry("components").or_insert_with(|| json!({}));
    match ours["components"].get("securitySchemes") {
        Some(schemes) => components["securitySchemes"] = schemes.clone(),
        None => drop(
            components
                .as_object_mut()
                .map(|own| own.shift_remove("securitySchemes")),
        ),
    }
}

/// Drops extensions that ours does not use anywhere: they may hold anything, texts included.
fn drop_extensions(ours: &Value, theirs: &mut Value, notes: &mut Vec<String>) {
    let is_extension = |kind: Kind, key: &str| {
        key.starts_with("x-") && !members(kind).iter().any(|(known, _)| *known == key)
    };
    let mut known = BTreeSet::new();
    each_object(&mut ours.clone(), Kind::Document, &mut |kind, own| {
        known.extend(own.keys().filter(|key| is_extension(kind, key)).cloned());
    });
    let mut dropped = BTreeSet::new();
    each_object(theirs, Kind::Document, &mut |kind, own| {
        own.retain(|key, _| {
            let keeps = !is_extension(kind, key) || known.contains(key);
            if !keeps {
                dropped.insert(key.clone());
            }
            keeps
        });
    });
    for key in dropped {
        notes.push(format!(
            "the extension `{key}` is ignored: the file does not use it anywhere"
        ));
    }
}

/// Renames path parameters where a path differs from one of ours only in their names.
fn rename_paths(ours: &Value, theirs: &mut Value) {
    let own: HashMap<String, &String> = ours["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, _)| (template(path).0, path))
        .collect();
    let Some(paths) = theirs.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let mut renamed: Map<String, Value> = Map::new();
    for (path, mut item) in std::mem::take(paths) {
        let (shape, names) = template(&path);
        let target = own.get(&shape).copied().unwrap_or(&path).clone();
        if target != path {
            let new_names = template(&target).1;
            let names: HashMap<String, String> = names.into_iter().zip(new_names).collect();
            rename_parameters(&mut item, &names);
        }
        match (renamed.get_mut(&target), item) {
            (Some(Value::Object(known)), Value::Object(item)) => {
                for (key, value) in item {
                    known.entry(key).or_insert(value);
                }
            }
            (_, item) => drop(renamed.insert(target, item)),
        }
    }
    *paths = renamed;
}

/// Splits a path into its template without names, and the names of its parameters.
fn template(path: &str) -> (String, Vec<String>) {
    let (mut shape, mut names) = (String::new(), Vec::new());
    for (index, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((name, rest)) if index > 0 => {
                names.push(name.to_owned());
                shape.push_str("{}");
                shape.push_str(rest);
            }
            _ => shape.push_str(part),
        }
    }
    (shape, names)
}

fn rename_parameters(item: &mut Value, names: &HashMap<String, String>) {
    each_object(item, Kind::PathItem, &mut |kind, own| {
        if kind == Kind::Parameter
            && own.get("in").is_some_and(|place| place == "path")
            && let Some(Value::String(name)) = own.get_mut("name")
            && let Some(new) = names.get(name)
        {
            name.clone_from(new);
        }
    });
}

/// Moves parameters of a path item to its operations, unless ours has them at the path item too.
fn push_down_parameters(own_item: &Value, item: &mut Value) {
    if own_item.get("parameters").is_some() {
        return;
    }
    let Some(Value::Array(shared)) = item
        .as_object_mut()
        .and_then(|item| item.shift_remove("parameters"))
    else {
        return;
    };
    for (method, operation) in item.as_object_mut().into_iter().flatten() {
        let Some(operation) = operation.as_object_mut() else {
            continue;
        };
        if Method::of_key(method).is_none() {
            continue;
        }
        let own = operation.entry("parameters").or_insert_with(|| json!([]));
        let Value::Array(own) = own else { continue };
        let added: Vec<Value> = shared
            .iter()
            .filter(|new| {
                let is_same =
                    |known: &&Value| known["name"] == new["name"] && known["in"] == new["in"];
                new.get("$ref").is_some() || !own.iter().any(|known| is_same(&known))
            })
            .cloned()
            .collect();
        own.splice(0..0, added);
    }
}

/// Replaces the references of an operation by their targets, except those to schemas.
fn inline(root: &Value, operation: &mut Value) {
    let resolve = |node: &mut Value| {
        if node.get("$ref").is_some() {
            *node = resolved(root, node).clone();
        }
    };
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        resolve(parameter);
    }
    let Some(members) = operation.as_object_mut() else {
        return;
    };
    if let Some(body) = members.get_mut("requestBody") {
        resolve(body);
    }
    let responses = members.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        resolve(response);
        let headers = response.get_mut("headers").and_then(Value::as_object_mut);
        headers
            .into_iter()
            .flat_map(Map::values_mut)
            .for_each(resolve);
    }
    members.retain(|key, value| key != "parameters" || !value.is_null());
}

/// Keeps our security of an operation if theirs names unknown schemes, or neither states its own.
fn align_security(ours: &Value, own: &Value, operation: &mut Value, notes: &mut Vec<String>) {
    let schemes = &ours["components"]["securitySchemes"];
    let requirements = operation["security"].as_array().into_iter().flatten();
    let unknown: BTreeSet<String> = requirements
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
        .filter(|name| schemes.get(name.as_str()).is_none())
        .cloned()
        .collect();
    for name in &unknown {
        let note =
            format!("security that requires `{name}` is ignored: the file has no such scheme");
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let Some(members) = operation.as_object_mut() else {
        return;
    };
    let is_unstated = members.get("security").is_none_or(Value::is_null);
    members.retain(|key, value| key != "security" || !value.is_null());
    if !unknown.is_empty() || is_unstated && own["security"] == ours["security"] {
        members.shift_remove("security");
        if let Some(security) = own.get("security") {
            members.insert("security".to_owned(), security.clone());
        }
    }
}

fn is_failure(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// Folds failures into `default` where ours has them there, and keeps response headers of ours.
fn align_responses(ours: &Value, own: &Value, operation: &mut Value) {
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let own = &own["responses"];
    for (status, response) in responses.iter_mut() {
        keep_headers(resolved(ours, &own[status.as_str()]), response);
    }
    let Some(default) = own.get("default") else {
        return;
    };
    let usual = content(resolved(ours, default));
    let has_failures = responses.keys().any(|status| is_failure(status));
    responses.retain(|status, response| {
        !is_failure(status) || own.get(status).is_some() || content(response) != usual
    });
    if has_failures && !responses.contains_key("default") {
        responses.insert("default".to_owned(), resolved(ours, default).clone());
    }
}

fn keep_headers(own: &Value, response: &mut Value) {
    if let (Some(Value::Object(known)), Some(response)) =
        (own.get("headers"), response.as_object_mut())
        && let Value::Object(headers) = response.entry("headers").or_insert_with(|| json!({}))
    {
        headers.extend(known.clone());
    }
}

fn content(response: &Value) -> Value {
    without_texts(&json!({ "content": response["content"] }), Kind::Response)
}

/// A node of an operation, with the steps that lead to it from `paths`.
type Use = (Vec<String>, Value);

/// The components that operations of ours share.
struct Shared<'v> {
    ours: &'v Value,
    /// By section and name of a component of ours: the nodes that operations of theirs have where
    /// ours refers to the component.
    uses: BTreeMap<(&'static str, String), Vec<Use>>,
    /// By status: the response component that most operations of ours refer to, and its content.
    usual: BTreeMap<String, (String, Value)>,
    /// By content: the names of our parameter components.
    parameters: HashMap<String, &'v str>,
}

impl<'v> Shared<'v> {
    fn new(ours: &'v Value) -> Self {
        let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        let items = ours["paths"].as_object().into_iter().flat_map(Map::values);
        for operation in items.filter_map(Value::as_object).flat_map(Map::values) {
            let responses = operation.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                if let Some(reference) = response["$ref"].as_str() {
                    let counts = counts.entry(status.clone()).or_default();
                    *counts.entry(reference.to_owned()).or_default() += 1;
                }
            }
        }
        let usual = counts.into_iter().filter_map(|(status, counts)| {
            let (name, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
            let content = content(resolved(ours, &json!({ "$ref": name })));
            Some((status, (name, content)))
        });
        let parameters = ours["components"]["parameters"].as_object();
        let parameters = parameters.into_iter().flatten().map(|(name, own)| {
            let content = without_texts(own, Kind::Parameter).to_string();
            (content, name.as_str())
        });
        Self {
            ours,
            uses: BTreeMap::new(),
            usual: usual.collect(),
            parameters: parameters.collect(),
        }
    }

    /// Moves a `default` response without a success beside it to a success status.
    fn name_success(&self, own: &Value, operation: &mut Value) {
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return;
        };
        let is_success = |status: &str| status.starts_with('2');
        let Some(default) = responses.get("default") else {
            return;
        };
        if responses.keys().any(|status| is_success(status)) || self.is_usual("default", default) {
            return;
        }
        let has_default = own["responses"].get("default").is_some();
        let own = own["responses"].as_object().into_iter().flatten();
        let known = own.map(|(status, _)| status.as_str());
        let name = known.into_iter().find(|status| is_success(status));
        if name.is_none() && has_default {
            return;
        }
        if let Some(response) = responses.shift_remove("default") {
            responses.insert(name.unwrap_or("2XX").to_owned(), response);
        }
    }

    /// Makes a new operation refer to our components, as our other operations do.
    fn adopt(&self, operation: &mut Value) {
        let Some(members) = operation.as_object_mut() else {
            return;
        };
        let parameters = members.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let content = without_texts(parameter, Kind::Parameter).to_string();
            if let Some(name) = self.parameters.get(&content) {
                *parameter = reference("parameters", name);
            }
        }
        let Some(Value::Object(responses)) = members.get_mut("responses") else {
            return;
        };
        for (status, found) in responses.iter_mut() {
            if let Some((reference, _)) = self.usual.get(status)
                && is_failure(status)
                && self.is_usual(status, found)
            {
                *found = json!({ "$ref": reference });
            }
        }
        let before = responses.len();
        responses.retain(|status, found| !(is_failure(status) && self.is_usual("default", found)));
        let default = responses.get("default");
        let is_usual = match default {
            Some(own) => self.is_usual("default", own),
            None => responses.len() < before,
        };
        if let Some((reference, _)) = self.usual.get("default").filter(|_| is_usual) {
            responses.insert("default".to_owned(), json!({ "$ref": reference }));
        }
    }

    /// Whether a response equals the one that most operations of ours refer to under a status.
    fn is_usual(&self, status: &str, response: &Value) -> bool {
        let usual = self.usual.get(status);
        usual.is_some_and(|(_, usual)| content(response) == *usual)
    }

    /// Records what an operation of theirs has where ours refers to a component.
    fn record_uses(&mut self, own: &Value, operation: &Value, at: &[&str]) {
        let mut note = |own: &Value, found: &Value, further: Vec<String>| {
            let Some(reference) = own["$ref"].as_str() else {
                return;
            };
            let mut steps = reference.trim_start_matches("#/components/").splitn(2, '/');
            let (Some(section), Some(name)) = (steps.next(), steps.next()) else {
                return;
            };
            let Some(section) = SECTIONS.iter().find(|(known, _)| *known == section) else {
                return;
            };
            let name = name.replace("~1", "/").replace("~0", "~");
            let steps_to_use = at.iter().map(|step| (*step).to_owned()).chain(further);
            let uses = self.uses.entry((section.0, name)).or_default();
            uses.push((steps_to_use.collect(), found.clone()));
        };
        let known = own["parameters"].as_array().into_iter().flatten();
        let identity = |parameter: &Value| (parameter["in"].clone(), parameter["name"].clone());
        let known: Vec<(_, &Value)> = known
            .map(|own| (identity(resolved(self.ours, own)), own))
            .collect();
        let found = operation["parameters"].as_array().into_iter().flatten();
        for (index, parameter) in found.enumerate() {
            let identity = identity(parameter);
            if let Some((_, own)) = known.iter().find(|(known, _)| *known == identity) {
                note(
                    own,
                    parameter,
                    vec!["parameters".to_owned(), index.to_string()],
                );
            }
        }
        note(
            &own["requestBody"],
            &operation["requestBody"],
            vec!["requestBody".to_owned()],
        );
        let found = operation["responses"].as_object().into_iter().flatten();
        for (status, response) in found {
            let further = vec!["responses".to_owned(), status.clone()];
            note(&own["responses"][status.as_str()], response, further);
        }
    }

    /// Puts references back. If all operations that shared a component agree, the component gets
    /// their content. Otherwise only those that still equal the component keep the reference.
    fn restore_references(self, theirs: &mut Value) {
        let mut components = self.ours["components"].clone();
        if !components.is_object() {
            components = json!({});
        }
        components["schemas"] = theirs["components"]["schemas"].take();
        for ((section, name), uses) in self.uses {
            let Some((_, kind)) = SECTIONS.iter().find(|(known, _)| *known == section) else {
                continue;
            };
            let own = without_texts(&self.ours["components"][section][&name], *kind);
            let found: Vec<Value> = uses
                .iter()
                .map(|(_, found)| without_texts(found, *kind))
                .collect();
            let agree = found.iter().all(|other| *other == found[0]);
            if agree && let Some((_, first)) = uses.first() {
                components[section][&name] = first.clone();
            }
            for ((steps, _), found) in uses.iter().zip(&found) {
                if agree || *found == own {
                    let shared =
                        steps
                            .iter()
                            .try_fold(&mut theirs["paths"], |node, step| match node {
                                Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
                                other => other.get_mut(step.as_str()),
                            });
                    if let Some(node) = shared {
                        *node = reference(section, &name);
                    }
                }
            }
        }
        theirs["components"] = components;
        if let Value::Object(components) = &mut theirs["components"] {
            components.retain(|_, section| !section.is_null());
        }
    }
}

const SECTIONS: [(&str, Kind); 3] = [
    ("parameters", Kind::Parameter),
    ("requestBodies", Kind::Body),
    ("responses", Kind::Response),
];

fn reference(section: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{section}/{}", escape(name)) })
}
