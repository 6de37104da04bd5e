//! Values that two versions of a schema may disagree about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::places;

/// How deep values nest.
const DEEPEST: usize = 5;
/// As many values of a schema are taken for the parts of larger ones.
const MOST: usize = 6;
/// As many values of a schema are tried. They are spread over all of them.
const TRIED: usize = 300;

/// Values of the schema at a JSON Pointer, and what one edit makes of each.
pub(crate) fn of(roots: &[&Value], at: &str) -> Vec<Value> {
    let mut pool = BTreeSet::new();
    let mut whole = Vec::new();
    for root in roots {
        literals(root, &mut pool);
        if let Some(schema) = root.pointer(at) {
            whole.extend(values(root, &[schema], DEEPEST));
        }
    }
    let pool: Vec<Value> = common()
        .into_iter()
        .chain(
            pool.iter()
                .filter_map(|text| serde_json::from_str(text).ok()),
        )
        .collect();
    let mut samples = BTreeMap::new();
    for value in &whole {
        samples.insert(value.to_string(), value.clone());
        for place in nodes(value) {
            let mut add = |edited: Value| samples.insert(edited.to_string(), edited);
            for other in &pool {
                let mut edited = value.clone();
                if let Some(node) = edited.pointer_mut(&place) {
                    *node = other.clone();
                }
                add(edited);
            }
            for edited in neighbours(value, &place) {
                add(edited);
            }
        }
    }
    let step = samples.len().div_ceil(TRIED).max(1);
    // The values themselves matter most.
    let own = whole.iter().cloned();
    own.chain(samples.into_values().step_by(step)).collect()
}

/// Values that most schemas treat alike, and some do not.
fn common() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(1),
        json!(1.5),
        json!(-1),
        json!(3_000_000_000_u64),
        json!(1e19),
        json!(""),
        json!("a"),
        json!("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        json!("2020-01-01"),
        json!("2020-01-01T00:00:00Z"),
        json!("00000000-0000-4000-8000-000000000000"),
        json!("a@example.com"),
        json!([]),
        json!({}),
    ]
}

