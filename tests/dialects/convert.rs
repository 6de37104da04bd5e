//! The description of the Users API in the other dialects, as an author of each would write it.

use serde_json::{Map, Value, json};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// As OpenAPI 3.1 has it: types in lists, null among them, one value as a constant, and words beside
/// a reference in place of a list of one reference.
pub(crate) fn modern(mut description: Value) -> Value {
    description["openapi"] = json!("3.1.0");
    description["jsonSchemaDialect"] = json!("https://spec.openapis.org/oas/3.1/dialect/base");
    each_schema(&mut description, &mut |schema| {
        let only = match schema
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) => only.get("$ref").cloned(),
            _ => None,
        };
        let is_plain = schema.keys().all(|key| {
            [
                "allOf",
                "description",
                "readOnly",
                "writeOnly",
                "deprecated",
                "default",
            ]
            .contains(&key.as_str())
        });
        if let Some(reference) = only.filter(|_| is_plain) {
            schema.remove("allOf");
            schema.insert("$ref".to_owned(), reference);
        }
        if let Some(Value::Array(values)) = schema.get("enum")
            && let [only] = values.as_slice()
        {
            let only = only.clone();
            schema.remove("enum");
            schema.insert("const".to_owned(), only);
        }
        let nullable = schema.remove("nullable") == Some(Value::Bool(true));
        if let Some(ty) = schema.get("type").filter(|ty| ty.is_string()).cloned() {
            let types = match nullable {
                true => json!([ty, "null"]),
                false => json!([ty]),
            };
            schema.insert("type".to_owned(), types);
        } else if nullable && let Some(reference) = schema.remove("$ref") {
            let either = json!([{"$ref": reference}, {"type": "null"}]);
            schema.insert("anyOf".to_owned(), either);
        }
    });
    description
}

/// Calls a function with every schema of an OpenAPI 3 description.
fn each_schema(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(members) = value else {
        if let Value::Array(items) = value {
            items.iter_mut().for_each(|item| each_schema(item, change));
        }
        return;
    };
    for (key, member) in members {
        match (key.as_str(), member) {
            ("schema", schema) => within_schema(schema, change),
            ("schemas", Value::Object(schemas)) => {
                schemas
                    .values_mut()
                    .for_each(|it| within_schema(it, change));
            }
            (_, member) => each_schema(member, change),
        }
    }
}

fn within_schema(schema: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    let Value::Object(members) = schema else {
        return;
    };
    for (key, member) in &mut *members {
        match (key.as_str(), member) {
            ("properties", Value::Object(properties)) => {
                properties
                    .values_mut()
                    .for_each(|it| within_schema(it, change));
            }
            ("items" | "additionalProperties" | "not", schema) => within_schema(schema, change),
            ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                schemas.iter_mut().for_each(|it| within_schema(it, change));
            }
            _ => {}
        }
    }
    change(members);
}

/// As Swagger 2.0 has it. What it cannot say:
/// - A server has no variables: the host is that of their defaults.
/// - A login has one flow: the one that hands out tokens for people stands for all.
/// - Headers cannot be shared, nor be anything but scalars: they stand where they are used.
/// - Statuses have no ranges; `2XX` is kept as the converters in use keep it.
/// - One schema serves all media types of a response, and there are no cookies: the Users API speaks
///   JSON alone and has none.
/// - Null is an extension, `x-nullable`.
pub(crate) fn swagger(description: &Value) -> Value {
    let components = &description["components"];
    let mut converted = json!({
        "swagger": "2.0",
        "info": description["info"],
        "host": "api.mypurecloud.com",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": description["tags"],
        "security": description["security"],
    });
    converted["securityDefinitions"] = mapped(&components["securitySchemes"], |scheme| {
        let flow = &scheme["flows"]["authorizationCode"];
        json!({
            "type": scheme["type"],
            "description": scheme["description"],
            "flow": "accessCode",
            "authorizationUrl": flow["authorizationUrl"],
            "tokenUrl": flow["tokenUrl"],
            "scopes": flow["scopes"],
        })
    });
    converted["definitions"] = components["schemas"].clone();
    converted["parameters"] = mapped(&components["parameters"], parameter);
    let header = |header: &Value| header_of(header, &components["headers"]);
    converted["responses"] = mapped(&components["responses"], |it| response(it, &header));
    converted["paths"] = mapped(&description["paths"], |item| {
        mapped_by_key(item, |key, part| match key {
            "parameters" => list(part, parameter),
            _ if METHODS.contains(&key) => operation(part, &header),
            _ => part.clone(),
        })
    });
    renamed(&mut converted);
    converted
}

