//! Finds the schemas of a description.

use serde_json::Value;

/// The JSON Pointers of all schemas that are objects, parents before children.
pub(crate) fn schemas(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), false)];
    while let Some((at, is_schema)) = waiting.pop() {
        let Some(node) = root.pointer(&at) else {
            continue;
        };
        let Value::Object(members) = node else {
            let items = node.as_array().map_or(0, Vec::len);
            waiting.extend((0..items).map(|index| (format!("{at}/{index}"), is_schema)));
            continue;
        };
        if is_schema {
            found.push(at.clone());
        }
        for (key, member) in members {
            let inner = child(&at, key);
            match (is_schema, key.as_str()) {
                (true, "properties") | (false, "schemas") => {
                    let keys = member.as_object().into_iter().flat_map(|map| map.keys());
                    waiting.extend(keys.map(|key| (child(&inner, key), true)));
                }
                (true, "items" | "additionalProperties" | "allOf" | "anyOf" | "oneOf")
                | (false, "schema") => waiting.push((inner, true)),
                (true, _) | (false, "example" | "examples") => {}
                (false, _) => waiting.push((inner, false)),
            }
        }
    }
    found.sort();
    found
}

/// The schemas that operations send and receive, by their JSON Pointers.
pub(crate) fn used_by_operations(root: &Value) -> Vec<Use> {
    let is_use = |at: &String| {
        let (above, key) = at.rsplit_once('/').unwrap_or_default();
        key == "schema" && above.starts_with("/paths/")
    };
    let uses = schemas(root).into_iter().filter(is_use);
    uses.map(|at| Use {
        is_response: at.contains("/responses/"),
        is_json: at.contains("application~1json"),
        at,
    })
    .collect()
}

/// A schema that an operation sends or receives.
pub(crate) struct Use {
    pub(crate) at: String,
    pub(crate) is_response: bool,
    /// Whether values are written as JSON. Parameters and forms are not.
    pub(crate) is_json: bool,
}

/// The schema that a reference leads to.
pub(crate) fn target<'a>(root: &'a Value, schema: &Value) -> Option<&'a Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn child(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}
