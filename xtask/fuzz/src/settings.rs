//! Mutations of the other input files: `sdkgen.toml` and overlays.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{
    texts,
    tree::{self, Role},
};

/// A configuration with one valid key changed to an odd value.
pub fn configure(config: Option<Value>, document: &Value, rng: &mut Rng) -> Value {
    let mut config = config.unwrap_or_else(|| json!({}));
    let Some(members) = config.as_object_mut() else {
        return config;
    };
    let ids: Vec<String> = tree::with_role(document, Role::Operation)
        .iter()
        .filter_map(|path| tree::get(document, path)?.get("operationId")?.as_str())
        .map(str::to_owned)
        .collect();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let properties: Vec<String> = schemas
        .into_iter()
        .flatten()
        .flat_map(|(name, schema)| {
            let properties = schema.get("properties").and_then(Value::as_object);
            let keys = properties.into_iter().flat_map(Map::keys);
            keys.map(move |key| format!("{name}.{key}"))
        })
        .collect();
    let types: Vec<String> = schemas.into_iter().flat_map(Map::keys).cloned().collect();
    let some = |from: &[String], rng: &mut Rng| match rng.choice(from) {
        Some(one) if rng.u8(0..8) != 0 => one.clone(),
        _ => texts::name(rng),
    };
    let (key, value) = match rng.u8(0..12) {
        0 => (
            "required_in_responses",
            json!(rng.choice(["tolerate", "trust", "x"])),
        ),
        1 => ("setters", json!(rng.choice(["all", "requests", "none"]))),
        2 => (
            "unused_schemas",
            json!(rng.choice(["render", "leave-out", "omit"])),
        ),
        3 => ("repairs", json!(rng.choice(["refuse", "warn", "accept"]))),
        4 => ("secrets", json!([some(&properties, rng)])),
        5 => ("idempotent", json!([some(&ids, rng)])),
        6 => ("include", json!([selector(&ids, rng)])),
        7 => ("exclude", json!([selector(&ids, rng)])),
        8 => (
            "rename",
            json!({"types": {some(&types, rng): texts::name(rng)}}),
        ),
        9 => (
            "rename",
            json!({"properties": {some(&properties, rng): texts::name(rng)}}),
        ),
        10 => (
            "rename",
            json!({"operations": {some(&ids, rng): texts::name(rng)}}),
        ),
        _ => {
            let style = rng.choice([
                "page",
                "offset",
                "cursor",
                "keyset",
                "next-url",
                "link-header",
                "none",
                "body",
            ]);
            let all = json!({
                "style": style, "number": "page", "size": "size", "items": texts::name(rng),
                "offset": "offset", "cursor": "cursor", "next": "next", "after": "after",
            });
            let wanted: &[&str] = match style {
                Some("page" | "body") => &["style", "number", "size", "items"],
                Some("offset") => &["style", "offset", "size", "items"],
                Some("cursor") => &["style", "cursor", "next", "items"],
                Some("keyset") => &["style", "after", "next", "items"],
                Some("next-url") => &["style", "next", "items"],
                Some("link-header") => &["style", "items"],
                _ => &["style"],
            };
            let entry: Map<String, Value> = wanted
                .iter()
                .map(|key| ((*key).to_owned(), all[*key].clone()))
                .collect();
            ("pagination", json!({some(&ids, rng): entry}))
        }
    };
    members.insert(key.to_owned(), value);
    config
}

/// A selector of operations.
pub fn selector(ids: &[String], rng: &mut Rng) -> String {
    match rng.u8(0..6) {
        0 => format!("tag:{}", texts::name(rng)),
        1 => "path:/**".to_owned(),
        2 => format!("path:{}", texts::template(rng)),
        3 => "GET /**".to_owned(),
        4 => texts::name(rng),
        _ => rng.choice(ids).cloned().unwrap_or_else(|| "*".to_owned()),
    }
}

/// An overlay with some actions.
pub fn overlay(document: &Value, rng: &mut Rng) -> Value {
    let nodes = tree::nodes(document);
    let actions: Vec<Value> = (0..rng.usize(1..4))
        .map(|_| {
            let path = rng.choice(&nodes).map(|(path, _)| path.clone()).unwrap_or_default();
            let target = match rng.u8(0..10) {
                0 => "$..*".to_owned(),
                1 => "$".to_owned(),
                2 => "$.paths.*.*".to_owned(),
                3 => "$..[?(@.type=='string')]".to_owned(),
                4 => "$..schema".to_owned(),
                5 => texts::hostile(rng),
                _ => json_path(&path),
            };
            let other = rng.choice(&nodes).map(|(path, _)| path.clone()).unwrap_or_default();
            match rng.u8(0..6) {
                0 | 1 => json!({"target": target, "remove": true}),
                2 => json!({"target": target, "copy": json_path(&other)}),
                3 => json!({"target": target, "update": tree::get(document, &other)}),
                4 => json!({"target": target, "update": {"description": texts::hostile(rng)}}),
                _ => json!({"target": target, "update": [texts::name(rng)], "description": texts::hostile(rng)}),
            }
        })
        .collect();
    let version = rng.choice(["1.0.0", "1.0.0", "1.0.0", "1.1.0", "2.0.0"]);
    json!({"overlay": version, "info": {"title": texts::name(rng), "version": "1"}, "actions": actions})
}

/// The path as a JSONPath.
fn json_path(path: &[tree::Step]) -> String {
    let mut text = "$".to_owned();
    for step in path {
        match step {
            tree::Step::Key(key) => {
                text.push_str(&format!(
                    "['{}']",
                    key.replace('\\', "\\\\").replace('\'', "\\'")
                ));
            }
            tree::Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_toml_and_changes_with_the_seed() {
        let document = json!({"components": {"schemas": {"A": {"properties": {"a": {}}}}}});
        let made = |seed| configure(None, &document, &mut Rng::with_seed(seed));
        assert_eq!(made(5), made(5));
        for seed in 0..100 {
            assert!(
                toml::to_string(&made(seed)).is_ok(),
                "{seed}: {}",
                made(seed)
            );
        }
    }

    #[test]
    fn an_overlay_has_actions_with_targets() {
        let document = json!({"paths": {"/it's": {"get": {}}}});
        for seed in 0..50 {
            let overlay = overlay(&document, &mut Rng::with_seed(seed));
            let actions = overlay["actions"].as_array().cloned().unwrap_or_default();
            assert!(actions.iter().all(|action| action["target"].is_string()));
            assert!(!actions.is_empty());
        }
    }
}
