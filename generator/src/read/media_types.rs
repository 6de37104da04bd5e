//! Media types of request bodies and responses, and the schemas in them.

use openapiv3::{Content, Encoding, MediaType, ReferenceOr, Schema};
use serde_json::{Value, json};

use super::{
    cursor::Cursor,
    parameters::query_style,
    reader::{Members, Reader},
    schema::Holder,
    values,
};
use crate::{
    diagnostics::Code,
    openapi::{ComponentKind, keywords},
};

/// The extension of a media type whose content is a sequence of items of its schema.
const ITEMS: &str = "x-sdkgen-items";

impl<'a> Reader<'a, '_> {
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
    pub(super) fn content_of_schema(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
    ) -> Content {
        self.issues.warn(
            at,
            Code::Misplaced,
            "expected an object with `content`, found a schema; it is read as the schema of `application/json`",
        );
        let schema = {
            let at = &self
                .builder
                .place_below(at, &["content", "application/json", "schema"]);
            self.schema_of(at, members, Holder::Schema)
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