/// The values that a description lists, and the numbers and lengths about its bounds, as JSON.
fn literals(node: &Value, found: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            for (key, member) in members {
                match key.as_str() {
                    "enum" => {
                        let values = member.as_array().into_iter().flatten();
                        found.extend(values.map(Value::to_string));
                    }
                    "const" => drop(found.insert(member.to_string())),
                    "minimum" | "maximum" | "minLength" | "maxLength" => {
                        for number in member.as_i64().into_iter().flat_map(|it| it - 1..=it + 1) {
                            found.insert(number.to_string());
                            let length = usize::try_from(number).unwrap_or_default();
                            found.insert(json!("a".repeat(length.min(300))).to_string());
                        }
                    }
                    _ => literals(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| literals(item, found)),
        _ => {}
    }
}

/// The JSON Pointers of all values within one.
fn nodes(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0;
    while let Some(at) = found.get(next).cloned() {
        next += 1;
        match value.pointer(&at) {
            Some(Value::Object(members)) => {
                let keys = members.keys();
                let escaped = keys.map(|key| key.replace('~', "~0").replace('/', "~1"));
                found.extend(escaped.map(|key| format!("{at}/{key}")));
            }
            Some(Value::Array(items)) => {
                found.extend((0..items.len()).map(|index| format!("{at}/{index}")));
            }
            _ => {}
        }
    }
    found
}

/// A value with fewer or more members at a place, or with an item repeated.
fn neighbours(value: &Value, place: &str) -> Vec<Value> {
    let edit = |change: &dyn Fn(&mut Value)| {
        let mut edited = value.clone();
        if let Some(node) = edited.pointer_mut(place) {
            change(node);
        }
        edited
    };
    let mut found = Vec::new();
    match value.pointer(place) {
        Some(Value::Object(members)) => {
            for key in members.keys() {
                found.push(edit(&|node| {
                    node.as_object_mut().map(|it| it.remove(key));
                }));
            }
            for count in [1, 6] {
                for extra in [json!(1), json!("a"), json!({})] {
                    found.push(edit(&|node| {
                        (0..count).for_each(|index| node[format!("extra{index}")] = extra.clone());
                    }));
                }
            }
        }
        Some(Value::Array(items)) => {
            if let Some(first) = items.first() {
                for count in 2..7 {
                    found.push(edit(&|node| *node = json!(vec![first; count])));
                }
            }
        }
        _ => {}
    }
    found
}

/// A few values that fit all of some schemas, if any does.
fn values(root: &Value, schemas: &[&Value], depth: usize) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&Value> = schemas.to_vec();
    while let Some(schema) = waiting.pop() {
        if !seen.insert(std::ptr::from_ref(schema)) {
            continue;
        }
        parts.push(schema);
        waiting.extend(places::target(root, schema));
        waiting.extend(list(schema, "allOf"));
    }
    // One value for each alternative of the first union. The others are tried with their first.
    let is_union = |part: &&&Value| part.get("oneOf").or(part.get("anyOf")).is_some();
    if depth > 0
        && let Some(union) = parts.iter().find(is_union)
    {
        let alternatives: Vec<&Value> = list(union, "oneOf").chain(list(union, "anyOf")).collect();
        let mut bare = (*union).clone();
        for key in ["oneOf", "anyOf"] {
            bare.as_object_mut().map(|it| it.remove(key));
        }
        let others = parts.iter().filter(|part| !std::ptr::eq(**part, *union));
        let rest: Vec<&Value> = others.copied().filter(|part| !is_union(&part)).collect();
        let found = alternatives.into_iter().flat_map(|alternative| {
            let all = [rest.as_slice(), &[&bare, alternative]].concat();
            values(root, &all, depth - 1).into_iter().take(2)
        });
        return found.take(MOST).collect();
    }
    let first = |key: &str| parts.iter().find_map(|part| part.get(key));
    if let Some(value) = first("const") {
        return vec![value.clone()];
    }
    if first("enum").is_some() {
        let lists: Vec<&Vec<Value>> = parts
            .iter()
            .filter_map(|part| part.get("enum")?.as_array())
            .collect();
        let mut common = lists[0].clone();
        common.retain(|value| lists.iter().all(|list| list.contains(value)));
        return common.into_iter().take(1).collect();
    }
    let typ = parts.iter().find_map(|part| match part.get("type")? {
        Value::Array(types) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|it| *it != "null"),
        typ => typ.as_str(),
    });
    let is_object = parts.iter().any(|part| part.get("properties").is_some());
    match typ.unwrap_or(if is_object { "object" } else { "string" }) {
        "object" => vec![object(root, &parts, depth)],
        "array" => {
            let items: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            let items = (depth > 0).then(|| values(root, &items, depth - 1));
            items
                .into_iter()
                .flatten()
                .take(MOST)
                .map(|item| json!([item]))
                .collect()
        }
        "integer" | "number" => vec![first("minimum").cloned().unwrap_or_else(|| json!(1))],
        "boolean" => vec![json!(true)],
        "null" => vec![Value::Null],
        _ => vec![text(first("format"), first("minLength"))],
    }
}

fn text(format: Option<&Value>, shortest: Option<&Value>) -> Value {
    json!(match format.and_then(Value::as_str) {
        Some("date-time") => "2020-01-01T00:00:00Z".to_owned(),
        Some("date") => "2020-01-01".to_owned(),
        Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
        Some("email") => "a@example.com".to_owned(),
        _ => {
            let length = shortest.and_then(Value::as_u64).unwrap_or(1);
            "a".repeat(usize::try_from(length).unwrap_or(1).clamp(1, 300))
        }
    })
}

/// An object with all properties that have a value.
fn object(root: &Value, parts: &[&Value], depth: usize) -> Value {
    let mut properties: BTreeMap<&String, Vec<&Value>> = BTreeMap::new();
    let mut further = Vec::new();
    for part in parts {
        let listed = part.get("properties").and_then(Value::as_object);
        for (name, property) in listed.into_iter().flatten() {
            properties.entry(name).or_default().push(property);
        }
        further.extend(part.get("additionalProperties").filter(|it| it.is_object()));
    }
    let mut members = Map::new();
    if depth > 0 {
        for (name, schemas) in properties {
            let value = values(root, &schemas, depth - 1).into_iter().next();
            members.extend(value.map(|value| (name.clone(), value)));
        }
        if !further.is_empty() {
            let value = values(root, &further, depth - 1).into_iter().next();
            members.extend(value.map(|value| ("key".to_owned(), value)));
        }
    }
    Value::Object(members)
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    let members = schema.get(key).and_then(Value::as_array);
    members.into_iter().flatten()
}
