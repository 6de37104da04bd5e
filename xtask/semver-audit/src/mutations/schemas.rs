//! Mutations of schemas.

use serde_json::{Value, json};

use super::{
    At, Mutation, NodePath, SCHEMAS, get, get_mut, list, object, rename, replace, retyped, target,
};

const fn new(
    name: &'static str,
    at: At,
    edit: fn(&mut Value, &NodePath) -> Option<()>,
) -> Mutation {
    Mutation { name, at, edit }
}

pub(super) const ALL: &[Mutation] = &[
    // Properties.
    new("property-added", At::Schema, |root, place| {
        let properties = get_mut(root, place)?
            .get_mut("properties")?
            .as_object_mut()?;
        properties.insert("addedLater".to_owned(), json!({"type": "string"}));
        Some(())
    }),
    new("required-property-added", At::Schema, |root, place| {
        let properties = get_mut(root, place)?
            .get_mut("properties")?
            .as_object_mut()?;
        properties.insert("addedLater".to_owned(), json!({"type": "integer"}));
        require(root, place, "addedLater")
    }),
    new("property-removed", At::Property, |root, place| {
        let (schema, name) = of_property(place)?;
        object(root, &place[..4])?.shift_remove(name)?;
        release(root, schema, name);
        Some(())
    }),
    new("property-renamed", At::Property, |root, place| {
        let (schema, name) = of_property(place)?;
        let to = format!("{name}Renamed");
        rename(object(root, &place[..4])?, name, &to)?;
        if let Some(required) = list(root, schema, "required") {
            required.iter_mut().for_each(|one| replace(one, name, &to));
        }
        Some(())
    }),
    new("property-name-recased", At::Property, |root, place| {
        // The identifier stays, the wire name does not.
        let (schema, name) = of_property(place)?;
        let at = name.rfind(char::is_uppercase)?;
        let to = format!("{}_{}", &name[..at], name[at..].to_lowercase());
        rename(object(root, &place[..4])?, name, &to)?;
        if let Some(required) = list(root, schema, "required") {
            required.iter_mut().for_each(|one| replace(one, name, &to));
        }
        Some(())
    }),
    new("property-retyped", At::Property, |root, place| {
        let node = get_mut(root, place)?;
        *node = retyped(node);
        Some(())
    }),
    new("property-format-changed", At::Property, |root, place| {
        let node = object(root, place)?;
        let format = node
            .get("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let to = match (node.get("type")?.as_str()?, format) {
            ("string", "date-time") => "date",
            ("string", "") if !node.contains_key("enum") => "date-time",
            ("integer", "int32") => "int64",
            ("integer", _) => "int32",
            ("number", "float") => "double",
            ("number", _) => "float",
            _ => return None,
        };
        node.insert("format".to_owned(), to.into());
        Some(())
    }),
    new("property-becomes-list", At::Property, |root, place| {
        let node = get_mut(root, place)?;
        *node = json!({"type": "array", "items": node.take()});
        Some(())
    }),
    new("property-list-becomes-one", At::Property, |root, place| {
        let node = get_mut(root, place)?;
        *node = node.get_mut("items")?.take();
        Some(())
    }),
    new("property-becomes-map", At::Property, |root, place| {
        let node = get_mut(root, place)?;
        *node = json!({"type": "object", "additionalProperties": node.take()});
        Some(())
    }),
    new("property-leads-elsewhere", At::Property, |root, place| {
        let own = target(get(root, place)?)?.to_owned();
        let others = get(root, &place[..2])?.as_object()?;
        let other = others
            .keys()
            .find(|name| **name != own && **name != place[2])?;
        let reference = json!({"$ref": format!("{SCHEMAS}{other}")});
        *get_mut(root, place)? = reference;
        Some(())
    }),
    new("property-becomes-required", At::Property, |root, place| {
        let (schema, name) = of_property(place)?;
        require(root, schema, name)
    }),
    new("property-becomes-optional", At::Property, |root, place| {
        let (schema, name) = of_property(place)?;
        release(root, schema, name).then_some(())
    }),
    new("property-becomes-nullable", At::Property, |root, place| {
        let node = object(root, place)?;
        node.insert("nullable".to_owned(), true.into());
        Some(())
    }),
    new(
        "property-stops-being-nullable",
        At::Property,
        |root, place| object(root, place)?.shift_remove("nullable").map(drop),
    ),
    new(
        "property-becomes-deprecated",
        At::Property,
        |root, place| {
            let node = object(root, place)?;
            node.insert("deprecated".to_owned(), true.into());
            Some(())
        },
    ),
    new("property-becomes-read-only", At::Property, |root, place| {
        let node = object(root, place)?;
        node.insert("readOnly".to_owned(), true.into());
        Some(())
    }),
    new(
        "property-stops-being-read-only",
        At::Property,
        |root, place| object(root, place)?.shift_remove("readOnly").map(drop),
    ),
    new(
        "property-becomes-write-only",
        At::Property,
        |root, place| {
            let node = object(root, place)?;
            node.shift_remove("readOnly");
            node.insert("writeOnly".to_owned(), true.into());
            Some(())
        },
    ),
    new("property-becomes-enum", At::Property, |root, place| {
        let node = object(root, place)?;
        let is_text = node.get("type")? == "string" && !node.contains_key("format");
        (is_text && !node.contains_key("enum")).then_some(())?;
        node.insert("enum".to_owned(), json!(["one", "two"]));
        Some(())
    }),
    new("property-default-changed", At::Property, |root, place| {
        let node = object(root, place)?;
        let value: Value = match node.get("type")?.as_str()? {
            "integer" => 7.into(),
            "boolean" => (node.get("default") != Some(&true.into())).into(),
            "string" if !node.contains_key("format") && !node.contains_key("enum") => {
                "seven".into()
            }
            _ => return None,
        };
        node.insert("default".to_owned(), value);
        Some(())
    }),
    new("property-bounds-changed", At::Property, |root, place| {
        let node = object(root, place)?;
        let key = match node.get("type")?.as_str()? {
            "string" => "maxLength",
            "integer" => "maximum",
            "array" => "maxItems",
            _ => return None,
        };
        node.insert(key.to_owned(), 40.into());
        Some(())
    }),
    new(
        "property-described-differently",
        At::Property,
        |root, place| {
            let node = object(root, place)?;
            // Descriptions beside a reference are ignored.
            (!node.contains_key("$ref")).then_some(())?;
            node.insert("description".to_owned(), "Said in other words.".into());
            Some(())
        },
    ),
    // Values.
    new("enum-value-added", At::Enum, |root, place| {
        list(root, place, "enum")?.push("added_later".into());
        Some(())
    }),
    new("enum-value-removed", At::Enum, |root, place| {
        let removed = list(root, place, "enum")?.remove(0);
        let node = object(root, place)?;
        if node.get("default") == Some(&removed) {
            node.shift_remove("default");
        }
        Some(())
    }),
    new("enum-value-renamed", At::Enum, |root, place| {
        let last = list(root, place, "enum")?.last_mut()?;
        *last = format!("{}_renamed", last.as_str()?).into();
        object(root, place)?.shift_remove("default");
        Some(())
    }),
    new("enum-opened", At::Enum, |root, place| {
        object(root, place)?.shift_remove("enum").map(drop)
    }),
    new("enum-reordered", At::Enum, |root, place| {
        list(root, place, "enum")?.reverse();
        Some(())
    }),
    // Schemas.
    new("schema-added", At::Root, |root, _| {
        let schemas = object(root, &["components".to_owned(), "schemas".to_owned()])?;
        let first = schemas
            .values_mut()
            .find_map(|schema| schema.get_mut("properties")?.as_object_mut())?;
        first.insert(
            "addedLater".to_owned(),
            json!({"$ref": format!("{SCHEMAS}AddedLater")}),
        );
        let added = json!({"type": "object", "properties": {"name": {"type": "string"}}});
        schemas.insert("AddedLater".to_owned(), added);
        Some(())
    }),
    new("schema-renamed", At::Schema, |root, place| {
        let name = place.last()?;
        let to = format!("{name}Renamed");
        rename(object(root, &place[..2])?, name, &to)?;
        replace(root, &format!("{SCHEMAS}{name}"), &format!("{SCHEMAS}{to}"));
        Some(())
    }),
    new("schema-becomes-text", At::Schema, |root, place| {
        let node = get_mut(root, place)?;
        *node = json!({"type": "string"});
        Some(())
    }),
    new("schema-becomes-list", At::Schema, |root, place| {
        let node = get_mut(root, place)?;
        *node = json!({"type": "array", "items": node.take()});
        Some(())
    }),
    new("schema-becomes-any", At::Schema, |root, place| {
        *get_mut(root, place)? = json!({});
        Some(())
    }),
    new("schema-becomes-deprecated", At::Schema, |root, place| {
        object(root, place)?.insert("deprecated".to_owned(), true.into());
        Some(())
    }),
    new("schema-described-differently", At::Schema, |root, place| {
        object(root, place)?.insert("description".to_owned(), "Said in other words.".into());
        Some(())
    }),
    new("additional-properties-typed", At::Schema, |root, place| {
        let node = object(root, place)?;
        node.get("properties")?;
        node.insert(
            "additionalProperties".to_owned(),
            json!({"type": "integer"}),
        );
        Some(())
    }),
    new("additional-properties-closed", At::Schema, |root, place| {
        let node = object(root, place)?;
        node.get("properties")?;
        node.insert("additionalProperties".to_owned(), false.into());
        Some(())
    }),
    new("schema-takes-over-another", At::Schema, |root, place| {
        let schemas = get(root, &place[..2])?.as_object()?;
        let other = schemas.iter().find(|(name, schema)| {
            **name != place[2]
                && schema.get("properties").is_some()
                && !schema.to_string().contains(&place[2])
        });
        let reference = json!({"$ref": format!("{SCHEMAS}{}", other?.0)});
        let node = get_mut(root, place)?;
        node.get("properties")?;
        *node = json!({"allOf": [reference, node.take()]});
        Some(())
    }),
    new("part-of-all-removed", At::AllOf, |root, place| {
        let parts = list(root, place, "allOf")?;
        (parts.len() > 1).then(|| drop(parts.remove(0)))
    }),
    // Alternatives.
    new("alternative-added", At::Union, |root, place| {
        let name = format!("{SCHEMAS}AddedLater");
        let has_tag = get(root, place)?.get("discriminator").is_some();
        let added = match has_tag {
            true => json!({"$ref": name}),
            false => json!({"type": "array", "items": {"type": "boolean"}}),
        };
        if has_tag {
            let schemas = object(root, &["components".to_owned(), "schemas".to_owned()])?;
            let schema = json!({"type": "object", "properties": {"size": {"type": "integer"}}});
            schemas.insert("AddedLater".to_owned(), schema);
            if let Some(mapping) = get_mut(root, place)?
                .get_mut("discriminator")?
                .get_mut("mapping")
            {
                mapping
                    .as_object_mut()?
                    .insert("added".to_owned(), name.into());
            }
        }
        alternatives_mut(root, place)?.push(added);
        Some(())
    }),
    new("alternative-removed", At::Union, |root, place| {
        let removed = alternatives_mut(root, place)?.pop()?;
        let mapping = get_mut(root, place)?.get_mut("discriminator");
        let mapping = mapping.and_then(|tag| tag.get_mut("mapping")?.as_object_mut());
        if let (Some(mapping), Some(reference)) = (mapping, removed.get("$ref")) {
            mapping.retain(|_, target| target != reference);
        }
        Some(())
    }),
    new("alternatives-reordered", At::Union, |root, place| {
        alternatives_mut(root, place)?.reverse();
        Some(())
    }),
    new("discriminator-removed", At::Union, |root, place| {
        object(root, place)?.shift_remove("discriminator").map(drop)
    }),
    new("discriminator-value-changed", At::Union, |root, place| {
        let tag = get_mut(root, place)?.get_mut("discriminator")?;
        let mapping = tag.get_mut("mapping")?.as_object_mut()?;
        let first = mapping.keys().next()?.clone();
        rename(mapping, &first, &format!("{first}-changed"))
    }),
];

