//! Mutations of operations and their parts.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{draw, draw_object, object, one};
use crate::{
    texts,
    tree::{self, METHODS, Role},
};

/// Adds a parameter, or changes the location or style of one.
pub(super) fn parameter(document: &mut Value, rng: &mut Rng) {
    let places = [
        "path",
        "query",
        "header",
        "cookie",
        "body",
        "formData",
        "querystring",
        "",
        "Query",
    ];
    let styles = [
        "simple",
        "form",
        "label",
        "matrix",
        "spaceDelimited",
        "pipeDelimited",
        "deepObject",
        "cookie",
        "none",
        "",
    ];
    let place = one(places, rng).unwrap_or("query");
    let schema = draw(document, Role::Schema, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    if rng.bool() {
        let name = match rng.u8(0..5) {
            0 => one(
                ["Authorization", "Content-Type", "Accept", "Host", "x\r\ny"],
                rng,
            )
            .unwrap_or_default()
            .to_owned(),
            _ => texts::name(rng),
        };
        let new = match rng.u8(0..4) {
            0 => {
                json!({"name": name, "in": place, "content": {texts::media_type(rng): {"schema": schema}}})
            }
            1 => {
                json!({"name": name, "in": place, "type": "array", "collectionFormat": "multi", "items": schema})
            }
            _ => json!({"name": name, "in": place, "required": rng.bool(), "schema": schema}),
        };
        let role = if rng.u8(0..4) == 0 {
            Role::PathItem
        } else {
            Role::Operation
        };
        if let Some(members) = draw_object(document, role, rng) {
            let list = members.entry("parameters").or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.insert(rng.usize(0..=list.len()), new);
            }
        }
    } else if let Some(parameter) = draw_object(document, Role::Parameter, rng) {
        let (key, value) = match rng.u8(0..10) {
            0..=1 => ("in", json!(place)),
            2..=4 => ("style", json!(one(styles, rng))),
            5 => ("explode", json!(rng.bool())),
            6 => ("allowReserved", json!(true)),
            7 => ("required", json!(rng.bool())),
            8 => ("name", json!(texts::name(rng))),
            _ => ("schema", schema),
        };
        parameter.insert(key.to_owned(), value);
    }
}

