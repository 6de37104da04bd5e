//! Mutations of operations, and of the description as a whole.

use serde_json::{Value, json};

use super::{At, Mutation, NodePath, get, get_mut, list, object, operations, rename};

const fn new(
    name: &'static str,
    at: At,
    edit: fn(&mut Value, &NodePath) -> Option<()>,
) -> Mutation {
    Mutation { name, at, edit }
}

pub(super) const ALL: &[Mutation] = &[
    new("operation-removed", At::Operation, |root, place| {
        // Without operations there is nothing to render.
        (operations(root).len() > 1).then_some(())?;
        let (method, path) = (place.last()?, place.get(..2)?);
        object(root, path)?.shift_remove(method).map(drop)
    }),
    new("operation-added", At::Operation, |root, place| {
        let mut added = get(root, place)?.clone();
        let id = format!("{}Later", added.get("operationId")?.as_str()?);
        added
            .as_object_mut()?
            .insert("operationId".to_owned(), id.into());
        let path = format!("{}/later", place.get(1)?);
        let method = place.last()?;
        object(root, &place[..1])?.insert(path, json!({ method: added }));
        Some(())
    }),
    new("operation-renamed", At::Operation, |root, place| {
        let id = get_mut(root, place)?.get_mut("operationId")?;
        *id = format!("{}Renamed", id.as_str()?).into();
        Some(())
    }),
    new("operation-id-recased", At::Operation, |root, place| {
        // The identifier stays, the operation id in traces does not.
        let id = get_mut(root, place)?.get_mut("operationId")?;
        let text = id.as_str()?;
        let at = text.rfind(char::is_uppercase)?;
        *id = format!("{}_{}", &text[..at], text[at..].to_lowercase()).into();
        Some(())
    }),
    new(
        "operation-moved-to-another-tag",
        At::Operation,
        |root, place| {
            (operations(root).len() > 1).then_some(())?;
            object(root, place)?.insert("tags".to_owned(), json!(["Elsewhere"]));
            Some(())
        },
    ),
    new(
        "operation-becomes-deprecated",
        At::Operation,
        |root, place| {
            object(root, place)?.insert("deprecated".to_owned(), true.into());
            Some(())
        },
    ),
    new(
        "operation-described-differently",
        At::Operation,
        |root, place| {
            object(root, place)?.insert("summary".to_owned(), "Said in other words".into());
            Some(())
        },
    ),
    new("operation-method-changed", At::Operation, |root, place| {
        let (method, path) = (place.last()?, place.get(..2)?);
        let to = match method.as_str() {
            "put" => "patch",
            "patch" | "post" => "put",
            "get" => "head",
            _ => return None,
        };
        rename(object(root, path)?, method, to)
    }),
    new("operation-path-changed", At::Operation, |root, place| {
        let path = place.get(1)?;
        rename(object(root, &place[..1])?, path, &format!("/moved{path}"))
    }),
    new("permission-changed", At::Operation, |root, place| {
        let key = "x-inin-requires-permissions";
        let other = json!({"type": "ALL", "permissions": ["directory:user:other"]});
        object(root, place)?.insert(key.to_owned(), other);
        Some(())
    }),
    new("security-removed", At::Operation, |root, place| {
        let node = object(root, place)?;
        (node.get("security") != Some(&json!([]))).then_some(())?;
        node.insert("security".to_owned(), json!([]));
        Some(())
    }),
    new("operation-server-added", At::Operation, |root, place| {
        let servers = json!([{"url": "https://other.example.com"}]);
        object(root, place)?.insert("servers".to_owned(), servers);
        Some(())
    }),
    new("tag-renamed", At::Root, |root, _| {
        for place in operations(root) {
            if let Some(tags) = list(root, &place, "tags") {
                *tags = vec!["Renamed".into()];
            }
        }
        Some(())
    }),
    new("server-changed", At::Root, |root, _| {
        let servers = json!([{"url": "https://other.example.com/v3"}]);
        root.as_object_mut()?.insert("servers".to_owned(), servers);
        Some(())
    }),
    new("info-changed", At::Root, |root, _| {
        let info = root.get_mut("info")?.as_object_mut()?;
        info.insert("title".to_owned(), "Said in other words".into());
        info.insert("description".to_owned(), "In other words.".into());
        Some(())
    }),
    new("order-of-maps-changed", At::Root, |root, _| {
        reverse_maps(root);
        Some(())
    }),
    new("security-scheme-renamed", At::Root, |root, _| {
        let schemes = root.get_mut("components")?.get_mut("securitySchemes")?;
        let schemes = schemes.as_object_mut()?;
        let name = schemes.keys().next()?.clone();
        let to = format!("{name}Renamed");
        rename(schemes, &name, &to)?;
        rename_requirements(root, &name, &to);
        Some(())
    }),
];

fn reverse_maps(node: &mut Value) {
    match node {
        Value::Object(map) => {
            map.values_mut().for_each(reverse_maps);
            let members: Vec<_> = std::mem::take(map).into_iter().collect();
            map.extend(members.into_iter().rev());
        }
        Value::Array(list) => list.iter_mut().for_each(reverse_maps),
        _ => {}
    }
}

fn rename_requirements(root: &mut Value, from: &str, to: &str) {
    let mut holders = operations(root);
    holders.push(NodePath::new());
    for place in holders {
        for requirement in list(root, &place, "security").into_iter().flatten() {
            if let Some(requirement) = requirement.as_object_mut() {
                let _ = rename(requirement, from, to);
            }
        }
    }
}
