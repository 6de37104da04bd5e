//! Edits of whole schemas.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Edit,
    properties::{leaf, optional_text},
    values::NAMED,
};
use crate::{
    minimum::{
        FIELD, MODEL, MODULE, Minimum, NOTE, PROPERTY, Part, REPLACED, SETTER, SETTERS, WIRE,
    },
    tree::{PropertyView, Tree, schema_at, schema_reference},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("add a schema that a property uses", |tree| {
        tree.set("/components/schemas", "Paint", paint())?;
        let schema = use_paint(tree)?;
        Some(
            Minimum::at(schema_at(&schema))
                .and(schema_at("Paint"))
                .model(&schema, PROPERTY)
                .model("Paint", MODEL + PROPERTY)
                .models(MODULE),
        )
    }),
    Edit::after(
        add_paint,
        "remove a schema and the property that uses it",
        |tree| {
            tree.take("/components/schemas", "Paint")?;
            stop_using_paint(tree)
        },
    ),
    Edit::after(
        add_paint,
        "remove the property that alone uses a schema",
        |tree| {
            // Unused schemas are left out, so the schema is removed too.
            stop_using_paint(tree)
        },
    ),
    Edit::new("remove a schema that one property uses", |tree| {
        // Its references must not become unused, so it may have none.
        let search = Search::new(tree);
        let property = tree.property(|property| search.refers_alone(property))?;
        let name = reference(tree.root.pointer(&property.at())?)?;
        let declared = tree.take("/components/schemas", &name)?;
        let lines = members(&declared)?;
        tree.take(&format!("{}/properties", property.parent()), &property.name)?;
        Some(
            Minimum::at(property.parent())
                .and(schema_at(&name))
                .model(&property.schema, FIELD + WIRE)
                .model(&name, MODEL - SETTERS + lines)
                .models(MODULE),
        )
    }),
    Edit::after(add_paint, "rename a schema", |tree| {
        // At its use: the field, and the signature of the setter.
        let (from, to) = (schema_reference("Paint"), schema_reference("Paints"));
        let declared = tree.take("/components/schemas", "Paint")?;
        tree.set("/components/schemas", "Paints", declared)?;
        tree.redirect(&from, &to);
        let property = tree.property(|property| property.name == "paint")?;
        let moved = (Part::Model("Paint".into()), Part::Model("Paints".into()));
        Some(
            Minimum::at(property.at())
                .and(schema_at("Paint"))
                .and(schema_at("Paints"))
                .model(&property.schema, 2 * REPLACED)
                .moved(moved.0, moved.1, NAMED * REPLACED)
                .models(MODULE * REPLACED),
        )
    }),
    Edit::new("copy a schema and use the copy", |tree| {
        // Rust cannot declare a type twice without repeating its code.
        let search = Search::new(tree);
        let property = tree.property(|property| search.refers_to_leaf(property))?;
        let name = reference(tree.root.pointer(&property.at())?)?;
        let copied = tree.root.pointer(&schema_at(&name))?.clone();
        let lines = members(&copied)?;
        let copy = format!("{name}Copy");
        tree.set("/components/schemas", &copy, copied)?;
        let at = property.at();
        let value = tree.root.pointer_mut(&at)?;
        *value = json!({
            "description": value["description"],
            "allOf": [{"$ref": schema_reference(&copy)}],
        });
        Some(
            Minimum::at(at)
                .and(schema_at(&copy))
                .model(&property.schema, 2 * REPLACED)
                .model(&copy, MODEL - SETTERS + lines)
                .models(MODULE),
        )
    }),
    Edit::new("reword a schema", |tree| {
        let name = tree.schema(|_, schema| {
            let described = schema["description"].as_str();
            described.is_some_and(|text| text.len() < 80)
        })?;
        let at = schema_at(&name);
        tree.set(&at, "description", "Another sentence.")?;
        Some(Minimum::at(at).model(&name, REPLACED))
    }),
    Edit::new("deprecate a schema", |tree| {
        // A separate sentence: an attribute would cause a warning wherever the type is named.
        let name = leaf(tree)?;
        let at = schema_at(&name);
        tree.set(&at, "deprecated", true)?;
        Some(Minimum::at(at).model(&name, NOTE))
    }),
    Edit::new("let a property refer to another component", |tree| {
        let leaf = leaf(tree)?;
        let search = Search::new(tree);
        let property = tree.property(|property| {
            property.schema != leaf
                && reference(property.value).as_ref() != Some(&leaf)
                && search.refers_to_leaf(property)
        })?;
        let at = property.at();
        let value = tree.root.pointer_mut(&at)?;
        *value = json!({
            "description": value["description"],
            "allOf": [{"$ref": schema_reference(&leaf)}],
        });
        Some(Minimum::at(at).model(&property.schema, 2 * REPLACED))
    }),
    Edit::new("give a schema a base", |tree| {
        // Rust has no inheritance, so the schema repeats the properties of the base.
        let property = optional_text(tree)?;
        let at = property.parent();
        let base = json!({
            "type": "object",
            "properties": {"color": {"type": "string", "description": "The color."}},
        });
        tree.set("/components/schemas", "Base", base)?;
        tree.set(&at, "allOf", json!([{"$ref": schema_reference("Base")}]))?;
        Some(
            Minimum::at(at)
                .and(schema_at("Base"))
                .model(&property.schema, PROPERTY),
        )
    }),
];

