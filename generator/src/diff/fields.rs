//! Compares how the fields of a form are written: by what, joined how, escaped or not.

use super::{
    code::FindingCode as Code,
    finding::Subject,
    found::Change,
    schemas::Walk,
    unrendered,
    view::{Node, Schemas, View},
};
use crate::{
    openapi::{Pointer, Style},
    spec::{Encoding, MediaType},
};

/// A form in a description, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Form<'a, 'p> {
    pub(super) media: &'a MediaType,
    pub(super) at: &'p Pointer,
}

/// Whether a body of a media type has fields.
pub(super) fn is_form(essence: &str) -> bool {
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

/// Compares the fields that both forms have. Others are new properties, or gone.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    subject: &Subject,
    old: Form<'a, '_>,
    new: Form<'a, '_>,
) {
    if old.media.encoding.is_empty() && new.media.encoding.is_empty() {
        return;
    }
    let (Some(before), Some(after)) = (old.view(walk.old, subject), new.view(walk.new, subject))
    else {
        return;
    };
    for (name, was) in &before.properties {
        let Some(is) = after.properties.get(name) else {
            continue;
        };
        let written = |form: Form<'a, '_>, node: &Node, schemas: Schemas<'a>| {
            Written::of(form.media.encoding.get(*name), node, schemas)
        };
        let (was, is) = (written(old, was, walk.old), written(new, is, walk.new));
        let subject = subject.property(name);
        let (old_at, new_at) = (old.field_at(name), new.field_at(name));
        was.compare(&is, &mut |code, values: (String, String), tail: String| {
            let change = Change::new(code, &subject).was(values.0).is(values.1);
            walk.found.add(change.at(&old_at, &new_at), &tail);
        });
        unrendered::headers(
            walk,
            &subject,
            &old.encoding_at(name),
            &new.encoding_at(name),
        );
    }
}

impl<'a> Form<'a, '_> {
    fn view(&self, schemas: Schemas<'a>, subject: &Subject) -> Option<View<'a>> {
        let schema = self.media.schema?;
        let node = Node::new(schema, self.at.join("schema"), subject.clone());
        Some(schemas.view(&node))
    }

    fn encoding_at(&self, name: &str) -> Pointer {
        self.at.join_all(["encoding", name])
    }

    /// Where it is said how a field is written, or where it could be.
    fn field_at(&self, name: &str) -> Pointer {
        match self.media.encoding.contains_key(name) {
            true => self.encoding_at(name),
            false => self.at.clone(),
        }
    }
}

/// How a field is written in the end, whether that is said or goes without saying.
struct Written {
    /// `None` where the media type says how.
    style: Option<&'static str>,
    media_type: String,
    explode: bool,
    reserved: bool,
    /// Whether it has parts that could be joined in one way or another.
    has_parts: bool,
}

impl Written {
    fn of<'a>(encoding: Option<&Encoding>, node: &Node, schemas: Schemas<'a>) -> Self {
        let view = schemas.view(node);
        let style = encoding.and_then(|encoding| encoding.style);
        let media_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
        let plain = |text: &str| text.to_ascii_lowercase().replace(' ', "");
        Self {
            style: style.map(Style::as_str),
            media_type: match media_type {
                Some(media_type) => plain(media_type),
                None => usual_media_type(&view, schemas).to_owned(),
            },
            explode: encoding.is_none_or(|encoding| encoding.explode),
            reserved: encoding.is_some_and(|encoding| encoding.allow_reserved),
            has_parts: matches!(view.typ.as_deref(), Some("array" | "object")),
        }
    }

    /// The style, where none is said that of texts.
    fn style(&self) -> &'static str {
        match (self.style, self.is_json()) {
            (Some(style), _) => style,
            (None, true) => "JSON",
            (None, false) => "form",
        }
    }

    /// A style goes before a media type, as OpenAPI has it.
    fn is_json(&self) -> bool {
        let name = &self.media_type;
        self.style.is_none() && (name.ends_with("/json") || name.ends_with("+json"))
    }

    fn compare(&self, is: &Self, tell: &mut dyn FnMut(Code, (String, String), String)) {
        let (was, now) = (self.style(), is.style());
        let has_style = self.style.is_some() || is.style.is_some();
        if has_style && was != now {
            let tail = format!(" is written in style `{now}` now, was in `{was}`");
            let values = (was.to_owned(), now.to_owned());
            return tell(Code::RequestFieldStyleChanged, values, tail);
        }
        if self.media_type != is.media_type {
            let (was, now) = (self.media_type.clone(), is.media_type.clone());
            let tail = format!(" is of `{now}` now, was of `{was}`");
            tell(Code::RequestFieldMediaTypeChanged, (was, now), tail);
        }
        if self.is_json() || is.is_json() {
            return;
        }
        let flags = |was: bool, is: bool| (was.to_string(), is.to_string());
        if self.explode != is.explode && self.has_parts && is.has_parts {
            let tail = match is.explode {
                true => " repeats its name for each value now (`explode`)",
                false => " has all values behind one name now (no `explode`)",
            };
            let values = flags(self.explode, is.explode);
            tell(Code::RequestFieldExplodeChanged, values, tail.to_owned());
        }
        if self.reserved != is.reserved {
            let values = flags(self.reserved, is.reserved);
            let tail = super::parameters::reserved(is.reserved).to_owned();
            tell(Code::RequestFieldReservedChanged, values, tail);
        }
    }
}

/// The media type that a field has where none is said: that of its values.
fn usual_media_type<'a>(view: &View<'a>, schemas: Schemas<'a>) -> &'static str {
    let of = |view: &View<'a>| match (view.typ.as_deref(), view.format.as_deref()) {
        (Some("string"), Some("binary" | "byte" | "base64")) => "application/octet-stream",
        (Some("string" | "integer" | "number" | "boolean"), _) => "text/plain",
        _ => "application/json",
    };
    match (view.typ.as_deref(), &view.items) {
        (Some("array"), Some(items)) => of(&schemas.view(items)),
        _ => of(view),
    }
}
