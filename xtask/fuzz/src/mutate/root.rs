//! Mutations of the top level of a document.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{draw, draw_object, object, one};
use crate::{
    texts,
    tree::{self, Role},
};

/// Declares another dialect without converting the document.
pub(super) fn dialect(document: &mut Value, rng: &mut Rng) {
    let Some(members) = document.as_object_mut() else {
        return;
    };
    let versions = [
        json!("3.0.0"),
        json!("3.0.3"),
        json!("3.0.4"),
        json!("3.1.0"),
        json!("3.1.1"),
        json!("3.2.0"),
        json!("3.9.9"),
        json!("4.0.0"),
        json!("2.0"),
        json!("1.2"),
        json!(3.1),
        json!(3),
        json!("3"),
        json!(""),
        Value::Null,
        json!("3.1.0\n"),
        json!("v3.0"),
    ];
    let key = if rng.u8(0..4) == 0 {
        "swagger"
    } else {
        "openapi"
    };
    if rng.u8(0..8) != 0 {
        members.shift_remove("swagger");
        members.shift_remove("openapi");
    }
    let version = match key {
        "swagger" if rng.bool() => json!("2.0"),
        _ => one(versions, rng).unwrap_or_default(),
    };
    members.insert(key.to_owned(), version);
}

/// Adds servers with variables, to the document, a path or an operation.
pub(super) fn servers(document: &mut Value, rng: &mut Rng) {
    let server = |rng: &mut Rng| {
        let variable = match rng.u8(0..4) {
            0 => json!({"default": texts::name(rng), "enum": [texts::name(rng), texts::name(rng)]}),
            1 => json!({}),
            2 => json!({"default": 1, "enum": []}),
            _ => json!({"default": "a", "description": texts::hostile(rng)}),
        };
        json!({
            "url": texts::url(rng),
            "description": texts::hostile(rng),
            "variables": {
                one(["host", "base", "scheme", "a", "é"], rng).unwrap_or_default(): variable,
                texts::name(rng): {"default": "b"},
            },
        })
    };
    let list: Vec<Value> = (0..rng.usize(0..4)).map(|_| server(rng)).collect();
    let list = match rng.u8(0..10) {
        0 => server(rng),
        1 => json!([null]),
        _ => json!(list),
    };
    let role = one([Role::Other, Role::Operation, Role::PathItem], rng).unwrap_or(Role::Other);
    let members = match role {
        Role::Other => document.as_object_mut(),
        role => draw_object(document, role, rng),
    };
    if let Some(members) = members {
        members.insert("servers".to_owned(), list);
        if rng.u8(0..5) == 0 {
            members.insert("host".to_owned(), json!(texts::url(rng)));
            members.insert("basePath".to_owned(), json!(texts::template(rng)));
            members.insert("schemes".to_owned(), json!(["https", texts::name(rng)]));
        }
    }
}

/// Adds security schemes and requirements.
pub(super) fn security(document: &mut Value, rng: &mut Rng) {
    let name = texts::name(rng);
    let flows = json!({
        one(["clientCredentials", "authorizationCode", "password", "implicit", "x"], rng).unwrap_or("x"): {
            "tokenUrl": texts::url(rng),
            "authorizationUrl": texts::url(rng),
            "refreshUrl": texts::url(rng),
            "scopes": {texts::name(rng): texts::hostile(rng)},
        }
    });
    let scheme = match rng.u8(0..9) {
        0 => {
            json!({"type": "apiKey", "in": one(["query", "header", "cookie", "body"], rng), "name": texts::name(rng)})
        }
        1 => {
            json!({"type": "http", "scheme": one(["basic", "bearer", "digest", "Bearer", ""], rng)})
        }
        2 => json!({"type": "oauth2", "flows": flows, "description": texts::hostile(rng)}),
        3 => {
            json!({"type": "oauth2", "flow": "accessCode", "tokenUrl": texts::url(rng), "scopes": {}})
        }
        4 => json!({"type": "openIdConnect", "openIdConnectUrl": texts::url(rng)}),
        5 => json!({"type": "mutualTLS"}),
        6 => json!({"type": texts::name(rng)}),
        7 => json!({"$ref": "#/components/securitySchemes/none"}),
        _ => json!({"type": "basic", "description": texts::hostile(rng)}),
    };
    let requirement = match rng.u8(0..6) {
        0 => json!([]),
        1 => json!([{}]),
        2 => json!([{texts::name(rng): []}]),
        3 => json!({name.as_str(): []}),
        4 => json!([{name.as_str(): [texts::name(rng)]}, {}, {name.as_str(): [], "other": []}]),
        _ => json!([{name.as_str(): []}]),
    };
    let is_old = document.get("swagger").is_some();
    let schemes = match is_old {
        true => object(document, "securityDefinitions"),
        false => document
            .as_object_mut()
            .map(|members| members.entry("components").or_insert_with(|| json!({})))
            .and_then(|components| object(components, "securitySchemes")),
    };
    if let Some(schemes) = schemes {
        schemes.insert(name, scheme);
    }
    let members = match rng.bool() {
        true => document.as_object_mut(),
        false => draw_object(document, Role::Operation, rng),
    };
    if let Some(members) = members {
        members.insert("security".to_owned(), requirement);
    }
}