fn operation(operation: &Value, header: &impl Fn(&Value) -> Value) -> Value {
    let mut converted = mapped_by_key(operation, |key, part| match key {
        "parameters" => list(part, parameter),
        "responses" => mapped(part, |it| response(it, header)),
        _ => part.clone(),
    });
    if let Some(body) = converted.as_object_mut().unwrap().remove("requestBody") {
        let body = json!({
            "in": "body",
            "name": "body",
            "description": body["description"],
            "required": body["required"],
            "schema": body["content"]["application/json"]["schema"],
        });
        let parameters = &mut converted["parameters"];
        match parameters.as_array_mut() {
            Some(parameters) => parameters.push(body),
            None => *parameters = json!([body]),
        }
    }
    converted
}

/// The keywords of the schema stand among those of the parameter.
fn parameter(parameter: &Value) -> Value {
    let mut converted = parameter.clone();
    let members = converted.as_object_mut().unwrap();
    let (style, explode) = (members.remove("style"), members.remove("explode"));
    let Some(Value::Object(schema)) = members.remove("schema") else {
        return converted;
    };
    if schema.get("type") == Some(&json!("array")) {
        assert!(matches!(
            style.as_ref().and_then(Value::as_str),
            None | Some("form")
        ));
        // A query explodes unless it says otherwise; Swagger 2.0 joins by commas.
        let joins = explode == Some(Value::Bool(false));
        let format = if joins { "csv" } else { "multi" };
        members.insert("collectionFormat".to_owned(), json!(format));
    }
    members.extend(schema);
    converted
}

fn response(response: &Value, header: &impl Fn(&Value) -> Value) -> Value {
    let mut converted = response.clone();
    let members = converted.as_object_mut().unwrap();
    if let Some(content) = members.remove("content") {
        let schema = content["application/json"]["schema"].clone();
        members.insert("schema".to_owned(), schema);
    }
    if let Some(headers) = members.get_mut("headers") {
        *headers = mapped(headers, header);
    }
    converted
}

fn header_of(header: &Value, shared: &Value) -> Value {
    let header = match header["$ref"].as_str() {
        Some(reference) => &shared[reference.rsplit('/').next().unwrap()],
        None => header,
    };
    let mut converted = header.clone();
    let members = converted.as_object_mut().unwrap();
    if let Some(Value::Object(schema)) = members.remove("schema") {
        members.extend(schema);
    }
    members.remove("required");
    converted
}

/// References and null as Swagger 2.0 spells them.
fn renamed(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(renamed),
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = reference
                    .replace("#/components/schemas/", "#/definitions/")
                    .replace("#/components/", "#/");
            }
            if let Some(Value::Bool(nullable)) = members.get("nullable") {
                let nullable = json!(nullable);
                members.remove("nullable");
                members.insert("x-nullable".to_owned(), nullable);
            }
            members.values_mut().for_each(renamed);
        }
        _ => {}
    }
}

fn mapped(value: &Value, change: impl Fn(&Value) -> Value) -> Value {
    mapped_by_key(value, |_, member| change(member))
}

fn mapped_by_key(value: &Value, change: impl Fn(&str, &Value) -> Value) -> Value {
    let members = value.as_object().unwrap().iter();
    let changed = members.map(|(key, member)| (key.clone(), change(key, member)));
    Value::Object(changed.collect())
}

fn list(value: &Value, change: impl Fn(&Value) -> Value) -> Value {
    Value::Array(value.as_array().unwrap().iter().map(change).collect())
}
