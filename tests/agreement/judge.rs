//! Decides by a JSON Schema validator of other people whether two descriptions accept the same JSON.

use std::collections::BTreeMap;

use boon::{Compiler, Draft, Format, SchemaIndex, Schemas};
use serde_json::{Value, json};

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
    let (Some(was), Some(is)) = (Judge::new(old, &uses), Judge::new(new, &uses)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for one in uses {
        let mut difference = Difference {
            is_response: one.is_response,
            lost: None,
            gained: None,
            at: one.at,
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
    fn new(root: &Value, uses: &[Use]) -> Option<Self> {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        for (name, func) in [("int32", is_int32 as fn(&Value) -> _), ("int64", is_int64)] {
            compiler.register_format(Format { name, func });
        }
        let mut schemas = Schemas::new();
        let mut compiled = BTreeMap::new();
        compiler
            .add_resource("http://x/api.json", in_json_schema(root))
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

/// A description whose schemas are JSON Schema.
fn in_json_schema(root: &Value) -> Value {
    let mut root = root.clone();
    let is_old = root["openapi"]
        .as_str()
        .is_some_and(|it| it.starts_with("3.0"));
    let mut places = places::schemas(&root);
    // From the innermost, so that each is where it was found.
    places.reverse();
    for at in places.iter().filter(|_| is_old) {
        let Some(Value::Object(schema)) = root.pointer_mut(at) else {
            continue;
        };
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
