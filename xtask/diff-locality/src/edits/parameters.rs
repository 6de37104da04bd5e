//! Edits of parameters and request bodies: only the file of the operation may change.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    minimum::{ARGUMENT_SETTER, ENUM, Minimum, NOTE, REPLACED, VALUE},
    tree::{Operation, Tree, is_optional_text, path_at},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("add an optional query parameter", |tree| {
        add(
            tree,
            json!({"name": "color", "in": "query", "schema": {"type": "string"}}),
        )
        .map(|operation| one(&operation, ARGUMENT_SETTER))
    }),
    Edit::new("add an optional header", |tree| {
        add(
            tree,
            json!({"name": "X-Color", "in": "header", "schema": {"type": "string"}}),
        )
        .map(|operation| one(&operation, ARGUMENT_SETTER))
    }),
    Edit::new("add an optional list in the query", |tree| {
        let schema = json!({"type": "array", "items": {"type": "string"}});
        add(
            tree,
            json!({"name": "color", "in": "query", "schema": schema}),
        )
        .map(|operation| one(&operation, ARGUMENT_SETTER))
    }),
    Edit::new(
        "add an optional query parameter that is an enum of its own",
        |tree| {
            let schema = json!({"type": "string", "enum": ["red", "green"]});
            add(
                tree,
                json!({"name": "color", "in": "query", "schema": schema}),
            )
            .map(|operation| one(&operation, ARGUMENT_SETTER + ENUM + 2 * VALUE))
        },
    ),
    Edit::new("add a required query parameter", |tree| {
        // Its sentence, the signature and its use; a row of the reference.
        let schema = json!({"type": "string"});
        let parameter = json!({"name": "color", "in": "query", "required": true, "schema": schema});
        let operation = add(tree, parameter)?;
        Some(one(&operation, 3).reference(REPLACED))
    }),
    Edit::new("remove an optional parameter", |tree| {
        let (operation, index) = optional(tree)?;
        let parameters = tree.list(&format!("{}/parameters", operation.at()))?;
        let removed = parameters.remove(index);
        let schema = removed.get("schema")?;
        (schema["type"] == "string").then(|| one(&operation, ARGUMENT_SETTER))
    }),
    Edit::new("rename an optional parameter", |tree| {
        // The signature and its use.
        let (operation, at) = optional_at(tree)?;
        tree.set(&at, "name", "color")?;
        Some(one(&operation, 2 * REPLACED))
    }),
    Edit::new("make a number of a parameter", |tree| {
        let (operation, at) = optional_at(tree)?;
        tree.set(&format!("{at}/schema"), "type", "integer")?;
        Some(one(&operation, REPLACED))
    }),
    Edit::new("list the values of a parameter", |tree| {
        let (operation, at) = optional_at(tree)?;
        tree.set(&format!("{at}/schema"), "enum", json!(["red", "green"]))?;
        Some(one(&operation, REPLACED + ENUM + 2 * VALUE))
    }),
    Edit::new("add a value to a parameter's enum", |tree| {
        let operation = tree.operation(|operation| {
            let mut parameters = operation.parameters();
            parameters.any(|parameter| parameter["schema"].get("enum").is_some())
        })?;
        let parameters = tree.list(&format!("{}/parameters", operation.at()))?;
        let mut schemas = parameters
            .iter_mut()
            .filter_map(|parameter| parameter.get_mut("schema"));
        let listed = schemas.find(|schema| schema.get("enum").is_some())?;
        listed["enum"].as_array_mut()?.push("another".into());
        Some(one(&operation, VALUE))
    }),
    Edit::new("require a parameter", |tree| {
        // Removes the setter; adds a sentence, an argument and its use.
        let (operation, at) = optional_at(tree)?;
        tree.set(&at, "required", true)?;
        Some(one(&operation, ARGUMENT_SETTER + 3).reference(REPLACED))
    }),
    Edit::new("require a parameter no longer", |tree| {
        let operation = tree.operation(|operation| {
            let mut parameters = operation.parameters();
            let is_required = |one: &Value| one["in"] == "query" && one["required"] == true;
            parameters.any(is_required) && operation.has_optional_text()
        })?;
        let parameters = tree.list(&format!("{}/parameters", operation.at()))?;
        let mut parameters = parameters.iter_mut();
        let required = parameters.find(|one| one["in"] == "query" && one["required"] == true)?;
        required["required"] = false.into();
        Some(one(&operation, ARGUMENT_SETTER + 3).reference(REPLACED))
    }),
    Edit::new("rename a path parameter", |tree| {
        // The path and the sentence that names it; the argument, its sentence and its use.
        let operation = tree.operation(|operation| {
            let mut parameters = operation.parameters();
            let first = parameters.next();
            let is_in_path = first.is_some_and(|first| first["in"] == "path");
            operation.siblings == 1 && is_in_path
        })?;
        let at = format!("{}/parameters/0", operation.at());
        let name = tree.root.pointer(&at)?["name"].as_str()?.to_owned();
        tree.set(&at, "name", "color")?;
        let path = operation.path.replace(&format!("{{{name}}}"), "{color}");
        let item = tree.take("/paths", &operation.path)?;
        tree.set("/paths", &path, item)?;
        Some(
            one(&operation, 5 * REPLACED)
                .and(path_at(&operation.path))
                .and(path_at(&path))
                .reference(REPLACED),
        )
    }),
    Edit::new("reword a parameter", |tree| {
        let (operation, at) = optional_at(tree)?;
        tree.set(&at, "description", "Another sentence.")?;
        Some(one(&operation, REPLACED))
    }),
    Edit::new("give a parameter a default", |tree| {
        let (operation, at) = optional_at(tree)?;
        tree.set(&format!("{at}/schema"), "default", "one")?;
        Some(one(&operation, NOTE))
    }),
    Edit::new("deprecate a parameter", |tree| {
        let (operation, at) = optional_at(tree)?;
        tree.set(&at, "deprecated", true)?;
        Some(one(&operation, 1))
    }),
    Edit::new("swap two optional parameters", |tree| {
        // Setters have the order of the parameters in the description.
        let operation = tree.operation(|operation| {
            let texts = operation.parameters().filter(|one| is_optional_text(one));
            texts.count() > 1
        })?;
        let parameters = tree.list(&format!("{}/parameters", operation.at()))?;
        let mut texts = parameters.iter().enumerate();
        let mut next = || {
            texts
                .find(|(_, one)| is_optional_text(one))
                .map(|(at, _)| at)
        };
        let (first, second) = (next()?, next()?);
        parameters.swap(first, second);
        Some(one(&operation, 2 * ARGUMENT_SETTER))
    }),
    Edit::new("send a request's body only if there is one", |tree| {
        // An argument with its sentence and its use; then a setter.
        let operation = tree.operation(|operation| {
            let body = operation.value.get("requestBody");
            body.is_some_and(|body| body["required"] == true)
                && !tree.is_configured(operation.id)
                && operation.parameters().count() > 0
        })?;
        tree.set(
            &format!("{}/requestBody", operation.at()),
            "required",
            false,
        )?;
        Some(one(&operation, ARGUMENT_SETTER + 3).reference(REPLACED))
    }),
    Edit::new("reword a request's body", |tree| {
        let operation = tree.operation(|operation| {
            let described = operation.value.pointer("/requestBody/description");
            let described = described.and_then(Value::as_str);
            described.is_some_and(|text| text.len() < 70)
        })?;
        let at = format!("{}/requestBody", operation.at());
        tree.set(&at, "description", "Another sentence.")?;
        Some(one(&operation, REPLACED))
    }),
];

