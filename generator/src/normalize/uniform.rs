//! TEMPORARY until the front end is merged.
use openapiv3::*;
pub(super) fn schema(s: &mut ReferenceOr<Schema>) {
    let ReferenceOr::Item(item) = s else { return };
    one(item);
}
fn boxed(s: &mut ReferenceOr<Box<Schema>>) {
    if let ReferenceOr::Item(item) = s {
        one(item);
    }
}
fn one(item: &mut Schema) {
    let kind = std::mem::replace(&mut item.schema_kind, SchemaKind::Any(AnySchema::default()));
    let mut any = match kind {
        SchemaKind::Any(any) => any,
        SchemaKind::OneOf { one_of } => AnySchema {
            one_of,
            ..Default::default()
        },
        SchemaKind::AnyOf { any_of } => AnySchema {
            any_of,
            ..Default::default()
        },
        SchemaKind::AllOf { all_of } => AnySchema {
            all_of,
            ..Default::default()
        },
        SchemaKind::Not { not } => AnySchema {
            not: Some(not),
            ..Default::default()
        },
        SchemaKind::Type(ty) => {
            let mut any = AnySchema::default();
            match ty {
                Type::String(t) => {
                    any.typ = Some("string".into());
                    any.enumeration = t
                        .enumeration
                        .into_iter()
                        .flatten()
                        .map(Into::into)
                        .collect();
                    any.format = serde_json::to_value(&t.format)
                        .ok()
                        .and_then(|v| v.as_str().map(str::to_owned))
                        .filter(|f| !f.is_empty());
                }
                Type::Number(t) => {
                    any.typ = Some("number".into());
                    any.enumeration = t
                        .enumeration
                        .into_iter()
                        .flatten()
                        .map(Into::into)
                        .collect();
                    any.format = serde_json::to_value(&t.format)
                        .ok()
                        .and_then(|v| v.as_str().map(str::to_owned))
                        .filter(|f| !f.is_empty());
                }
                Type::Integer(t) => {
                    any.typ = Some("integer".into());
                    any.enumeration = t
                        .enumeration
                        .into_iter()
                        .flatten()
                        .map(Into::into)
                        .collect();
                    any.format = serde_json::to_value(&t.format)
                        .ok()
                        .and_then(|v| v.as_str().map(str::to_owned))
                        .filter(|f| !f.is_empty());
                }
                Type::Boolean(t) => {
                    any.typ = Some("boolean".into());
                    any.enumeration = t
                        .enumeration
                        .into_iter()
                        .flatten()
                        .map(Into::into)
                        .collect();
                }
                Type::Array(t) => {
                    any.typ = Some("array".into());
                    any.items = t.items;
                }
                Type::Object(t) => {
                    any.typ = Some("object".into());
                    any.properties = t.properties;
                    any.required = t.required;
                    any.additional_properties = t.additional_properties;
                }
            }
            any
        }
    };
    for (_, p) in &mut any.properties {
        boxed(p);
    }
    if let Some(i) = &mut any.items {
        boxed(i);
    }
    if let Some(AdditionalProperties::Schema(s)) = &mut any.additional_properties {
        schema(s);
    }
    for s in any
        .one_of
        .iter_mut()
        .chain(&mut any.any_of)
        .chain(&mut any.all_of)
    {
        schema(s);
    }
    item.schema_kind = SchemaKind::Any(any);
}
pub(super) fn content(c: &mut Content) {
    for (_, m) in c {
        if let Some(s) = &mut m.schema {
            schema(s);
        }
    }
}
fn param(p: &mut ReferenceOr<Parameter>) {
    if let ReferenceOr::Item(p) = p {
        let d = match p {
            Parameter::Query { parameter_data, .. }
            | Parameter::Header { parameter_data, .. }
            | Parameter::Path { parameter_data, .. }
            | Parameter::Cookie { parameter_data, .. } => parameter_data,
        };
        match &mut d.format {
            ParameterSchemaOrContent::Schema(s) => schema(s),
            ParameterSchemaOrContent::Content(c) => content(c),
        }
    }
}
fn resp(r: &mut ReferenceOr<Response>) {
    if let ReferenceOr::Item(r) = r {
        content(&mut r.content);
    }
}
pub(super) fn all(o: &mut OpenAPI) {
    if let Some(c) = &mut o.components {
        for (_, s) in &mut c.schemas {
            schema(s);
        }
        for (_, p) in &mut c.parameters {
            param(p);
        }
        for (_, r) in &mut c.responses {
            resp(r);
        }
        for (_, r) in &mut c.request_bodies {
            if let ReferenceOr::Item(r) = r {
                content(&mut r.content);
            }
        }
    }
    for (_, i) in &mut o.paths.paths {
        let ReferenceOr::Item(i) = i else { continue };
        for p in &mut i.parameters {
            param(p);
        }
        for op in [
            &mut i.get,
            &mut i.put,
            &mut i.post,
            &mut i.delete,
            &mut i.options,
            &mut i.head,
            &mut i.patch,
            &mut i.trace,
        ]
        .into_iter()
        .flatten()
        {
            for p in &mut op.parameters {
                param(p);
            }
            if let Some(ReferenceOr::Item(r)) = &mut op.request_body {
                content(&mut r.content);
            }
            for (_, r) in &mut op.responses.responses {
                resp(r);
            }
            if let Some(r) = &mut op.responses.default {
                resp(r);
            }
        }
    }
}
