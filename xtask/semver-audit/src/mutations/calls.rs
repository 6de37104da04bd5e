//! Mutations of parameters, bodies and responses.

use serde_json::{Value, json};

use super::{At, Mutation, NodePath, SCHEMAS, get, get_mut, list, object, rename, retyped, target};

const fn new(
    name: &'static str,
    at: At,
    edit: fn(&mut Value, &NodePath) -> Option<()>,
) -> Mutation {
    Mutation { name, at, edit }
}

pub(super) const ALL: &[Mutation] = &[
    // Parameters.
    new("optional-parameter-added", At::Operation, |root, place| {
        add_parameter(
            root,
            place,
            json!({"name": "addedLater", "in": "query", "schema": {"type": "string"}}),
        )
    }),
    new("required-parameter-added", At::Operation, |root, place| {
        let schema = json!({"type": "integer"});
        add_parameter(
            root,
            place,
            json!({"name": "addedLater", "in": "query", "required": true, "schema": schema}),
        )
    }),
    new("header-added", At::Operation, |root, place| {
        add_parameter(
            root,
            place,
            json!({"name": "X-Added", "in": "header", "schema": {"type": "boolean"}}),
        )
    }),
    new("parameter-removed", At::Parameter, |root, place| {
        (get(root, place)?.get("in")? != "path").then_some(())?;
        let (operation, index) = of_parameter(place)?;
        list(root, operation, "parameters")?.remove(index);
        Some(())
    }),
    new("parameter-renamed", At::Parameter, |root, place| {
        let node = get_mut(root, place)?;
        (node.get("in")? != "path").then_some(())?;
        let name = node.get_mut("name")?;
        *name = format!("{}Renamed", name.as_str()?).into();
        Some(())
    }),
    new("path-parameter-renamed", At::Parameter, |root, place| {
        let node = get_mut(root, place)?;
        (node.get("in")? == "path").then_some(())?;
        let name = node.get_mut("name")?;
        let from = name.as_str()?.to_owned();
        *name = format!("{from}Renamed").into();
        let path = place.get(1)?;
        // Other operations of the path would lack their parameter.
        (get(root, &place[..2])?.as_object()?.len() == 1).then_some(())?;
        let to = path.replace(&format!("{{{from}}}"), &format!("{{{from}Renamed}}"));
        rename(object(root, &place[..1])?, path, &to)
    }),
    new("parameter-retyped", At::Parameter, |root, place| {
        let schema = get_mut(root, place)?.get_mut("schema")?;
        *schema = retyped(schema);
        Some(())
    }),
    new("parameter-becomes-list", At::Parameter, |root, place| {
        let node = get_mut(root, place)?;
        (node.get("in")? == "query").then_some(())?;
        let schema = node.get_mut("schema")?;
        (schema.get("type")? != "array").then_some(())?;
        *schema = json!({"type": "array", "items": schema.take()});
        Some(())
    }),
    new("parameter-becomes-one", At::Parameter, |root, place| {
        let schema = get_mut(root, place)?.get_mut("schema")?;
        *schema = schema.get_mut("items")?.take();
        Some(())
    }),
    new(
        "parameter-becomes-required",
        At::Parameter,
        |root, place| {
            object(root, place)?.insert("required".to_owned(), true.into());
            Some(())
        },
    ),
    new(
        "parameter-becomes-optional",
        At::Parameter,
        |root, place| {
            let node = object(root, place)?;
            (node.get("in")? != "path").then_some(())?;
            node.shift_remove("required")
                .filter(|was| *was == true)
                .map(drop)
        },
    ),
    new("parameter-moves-to-header", At::Parameter, |root, place| {
        let node = object(root, place)?;
        (node.get("in")? == "query").then_some(())?;
        node.insert("in".to_owned(), "header".into());
        node.shift_remove("style");
        node.shift_remove("explode");
        Some(())
    }),
    new("parameter-style-changed", At::Parameter, |root, place| {
        let node = object(root, place)?;
        let is_list = node.get("schema")?.get("type")? == "array" && node.get("in")? == "query";
        is_list.then_some(())?;
        let was = node.get("explode").and_then(Value::as_bool).unwrap_or(true);
        node.shift_remove("style");
        node.insert("explode".to_owned(), (!was).into());
        Some(())
    }),
    new("parameter-default-changed", At::Parameter, |root, place| {
        let schema = object(root, place)?.get_mut("schema")?.as_object_mut()?;
        (schema.get("type")? == "integer").then_some(())?;
        schema.insert("default".to_owned(), 77.into());
        Some(())
    }),
    new(
        "parameter-becomes-deprecated",
        At::Parameter,
        |root, place| {
            object(root, place)?.insert("deprecated".to_owned(), true.into());
            Some(())
        },
    ),
    new(
        "parameter-described-differently",
        At::Parameter,
        |root, place| {
            object(root, place)?.insert("description".to_owned(), "Said in other words.".into());
            Some(())
        },
    ),
    new("parameters-reordered", At::Operation, |root, place| {
        let parameters = list(root, place, "parameters")?;
        (parameters.len() > 1).then(|| parameters.reverse())
    }),
    // Bodies.
    new("body-added", At::Operation, |root, place| {
        let method = place.last()?;
        ["post", "put", "patch"]
            .contains(&method.as_str())
            .then_some(())?;
        let node = object(root, place)?;
        (!node.contains_key("requestBody")).then_some(())?;
        let schema = json!({"type": "object", "properties": {"size": {"type": "integer"}}});
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        node.insert("requestBody".to_owned(), body);
        Some(())
    }),
    new("body-removed", At::Body, |root, place| {
        object(root, place.get(..3)?)?
            .shift_remove("requestBody")
            .map(drop)
    }),
    new("body-leads-elsewhere", At::Body, |root, place| {
        lead_elsewhere(root, place)
    }),
    new("body-becomes-list", At::Body, |root, place| {
        let schema = schema(root, place)?;
        *schema = json!({"type": "array", "items": schema.take()});
        Some(())
    }),
    new("body-becomes-required", At::Body, |root, place| {
        object(root, place)?.insert("required".to_owned(), true.into());
        Some(())
    }),
    new("body-becomes-optional", At::Body, |root, place| {
        let node = object(root, place)?;
        node.shift_remove("required")
            .filter(|was| *was == true)
            .map(drop)
    }),
    new("body-becomes-text", At::Body, |root, place| {
        let content = json!({"text/plain": {"schema": {"type": "string"}}});
        object(root, place)?.insert("content".to_owned(), content);
        Some(())
    }),
    new("body-becomes-bytes", At::Body, |root, place| {
        let schema = json!({"type": "string", "format": "binary"});
        let content = json!({"application/octet-stream": {"schema": schema}});
        object(root, place)?.insert("content".to_owned(), content);
        Some(())
    }),
    // Responses.
    new("response-leads-elsewhere", At::Success, |root, place| {
        lead_elsewhere(root, place)
    }),
    new("response-becomes-list", At::Success, |root, place| {
        let schema = schema(root, place)?;
        *schema = json!({"type": "array", "items": schema.take()});
        Some(())
    }),
    new("response-becomes-one", At::Success, |root, place| {
        let schema = schema(root, place)?;
        *schema = schema.get_mut("items")?.take();
        Some(())
    }),
    new("response-becomes-text", At::Success, |root, place| {
        let content = json!({"text/plain": {"schema": {"type": "string"}}});
        object(root, place)?.insert("content".to_owned(), content);
        Some(())
    }),
    new("response-body-removed", At::Success, |root, place| {
        object(root, place)?.shift_remove("content").map(drop)
    }),
    new("success-status-changed", At::Success, |root, place| {
        let (code, responses) = (place.last()?, place.get(..4)?);
        let to = if code == "200" { "201" } else { "200" };
        rename(object(root, responses)?, code, to)
    }),
    new("success-status-added", At::Success, |root, place| {
        let schema = json!({"type": "object", "properties": {"jobId": {"type": "string"}}});
        let added =
            json!({"description": "Later.", "content": {"application/json": {"schema": schema}}});
        let responses = object(root, place.get(..4)?)?;
        (!responses.contains_key("202")).then_some(())?;
        responses.insert("202".to_owned(), added);
        Some(())
    }),
    new("failure-status-added", At::Success, |root, place| {
        let schema = json!({"type": "object", "properties": {"reason": {"type": "string"}}});
        let added =
            json!({"description": "Gone.", "content": {"application/json": {"schema": schema}}});
        let responses = object(root, place.get(..4)?)?;
        (!responses.contains_key("410")).then_some(())?;
        responses.insert("410".to_owned(), added);
        Some(())
    }),
];

