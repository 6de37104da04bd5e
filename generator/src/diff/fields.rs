//! Compares how the fields of forms are serialized.

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    finding::Subject,
    findings::Change,
    merged::{Merged, Schemas},
    node::Node,
    serialization::{explode_tail, reserved_tail},
    unrendered,
};
use crate::{
    openapi::{Pointer, Style},
    spec::{Encoding, MediaType},
};

/// A form, and its node in the description.
#[derive(Clone, Copy)]
pub(super) struct Form<'a, 'p> {
    pub(super) media: &'a MediaType,
    pub(super) at: &'p Pointer,
}

/// Compares the fields that both forms have; the others are properties that were added or removed.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    subject: &Subject,
    old: Form<'a, '_>,
    new: Form<'a, '_>,
) {
    if old.media.encoding.is_empty() && new.media.encoding.is_empty() {
        return;
    }
    let old_merged = old.merge(comparison.old, subject);
    let new_merged = new.merge(comparison.new, subject);
    let (Some(old_merged), Some(new_merged)) = (old_merged, new_merged) else {
        return;
    };
    for (name, was) in &old_merged.properties {
        let Some(is) = new_merged.properties.get(name) else {
            continue;
        };
        let was = Serialization::of(old.media.encoding.get(*name), was, comparison.old);
        let is = Serialization::of(new.media.encoding.get(*name), is, comparison.new);
        let subject = subject.property(name);
        let (old_at, new_at) = (old.field_at(name), new.field_at(name));
        for Difference { code, values, tail } in was.differences(&is) {
            let change = Change::new(code, &subject).was(values.0).is(values.1);
            comparison.findings.add(change.at(&old_at, &new_at), &tail);
        }
        unrendered::headers(
            comparison,
            &subject,
            &old.encoding_at(name),
            &new.encoding_at(name),
        );
    }
}

impl<'a> Form<'a, '_> {
    fn merge(&self, schemas: Schemas<'a>, subject: &Subject) -> Option<Merged<'a>> {
        let schema = self.media.schema?;
        let node = Node::new(schema, self.at.join("schema"), subject.clone());
        Some(schemas.merge(&node))
    }

    fn encoding_at(&self, name: &str) -> Pointer {
        self.at.join_all(["encoding", name])
    }

    /// The encoding of a field, or the form if the field has none.
    fn field_at(&self, name: &str) -> Pointer {
        match self.media.encoding.contains_key(name) {
            true => self.encoding_at(name),
            false => self.at.clone(),
        }
    }
}

/// How a field is serialized, with the defaults of what its encoding leaves out.
struct Serialization {
    /// `None` if the media type decides.
    style: Option<&'static str>,
    media_type: String,
    explode: bool,
    allow_reserved: bool,
    /// Whether values are lists or objects, whose parts `explode` is about.
    has_parts: bool,
}

struct Difference {
    code: Code,
    /// The old and the new value.
    values: (String, String),
    tail: String,
}

impl Serialization {
    fn of<'a>(encoding: Option<&Encoding>, node: &Node, schemas: Schemas<'a>) -> Self {
        let merged = schemas.merge(node);
        let style = encoding.and_then(|encoding| encoding.style);
        let media_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
        Self {
            style: style.map(Style::as_str),
            media_type: match media_type {
                Some(media_type) => media_type.to_ascii_lowercase().replace(' ', ""),
                None => default_media_type(&merged, schemas).to_owned(),
            },
            explode: encoding.is_none_or(|encoding| encoding.explode),
            allow_reserved: encoding.is_some_and(|encoding| encoding.allow_reserved),
            has_parts: matches!(merged.typ.as_deref(), Some("array" | "object")),
        }
    }

    /// The style, or how the media type serializes values without one.
    fn style(&self) -> &'static str {
        match (self.style, self.is_json()) {
            (Some(style), _) => style,
            (None, true) => "JSON",
            (None, false) => "form",
        }
    }

    /// Whether values are JSON. A style takes precedence over the media type, as in OpenAPI.
    fn is_json(&self) -> bool {
        let name = &self.media_type;
        self.style.is_none() && (name.ends_with("/json") || name.ends_with("+json"))
    }

    fn differences(&self, new: &Self) -> Vec<Difference> {
        let (was, is) = (self.style(), new.style());
        let has_style = self.style.is_some() || new.style.is_some();
        if has_style && was != is {
            return vec![Difference {
                code: Code::RequestFieldStyleChanged,
                values: (was.to_owned(), is.to_owned()),
                tail: format!(": the style changed from `{was}` to `{is}`"),
            }];
        }
        let mut differences = Vec::new();
        let (was, is) = (&self.media_type, &new.media_type);
        if was != is {
            differences.push(Difference {
                code: Code::RequestFieldMediaTypeChanged,
                values: (was.clone(), is.clone()),
                tail: format!(": the media type changed from `{was}` to `{is}`"),
            });
        }
        if self.is_json() || new.is_json() {
            return differences;
        }
        if self.explode != new.explode && self.has_parts && new.has_parts {
            differences.push(Difference {
                code: Code::RequestFieldExplodeChanged,
                values: (self.explode.to_string(), new.explode.to_string()),
                tail: explode_tail(new.explode).to_owned(),
            });
        }
        if self.allow_reserved != new.allow_reserved {
            let (was, is) = (self.allow_reserved, new.allow_reserved);
            differences.push(Difference {
                code: Code::RequestFieldReservedChanged,
                values: (was.to_string(), is.to_string()),
                tail: reserved_tail(is).to_owned(),
            });
        }
        differences
    }
}

/// The media type of a field whose encoding names none, which its type decides.
fn default_media_type<'a>(merged: &Merged<'a>, schemas: Schemas<'a>) -> &'static str {
    let of = |merged: &Merged<'a>| match (merged.typ.as_deref(), merged.format.as_deref()) {
        (Some("string"), Some("binary" | "byte" | "base64")) => "application/octet-stream",
        (Some("string" | "integer" | "number" | "boolean"), _) => "text/plain",
        _ => "application/json",
    };
    match (merged.typ.as_deref(), &merged.items) {
        (Some("array"), Some(items)) => of(&schemas.merge(items)),
        _ => of(merged),
    }
}