/// The path of the schema with a property, and the name of the property.
fn of_property(place: &NodePath) -> Option<(&[String], &str)> {
    Some((place.get(..3)?, place.last()?))
}

fn require(root: &mut Value, schema: &[String], name: &str) -> Option<()> {
    let required = object(root, schema)?
        .entry("required")
        .or_insert_with(|| json!([]));
    let required = required.as_array_mut()?;
    if required.iter().any(|one| one == name) {
        return None;
    }
    required.push(name.into());
    Some(())
}

/// Removes a name from `required`; returns whether it was there.
fn release(root: &mut Value, schema: &[String], name: &str) -> bool {
    let Some(required) = list(root, schema, "required") else {
        return false;
    };
    let before = required.len();
    required.retain(|one| one != name);
    let was_there = required.len() < before;
    if required.is_empty()
        && let Some(schema) = object(root, schema)
    {
        // OpenAPI 3.0 permits no empty list.
        schema.shift_remove("required");
    }
    was_there
}

fn alternatives_mut<'a>(root: &'a mut Value, place: &NodePath) -> Option<&'a mut Vec<Value>> {
    let node = object(root, place)?;
    let key = if node.contains_key("oneOf") {
        "oneOf"
    } else {
        "anyOf"
    };
    node.get_mut(key)?.as_array_mut()
}
