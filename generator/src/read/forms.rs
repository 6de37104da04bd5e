//! Request bodies and form fields among the parameters, as Swagger 2.0 declares them.

use std::collections::HashSet;

use openapiv3::{Encoding, MediaType, ReferenceOr, RequestBody, Schema};
use serde_json::Value;

use super::{
    cursor::Cursor,
    issues::Issues,
    parameters::{BodyParameter, Parameters, query_style},
    reader::{Members, Reader},
    schema::Holder,
    unions::schema_with,
    values,
};
use crate::{diagnostics::Code, openapi::ComponentKind};

const MULTIPART: &str = "multipart/form-data";
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

impl<'a> Reader<'a, '_> {
    /// The media types that a member of this node lists.
    pub(super) fn media_types(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        key: &'a str,
    ) -> Option<Vec<String>> {
        /// No service speaks more, and a schema is read for each.
        const MOST: usize = 32;
        let value = members.get(key).filter(|value| !value.is_null())?;
        let mut types = self.texts(&at.step(key), value);
        let mut seen = HashSet::new();
        types.retain(|name| seen.insert(name.clone()));
        if types.len() > MOST {
            let json = types.iter().position(|name| name.contains("json"));
            // JSON is what an SDK makes most of.
            if let Some(json) = json.filter(|json| *json >= MOST) {
                types.swap(json, MOST - 1);
            }
            let message = format!(
                "{} media types are listed; only {MOST} are read",
                types.len()
            );
            self.issues.warn(&at.step(key), Code::Ignored, message);
            types.truncate(MOST);
        }
        Some(types)
    }

    /// The request body that the parameters of an operation, or those of its path, make.
    pub(super) fn body_of_parameters(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        own: &Parameters<'a>,
        shared: &Parameters<'a>,
    ) -> Option<ReferenceOr<RequestBody>> {
        // A form of the operation takes the place of its path's body, as a body does.
        let shared_bodies = shared.bodies.first().filter(|_| own.fields.is_empty());
        let body = own.bodies.first().or(shared_bodies);
        let mut fields: Vec<&BodyParameter<'a>> = own.fields.iter().collect();
        if own.bodies.is_empty() {
            let name =
                |field: &BodyParameter<'a>| field.members.get("name").and_then(Value::as_str);
            let known: HashSet<Option<&str>> = own.fields.iter().map(name).collect();
            let others = shared.fields.iter();
            fields.extend(others.filter(|field| !known.contains(&name(field))));
        }
        if body.is_none() && fields.is_empty() {
            return None;
        }
        let consumes = self.media_types(at, members, "consumes");
        if own.bodies.len() > 1 || body.is_some() && !fields.is_empty() {
            self.issues.warn(
                at,
                Code::LeftOut,
                "the operation has more than one request body; only the first is read",
            );
        }
        let Some(body) = body else {
            return Some(ReferenceOr::Item(self.form(at, &fields, consumes)));
        };
        if let (Some(name), None) = (body.component, &consumes) {
            return Some(ReferenceOr::Reference {
                reference: self.component_reference(ComponentKind::RequestBody, name),
            });
        }
        let types = consumes.unwrap_or_else(|| self.consumes.clone());
        let target = at.target().join("requestBody");
        let members = body.members;
        Some(ReferenceOr::Item({
            let at = &self.builder.jump(at, body.path.clone(), target);
            self.body_parameter(at, members, &types)
        }))
    }

    /// A parameter that is a body.
    pub(super) fn body_parameter(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        types: &[String],
    ) -> RequestBody {
        let mut body = described_body(&mut self.issues, at, members);
        let types = match types {
            [] => vec!["application/json".to_owned()],
            types => types.to_vec(),
        };
        match members.get("schema").filter(|schema| !schema.is_null()) {
            Some(schema) => body.content = self.content_of_types(at, &types, "schema", schema),
            None => {
                let steps = ["content", types[0].as_str()];
                let schema = {
                    let at = &self.builder.place_below(at, &steps);
                    self.inline_schema(at, members, "body")
                };
                let media = MediaType {
                    schema: Some(schema),
                    ..MediaType::default()
                };
                body.content.insert(types[0].clone(), media);
            }
        }
        body
    }

    /// A form: an object with a property of each field.
    fn form(
        &mut self,
        at: &Cursor<'_, 'a>,
        fields: &[&BodyParameter<'a>],
        consumes: Option<Vec<String>>,
    ) -> RequestBody {
        let consumes = consumes.unwrap_or_else(|| self.consumes.clone());
        let has = |name: &str| consumes.iter().any(|known| known.starts_with(name));
        let has_file = fields.iter().any(|field| is_file(field.members));
        let media_type = match has_file || has(MULTIPART) && !has(URL_ENCODED) {
            true => MULTIPART,
            false => URL_ENCODED,
        };
        let mut form = schema_with(openapiv3::AnySchema {
            typ: Some("object".to_owned()),
            ..openapiv3::AnySchema::default()
        });
        let mut media = MediaType::default();
        let mut body = RequestBody::default();
        let steps = ["requestBody", "content", media_type, "schema", "properties"];
        let target = at.target().join_all(steps);
        for field in fields {
            let Some(name) = field.members.get("name").and_then(Value::as_str) else {
                self.issues.warn(
                    at,
                    Code::LeftOut,
                    "the form field has no `name`; it is ignored",
                );
                continue;
            };
            let target = target.join(name);
            let (schema, encoding, is_required) = {
                let at = &self.builder.jump(at, field.path.clone(), target);
                let (schema, encoding) = self.field(at, field.members);
                let required = field.members.get("required");
                let is_required = required.is_some_and(|value| {
                    values::flag(&mut self.issues, &at.step("required"), value)
                });
                (schema, encoding, is_required)
            };
            if let openapiv3::SchemaKind::Any(any) = &mut form.schema_kind {
                any.properties.insert(name.to_owned(), schema);
                if is_required {
                    any.required.push(name.to_owned());
                    body.required = true;
                }
            }
            if let Some(encoding) = encoding {
                media.encoding.insert(name.to_owned(), encoding);
            }
        }
        media.schema = Some(ReferenceOr::Item(form));
        body.content.insert(media_type.to_owned(), media);
        body
    }

    fn field(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
    ) -> (ReferenceOr<Box<Schema>>, Option<Encoding>) {
        let schema = match members.get("schema") {
            Some(schema) => self.schema(&at.step("schema"), schema),
            // The keywords of a field are those of the property, whose place this is already.
            None => self.schema_of(at, members, Holder::Parameter),
        };
        let schema = match schema {
            ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
            ReferenceOr::Item(mut schema) => {
                if let Some(description) = members.get("description") {
                    let text = values::text(&mut self.issues, &at.step("description"), description);
                    schema.schema_data.description = text;
                }
                ReferenceOr::Item(Box::new(schema))
            }
        };
        let encoding = self.list_style(at, members, "form").map(|list| Encoding {
            style: Some(query_style(list.style)),
            explode: list.explode,
            ..Encoding::default()
        });
        (schema, encoding)
    }
}

fn described_body<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    members: &'a Members,
) -> RequestBody {
    let mut body = RequestBody::default();
    for (key, value) in members {
        let at = &at.step(key);
        match key.as_str() {
            "description" => body.description = values::text(issues, at, value),
            "required" => body.required = values::flag(issues, at, value),
            _ if key.starts_with("x-") => {
                body.extensions.insert(key.clone(), value.clone());
            }
            _ => {}
        }
    }
    body
}

fn is_file(members: &Members) -> bool {
    let is = |value: Option<&Value>| value.is_some_and(|typ| typ == "file");
    is(members.get("type")) || is(members.get("items").and_then(|items| items.get("type")))
}
