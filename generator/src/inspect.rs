//! Lists the operations and types of a compiled description, as a table or as JSON.

use serde_json::{Value, json};

use crate::{
    diagnostics::printable,
    job::Compiled,
    model::{Api, Operation, Type, TypeKind},
};

impl Compiled {
    /// Operations and types as a table, with the names they have in Rust.
    pub fn to_table(&self) -> String {
        to_table(self)
    }

    /// Operations and types as JSON, with the names they have in Rust.
    pub fn to_json(&self) -> Value {
        to_json(self)
    }
}

/// Operations and types as JSON, with the names they have in Rust.
fn to_json(compiled: &Compiled) -> Value {
    let Compiled { api, names, .. } = compiled;
    let operations: Vec<Value> = api
        .operations
        .iter()
        .map(|operation| {
            let own = &names.operations[&operation.id];
            let parameters: Vec<Value> = operation
                .parameters
                .iter()
                .zip(&own.parameters)
                .map(|(parameter, name)| {
                    json!({
                        "name": parameter.name,
                        "in": parameter.place.as_str(),
                        "required": parameter.required,
                        "type": type_text(api, &parameter.ty),
                        "rust": name.bare(),
                    })
                })
                .collect();
            json!({
                "operationId": operation.id,
                "method": operation.method,
                "path": operation.path,
                "tag": operation.tag,
                "deprecated": operation.deprecated,
                "parameters": parameters,
                "body": operation.body.as_ref().map(|body| type_text(api, &body.ty)),
                "response": operation.success().content.ty().map(|ty| type_text(api, ty)),
                "idempotent": operation.idempotent,
                "pagination": paging_style(operation),
                "permissions": operation.permissions.as_ref().map(|permissions| &permissions.names),
                "rust": format!("{}::{}", names.groups[&operation.tag].module.bare(), own.method.bare()),
            })
        })
        .collect();
    let types: Vec<Value> = api
        .types
        .iter()
        .map(|(id, definition)| {
            let (kind, members) = match &definition.kind {
                TypeKind::Struct(structure) => {
                    let fields = structure.fields.iter();
                    (
                        kind_text(&definition.kind),
                        fields.map(|field| field.wire.clone()).collect(),
                    )
                }
                TypeKind::Enum(values) => (kind_text(&definition.kind), values.clone()),
                TypeKind::ScalarEnum(_) | TypeKind::Union(_) | TypeKind::Responses(_) => {
                    let variants = names.variants[id].iter();
                    let variants = variants.map(|name| name.bare().to_owned());
                    (kind_text(&definition.kind), variants.collect())
                }
                TypeKind::Newtype(ty) | TypeKind::Alias(ty) => {
                    (kind_text(&definition.kind), vec![type_text(api, ty)])
                }
            };
            json!({
                "pointer": id.0.to_string(),
                "kind": kind,
                "members": members,
                "rust": names.types[id].bare(),
            })
        })
        .collect();
    json!({"title": api.title, "version": api.version, "operations": operations, "types": types})
}

/// Operations and types as a table.
fn to_table(compiled: &Compiled) -> String {
    let Compiled { api, names, .. } = compiled;
    let mut rows = vec![
        ["operation", "request", "body", "response", "pages"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for operation in &api.operations {
        let or_dash = |ty: Option<&Type>| ty.map_or("-".to_owned(), |ty| type_text(api, ty));
        rows.push(vec![
            operation.id.clone(),
            format!("{} {}", operation.method, operation.path),
            or_dash(operation.body.as_ref().map(|body| &body.ty)),
            or_dash(operation.success().content.ty()),
            paging_style(operation).unwrap_or("-").to_owned(),
        ]);
    }
    let mut text = table(&rows);
    let mut rows = vec![
        ["type", "kind", "members", "Rust"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (id, definition) in &api.types {
        let kind = kind_text(&definition.kind);
        let members = match &definition.kind {
            TypeKind::Struct(structure) => structure.fields.len().to_string(),
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => type_text(api, ty),
            _ => names.variants[id].len().to_string(),
        };
        let path = crate::config::key(&definition.words);
        rows.push(vec![
            path,
            kind.to_owned(),
            members,
            names.types[id].bare().to_owned(),
        ]);
    }
    text.push('\n');
    text.push_str(&table(&rows));
    text.push_str(&format!(
        "\n{} operations, {} types\n",
        api.operations.len(),
        api.types.len()
    ));
    text
}

fn kind_text(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Struct(_) => "object",
        TypeKind::Enum(_) | TypeKind::ScalarEnum(_) => "enum",
        TypeKind::Union(_) => "union",
        TypeKind::Responses(_) => "outcomes",
        TypeKind::Alias(_) => "alias",
        TypeKind::Newtype(_) => "newtype",
    }
}

fn paging_style(operation: &Operation) -> Option<&'static str> {
    let paging = operation.pagination.as_ref();
    paging.map(|paging| paging.declared.style())
}

fn type_text(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Array(items) => format!("[{}]", type_text(api, items)),
        Type::Nullable(inner) => format!("{} or null", type_text(api, inner)),
        Type::Map(values) => format!("{{{}}}", type_text(api, values)),
        Type::Named(id) => match api.types.get(id) {
            Some(definition) => crate::config::key(&definition.words),
            None => id.0.to_string(),
        },
        Type::String => "string".to_owned(),
        Type::Secret => "secret".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Int32 => "int32".to_owned(),
        Type::Int64 => "int64".to_owned(),
        Type::Uint64 => "uint64".to_owned(),
        Type::UnixTime => "unix-time".to_owned(),
        Type::Base64 => "base64".to_owned(),
        Type::Base64Url => "base64url".to_owned(),
        Type::File => "file".to_owned(),
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| type_text(api, item)).collect();
            format!("({})", items.join(", "))
        }
        Type::Float => "float".to_owned(),
        Type::Double => "double".to_owned(),
        Type::DateTime | Type::Instant => "date-time".to_owned(),
        Type::Date => "date".to_owned(),
        Type::YearMonth => "year-month".to_owned(),
        Type::Uuid => "uuid".to_owned(),
        Type::Any => "any".to_owned(),
        Type::FreeForm => "object".to_owned(),
    }
}

/// Lays rows out in columns, each as wide as its widest cell.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .map(|row| printable::escaped(&row[column]).chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{:<width$}  ", printable::escaped(cell)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
