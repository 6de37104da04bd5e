//! Edits of one property: only the file of its model may change.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    minimum::{ENUM, FIELD, Minimum, NOTE, PROPERTY, REPLACED, SETTER, VALUE},
    tree::{Property, Tree, schema_at, schema_reference},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("add an optional property", |tree| {
        add(
            tree,
            json!({"type": "string", "description": "The color."}),
            PROPERTY,
        )
    }),
    Edit::new("add an optional property that is a number", |tree| {
        add(
            tree,
            json!({"type": "integer", "format": "int32"}),
            PROPERTY,
        )
    }),
    Edit::new("add an optional property that is a list", |tree| {
        add(
            tree,
            json!({"type": "array", "items": {"type": "string"}}),
            PROPERTY,
        )
    }),
    Edit::new("add an optional property that is a component", |tree| {
        let leaf = leaf(tree)?;
        add(tree, json!({"$ref": schema_reference(&leaf)}), PROPERTY)
    }),
    Edit::new(
        "add an optional property that is an enum of its own",
        |tree| {
            let property = json!({"type": "string", "enum": ["red", "green"]});
            add(tree, property, PROPERTY + ENUM + 2 * VALUE)
        },
    ),
    Edit::new("add a property to the schema that most refer to", |tree| {
        let most = most_used(tree)?;
        let at = schema_at(&most);
        tree.set(
            &format!("{at}/properties"),
            "color",
            json!({"type": "string"}),
        )?;
        Some(Minimum::at(at).model(&most, PROPERTY))
    }),
    Edit::new("add a required property", |tree| {
        // An argument of `new`, its use, and the note that it is required.
        let property = required_text(tree)?;
        let at = property.parent();
        let added = json!({"type": "string", "description": "The color."});
        tree.set(&format!("{at}/properties"), "color", added)?;
        tree.list(&format!("{at}/required"))?.push("color".into());
        Some(Minimum::at(at).model(&property.schema, PROPERTY + NOTE + 2))
    }),
    Edit::new("remove an optional property", |tree| {
        let property = optional_text(tree)?;
        tree.take(&format!("{}/properties", property.parent()), &property.name)?;
        Some(Minimum::at(property.parent()).model(&property.schema, PROPERTY))
    }),
    Edit::new("rename a property", |tree| {
        // The field; the setter's sentence, signature and assignment; reading and writing.
        let property = optional_text(tree)?;
        let at = format!("{}/properties", property.parent());
        let renamed = tree.take(&at, &property.name)?;
        tree.set(&at, &format!("{}Text", property.name), renamed)?;
        Some(Minimum::at(property.parent()).model(&property.schema, 6 * REPLACED))
    }),
    Edit::new("make a number of a text", |tree| {
        let property = optional_text(tree)?;
        tree.set(&property.at(), "type", "integer")?;
        Some(retyped(&property))
    }),
    Edit::new("make a point in time of a text", |tree| {
        let property = optional_text(tree)?;
        tree.set(&property.at(), "format", "date-time")?;
        Some(retyped(&property))
    }),
    Edit::new("make a list of a text", |tree| {
        let property = optional_text(tree)?;
        let text = tree.take(&property.at(), "type")?;
        tree.set(&property.at(), "type", "array")?;
        tree.set(&property.at(), "items", json!({ "type": text }))?;
        Some(retyped(&property))
    }),
    Edit::new("make a number longer", |tree| {
        let property = tree.property(|property| {
            property.is_plain("integer") && property.value["format"] == "int32"
        })?;
        tree.set(&property.at(), "format", "int64")?;
        Some(retyped(&property))
    }),
    Edit::new("list the values of a text", |tree| {
        let property = optional_text(tree)?;
        tree.set(&property.at(), "enum", json!(["red", "green"]))?;
        let own = ENUM + 2 * VALUE;
        let least = retyped(&property);
        Some(least.model(&property.schema, own))
    }),
    Edit::new("require a property", |tree| {
        // The note, an argument of `new` and its use.
        let property = tree.property(|property| {
            property.is_plain_text() && !property.is_required() && property.required() > 1
        })?;
        let at = property.parent();
        tree.list(&format!("{at}/required"))?
            .push(property.name.as_str().into());
        Some(Minimum::at(at).model(&property.schema, NOTE + 2))
    }),
    Edit::new("require a property no longer", |tree| {
        let property = required_text(tree)?;
        let at = property.parent();
        tree.list(&format!("{at}/required"))?
            .retain(|name| *name != property.name);
        Some(Minimum::at(at).model(&property.schema, NOTE + 2))
    }),
    Edit::new("swap two required properties", |tree| {
        // The arguments of `new` have the order of `required`: one of them moves.
        let property = required_text(tree)?;
        let at = property.parent();
        tree.list(&format!("{at}/required"))?.swap(0, 1);
        Some(Minimum::at(at).model(&property.schema, REPLACED))
    }),
    Edit::new("let a property be null", |tree| {
        // A setter for null, which has no argument.
        change(tree, "nullable", true.into(), SETTER)
    }),
    Edit::new("let the service alone set a property", |tree| {
        change(tree, "readOnly", true.into(), SETTER + NOTE)
    }),
    Edit::after(
        |tree| change(tree, "readOnly", true.into(), 0).map(drop),
        "let callers set a property",
        |tree| {
            let property = tree.property(|property| {
                let described = property.value["description"].as_str();
                property.value["readOnly"] == true
                    && property.value["type"] == "string"
                    && property.value.get("enum").is_none()
                    && described.is_some_and(|text| text.len() < 70)
            })?;
            tree.take(&property.at(), "readOnly")?;
            Some(Minimum::at(property.at()).model(&property.schema, SETTER + NOTE))
        },
    ),
    Edit::new("never return a property", |tree| {
        change(tree, "writeOnly", true.into(), NOTE)
    }),
    Edit::new("deprecate a property", |tree| {
        // The attribute, and `allow(deprecated)` for the setters and for reading and writing.
        change(tree, "deprecated", true.into(), 3)
    }),
    Edit::new("give a property a default", |tree| {
        change(tree, "default", "one".into(), NOTE)
    }),
    Edit::new("reword a property", |tree| {
        change(tree, "description", "Another sentence.".into(), REPLACED)
    }),
    Edit::new("give other properties of a schema a type", |tree| {
        // The field with its sentence; a line of reading and one of writing; the sentence about
        // unknown properties.
        let property = optional_text(tree)?;
        let at = property.parent();
        tree.set(&at, "additionalProperties", json!({"type": "string"}))?;
        let lines = FIELD + REPLACED + 1 + REPLACED;
        Some(Minimum::at(at).model(&property.schema, lines))
    }),
];

