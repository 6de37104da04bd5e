//! What stands in its place or is referred to, and what stands beside references.

use openapiv3::{Header, ReferenceOr, RequestBody, Response};
use serde_json::Value;

use super::{
    Dialect,
    links::Kind,
    reader::{Members, Reader},
    types,
};
use crate::diagnostics::Code;

impl<'a> Reader<'a, '_> {
    /// A thing or a reference to it; `None`, which is reported, where neither can be read.
    pub(super) fn item_or_reference<T: Described>(
        &mut self,
        value: &'a Value,
        kind: Kind,
        read: impl FnOnce(&mut Self, &'a Members) -> T,
    ) -> Option<ReferenceOr<T>> {
        let members = self.members(value)?;
        let Some(reference) = members.get("$ref") else {
            let is_own = kind == Kind::Response && self.names_produces;
            let moved = match is_own {
                true => None,
                false => self.moved_if_referenced(value, kind),
            };
            return Some(moved.unwrap_or_else(|| ReferenceOr::Item(read(self, members))));
        };
        let Value::String(reference) = reference else {
            self.say_of(
                "$ref",
                Code::WrongShape,
                "a `$ref` is a text, and is left out",
            );
            return None;
        };
        let description = self.beside(members);
        // Swagger 2.0 has the media types of a response at the operation.
        let is_own = description.is_some() || kind == Kind::Response && self.names_produces;
        if is_own
            && let Some((spot, Value::Object(found))) = self.end_of(reference)
            && !found.contains_key("$ref")
        {
            let out = self.target_pointer();
            let shares = std::mem::replace(&mut self.shares_schemas, true);
            let spot = spot.as_ref().clone();
            let mut item = self.elsewhere(spot, out, |reader| read(reader, found));
            self.shares_schemas = shares;
            if let Some(description) = description {
                item.describe(description);
            }
            return Some(ReferenceOr::Item(item));
        }
        match self.link(reference, kind) {
            Ok(reference) => Some(ReferenceOr::Reference { reference }),
            Err(miss) => {
                self.report_of("$ref", miss);
                None
            }
        }
    }

    /// The description that stands beside a reference, which counts since 3.1. Nothing else does.
    pub(super) fn beside(&mut self, members: &'a Members) -> Option<String> {
        let mut description = None;
        for (key, value) in members {
            let describes = key == "description" && self.dialect() == Dialect::V31;
            match key.as_str() {
                "$ref" | "summary" | "$comment" => {}
                _ if describes => description = self.within(key, |reader| reader.text(value)),
                _ if key.starts_with("x-") => {}
                _ => {
                    let message = format!("`{key}` beside `$ref` means nothing and is ignored");
                    self.say_of(key, Code::Ignored, message);
                }
            }
        }
        description
    }

    /// Warns of a keyword of a schema that stands where only a parameter's or a header's own may,
    /// because the schema is said elsewhere.
    pub(super) fn stray_keyword(&mut self, members: &Members, key: &str) {
        let has = |key: &str| members.get(key).is_some_and(|value| !value.is_null());
        let means_something =
            types::is_real(key) || matches!(key, "default" | "nullable" | "collectionFormat");
        if let Some(said) = ["schema", "content"].into_iter().find(|key| has(key))
            && means_something
        {
            let message = format!("`{key}` beside `{said}` means nothing and is ignored");
            self.say(Code::Ignored, message);
        }
    }
}

/// What can be described anew where it is referred to.
pub(super) trait Described {
    /// Replaces the description.
    fn describe(&mut self, description: String);
}

impl Described for Response {
    fn describe(&mut self, description: String) {
        self.description = description;
    }
}

impl Described for RequestBody {
    fn describe(&mut self, description: String) {
        self.description = Some(description);
    }
}

impl Described for Header {
    fn describe(&mut self, description: String) {
        self.description = Some(description);
    }
}
