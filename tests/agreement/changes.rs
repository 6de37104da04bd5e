//! Changes of one keyword of a schema, wherever the schema stands.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A kind of change.
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    /// Changes a schema, which may be of OpenAPI 3.1; `None` where the change does not apply.
    pub(crate) apply: fn(&mut Map<String, Value>, &mut Rng, bool) -> Option<()>,
}

const fn new(
    name: &'static str,
    apply: fn(&mut Map<String, Value>, &mut Rng, bool) -> Option<()>,
) -> Mutation {
    Mutation { name, apply }
}

pub(crate) const ALL: &[Mutation] = &[
    new("type", |schema, rng, _| {
        let types = ["string", "integer", "number", "boolean"];
        let to = types[rng.usize(..types.len())];
        types
            .contains(&schema.get("type")?.as_str()?)
            .then_some(())?;
        (!schema.contains_key("enum")).then_some(())?;
        schema.remove("format");
        set(schema, "type", to.into())
    }),
    new("format", |schema, rng, _| {
        let formats: &[&str] = match kind(schema)? {
            "string" => &["date-time", "date", "uuid", "email"],
            "integer" => &["int32", "int64"],
            "number" => &["float", "double"],
            _ => return None,
        };
        (!schema.contains_key("enum")).then_some(())?;
        match rng.usize(..=formats.len()) {
            at if at < formats.len() => set(schema, "format", formats[at].into()),
            _ => schema.remove("format").map(drop),
        }
    }),
    new("required", |schema, rng, _| {
        let names: Vec<String> = schema
            .get("properties")?
            .as_object()?
            .keys()
            .cloned()
            .collect();
        let name = names.get(rng.usize(..names.len().max(1)))?;
        let required = schema.entry("required").or_insert_with(|| json!([]));
        let required = required.as_array_mut()?;
        match required.iter().position(|one| one == name) {
            Some(at) => drop(required.remove(at)),
            None => required.push(name.as_str().into()),
        }
        if required.is_empty() {
            // OpenAPI 3.0 permits no empty list.
            schema.remove("required");
        }
        Some(())
    }),
    new("null", |schema, _, is_modern| {
        if schema.remove("nullable").is_some() {
            return Some(());
        }
        match schema.get("type")?.clone() {
            Value::Array(types) => {
                let other = types.into_iter().find(|typ| typ != "null")?;
                set(schema, "type", other)
            }
            typ if is_modern => set(schema, "type", json!([typ, "null"])),
            _ => set(schema, "nullable", true.into()),
        }
    }),
    new("value added", |schema, _, _| {
        let values = schema.get_mut("enum")?.as_array_mut()?;
        values.first()?.is_string().then_some(())?;
        values.push("addedLater".into());
        Some(())
    }),
    new("value removed", |schema, rng, _| {
        let values = schema.get_mut("enum")?.as_array_mut()?;
        (values.len() > 1).then_some(())?;
        values.remove(rng.usize(..values.len()));
        Some(())
    }),
    new("values listed", |schema, _, _| {
        let is_text = kind(schema)? == "string";
        let is_free = !schema.contains_key("enum") && !schema.contains_key("format");
        (is_text && is_free).then_some(())?;
        set(schema, "enum", json!(["on", "x", "circle"]))
    }),
    new("constant", |schema, _, _| {
        if schema.contains_key("const") {
            return set(schema, "const", "changed".into());
        }
        match schema.get("enum")?.as_array()?.as_slice() {
            [Value::String(_)] => set(schema, "enum", json!(["changed"])),
            _ => None,
        }
    }),
    new("bound", |schema, rng, _| {
        let keys: &[&str] = match kind(schema).unwrap_or("string") {
            "string" => &["minLength", "maxLength"],
            "integer" | "number" => &["minimum", "maximum"],
            "array" => &["minItems", "maxItems"],
            "object" => &["minProperties", "maxProperties"],
            _ => return None,
        };
        let key = keys[rng.usize(..keys.len())];
        let value = rng.u8(0..6);
        set(schema, key, value.into())
    }),
    new("further properties", |schema, rng, _| {
        (kind(schema)? == "object").then_some(())?;
        match rng.u8(0..4) {
            0 => set(schema, "additionalProperties", false.into()),
            1 => set(schema, "additionalProperties", json!({"type": "string"})),
            2 => set(schema, "additionalProperties", json!({"type": "integer"})),
            _ => schema.remove("additionalProperties").map(drop),
        }
    }),
    new("property added", |schema, rng, _| {
        let properties = schema.get_mut("properties")?.as_object_mut()?;
        let typ = ["string", "integer"][rng.usize(..2)];
        set(properties, "addedLater", json!({"type": typ}))
    }),
    new("property removed", |schema, rng, _| {
        let properties = schema.get_mut("properties")?.as_object_mut()?;
        let name = properties
            .keys()
            .nth(rng.usize(..properties.len().max(1)))?
            .clone();
        properties.remove(&name);
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|one| *one != name);
        }
        Some(())
    }),
    new("mapping", |schema, rng, _| {
        let mapping = schema
            .get_mut("discriminator")?
            .get_mut("mapping")?
            .as_object_mut()?;
        let names: Vec<String> = mapping.keys().cloned().collect();
        let (first, last) = (names.first()?, names.last()?);
        if rng.bool() {
            let target = mapping.remove(first)?;
            mapping.insert("renamed".to_owned(), target);
            return Some(());
        }
        let target = mapping.get(last)?.clone();
        set(mapping, first, target)
    }),
    new("member of `allOf` added", |schema, rng, _| {
        let member = match kind(schema).unwrap_or_default() {
            "string" => json!({"maxLength": rng.u8(0..6)}),
            "integer" | "number" => json!({"minimum": rng.u8(0..6)}),
            _ => json!({"minProperties": rng.u8(0..3)}),
        };
        schema
            .entry("allOf")
            .or_insert_with(|| json!([]))
            .as_array_mut()?
            .push(member);
        Some(())
    }),
];

/// The type of a schema, null aside.
fn kind(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type")? {
        Value::String(typ) => Some(typ),
        Value::Array(types) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|it| *it != "null"),
        _ => None,
    }
}

/// Sets a keyword; `None` if it has that value already.
fn set(schema: &mut Map<String, Value>, key: &str, value: Value) -> Option<()> {
    (schema.get(key) != Some(&value)).then_some(())?;
    schema.insert(key.to_owned(), value);
    Some(())
}