fn paint() -> Value {
    json!({
        "type": "object",
        "description": "A paint.",
        "properties": {"color": {"type": "string", "description": "The color."}},
    })
}

/// Removes the one property of that schema, and with it the schema from what is rendered.
fn stop_using_paint(tree: &mut Tree) -> Option<Minimum> {
    let property = tree.property(|property| property.name == "paint")?;
    tree.take(&format!("{}/properties", property.parent()), "paint")?;
    Some(
        Minimum::at(property.parent())
            .and(schema_at("Paint"))
            .model(&property.schema, PROPERTY)
            .model("Paint", MODEL + PROPERTY)
            .models(MODULE),
    )
}

/// Adds a property of type `Paint` to a schema.
fn use_paint(tree: &mut Tree) -> Option<String> {
    let beside = optional_text(tree)?;
    let properties = format!("{}/properties", beside.parent());
    tree.set(
        &properties,
        "paint",
        json!({"$ref": schema_reference("Paint")}),
    )?;
    Some(beside.schema)
}

fn add_paint(tree: &mut Tree) -> Option<()> {
    tree.set("/components/schemas", "Paint", paint())?;
    use_paint(tree).map(drop)
}

/// The lines of a schema's properties, each with a description of one line: read-only ones have a note
/// in place of a setter.
fn members(schema: &Value) -> Option<usize> {
    let properties = schema["properties"].as_object()?;
    let lines = properties.values().map(|property| {
        let is_read_only = property["readOnly"] == true;
        FIELD + WIRE + if is_read_only { NOTE } else { SETTER }
    });
    Some(lines.sum())
}

/// The component that a property refers to.
fn reference(property: &Value) -> Option<String> {
    let direct = property.get("$ref");
    let reference = direct.or_else(|| property.pointer("/allOf/0/$ref"))?;
    Some(reference.as_str()?.rsplit('/').next()?.to_owned())
}

/// Finds properties that refer to components without references.
struct Search<'a> {
    tree: &'a Tree,
    counts: BTreeMap<&'a str, usize>,
}

impl<'a> Search<'a> {
    fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            counts: tree.references(),
        }
    }

    /// Whether nothing else uses the component.
    fn refers_alone(&self, property: &PropertyView<'_>) -> bool {
        let is_alone = |name: String| {
            let config = self.tree.config();
            self.is_leaf(&name) && self.count(&name) == 1 && !config.contains(&format!("\"{name}."))
        };
        !property.is_required() && reference(property.value).is_some_and(is_alone)
    }

    /// Whether other schemas use the component too, and callers may set the property.
    fn refers_to_leaf(&self, property: &PropertyView<'_>) -> bool {
        property.value.get("readOnly").is_none()
            && property.value["description"].is_string()
            && reference(property.value)
                .is_some_and(|name| self.is_leaf(&name) && self.count(&name) > 1)
    }

    fn count(&self, name: &str) -> usize {
        let count = self.counts.get(schema_reference(name).as_str());
        count.copied().unwrap_or_default()
    }

    fn is_leaf(&self, name: &str) -> bool {
        let schema = self.tree.root.pointer(&schema_at(name));
        schema.is_some_and(|schema| {
            let text = schema.to_string();
            !text.contains("$ref") && !text.contains("\"enum\"") && !self.tree.is_configured(name)
        })
    }
}
