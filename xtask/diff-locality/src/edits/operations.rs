//! Edits of operations: names, paths, permissions, responses.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    minimum::{
        ENUM, GROUP, MODULE, Minimum, NOTE, OPERATION, OPERATION_DOC, Part, REPLACED, SECTION,
    },
    tree::{Operation, Tree, path_at, schema_reference},
};

pub(super) const EDITS: &[Edit] = &[
    Edit::new("add an operation", |tree| {
        let tag = tree.operation(|_| true)?.tag;
        add(tree, &tag)?;
        Some(
            Minimum::at(path_at(PATH))
                .operation(ID, OPERATION + OPERATION_DOC)
                .group(&tag, MODULE)
                .reference(1),
        )
    }),
    Edit::new("add an operation with a tag of its own", |tree| {
        tree.list("/tags")?
            .push(json!({"name": "Colors", "description": "The colors."}));
        add(tree, "Colors")?;
        Some(
            Minimum::at(path_at(PATH))
                .and("/tags")
                .operation(ID, OPERATION + OPERATION_DOC)
                .group("Colors", GROUP + MODULE)
                .reference(SECTION + 1),
        )
    }),
    Edit::after(
        |tree| {
            let tag = tree.operation(|_| true)?.tag;
            add(tree, &tag)
        },
        "remove an operation",
        |tree| {
            let operation = tree.operation(|operation| operation.id == ID)?;
            tree.take("/paths", PATH)?;
            Some(
                Minimum::at(path_at(PATH))
                    .operation(ID, OPERATION + OPERATION_DOC)
                    .group(&operation.tag, MODULE)
                    .reference(1),
            )
        },
    ),
    Edit::new("rename an operation", |tree| {
        // The id; the method and the request type it returns; the value; the sentence above the
        // request and its declaration; the `request!` call.
        let operation = tree.operation(|operation| {
            let is_longer = |id: &str| id != operation.id && id.starts_with(operation.id);
            let mut others = tree.operations();
            !tree.is_configured(operation.id)
                && operation.value.get("requestBody").is_none()
                && !operation.value.to_string().contains("\"enum\"")
                && operation.parameters().count() == 1
                && !others.any(|(other, ..)| is_longer(&other.id))
        })?;
        let id = format!("{}Now", operation.id);
        tree.set(&operation.at(), "operationId", id.as_str())?;
        Some(
            Minimum::at(operation.at())
                .moved(
                    Part::Operation(operation.id.clone()),
                    Part::Operation(id),
                    6 * REPLACED,
                )
                .group(&operation.tag, MODULE * REPLACED)
                .reference(REPLACED),
        )
    }),
    Edit::new("move an operation to a tag of its own", |tree| {
        // The type that has the method, and the sentence that links to it.
        let operation = unconfigured(tree)?;
        tree.list("/tags")?
            .push(json!({"name": "Colors", "description": "The colors."}));
        tree.set(&operation.at(), "tags", json!(["Colors"]))?;
        Some(
            Minimum::at(operation.at())
                .and("/tags")
                .operation(&operation.id, 2 * REPLACED)
                .group(&operation.tag, MODULE)
                .group("Colors", GROUP + MODULE)
                .reference(1 + SECTION + 1),
        )
    }),
    Edit::new("rename a tag", |tree| {
        // In each operation the type that has the method, and the sentence that links to it; in the
        // module its own sentence, the type, and the method that returns it with its value.
        let tag = tree.operation(|_| true)?.tag;
        let named = |operation: &Operation| operation.tag == tag;
        let operations = tree.operations().map(|(operation, ..)| operation);
        let renamed: Vec<Operation> = operations.filter(named).collect();
        for declared in tree.list("/tags")? {
            if declared["name"] == tag {
                declared["name"] = "Crew".into();
            }
        }
        let from_group = Part::Group(tag.clone());
        let mut least = Minimum::at("/tags")
            .moved(from_group, Part::Group("Crew".into()), 4 * REPLACED)
            .reference(REPLACED);
        for operation in renamed {
            tree.set(&operation.at(), "tags", json!(["Crew"]))?;
            least = least
                .and(operation.at())
                .operation(&operation.id, 2 * REPLACED);
        }
        Some(least)
    }),
    Edit::new("reword a tag", |tree| {
        // The sentence documents the type and the method that returns it.
        let tag = tree.operation(|_| true)?.tag;
        tree.set("/tags/0", "description", "Another sentence.")?;
        Some(Minimum::at("/tags").group(&tag, 2 * REPLACED))
    }),
    Edit::new("reword an operation's summary", |tree| {
        let operation = tree.operation(|_| true)?;
        tree.set(&operation.at(), "summary", "Another sentence")?;
        Some(Minimum::at(operation.at()).operation(&operation.id, REPLACED))
    }),
    Edit::new("add a paragraph to an operation's description", |tree| {
        let operation = tree.operation(|_| true)?;
        let described = tree.map(&operation.at())?.get_mut("description")?;
        *described = format!("{}\n\nAnother sentence.", described.as_str()?).into();
        Some(Minimum::at(operation.at()).operation(&operation.id, NOTE))
    }),
    Edit::new("deprecate an operation", |tree| {
        let operation = unconfigured(tree)?;
        tree.set(&operation.at(), "deprecated", true)?;
        Some(
            Minimum::at(operation.at())
                .operation(&operation.id, 1)
                .reference(REPLACED),
        )
    }),
    Edit::new("add a permission that an operation needs", |tree| {
        let operation = tree.operation(|operation| operation.value.get(PERMISSIONS).is_some())?;
        let at = format!("{}/{PERMISSIONS}/permissions", operation.at());
        tree.list(&at)?.push("colors:view".into());
        Some(
            Minimum::at(operation.at())
                .operation(&operation.id, REPLACED)
                .reference(REPLACED),
        )
    }),
    Edit::new("let an operation need a permission", |tree| {
        // A title and the permission, set off.
        let operation = tree.operation(|operation| operation.value.get(PERMISSIONS).is_none())?;
        let needs = json!({"type": "ANY", "permissions": ["colors:view"]});
        tree.set(&operation.at(), PERMISSIONS, needs)?;
        Some(
            Minimum::at(operation.at())
                .operation(&operation.id, NOTE + 1)
                .reference(REPLACED),
        )
    }),
    Edit::new("move an operation to another path", |tree| {
        let operation = tree.operation(|operation| operation.siblings == 1)?;
        let item = tree.take("/paths", &operation.path)?;
        let path = format!("{}/now", operation.path);
        tree.set("/paths", &path, item)?;
        Some(
            Minimum::at(path_at(&operation.path))
                .and(path_at(&path))
                .operation(&operation.id, 2 * REPLACED)
                .reference(REPLACED),
        )
    }),
    Edit::new("send an operation with another method", |tree| {
        // Both methods are retried after a failure, or neither is.
        let operation = tree.operation(|operation| {
            let item = tree.root.pointer(&path_at(operation.path));
            item.is_some_and(|item| item.get("put").is_some() && item.get("delete").is_none())
                && operation.value.get("requestBody").is_some()
                && operation.id.starts_with("put")
        })?;
        let value = tree.take(&path_at(&operation.path), "put")?;
        tree.set(&path_at(&operation.path), "delete", value)?;
        Some(
            Minimum::at(operation.at())
                .and(format!("{}/delete", path_at(&operation.path)))
                .operation(&operation.id, 2 * REPLACED)
                .reference(REPLACED),
        )
    }),
    Edit::new("add a failure that looks like the others", |tree| {
        let operation = tree.operation(|_| true)?;
        let failure = tree.root.pointer("/components/responses/Failure")?.clone();
        let at = format!("{}/responses", operation.at());
        tree.set(&at, "404", failure)?;
        Some(Minimum::at(operation.at()).operation(&operation.id, 1))
    }),
    Edit::new("add a failure with a body of its own", |tree| {
        // Its line among the errors, a sentence about reading them, and an enum: no texts, and a
        // variant with a sentence for each of three status codes.
        let operation = tree.operation(|operation| !tree.is_configured(operation.id))?;
        let reference = schema_reference(&super::properties::leaf(tree)?);
        let failure = json!({
            "description": "Not there.",
            "content": {"application/json": {"schema": {"$ref": reference}}},
        });
        tree.set(&format!("{}/responses", operation.at()), "404", failure)?;
        let own = ENUM - 2 + 3 * 2;
        Some(Minimum::at(operation.at()).operation(&operation.id, 1 + NOTE + own))
    }),
    Edit::new("add a success of another kind", |tree| {
        // The enum of responses, with a variant for each of two status codes, and its name in place
        // of the response: in the request, and in the `request!` call.
        let operation = tree.operation(|operation| {
            !tree.is_configured(operation.id) && operation.value.pointer("/responses/200").is_some()
        })?;
        let accepted = json!({"description": "Accepted."});
        tree.set(&format!("{}/responses", operation.at()), "202", accepted)?;
        let own = ENUM - 2 + 2 * 2;
        Some(Minimum::at(operation.at()).operation(&operation.id, own + 2 * REPLACED))
    }),
    Edit::new("let an operation give another component", |tree| {
        let leaf = super::properties::leaf(tree)?;
        let content = "/responses/200/content/application~1json/schema";
        let counts = tree.references();
        let operation = tree.operation(|operation| {
            let schema = operation.value.pointer(content);
            let name = schema.and_then(|schema| schema["$ref"].as_str());
            let is_used_elsewhere = name.is_some_and(|name| counts.get(name) > Some(&1));
            is_used_elsewhere && !tree.is_configured(operation.id)
        })?;
        let schema = format!("{}{content}", operation.at());
        tree.set(&schema, "$ref", schema_reference(&leaf))?;
        Some(Minimum::at(operation.at()).operation(&operation.id, 2 * REPLACED))
    }),
    Edit::new("reword what an operation gives", |tree| {
        let operation = tree.operation(|operation| {
            let described = operation.value.pointer("/responses/200/description");
            let described = described.and_then(Value::as_str);
            described.is_some_and(|text| text.len() < 80)
        })?;
        let at = format!("{}/responses/200", operation.at());
        tree.set(&at, "description", "Another sentence.")?;
        Some(Minimum::at(operation.at()).operation(&operation.id, REPLACED))
    }),
    Edit::new("rename the API", |tree| {
        tree.set("/info", "title", "Another API")?;
        Some(Minimum::at("/info").reference(REPLACED))
    }),
];

const PERMISSIONS: &str = "x-inin-requires-permissions";
const PATH: &str = "/api/v2/colors";
const ID: &str = "getColors";

/// Adds an operation without arguments.
fn add(tree: &mut Tree, tag: &str) -> Option<()> {
    let operation = json!({
        "operationId": ID,
        "tags": [tag],
        "summary": "Get the colors",
        "responses": {"200": {
            "description": "The colors.",
            "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}},
        }},
    });
    tree.set("/paths", PATH, json!({ "get": operation }))
}

/// An operation that the configuration does not name, without own types.
fn unconfigured(tree: &Tree) -> Option<Operation> {
    tree.operation(|operation| {
        !tree.is_configured(operation.id)
            && operation.value.get("deprecated").is_none()
            && !operation.value.to_string().contains("\"enum\"")
    })
}