fn of_parameter(place: &NodePath) -> Option<(&[String], usize)> {
    Some((place.get(..3)?, place.last()?.parse().ok()?))
}

fn add_parameter(root: &mut Value, operation: &NodePath, parameter: Value) -> Option<()> {
    let parameters = object(root, operation)?
        .entry("parameters")
        .or_insert_with(|| json!([]));
    parameters.as_array_mut()?.push(parameter);
    Some(())
}

/// The schema of the first media type.
fn schema<'a>(root: &'a mut Value, place: &NodePath) -> Option<&'a mut Value> {
    let content = get_mut(root, place)?.get_mut("content")?.as_object_mut()?;
    content.values_mut().next()?.get_mut("schema")
}

fn lead_elsewhere(root: &mut Value, place: &NodePath) -> Option<()> {
    let own = target(schema(root, place)?)?.to_owned();
    let schemas = get(root, &["components".to_owned(), "schemas".to_owned()])?.as_object()?;
    let is_struct = |schema: &Value| schema.get("properties").is_some();
    let mut others = schemas.iter();
    let other = others
        .find(|(name, schema)| **name != own && is_struct(schema))?
        .0;
    let reference = json!({"$ref": format!("{SCHEMAS}{other}")});
    *schema(root, place)? = reference;
    Some(())
}
