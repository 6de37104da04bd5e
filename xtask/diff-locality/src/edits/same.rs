//! Edits that keep the meaning: no rendered file may change.

use serde_json::{Value, json};

use super::{Edit, properties::optional_text};
use crate::{
    minimum::Minimum,
    tree::{Tree, is_optional_text, path_at, required, schema_at},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("turn the order of paths round", |tree| turn(tree, "/paths")),
    Edit::new("turn the order of schemas round", |tree| {
        turn(tree, "/components/schemas")
    }),
    Edit::new("turn the order of parameter components round", |tree| {
        turn(tree, "/components/parameters")
    }),
    Edit::new("turn the order of all properties round", |tree| {
        let schemas = tree.map("/components/schemas")?;
        for schema in schemas.values_mut() {
            turn_map(schema.get_mut("properties")?)?;
        }
        Some(Minimum::default())
    }),
    Edit::new("turn the order of a path's operations round", |tree| {
        let operation = tree.operation(|operation| operation.siblings > 1)?;
        turn(tree, &path_at(&operation.path))
    }),
    Edit::new("turn the order of an operation's responses round", |tree| {
        let operation = tree.operation(|_| true)?;
        turn(tree, &format!("{}/responses", operation.at()))
    }),
    Edit::after(add_tag, "turn the order of tags round", |tree| {
        tree.list("/tags")?.reverse();
        Some(Minimum::default())
    }),
    Edit::new(
        "move an optional parameter before the required ones",
        |tree| {
            // The relative order of required and of optional parameters stays, and with it that of
            // arguments and of setters.
            let operation = tree.operation(|operation| {
                let mut parameters = operation.parameters();
                let first_is_argument = parameters
                    .next()
                    .is_some_and(|first| first["required"] == true);
                first_is_argument && parameters.next().is_some_and(is_optional_text)
            })?;
            let parameters = tree.list(&format!("{}/parameters", operation.at()))?;
            parameters.swap(0, 1);
            Some(Minimum::default())
        },
    ),
    Edit::after(
        only_read,
        "turn the order of required properties round that only the service sets",
        |tree| {
            let name = two_required(tree)?;
            tree.list(&format!("{}/required", schema_at(&name)))?
                .reverse();
            Some(Minimum::default())
        },
    ),
    Edit::new("limit the length of a text", |tree| {
        let property = optional_text(tree)?;
        tree.set(&property.at(), "maxLength", 100)?;
        Some(Minimum::default())
    }),
    Edit::new("give an example of a property", |tree| {
        let property = optional_text(tree)?;
        tree.set(&property.at(), "example", "one")?;
        Some(Minimum::default())
    }),
    Edit::new("add an extension to an operation", |tree| {
        let operation = tree.operation(|_| true)?;
        tree.set(&operation.at(), "x-team", "users")?;
        Some(Minimum::default())
    }),
    Edit::new("reword what the description is about", |tree| {
        tree.set("/info", "description", "Another sentence.")?;
        Some(Minimum::default())
    }),
    Edit::new("make another region the default", |tree| {
        // Regions are hand-written; the rendered code contains no host.
        let at = "/servers/0/variables/domain";
        let domains = tree.root.pointer(at)?.get("enum")?.as_array()?;
        let other = domains.get(1)?.clone();
        tree.set(at, "default", other)?;
        Some(Minimum::default())
    }),
    Edit::new("let an operation be called without a login", |tree| {
        // The client sends its token with every call; only whole crates distinguish security schemes.
        let operation = tree.operation(|operation| operation.value.get("security").is_some())?;
        tree.set(&operation.at(), "security", json!([]))?;
        Some(Minimum::default())
    }),
    Edit::new("add a schema that nothing uses", |tree| {
        let schema = json!({"type": "object", "properties": {"text": {"type": "string"}}});
        tree.set("/components/schemas", "Unused", schema)?;
        Some(Minimum::default())
    }),
    Edit::new("copy a response and use the copy", |tree| {
        let operation = tree.operation(|_| true)?;
        let responses = tree.map("/components/responses")?;
        let copied = responses.get("Failure")?.clone();
        responses.insert("OtherFailure".to_owned(), copied);
        let at = format!("{}/responses/default", operation.at());
        tree.set(&at, "$ref", "#/components/responses/OtherFailure")?;
        Some(Minimum::default())
    }),
    Edit::new("write out a parameter that is a component", |tree| {
        let operation = tree.operation(|operation| {
            let first = operation.parameters().next();
            first.is_some_and(|first| first["$ref"] == "#/components/parameters/UserId")
        })?;
        let written = tree.root.pointer("/components/parameters/UserId")?.clone();
        let at = format!("{}/parameters", operation.at());
        *tree.list(&at)?.first_mut()? = written;
        Some(Minimum::default())
    }),
    Edit::new("make a component of a parameter", |tree| {
        let operation = tree.operation(|operation| {
            let first = operation.parameters().next();
            first.is_some_and(is_optional_text)
        })?;
        let at = format!("{}/parameters", operation.at());
        let reference = json!({"$ref": "#/components/parameters/Moved"});
        let moved = std::mem::replace(tree.list(&at)?.first_mut()?, reference);
        tree.set("/components/parameters", "Moved", moved)?;
        Some(Minimum::default())
    }),
    Edit::new("wrap a reference in `allOf`", |tree| {
        let property = tree.property(|property| property.value.pointer("/items/$ref").is_some())?;
        let at = property.at();
        let items = tree.take(&at, "items")?;
        tree.set(&at, "items", json!({"allOf": [items]}))?;
        Some(Minimum::default())
    }),
    Edit::new("make a component of a request body", |tree| {
        let operation = tree.operation(|operation| operation.value.get("requestBody").is_some())?;
        let at = format!("{}/requestBody", operation.at());
        let body = std::mem::replace(
            tree.root.pointer_mut(&at)?,
            json!({"$ref": "#/components/requestBodies/Moved"}),
        );
        tree.set("/components", "requestBodies", json!({ "Moved": body }))?;
        Some(Minimum::default())
    }),
];

fn turn(tree: &mut Tree, at: &str) -> Option<Minimum> {
    turn_map(tree.root.pointer_mut(at)?)?;
    Some(Minimum::default())
}

/// Reverses the order of a map's members; `None` if there is no map.
fn turn_map(value: &mut Value) -> Option<()> {
    let members = std::mem::take(value.as_object_mut()?);
    let turned: Vec<_> = members.into_iter().rev().collect();
    value.as_object_mut()?.extend(turned);
    Some(())
}

fn add_tag(tree: &mut Tree) -> Option<()> {
    let operation = tree.operation(|operation| !tree.is_configured(operation.id))?;
    tree.list("/tags")?
        .push(json!({"name": "Others", "description": "What is not listed elsewhere."}));
    tree.set(&operation.at(), "tags", json!(["Others"]))
}

fn two_required(tree: &Tree) -> Option<String> {
    tree.schema(|_, schema| required(schema).count() > 1)
}

fn only_read(tree: &mut Tree) -> Option<()> {
    let name = two_required(tree)?;
    let schema = tree.root.pointer_mut(&schema_at(&name))?;
    let names: Vec<String> = required(schema).map(str::to_owned).collect();
    for name in names {
        schema["properties"][name]["readOnly"] = true.into();
    }
    Some(())
}
