//! Bodies, responses, headers and their media types.

use indexmap::IndexMap;
use openapiv3::{
    Content, Encoding, Header, HeaderStyle, MediaType, ReferenceOr, RequestBody, Response,
    Responses, Schema, StatusCode,
};
use serde_json::{Value, json};

use super::{
    Dialect,
    links::Kind,
    parameters::query_style,
    reader::{Members, Reader},
};
use crate::{diagnostics::Code, openapi::keywords};

/// The extension of a media type whose content is a sequence of items of its schema.
const ITEMS: &str = "x-sdkgen-items";

impl<'a> Reader<'a, '_> {
    /// Reads a request body.
    pub(super) fn request_body(&mut self, value: &'a Value) -> Option<ReferenceOr<RequestBody>> {
        self.item_or_reference(value, Kind::RequestBody, Self::own_request_body)
    }

    pub(super) fn own_request_body(&mut self, members: &'a Members) -> RequestBody {
        let mut body = RequestBody::default();
        if is_schema(members) {
            body.content = self.content_of_schema(members);
            return body;
        }
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "description" => body.description = self.text(value),
                "required" => body.required = self.flag(value),
                "content" => body.content = self.content(value),
                _ if key.starts_with("x-") => {
                    body.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::REQUEST_BODY),
            }
            self.leave();
        }
        if !members.contains_key("content") {
            self.say(
                Code::MissingPart,
                "a request body without `content` is read as one of any JSON",
            );
            body.content
                .insert("application/json".to_owned(), MediaType::default());
        }
        body
    }

    /// Reads all responses of an operation.
    pub(super) fn responses(&mut self, value: &'a Value) -> Responses {
        let mut responses = Responses::default();
        for (key, value) in self.members(value).into_iter().flatten() {
            if key.starts_with("x-") {
                responses.extensions.insert(key.clone(), value.clone());
                continue;
            }
            self.enter(key);
            match status(key) {
                _ if key == "default" => responses.default = self.response(value),
                Some(status) => {
                    let spelt = status.to_string();
                    let response = if spelt == *key {
                        self.response(value)
                    } else {
                        self.say(
                            Code::KeyMended,
                            format!("the status `{key}` is read as {spelt}"),
                        );
                        let list = self.target_pointer().parent().unwrap_or_default();
                        self.standing_at(list.join(spelt), |reader| reader.response(value))
                    };
                    if responses.responses.contains_key(&status) {
                        let message = format!("{status} is there already: `{key}` is left out");
                        self.say(Code::LeftOut, message);
                    } else if let Some(response) = response {
                        responses.responses.insert(status, response);
                    }
                }
                None => self.say(
                    Code::LeftOut,
                    format!("`{key}` is no status (200, 2XX or default) and is left out"),
                ),
            }
            self.leave();
        }
        responses
    }

    fn response(&mut self, value: &'a Value) -> Option<ReferenceOr<Response>> {
        if let Value::String(text) = value {
            self.say(
                Code::WrongShape,
                "a text in place of a response is read as its description",
            );
            return Some(ReferenceOr::Item(Response {
                description: text.clone(),
                ..Response::default()
            }));
        }
        self.item_or_reference(value, Kind::Response, Self::own_response)
    }

    pub(super) fn own_response(&mut self, members: &'a Members) -> Response {
        let mut response = Response::default();
        if is_schema(members) {
            response.content = self.content_of_schema(members);
            return response;
        }
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "description" => response.description = self.text(value).unwrap_or_default(),
                "summary" => {
                    if !members.contains_key("description") {
                        response.description = self.text(value).unwrap_or_default();
                    }
                }
                "headers" => self.headers(&mut response, value),
                "content" => response.content = self.content(value),
                "links" => {
                    self.pass_over(value);
                    self.say(Code::Ignored, "`links` is ignored");
                }
                // Of Swagger 2.0, and read below.
                "schema" | "examples" | "example" => {}
                _ if key.starts_with("x-") => {
                    response.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::RESPONSE),
            }
            self.leave();
        }
        if !members.contains_key("description") && self.dialect() != Dialect::V31 {
            self.say(
                Code::MissingPart,
                "a response without `description` is read as one with an empty one",
            );
        }
        if let Some(schema) = members.get("schema").filter(|schema| !schema.is_null()) {
            if self.dialect() != Dialect::Swagger2 {
                self.say_of(
                    "schema",
                    Code::Misplaced,
                    "the schema of a response stands in its `content`, and is read as that of JSON",
                );
            }
            let is_file = schema.get("type").is_some_and(|typ| typ == "file");
            let types = match (self.produces.as_slice(), is_file) {
                ([], true) => vec!["application/octet-stream".to_owned()],
                ([], false) => vec!["application/json".to_owned()],
                (types, _) => types.to_vec(),
            };
            response.content = self.content_of_types(&types, "schema", schema);
        }
        response
    }

    fn headers(&mut self, response: &mut Response, value: &'a Value) {
        self.each_named(value, |reader, name, value| {
            let header = reader.item_or_reference(value, Kind::Header, |reader, members| {
                reader.header(members, name)
            });
            if let Some(header) = header {
                response.headers.insert(name.to_owned(), header);
            }
        });
    }

    pub(super) fn header(&mut self, members: &'a Members, name: &str) -> Header {
        let mut header = Header {
            description: None,
            style: HeaderStyle::Simple,
            required: false,
            deprecated: None,
            format: self.schema_or_content(members, name),
            example: None,
            examples: IndexMap::new(),
            extensions: IndexMap::new(),
        };
        for (key, value) in members {
            self.enter(key);
            match key.as_str() {
                "description" => header.description = self.text(value),
                "required" => header.required = self.flag(value),
                "deprecated" => header.deprecated = Some(self.flag(value)),
                "style" | "explode" | "schema" | "content" | "example" | "examples" | "name"
                | "in" => {}
                "collectionFormat" => self.stray_keyword(members, key),
                _ if key.starts_with("x-") => {
                    header.extensions.insert(key.clone(), value.clone());
                }
                _ if keywords::SCHEMA.contains(&key.as_str()) => self.stray_keyword(members, key),
                _ => self.unknown(key, keywords::HEADER),
            }
            self.leave();
        }
        header
    }

    /// Reads media types by name.
    pub(super) fn content(&mut self, value: &'a Value) -> Content {
        let mut content = Content::new();
        for (name, value) in self.members(value).into_iter().flatten() {
            if name.starts_with("x-") && !name.contains('/') {
                continue;
            }
            self.enter(name);
            let media = match value {
                Value::Null => MediaType::default(),
                _ => self.media_type(value),
            };
            self.leave();
            content.insert(name.clone(), media);
        }
        content
    }

    fn media_type(&mut self, value: &'a Value) -> MediaType {
        let mut media = MediaType::default();
        for (key, value) in self.members(value).into_iter().flatten() {
            self.enter(key);
            match key.as_str() {
                "schema" => media.schema = Some(self.content_schema(value, 1)),
                "itemSchema" => {
                    let holder = self.target_pointer().parent().unwrap_or_default();
                    let schema =
                        self.standing_at(holder.join("schema"), |reader| reader.schema(value));
                    media.schema = Some(schema);
                    media.extensions.insert(ITEMS.to_owned(), json!(true));
                }
                "encoding" => self.each_named(value, |reader, name, value| {
                    let encoding = reader.encoding(value);
                    media.encoding.insert(name.to_owned(), encoding);
                }),
                "prefixEncoding" | "itemEncoding" => {
                    self.say(Code::Ignored, format!("`{key}` is ignored"));
                }
                "example" | "examples" => {}
                _ if key.starts_with("x-") => {
                    media.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::MEDIA_TYPE),
            }
            self.leave();
        }
        media
    }

    fn encoding(&mut self, value: &'a Value) -> Encoding {
        let mut encoding = Encoding::default();
        let mut explode = None;
        for (key, value) in self.members(value).into_iter().flatten() {
            self.enter(key);
            match key.as_str() {
                "contentType" => encoding.content_type = self.text(value),
                "headers" => {
                    self.pass_over(value);
                    self.say(Code::Ignored, "`headers` of a part is ignored");
                }
                "style" => {
                    let style = self.text(value);
                    encoding.style = style.map(|style| query_style(Some(&style)));
                }
                "explode" => explode = Some(self.flag(value)),
                "allowReserved" => encoding.allow_reserved = self.flag(value),
                _ if key.starts_with("x-") => {
                    encoding.extensions.insert(key.clone(), value.clone());
                }
                _ => self.unknown(key, keywords::ENCODING),
            }
            self.leave();
        }
        let is_form = matches!(encoding.style, None | Some(openapiv3::QueryStyle::Form));
        encoding.explode = explode.unwrap_or(is_form);
        encoding
    }

    /// One schema, which stands at a member of this node, as that of several media types.
    pub(super) fn content_of_types(
        &mut self,
        types: &[String],
        key: &'a str,
        schema: &'a Value,
    ) -> Content {
        let mut content = Content::new();
        let out = self.target_pointer().join("content");
        self.enter(key);
        let mut read = None;
        for name in types {
            let out = out.join_all([name.as_str(), "schema"]);
            let schema = match &read {
                None => self.standing_at(out, |reader| reader.content_schema(schema, types.len())),
                Some(schema) => {
                    self.standing_at(out, |_| ());
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
        self.leave();
        content
    }

    /// The schema of some media types. What would be declared several times becomes a component.
    fn content_schema(&mut self, schema: &'a Value, times: usize) -> ReferenceOr<Schema> {
        /// As many mappings may be repeated: an object of a few properties, and JSON beside XML.
        const REPEATED: usize = 64;
        let most = REPEATED / times.max(1);
        let is_large = times > 1 && mappings(schema, most) > most;
        let is_shared = self.shares_schemas && declares(schema);
        if schema.get("$ref").is_none() && (is_large || is_shared) {
            let spot = self.here();
            let reference = self.move_here(&spot, schema, Kind::Schema);
            return ReferenceOr::Reference { reference };
        }
        self.schema(schema)
    }

    /// The content of a body or response in whose place a schema stands.
    fn content_of_schema(&mut self, members: &'a Members) -> Content {
        self.say(
            Code::Misplaced,
            "a schema stands where its content must, and is read as that of JSON",
        );
        let schema = self.at_further(&["content", "application/json", "schema"], |reader| {
            reader.schema_of(members, super::schema::Holder::Schema)
        });
        let media = MediaType {
            schema: Some(schema),
            ..MediaType::default()
        };
        Content::from_iter([("application/json".to_owned(), media)])
    }
}

/// How many mappings a tree has, as far as it matters.
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

/// Whether a schema makes a type of its own.
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

/// Whether these are the members of a schema and not of a body or response.
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

/// The status a key stands for.
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
