//! Cuts a few operations out of a description, with all that they refer to.

use serde_json::{Map, Value, json};

/// A description of nothing but the GET operations at `paths`.
pub(crate) fn cut(description: &Value, paths: &[&str]) -> Result<Value, String> {
    let mut slice = json!({
        "openapi": description["openapi"],
        "info": description["info"],
        "paths": {},
        "components": {},
    });
    for &path in paths {
        let mut item = Map::new();
        for part in ["parameters", "get"] {
            if let Some(part_of_item) = description["paths"][path].get(part) {
                item.insert(part.to_owned(), part_of_item.clone());
            }
        }
        if !item.contains_key("get") {
            return Err(format!("the description has no GET {path}"));
        }
        follow(&Value::Object(item.clone()), description, &mut slice)?;
        slice["paths"][path] = Value::Object(item);
    }
    Ok(slice)
}

/// Takes over every component that `value` refers to, and what those refer to in turn.
fn follow(value: &Value, description: &Value, slice: &mut Value) -> Result<(), String> {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                return take(reference, description, slice);
            }
            members
                .values()
                .try_for_each(|member| follow(member, description, slice))
        }
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| follow(item, description, slice)),
        _ => Ok(()),
    }
}

fn take(reference: &str, description: &Value, slice: &mut Value) -> Result<(), String> {
    let refuse = || format!("`{reference}` leads to no component");
    let place = reference.strip_prefix("#/components/").ok_or_else(refuse)?;
    let (section, name) = place.split_once('/').ok_or_else(refuse)?;
    if !slice["components"][section][name].is_null() {
        return Ok(());
    }
    let component = description["components"][section]
        .get(name)
        .ok_or_else(refuse)?;
    // Before what it refers to, so that a circle of references comes to an end.
    slice["components"][section][name] = component.clone();
    follow(component, description, slice)
}
