//! Bodies, responses, headers and their media types.

use indexmap::IndexMap;
use openapiv3::{
    Header, HeaderStyle, MediaType, ReferenceOr, RequestBody, Response, Responses, StatusCode,
};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// The media types of the responses of an operation of Swagger 2.0, which the responses do not name.
#[derive(Clone, Copy)]
pub(super) struct ResponseTypes<'t> {
    pub(super) names: &'t [String],
    /// Whether the operation names them itself. A response component is then read with these, in place
    /// of the reference to it.
    pub(super) inlines_responses: bool,
}

impl<'a> Reader<'a, '_> {
    /// Reads a request body.
    pub(super) fn request_body(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
    ) -> Option<ReferenceOr<RequestBody>> {
        self.item_or_reference(
            at,
            value,
            ComponentKind::RequestBody,
            false,
            Self::own_request_body,
        )
    }

    pub(super) fn own_request_body(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
    ) -> RequestBody {
        let mut body = RequestBody::default();
        if is_schema(members) {
            body.content = self.content_of_schema(at, members);
            return body;
        }
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "description" => body.description = values::text(&mut self.issues, at, value),
                "required" => body.required = values::flag(&mut self.issues, at, value),
                "content" => body.content = self.content(at, value),
                _ if key.starts_with("x-") => {
                    body.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::REQUEST_BODY),
            }
        }
        if !members.contains_key("content") {
            self.issues.warn(
                at,
                Code::MissingPart,
                "the request body has no `content`; it is read as any JSON value",
            );
            body.content
                .insert("application/json".to_owned(), MediaType::default());
        }
        body
    }

    /// Reads all responses of an operation.
    pub(super) fn responses(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        types: ResponseTypes<'_>,
    ) -> Responses {
        let mut responses = Responses::default();
        for (key, value) in values::members(&mut self.issues, at, value)
            .into_iter()
            .flatten()
        {
            if key.starts_with("x-") {
                responses.extensions.insert(key.clone(), value.clone());
                continue;
            }
            let at = &at.step(key);
            match status(key) {
                _ if key == "default" => responses.default = self.response(at, value, types),
                Some(status) => {
                    let spelt = status.to_string();
                    let response = if spelt == *key {
                        self.response(at, value, types)
                    } else {
                        self.issues.warn(
                            at,
                            Code::KeyMended,
                            format!("`{key}` is not a valid status code; it is read as `{spelt}`"),
                        );
                        let list = at.target_parent();
                        {
                            let at = &self.builder.place(at, list.join(spelt));
                            self.response(at, value, types)
                        }
                    };
                    if responses.responses.contains_key(&status) {
                        let message = format!("duplicate status code {status}; `{key}` is ignored");
                        self.issues.warn(at, Code::LeftOut, message);
                    } else if let Some(response) = response {
                        responses.responses.insert(status, response);
                    }
                }
                None => self.issues.warn(
                    at,
                    Code::LeftOut,
                    format!("`{key}` is not a status code, a range such as `2XX`, or `default`; the response is ignored"),
                ),
            }
        }
        responses
    }

    fn response(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        types: ResponseTypes<'_>,
    ) -> Option<ReferenceOr<Response>> {
        if let Value::String(text) = value {
            self.issues.warn(
                at,
                Code::WrongShape,
                "expected a response object, found a string; it is read as the description",
            );
            return Some(ReferenceOr::Item(Response {
                description: text.clone(),
                ..Response::default()
            }));
        }
        self.item_or_reference(
            at,
            value,
            ComponentKind::Response,
            types.inlines_responses,
            |reader, at, members| reader.own_response(at, members, types.names),
        )
    }

    /// Reads the members of a response. `types` are its media types, if it is one of Swagger 2.0.
    pub(super) fn own_response(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        types: &[String],
    ) -> Response {
        let mut response = Response::default();
        if is_schema(members) {
            response.content = self.content_of_schema(at, members);
            return response;
        }
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "description" => {
                    response.description =
                        values::text(&mut self.issues, at, value).unwrap_or_default()
                }
                "summary" => {
                    if !members.contains_key("description") {
                        response.description =
                            values::text(&mut self.issues, at, value).unwrap_or_default();
                    }
                }
                "headers" => self.headers(at, &mut response, value),
                "content" => response.content = self.content(at, value),
                "links" => {
                    self.pass_over(at, value);
                    self.issues.warn(
                        at,
                        Code::Ignored,
                        "links are not generated; `links` is ignored",
                    );
                }
                // Of Swagger 2.0, and read below.
                "schema" | "examples" | "example" => {}
                _ if key.starts_with("x-") => {
                    response.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::RESPONSE),
            }
        }
        if !members.contains_key("description") && self.dialect(at) != Dialect::V31 {
            self.issues.warn(
                at,
                Code::MissingPart,
                "the response has no `description`; it is read as empty",
            );
        }
        if let Some(schema) = members.get("schema").filter(|schema| !schema.is_null()) {
            if self.dialect(at) != Dialect::Swagger2 {
                self.issues.warn(
                    &at.step("schema"),
                    Code::Misplaced,
                    "`schema` belongs into the `content` of a response; it is read as the schema of `application/json`",
                );
            }
            let is_file = schema.get("type").is_some_and(|typ| typ == "file");
            let types = match (types, is_file) {
                ([], true) => vec!["application/octet-stream".to_owned()],
                ([], false) => vec!["application/json".to_owned()],
                (types, _) => types.to_vec(),
            };
            response.content = self.content_of_types(at, &types, "schema", schema);
        }
        response
    }

    fn headers(&mut self, at: &Cursor<'_, 'a>, response: &mut Response, value: &'a Value) {
        for (ref at, name, value) in values::entries(&mut self.issues, at, value) {
            let header = self.item_or_reference(
                at,
                value,
                ComponentKind::Header,
                false,
                |reader, at, members| reader.header(at, members, name),
            );
            if let Some(header) = header {
                response.headers.insert(name.to_owned(), header);
            }
        }
    }

    pub(super) fn header(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        name: &str,
    ) -> Header {
        let mut header = Header {
            description: None,
            style: HeaderStyle::Simple,
            required: false,
            deprecated: None,
            format: self.schema_or_content(at, members, name),
            example: None,
            examples: IndexMap::new(),
            extensions: IndexMap::new(),
        };
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "description" => header.description = values::text(&mut self.issues, at, value),
                "required" => header.required = values::flag(&mut self.issues, at, value),
                "deprecated" => header.deprecated = Some(values::flag(&mut self.issues, at, value)),
                "style" | "explode" | "schema" | "content" | "example" | "examples" | "name"
                | "in" => {}
                "collectionFormat" => {
                    super::references::stray_keyword(&mut self.issues, at, members, key)
                }
                _ if key.starts_with("x-") => {
                    header.extensions.insert(key.clone(), value.clone());
                }
                _ if keywords::SCHEMA.contains(&key.as_str()) => {
                    super::references::stray_keyword(&mut self.issues, at, members, key)
                }
                _ => self.issues.unknown_key(at, key, keywords::HEADER),
            }
        }
        header
    }
}

