//! Rewrites of one schema, or of the whole description, that keep its meaning.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::places;

/// A rewrite.
pub(crate) struct Rewrite {
    pub(crate) name: &'static str,
    /// Rewrites the schema at a JSON Pointer; `None` where it does not apply, whatever was done to
    /// the description by then.
    pub(crate) apply: fn(&mut Value, &str, &mut Rng) -> Option<()>,
    /// Whether the types of the rendered code keep their names, and so must be the same.
    pub(crate) keeps_names: bool,
}

const fn new(
    name: &'static str,
    keeps_names: bool,
    apply: fn(&mut Value, &str, &mut Rng) -> Option<()>,
) -> Rewrite {
    Rewrite {
        name,
        apply,
        keeps_names,
    }
}

pub(crate) const ALL: &[Rewrite] = &[
    new("wrap in `allOf`", true, |root, at, _| {
        is_movable(root, at).then_some(())?;
        // An inline alternative is named after its own type.
        let list = at.rsplit('/').nth(1)?;
        (!matches!(list, "oneOf" | "anyOf")).then_some(())?;
        let schema = root.pointer_mut(at)?;
        *schema = json!({"allOf": [schema.take()]});
        Some(())
    }),
    new("inline a reference", false, |root, at, _| {
        is_movable(root, at).then_some(())?;
        let schema = root.pointer(at)?;
        // Beside other keywords, or for a schema that contains itself, no copy says the same.
        (schema.as_object()?.len() == 1).then_some(())?;
        let target = places::target(root, schema)?.clone();
        let own = &schema["$ref"];
        (!target.to_string().contains(own.as_str()?)).then_some(())?;
        is_finite(root, &target).then_some(())?;
        *root.pointer_mut(at)? = target;
        Some(())
    }),
    new("move to a component", false, |root, at, _| {
        is_movable(root, at).then_some(())?;
        (at.starts_with("/components/schemas/")
            .then(|| at.matches('/').count())
            != Some(3))
        .then_some(())?;
        let schema = root.pointer_mut(at)?;
        (!schema.as_object()?.contains_key("$ref")).then_some(())?;
        let moved = std::mem::replace(schema, json!({"$ref": "#/components/schemas/MovedHere"}));
        root["components"]["schemas"]["MovedHere"] = moved;
        Some(())
    }),
    new(
        "split properties over two members",
        true,
        |root, at, rng| {
            is_movable(root, at).then_some(())?;
            let schema = root.pointer_mut(at)?.as_object_mut()?;
            // Members that close themselves would each refuse what the other lists.
            let is_plain = !["allOf", "additionalProperties", "$ref"]
                .iter()
                .any(|key| schema.contains_key(*key));
            is_plain.then_some(())?;
            let properties = schema.get("properties")?.as_object()?.clone();
            (properties.len() > 1).then_some(())?;
            schema.remove("properties");
            let required = schema.remove("required").unwrap_or_else(|| json!([]));
            let middle = rng.usize(1..properties.len());
            let entries: Vec<(String, Value)> = properties.into_iter().collect();
            let member = |entries: &[(String, Value)]| {
                let is_own =
                    |name: &&Value| entries.iter().any(|(own, _)| name.as_str() == Some(own));
                let required: Vec<&Value> = required.as_array()?.iter().filter(is_own).collect();
                let properties: Map<String, Value> = entries.iter().cloned().collect();
                let mut member = json!({"type": "object", "properties": properties});
                if !required.is_empty() {
                    member["required"] = json!(required);
                }
                Some(member)
            };
            let members = [member(&entries[..middle])?, member(&entries[middle..])?];
            let listed = |name: &Value| entries.iter().any(|(own, _)| name.as_str() == Some(own));
            let rest: Vec<&Value> = required
                .as_array()?
                .iter()
                .filter(|name| !listed(name))
                .collect();
            if !rest.is_empty() {
                schema.insert("required".to_owned(), json!(rest));
            }
            schema.insert("allOf".to_owned(), json!(members));
            Some(())
        },
    ),
    new("repeat the type in a member", true, |root, at, _| {
        repeat(root, at, &["type"])
    }),
    new("repeat the format in a member", true, |root, at, _| {
        repeat(root, at, &["type", "format"])
    }),
    new("repeat the values in a member", true, |root, at, _| {
        repeat(root, at, &["type", "enum"])
    }),
    new(
        "repeat what is required in a member",
        true,
        |root, at, _| {
            root.pointer(at)?.get("properties")?;
            repeat(root, at, &["required"])
        },
    ),
    new("repeat an alternative", true, |root, at, rng| {
        // A value that fits two members of a `oneOf` is refused.
        let members = root.pointer_mut(at)?.get_mut("anyOf")?.as_array_mut()?;
        let member = members.get(rng.usize(..members.len().max(1)))?.clone();
        members.push(member);
        Some(())
    }),
    new("say null by `anyOf`", false, |root, at, _| {
        let schema = root.pointer_mut(at)?;
        let types = schema.get("type")?.as_array()?;
        let other = types.iter().find(|typ| *typ != "null")?.clone();
        (types.len() == 2 && types.iter().any(|typ| typ == "null")).then_some(())?;
        schema["type"] = other;
        *schema = json!({"anyOf": [schema.take(), {"type": "null"}]});
        Some(())
    }),
    new("say it in OpenAPI 3.1", true, |root, _, _| {
        root["openapi"].as_str()?.starts_with("3.0").then_some(())?;
        root["openapi"] = "3.1.0".into();
        for at in places::schemas(root) {
            modernize(root.pointer_mut(&at)?);
        }
        Some(())
    }),
    new("say a constant by `enum`", true, |root, at, _| {
        let schema = root.pointer_mut(at)?.as_object_mut()?;
        let value = schema.remove("const")?;
        schema.insert("enum".to_owned(), json!([value]));
        Some(())
    }),
    new("permit further properties", true, |root, at, _| {
        let schema = root.pointer_mut(at)?.as_object_mut()?;
        // Further properties are permitted unless a schema forbids them.
        schema.get("properties")?;
        (!schema.contains_key("additionalProperties")).then_some(())?;
        schema.insert("additionalProperties".to_owned(), true.into());
        Some(())
    }),
    new("name a required property twice", true, |root, at, _| {
        let required = root.pointer_mut(at)?.get_mut("required")?.as_array_mut()?;
        required.push(required.first()?.clone());
        Some(())
    }),
    new("reorder all maps", true, |root, _, rng| {
        // The fields of forms are sent in the order of their properties.
        let text = root.to_string();
        (!text.contains("multipart/") && !text.contains("form-urlencoded")).then_some(())?;
        xtask::review::shuffle(root, rng.u64(..));
        Some(())
    }),
];