/// An optional string that callers may set, in a schema with other properties.
pub(super) fn optional_text(tree: &Tree) -> Option<Property> {
    tree.property(|property| {
        property.is_plain_text() && !property.is_required() && property.siblings() > 1
    })
}

/// A required string of requests, one of several required properties.
fn required_text(tree: &Tree) -> Option<Property> {
    tree.property(|property| {
        property.is_plain_text() && property.is_required() && property.required() > 1
    })
}

/// A component without references.
pub(super) fn leaf(tree: &Tree) -> Option<String> {
    tree.schema(|_, schema| !schema.to_string().contains("$ref"))
}

fn most_used(tree: &Tree) -> Option<String> {
    let schemas = tree.root.pointer("/components/schemas")?.as_object()?;
    let counts = tree.references();
    let used = |name: &&String| counts.get(schema_reference(name).as_str()).copied();
    let is_free = |name: &&String| !tree.is_configured(name);
    let names = schemas.keys().filter(is_free);
    names.max_by_key(used).cloned()
}

/// Adds `color` to a schema.
fn add(tree: &mut Tree, property: Value, lines: usize) -> Option<Minimum> {
    let beside = optional_text(tree)?;
    let at = beside.parent();
    tree.set(&format!("{at}/properties"), "color", property)?;
    Some(Minimum::at(at).model(&beside.schema, lines))
}

fn change(tree: &mut Tree, key: &str, value: Value, lines: usize) -> Option<Minimum> {
    let property = optional_text(tree)?;
    tree.set(&property.at(), key, value)?;
    Some(Minimum::at(property.at()).model(&property.schema, lines))
}

/// The field and the signature of its setter contain its type.
fn retyped(property: &Property) -> Minimum {
    Minimum::at(property.at()).model(&property.schema, 2 * REPLACED)
}
