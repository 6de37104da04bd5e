//! Decides by a JSON Schema validator of other people whether two descriptions accept the same JSON.

use std::collections::BTreeMap;

use boon::{Compiler, Draft, Format, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

use crate::{
    places::{self, Use},
    samples,
};

/// What became of the values of a schema that operations use.
pub(crate) struct Difference {
    pub(crate) is_response: bool,
    /// A value that was accepted and no longer is.
    pub(crate) lost: Option<Value>,
    /// A value that is accepted and was not.
    pub(crate) gained: Option<Value>,
    pub(crate) at: String,
}

/// The schemas in use that accept other values on the new side, of those that both sides have.
pub(crate) fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let uses = places::used_by_operations(old).into_iter();
    let both = uses.filter(|one| new.pointer(&one.at).is_some());
    let uses: Vec<Use> = both.filter(|one| one.is_json).collect();
    let mut found = Vec::new();
    for is_response in [false, true] {
        let uses = uses.iter().filter(|one| one.is_response == is_response);
        found.extend(differences_of(
            old,
            new,
            &uses.collect::<Vec<_>>(),
            is_response,
        ));
    }
    found
}

/// The schemas among those of one direction.
fn differences_of(old: &Value, new: &Value, uses: &[&Use], is_response: bool) -> Vec<Difference> {
    let sides = (
        Judge::new(old, uses, is_response),
        Judge::new(new, uses, is_response),
    );
    let (Some(was), Some(is)) = sides else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for one in uses {
        let mut difference = Difference {
            is_response,
            lost: None,
            gained: None,
            at: one.at.clone(),
        };
        for sample in samples::of(&[old, new], &difference.at) {
            match (
                was.accepts(&difference.at, &sample),
                is.accepts(&difference.at, &sample),
            ) {
                (true, false) => difference.lost = difference.lost.or(Some(sample)),
                (false, true) => difference.gained = difference.gained.or(Some(sample)),
                _ => {}
            }
        }
        if difference.lost.is_some() || difference.gained.is_some() {
            found.push(difference);
        }
    }
    found
}

/// The compiled schemas of a description, by their JSON Pointers.
struct Judge {
    schemas: Schemas,
    compiled: BTreeMap<String, SchemaIndex>,
}

impl Judge {
    /// `None` if the validator refuses a schema, as it may where a description breaks the rules.
    fn new(root: &Value, uses: &[&Use], is_response: bool) -> Option<Self> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        for (name, func) in [("int32", is_int32 as fn(&Value) -> _), ("int64", is_int64)] {
            compiler.register_format(Format { name, func });
        }
        let mut schemas = Schemas::new();
        let mut compiled = BTreeMap::new();
        compiler
            .add_resource("http://x/api.json", in_json_schema(root, is_response))
            .ok()?;
        for one in uses {
            // A pointer in a URL has some characters escaped.
            let at = one.at.replace('{', "%7B").replace('}', "%7D");
            let index = compiler.compile(&format!("http://x/api.json#{at}"), &mut schemas);
            compiled.insert(one.at.clone(), index.ok()?);
        }
        Some(Self { schemas, compiled })
    }

    fn accepts(&self, at: &str, value: &Value) -> bool {
        let index = self.compiled.get(at);
        index.is_some_and(|index| self.schemas.validate(value, *index).is_ok())
    }
}

/// A description whose schemas are the JSON Schema of requests or of responses.
fn in_json_schema(root: &Value, is_response: bool) -> Value {
    let mut root = root.clone();
    let is_old = root["openapi"]
        .as_str()
        .is_some_and(|it| it.starts_with("3.0"));
    let mut places = places::schemas(&root);
    // From the innermost, so that each is where it was found.
    places.reverse();
    for at in &places {
        let Some(Value::Object(schema)) = root.pointer_mut(at) else {
            continue;
        };
        leave_out(schema, if is_response { "writeOnly" } else { "readOnly" });
        if !is_old {
            continue;
        }
        // Before 3.1, what stands beside a reference is ignored.
        if schema.contains_key("$ref") {
            schema.retain(|key, _| key == "$ref");
        }
        for (flag, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if schema.remove(flag) == Some(true.into())
                && let Some(value) = schema.remove(bound)
            {
                schema.insert(flag.to_owned(), value);
            }
        }
        if schema.remove("nullable") == Some(true.into()) {
            let other = Value::Object(std::mem::take(schema));
            schema.insert("anyOf".to_owned(), json!([other, {"type": "null"}]));
        }
    }
    root
}

/// Leaves out the properties with a flag, which are not sent in one of the directions.
fn leave_out(schema: &mut Map<String, Value>, flag: &str) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let is_flagged = |property: &Value| property.get(flag) == Some(&true.into());
    let flagged = properties
        .iter()
        .filter(|(_, property)| is_flagged(property));
    let flagged: Vec<String> = flagged.map(|(name, _)| name.clone()).collect();
    for name in &flagged {
        // Such a property may be there all the same, with any value.
        properties[name] = json!({});
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !flagged.iter().any(|one| name == one));
    }
}

fn is_int32(value: &Value) -> Result<(), Box<dyn std::error::Error>> {
    match value.as_i64().map(i32::try_from) {
        Some(Err(error)) => Err(error.into()),
        _ => Ok(()),
    }
}

fn is_int64(value: &Value) -> Result<(), Box<dyn std::error::Error>> {
    match value.is_number() && value.as_f64().is_some_and(|it| it.abs() > 9.3e18) {
        true => Err("more than 64 bits".into()),
        false => Ok(()),
    }
}