/// Puts copies of keywords into a new member of `allOf`. The last of them must be there.
fn repeat(root: &mut Value, at: &str, keys: &[&str]) -> Option<()> {
    let schema = root.pointer_mut(at)?.as_object_mut()?;
    schema.get(*keys.last()?)?;
    let copied: Map<String, Value> = keys
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone())))
        .collect();
    let members = schema.entry("allOf").or_insert_with(|| json!([]));
    members.as_array_mut()?.push(Value::Object(copied));
    Some(())
}

/// Writes the keywords of OpenAPI 3.0 as 3.1 has them.
fn modernize(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if members.get(flag) == Some(&true.into())
            && let Some(value) = members.remove(bound)
        {
            members.insert(flag.to_owned(), value);
        }
    }
    // Without a type beside it the keyword has no counterpart that reads the same.
    if members.get("nullable") == Some(&true.into())
        && let Some(typ) = members.get("type").cloned()
    {
        members.remove("nullable");
        members.insert("type".to_owned(), json!([typ, "null"]));
        if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut)
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
}

/// Whether a schema may stand elsewhere. Discriminators look for components where they stand.
fn is_movable(root: &Value, at: &str) -> bool {
    let Some(schema) = root.pointer(at) else {
        return false;
    };
    let has_tag = |node: &Value| node.get("discriminator").is_some();
    let above = at
        .rsplit_once('/')
        .and_then(|(list, _)| list.rsplit_once('/'));
    let in_union = above.is_some_and(|(union, key)| {
        matches!(key, "oneOf" | "anyOf") && root.pointer(union).is_some_and(has_tag)
    });
    let has_tag_itself = has_tag(schema) || places::target(root, schema).is_some_and(has_tag);
    !in_union && !has_tag_itself && !is_derived(root, schema)
}

/// Whether a schema is made from one with a discriminator.
fn is_derived(root: &Value, schema: &Value) -> bool {
    let members = schema.get("allOf").and_then(Value::as_array);
    members.into_iter().flatten().any(|member| {
        let target = places::target(root, member);
        target.is_some_and(|target| target.get("discriminator").is_some())
    })
}

/// Whether no schema below this one contains itself.
fn is_finite(root: &Value, schema: &Value) -> bool {
    fn walk<'a>(root: &'a Value, node: &'a Value, above: &mut Vec<&'a Value>) -> bool {
        let target = places::target(root, node);
        if target.is_some() {
            if above.contains(&&node["$ref"]) {
                return false;
            }
            above.push(&node["$ref"]);
        }
        let inner: Vec<&Value> = match node {
            Value::Object(members) => members.values().collect(),
            Value::Array(items) => items.iter().collect(),
            _ => Vec::new(),
        };
        let is_finite = inner
            .into_iter()
            .chain(target)
            .all(|node| walk(root, node, above));
        if target.is_some() {
            above.pop();
        }
        is_finite
    }
    walk(root, schema, &mut Vec::new())
}
