//! Bodies, responses, headers and their media types.

use indexmap::IndexMap;
use openapiv3::{
    Content, Encoding, Header, HeaderStyle, MediaType, ReferenceOr, RequestBody, Response,
    Responses, Schema, StatusCode,
};
use serde_json::{Value, json};

use super::{
    Dialect,
    cursor::Cursor,
    parameters::query_style,
    reader::{Members, Reader},
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// The extension of a media type whose content is a sequence of items of its schema.
const ITEMS: &str = "x-sdkgen-items";

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
                "collectionFormat" => self.stray_keyword(at, members, key),
                _ if key.starts_with("x-") => {
                    header.extensions.insert(key.clone(), value.clone());
                }
                _ if keywords::SCHEMA.contains(&key.as_str()) => {
                    self.stray_keyword(at, members, key)
                }
                _ => self.issues.unknown_key(at, key, keywords::HEADER),
            }
        }
        header
    }

    /// Reads media types by name.
    pub(super) fn content(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Content {
        let mut content = Content::new();
        for (name, value) in values::members(&mut self.issues, at, value)
            .into_iter()
            .flatten()
        {
            if name.starts_with("x-") && !name.contains('/') {
                continue;
            }
            let at = &at.step(name);
            let media = match value {
                Value::Null => MediaType::default(),
                _ => self.media_type(at, value),
            };
            content.insert(name.clone(), media);
        }
        content
    }

    fn media_type(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> MediaType {
        let mut media = MediaType::default();
        for (key, value) in values::members(&mut self.issues, at, value)
            .into_iter()
            .flatten()
        {
            let at = &at.step(key);
            match key.as_str() {
                "schema" => media.schema = Some(self.content_schema(at, value, 1)),
                "itemSchema" => {
                    let holder = at.target_parent();
                    let schema = {
                        let at = &self.builder.place(at, holder.join("schema"));
                        self.schema(at, value)
                    };
                    media.schema = Some(schema);
                    media.extensions.insert(ITEMS.to_owned(), json!(true));
                }
                "encoding" => {
                    for (ref at, name, value) in values::entries(&mut self.issues, at, value) {
                        let encoding = self.encoding(at, value);
                        media.encoding.insert(name.to_owned(), encoding);
                    }
                }
                "prefixEncoding" | "itemEncoding" => {
                    self.issues.warn(
                        at,
                        Code::Ignored,
                        format!("`{key}` is not supported; it is ignored"),
                    );
                }
                "example" | "examples" => {}
                _ if key.starts_with("x-") => {
                    media.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::MEDIA_TYPE),
            }
        }
        media
    }

    fn encoding(&mut self, at: &Cursor<'_, 'a>, value: &'a Value) -> Encoding {
        let mut encoding = Encoding::default();
        let mut explode = None;
        for (key, value) in values::members(&mut self.issues, at, value)
            .into_iter()
            .flatten()
        {
            let at = &at.step(key);
            match key.as_str() {
                "contentType" => encoding.content_type = values::text(&mut self.issues, at, value),
                "headers" => {
                    self.pass_over(at, value);
                    self.issues.warn(
                        at,
                        Code::Ignored,
                        "headers of form parts are not generated; `headers` is ignored",
                    );
                }
                "style" => {
                    let style = values::text(&mut self.issues, at, value);
                    encoding.style = style.map(|style| query_style(Some(&style)));
                }
                "explode" => explode = Some(values::flag(&mut self.issues, at, value)),
                "allowReserved" => {
                    encoding.allow_reserved = values::flag(&mut self.issues, at, value)
                }
                _ if key.starts_with("x-") => {
                    encoding.extensions.insert(key.clone(), value.clone());
                }
                _ => self.issues.unknown_key(at, key, keywords::ENCODING),
            }
        }
        let is_form = matches!(encoding.style, None | Some(openapiv3::QueryStyle::Form));
        encoding.explode = explode.unwrap_or(is_form);
        encoding
    }

    /// Reads one schema, which is a member of this node, as that of several media types.
    pub(super) fn content_of_types(
        &mut self,
        at: &Cursor<'_, 'a>,
        types: &[String],
        key: &'a str,
        schema: &'a Value,
    ) -> Content {
        let mut content = Content::new();
        let target = at.target().join("content");
        let at = &at.step(key);
        let mut read = None;
        for name in types {
            let target = target.join_all([name.as_str(), "schema"]);
            let schema = match &read {
                None => {
                    let at = &self.builder.place(at, target);
                    self.content_schema(at, schema, types.len())
                }
                Some(schema) => {
                    self.builder.place(at, target);
                    ReferenceOr::clone(schema)
                }
            };
            read.get_or_insert_with(|| schema.clone());
            let media = MediaType {
                schema: Some(schema),
                ..MediaType::default()
            };
            content.insert(name.clone(), media);
        }
        content
    }

    /// Reads the schema of some media types. A schema that would declare types several times becomes a
    /// component.
    fn content_schema(
        &mut self,
        at: &Cursor<'_, 'a>,
        schema: &'a Value,
        times: usize,
    ) -> ReferenceOr<Schema> {
        /// Schemas with fewer objects are repeated: an object of a few properties, and JSON beside XML.
        const REPEATED: usize = 64;
        let most = REPEATED / times.max(1);
        let is_large = times > 1 && mappings(schema, most) > most;
        let is_shared = at.is_copy() && declares(schema);
        if schema.get("$ref").is_none() && (is_large || is_shared) {
            let reference = self.move_to_components(at, schema, ComponentKind::Schema);
            return ReferenceOr::Reference { reference };
        }
        self.schema(at, schema)
    }

    /// The content of a request body or a response that is written as a bare schema.
    fn content_of_schema(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> Content {
        self.issues.warn(
            at,
            Code::Misplaced,
            "expected an object with `content`, found a schema; it is read as the schema of `application/json`",
        );
        let schema = {
            let at = &self
                .builder
                .place_below(at, &["content", "application/json", "schema"]);
            self.schema_of(at, members, super::schema::Holder::Schema)
        };
        let media = MediaType {
            schema: Some(schema),
            ..MediaType::default()
        };
        Content::from_iter([("application/json".to_owned(), media)])
    }
}

/// The number of objects in a tree; counting stops beyond `most`.
fn mappings(tree: &Value, most: usize) -> usize {
    let mut open = vec![tree];
    let mut count = 0;
    while let Some(node) = open.pop() {
        match node {
            Value::Object(members) => {
                count += 1;
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
        if count > most {
            break;
        }
    }
    count
}

/// Whether a schema declares a type of its own.
fn declares(schema: &Value) -> bool {
    const KEYS: [&str; 5] = ["properties", "enum", "allOf", "anyOf", "oneOf"];
    let mut open = vec![schema];
    while let Some(node) = open.pop() {
        let Value::Object(members) = node else {
            continue;
        };
        if KEYS.iter().any(|key| members.contains_key(*key)) {
            return true;
        }
        let below = ["items", "additionalProperties"];
        open.extend(below.iter().filter_map(|key| members.get(*key)));
    }
    false
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