/// Whether these are the members of a schema rather than of a request body or a response.
fn is_schema(members: &Members) -> bool {
    let has = |key: &&str| members.contains_key(*key);
    !["content", "schema", "headers"].iter().any(has)
        && [
            "type",
            "properties",
            "allOf",
            "oneOf",
            "anyOf",
            "items",
            "enum",
        ]
        .iter()
        .any(has)
}

/// The status code or range that a key of `responses` names.
fn status(key: &str) -> Option<StatusCode> {
    let key = key.trim();
    if let Ok(code) = key.parse::<u16>() {
        return (100..600).contains(&code).then_some(StatusCode::Code(code));
    }
    let mut chars = key.chars();
    let first = chars
        .next()?
        .to_digit(10)
        .filter(|digit| (1..=5).contains(digit))?;
    let rest = chars.as_str().to_ascii_lowercase();
    let digit = u16::try_from(first).ok()?;
    (rest == "xx").then_some(StatusCode::Range(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_told_from_typos() {
        for (key, spelt) in [
            ("200", "200"),
            ("4xx", "4XX"),
            ("2XX", "2XX"),
            (" 404", "404"),
        ] {
            assert_eq!(
                status(key).map(|status| status.to_string()).as_deref(),
                Some(spelt)
            );
        }
        for typo in ["2oo", "OK", "20", "2000", "600", "1X0", "", "9XX"] {
            assert_eq!(status(typo), None, "{typo}");
        }
    }
}
