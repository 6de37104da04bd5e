//! Edits of enums and unions.

use serde_json::{Value, json};

use super::{Edit, properties::optional_text};
use crate::{
    minimum::{ENUM, HEADER, MODEL, MODULE, Minimum, PROPERTY, Part, REPLACED, VALUE},
    tree::{Property, Tree, schema_reference},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("add a value to an enum", |tree| {
        let property = listed(tree)?;
        values(tree, &property)?.push("another".into());
        Some(Minimum::at(property.at()).model(&property.schema, VALUE))
    }),
    Edit::new("remove a value of an enum", |tree| {
        let property = listed(tree)?;
        values(tree, &property)?.pop()?;
        Some(Minimum::at(property.at()).model(&property.schema, VALUE))
    }),
    Edit::new("rename a value of an enum", |tree| {
        let property = listed(tree)?;
        *values(tree, &property)?.last_mut()? = "another".into();
        Some(Minimum::at(property.at()).model(&property.schema, VALUE * 2))
    }),
    Edit::new("move a value of an enum", |tree| {
        // Values keep the order of the description.
        let property = listed(tree)?;
        values(tree, &property)?.rotate_left(1);
        Some(Minimum::at(property.at()).model(&property.schema, VALUE * 2))
    }),
    Edit::new("add a value to an enum that operations share", |tree| {
        let name = shared(tree)?;
        let at = format!("/components/parameters/{name}");
        tree.list(&format!("{at}/schema/items/enum"))?
            .push("another".into());
        Some(Minimum::at(at).model(&name, VALUE))
    }),
    Edit::new("move an enum to the components", |tree| {
        // The name stays the same: the enum moves from one file to another.
        let property = listed(tree)?;
        let name = format!("{}{}", property.schema, capital(&property.name));
        let at = property.at();
        let parent = format!("{}/properties", property.parent());
        let size = values(tree, &property)?.len();
        let moved = tree.take(&parent, &property.name)?;
        let referring = json!({"allOf": [{"$ref": schema_reference(&name)}]});
        tree.set(&parent, &property.name, referring)?;
        let described = moved.get("description").cloned().unwrap_or(Value::Null);
        tree.set(&at, "description", described)?;
        tree.set("/components/schemas", &name, moved)?;
        let own = ENUM + size * VALUE;
        Some(
            Minimum::at(at)
                .and(format!("/components/schemas/{name}"))
                .model(&property.schema, own)
                .model(&name, HEADER + own)
                .models(MODULE),
        )
    }),
    Edit::after(
        add_union,
        "add a variant to a union with a discriminator",
        |tree| {
            // The variant with its sentence; its tag; the line that maps the tag to it.
            tree.set("/components/schemas", "Triangle", shape("Triangle"))?;
            let reference = schema_reference("Triangle");
            tree.list("/components/schemas/Shape/oneOf")?
                .push(json!({"$ref": reference}));
            tree.set(MAPPING, "triangle", reference)?;
            Some(
                Minimum::at("/components/schemas/Shape")
                    .and("/components/schemas/Triangle")
                    .model("Shape", 4)
                    .model("Triangle", MODEL + 2 * PROPERTY)
                    .models(MODULE),
            )
        },
    ),
    Edit::after(
        add_union,
        "map another discriminator value to a variant",
        |tree| {
            // The sentence of the variant, and its tag.
            let circle = tree.take(MAPPING, "circle")?;
            tree.set(MAPPING, "round", circle)?;
            Some(Minimum::at("/components/schemas/Shape").model("Shape", 2 * REPLACED))
        },
    ),
    Edit::after(
        add_union,
        "turn the order of a discriminator's mapping round",
        |tree| {
            let mapping = std::mem::take(tree.map(MAPPING)?);
            tree.map(MAPPING)?.extend(mapping.into_iter().rev());
            Some(Minimum::default())
        },
    ),
    Edit::after(add_union, "rename a schema that is a variant", |tree| {
        // The new name sorts like the old one, so that the lists keep their order. In the union: the variant, its sentence, and each line that names the type.
        let (from, to) = (schema_reference("Circle"), schema_reference("Circles"));
        let circle = tree.take("/components/schemas", "Circle")?;
        tree.set("/components/schemas", "Circles", circle)?;
        tree.redirect(&from, &to);
        tree.set(MAPPING, "circle", to)?;
        let moved = (Part::Model("Circle".into()), Part::Model("Circles".into()));
        Some(
            Minimum::at("/components/schemas/Shape")
                .and("/components/schemas/Circle")
                .and("/components/schemas/Circles")
                .model("Shape", 2 * REPLACED)
                .moved(moved.0, moved.1, NAMED * REPLACED)
                .models(MODULE * REPLACED),
        )
    }),
];

const MAPPING: &str = "/components/schemas/Shape/discriminator/mapping";

/// The lines of a model that contain its name: the declaration, the impls of its setters and of
/// `Record`, its wire name, and the macro call.
pub(super) const NAMED: usize = 5;

/// A property with an inline enum and a description of one line that callers may set.
fn listed(tree: &Tree) -> Option<Property> {
    tree.property(|property| {
        let described = property.value["description"].as_str();
        let values = property.value["enum"].as_array();
        property.value["type"] == "string"
            && property.value.get("default").is_none()
            && described.is_some_and(|text| text.len() < 70)
            && values.is_some_and(|values| values.len() > 2)
            && !tree.is_configured(&format!("{}.{}", property.schema, property.name))
    })
}

fn values<'a>(tree: &'a mut Tree, property: &Property) -> Option<&'a mut Vec<Value>> {
    tree.list(&format!("{}/enum", property.at()))
}

/// A parameter component that is a list of values.
fn shared(tree: &Tree) -> Option<String> {
    let parameters = tree.root.pointer("/components/parameters")?.as_object()?;
    let mut all = parameters.iter();
    all.find(|(_, parameter)| parameter.pointer("/schema/items/enum").is_some())
        .map(|(name, _)| name.clone())
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn shape(name: &str) -> Value {
    json!({
        "type": "object",
        "description": format!("{name}, as a shape."),
        "properties": {"kind": {"type": "string"}, "size": {"type": "integer"}},
    })
}

/// A union of two shapes, and a property that holds one.
fn add_union(tree: &mut Tree) -> Option<()> {
    let (circle, square) = (schema_reference("Circle"), schema_reference("Square"));
    let union = json!({
        "description": "One of the shapes.",
        "oneOf": [{"$ref": circle}, {"$ref": square}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"circle": circle, "square": square},
        },
    });
    tree.set("/components/schemas", "Circle", shape("Circle"))?;
    tree.set("/components/schemas", "Square", shape("Square"))?;
    tree.set("/components/schemas", "Shape", union)?;
    let beside = optional_text(tree)?;
    let properties = format!("{}/properties", beside.parent());
    tree.set(
        &properties,
        "shape",
        json!({"$ref": schema_reference("Shape")}),
    )
}