fn one(operation: &Operation, lines: usize) -> Minimum {
    Minimum::at(operation.at()).operation(&operation.id, lines)
}

/// Adds a parameter after the existing optional ones.
fn add(tree: &mut Tree, parameter: Value) -> Option<Operation> {
    let operation = tree.operation(|operation| operation.parameters().any(is_optional_text))?;
    tree.list(&format!("{}/parameters", operation.at()))?
        .push(parameter);
    Some(operation)
}

/// An optional parameter that the configuration does not name, among other optional ones.
fn optional(tree: &Tree) -> Option<(Operation, usize)> {
    let fits = |parameter: &Value| {
        let name = parameter["name"].as_str();
        let described = parameter["description"].as_str();
        is_optional_text(parameter)
            && name.is_some_and(|name| !tree.is_configured(name))
            && described.is_some_and(|text| text.len() < 80)
    };
    let operation = tree.operation(|operation| {
        let mut parameters = operation.parameters();
        let optional = operation.parameters().filter(|one| is_optional_text(one));
        parameters.any(fits) && optional.count() > 1
    })?;
    let parameters = tree
        .root
        .pointer(&format!("{}/parameters", operation.at()))?;
    let index = parameters.as_array()?.iter().position(fits)?;
    Some((operation, index))
}

/// Like [`optional`], with the pointer to the parameter.
fn optional_at(tree: &Tree) -> Option<(Operation, String)> {
    let (operation, index) = optional(tree)?;
    let at = format!("{}/parameters/{index}", operation.at());
    Some((operation, at))
}