/// Adds or renames a media type.
pub(super) fn media(document: &mut Value, rng: &mut Rng) {
    let role = if rng.bool() {
        Role::RequestBody
    } else {
        Role::Response
    };
    let schema = draw(document, Role::Schema, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    let Some(path) = draw(document, role, rng) else {
        return;
    };
    if let Some(content) = tree::get_mut(document, &path).and_then(|node| object(node, "content")) {
        let old = one(content.keys().cloned().collect::<Vec<_>>(), rng);
        let value = match (rng.u8(0..6), old) {
            (0, _) => Value::Null,
            (1, _) => json!({}),
            (2, _) => json!({"itemSchema": schema}),
            (3, _) => json!({"schema": schema, "example": texts::hostile(rng)}),
            (4, Some(old)) => content.shift_remove(&old).unwrap_or_default(),
            _ => json!({"schema": schema}),
        };
        content.insert(texts::media_type(rng), value);
    }
}

/// Adds a response with a status code, or changes the status code of one.
pub(super) fn status(document: &mut Value, rng: &mut Rng) {
    let statuses = [
        "200", "201", "202", "204", "206", "2XX", "2xx", "1XX", "301", "304", "400", "404", "429",
        "4XX", "500", "503", "5XX", "6XX", "default", "Default", "0", "99", "600", "-1", "200.0",
        "ok", "", "x-200",
    ];
    let Some(path) = draw(document, Role::Operation, rng) else {
        return;
    };
    let schema = draw(document, Role::Schema, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    let responses = tree::get_mut(document, &path).and_then(|node| object(node, "responses"));
    if let Some(responses) = responses {
        let old = one(responses.keys().cloned().collect::<Vec<_>>(), rng);
        let value = match (rng.u8(0..5), old) {
            (0, Some(old)) => responses.shift_remove(&old).unwrap_or_default(),
            (1, Some(old)) => responses.get(&old).cloned().unwrap_or_default(),
            (2, _) => json!({"description": texts::hostile(rng)}),
            _ => {
                json!({"description": "", "content": {texts::media_type(rng): {"schema": schema}}})
            }
        };
        responses.insert(one(statuses, rng).unwrap_or("200").to_owned(), value);
    }
}

/// Changes an operationId: to that of another operation, to a keyword, or removes it.
pub(super) fn identify(document: &mut Value, rng: &mut Rng) {
    let ids: Vec<Value> = tree::with_role(document, Role::Operation)
        .iter()
        .filter_map(|path| tree::get(document, path)?.get("operationId").cloned())
        .collect();
    if let Some(operation) = draw_object(document, Role::Operation, rng) {
        match rng.u8(0..6) {
            0 => drop(operation.shift_remove("operationId")),
            1 | 2 => {
                let id = one(ids, rng).unwrap_or_default();
                operation.insert("operationId".to_owned(), id);
            }
            3 => drop(operation.insert("operationId".to_owned(), json!(7))),
            _ => drop(operation.insert("operationId".to_owned(), json!(texts::name(rng)))),
        }
    }
}

/// Moves a path item to another path template.
pub(super) fn template(document: &mut Value, rng: &mut Rng) {
    if let Some(paths) = object(document, "paths") {
        let Some(old) = one(paths.keys().cloned().collect::<Vec<_>>(), rng) else {
            return;
        };
        let new = match rng.u8(0..5) {
            0 => format!("{old}/"),
            1 => old.replace('{', "{x"),
            2 => old.to_uppercase(),
            _ => texts::template(rng),
        };
        let item = match rng.bool() {
            true => paths.shift_remove(&old),
            false => paths.get(&old).cloned(),
        };
        paths.insert(new, item.unwrap_or_default());
    }
}

/// Adds encodings to a media type.
pub(super) fn encode(document: &mut Value, rng: &mut Rng) {
    if let Some(media) = draw_object(document, Role::MediaType, rng) {
        let schema = media
            .get("schema")
            .and_then(|schema| schema.get("properties"));
        let names: Vec<String> = schema
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect();
        let name = one(names, rng).unwrap_or_else(|| texts::name(rng));
        let encoding = json!({
            "contentType": texts::media_type(rng),
            "style": one(["form", "deepObject", "pipeDelimited", "x"], rng),
            "explode": rng.bool(),
            "headers": {texts::name(rng): {"schema": {"type": "string"}}},
        });
        media.insert("encoding".to_owned(), json!({name: encoding}));
        if rng.bool() {
            media.insert(
                "examples".to_owned(),
                json!({texts::name(rng): {"value": texts::hostile(rng)}}),
            );
        }
    }
}

/// Adds a callback.
pub(super) fn callback(document: &mut Value, rng: &mut Rng) {
    let item = draw(document, Role::PathItem, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    if let Some(operation) = draw_object(document, Role::Operation, rng) {
        let expression = one(
            [
                "{$request.body#/url}",
                "{$url}/x",
                "",
                "{$request.query.x}{",
            ],
            rng,
        );
        operation.insert(
            "callbacks".to_owned(),
            json!({texts::name(rng): {expression.unwrap_or_default(): item}}),
        );
    }
}

/// Adds a link to a response.
pub(super) fn link(document: &mut Value, rng: &mut Rng) {
    if let Some(response) = draw_object(document, Role::Response, rng) {
        let link = match rng.u8(0..3) {
            0 => {
                json!({"operationId": texts::name(rng), "parameters": {"id": "$response.body#/id"}})
            }
            1 => json!({"operationRef": "#/paths/~1/get", "description": texts::hostile(rng)}),
            _ => json!({"$ref": "#/components/links/none"}),
        };
        response.insert("links".to_owned(), json!({texts::name(rng): link}));
    }
}

/// Changes the tags of an operation.
pub(super) fn tag(document: &mut Value, rng: &mut Rng) {
    if let Some(operation) = draw_object(document, Role::Operation, rng) {
        let tags: Vec<Value> = (0..rng.usize(0..4))
            .map(|_| json!(texts::name(rng)))
            .collect();
        let value = match rng.u8(0..8) {
            0 => json!(texts::name(rng)),
            1 => json!([null, 1]),
            _ => json!(tags),
        };
        operation.insert("tags".to_owned(), value);
        if rng.u8(0..4) == 0 {
            operation.insert("deprecated".to_owned(), json!(true));
            operation.insert(
                "externalDocs".to_owned(),
                json!({"url": texts::url(rng), "description": texts::hostile(rng)}),
            );
        }
    }
}

/// Copies an operation to another method of the same path or of another one.
pub(super) fn duplicate(document: &mut Value, rng: &mut Rng) {
    let operation = draw(document, Role::Operation, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    if let Some(item) = draw_object(document, Role::PathItem, rng) {
        let method = one(METHODS.iter().copied(), rng).unwrap_or("get");
        let method = if rng.u8(0..10) == 0 {
            method.to_uppercase()
        } else {
            method.to_owned()
        };
        item.insert(method, operation);
    }
}

/// Adds a response header.
pub(super) fn header(document: &mut Value, rng: &mut Rng) {
    let schema = draw(document, Role::Schema, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    let Some(path) = draw(document, Role::Response, rng) else {
        return;
    };
    if let Some(headers) = tree::get_mut(document, &path).and_then(|node| object(node, "headers")) {
        let name = match rng.bool() {
            true => texts::name(rng),
            false => one(
                [
                    "Link",
                    "Set-Cookie",
                    "Content-Type",
                    "Retry-After",
                    "X-A",
                    "x-a",
                ],
                rng,
            )
            .unwrap_or_default()
            .to_owned(),
        };
        headers.insert(
            name,
            json!({"schema": schema, "description": texts::hostile(rng)}),
        );
    }
}