/// Adds a webhook.
pub(super) fn webhooks(document: &mut Value, rng: &mut Rng) {
    let item = draw(document, Role::PathItem, rng)
        .and_then(|path| tree::get(document, &path).cloned())
        .unwrap_or_default();
    if let Some(webhooks) = object(document, "webhooks") {
        webhooks.insert(texts::name(rng), item);
    }
}

/// Declares tags: with odd names, repeated, with parents.
pub(super) fn tags(document: &mut Value, rng: &mut Rng) {
    let tag = |rng: &mut Rng| {
        json!({
            "name": texts::name(rng),
            "description": texts::hostile(rng),
            "parent": texts::name(rng),
            "externalDocs": {"url": texts::url(rng), "description": texts::hostile(rng)},
        })
    };
    let mut list: Vec<Value> = (0..rng.usize(0..4)).map(|_| tag(rng)).collect();
    if rng.bool()
        && let Some(Value::Array(old)) = document.get("tags")
    {
        list.extend(old.iter().cloned());
        list.extend(old.iter().cloned());
    }
    if let Some(members) = document.as_object_mut() {
        members.insert("tags".to_owned(), json!(list));
    }
}

/// Adds an extension that sdkgen or another generator interprets.
pub(super) fn extension(document: &mut Value, rng: &mut Rng) {
    let keys = [
        "x-sdkgen",
        "x-sdkgen-items",
        "x-sdkgen-tuple",
        "x-nullable",
        "x-enum-varnames",
        "x-enum-descriptions",
        "x-discriminator-value",
        "x-ms-discriminator-value",
        "x-ms-paths",
        "x-ms-enum",
        "x-ms-pageable",
        "x-internal",
        "x-order",
        "x-identifier",
        "x-codegen",
        "x-go-name",
        "x-pagination",
        "x-example",
        "x-tagGroups",
        "x-",
    ];
    let values = [
        json!(true),
        json!(false),
        Value::Null,
        json!(1),
        json!(""),
        json!([]),
        json!({}),
        json!({"name": "Err"}),
        json!(["a", "b"]),
        json!({"type": "ANY", "permissions": ["a:b"]}),
        json!({"type": 1, "permissions": "x"}),
        json!(texts::hostile(rng)),
    ];
    let roles = [
        Role::Schema,
        Role::Schema,
        Role::Operation,
        Role::Parameter,
        Role::PathItem,
        Role::Response,
        Role::SecurityScheme,
    ];
    let value = one(values, rng).unwrap_or_default();
    let role = one(roles, rng).unwrap_or(Role::Schema);
    if let Some(members) = draw_object(document, role, rng) {
        members.insert(one(keys, rng).unwrap_or("x-").to_owned(), value);
    }
}

/// Fills `info` with odd texts.
pub(super) fn information(document: &mut Value, rng: &mut Rng) {
    if let Some(info) = object(document, "info") {
        let key = one(
            [
                "title",
                "version",
                "description",
                "termsOfService",
                "summary",
            ],
            rng,
        );
        let text = texts::hostile(rng);
        info.insert(key.unwrap_or("title").to_owned(), json!(text));
        if rng.u8(0..3) == 0 {
            info.insert(
                "contact".to_owned(),
                json!({"name": texts::hostile(rng), "url": texts::url(rng)}),
            );
            info.insert(
                "license".to_owned(),
                json!({"name": texts::hostile(rng), "identifier": "\"x"}),
            );
        }
    }
    if let Some(members) = document.as_object_mut() {
        members.insert(
            "externalDocs".to_owned(),
            json!({"url": texts::url(rng), "description": texts::hostile(rng)}),
        );
    }
}
