//! Request bodies and responses.

use indexmap::IndexMap;

use super::{
    api::Lower, fields::default_of, media::Media, merge::Combined, parameters::parameter_style,
    schema::DeclarationContext,
};
use crate::{
    model::{
        Alternative, Body, BodyKind, Content, Owner, Parameter, ParameterPlace, ParameterStyle,
        Response, Type, TypeKind,
    },
    openapi::{Pointer, Status},
    spec::{self, Encoding, MediaType, SchemaId, Use},
};

type Declared = IndexMap<String, MediaType>;

impl<'a> Lower<'a> {
    /// The request body, and the parameters that the fields of a form become.
    pub(super) fn body(
        &mut self,
        id: &str,
        declared: &'a spec::Operation,
    ) -> Option<(Body, Vec<Parameter>)> {
        let body = declared.body.as_ref()?;
        let at = &body.declared;
        let Some((name, media)) =
            self.choose(&body.content, &at.join("content"), Media::in_request, &[])
        else {
            // A body without a media type can be anything; most are JSON.
            return Some((json_body(body), Vec::new()));
        };
        let context = self.context(&at.join_all(["content", name]), id, "body");
        let mut body = Body {
            kind: BodyKind::Json,
            media_type: name.to_owned(),
            ty: Type::Any,
            required: body.required,
            description: body.description.clone(),
        };
        let mut fields = Vec::new();
        match Media::of(name) {
            Media::Json if self.is_binary(media) => body.kind = BodyKind::Binary,
            Media::Json => body.ty = self.value(media, &context),
            Media::Form => match self.form_fields(media, &context, false, body.required) {
                Some(found) => {
                    fields = found;
                    body.kind = BodyKind::Form;
                }
                None => {
                    body.ty = self.form_value(media, &context);
                    body.kind = BodyKind::FormValue;
                }
            },
            Media::Multipart => match self.form_fields(media, &context, true, body.required) {
                Some(found) => {
                    fields = found;
                    body.kind = BodyKind::Multipart;
                }
                None => {
                    let message =
                        "the parts are not listed as properties; the whole body is taken as bytes";
                    self.schemas.simplified(message, &context.at);
                    body.kind = BodyKind::Binary;
                }
            },
            Media::Text => body.kind = BodyKind::Text,
            Media::Xml => {
                self.schemas
                    .simplified("XML is taken as a string", &context.at);
                body.kind = BodyKind::Text;
            }
            Media::Any if self.is_json_by_schema(media) => {
                body.ty = self.value(media, &context);
                body.media_type = "application/json".to_owned();
            }
            Media::Parts => {
                let message = "the parts are not those of a form; the whole body is taken as bytes";
                self.schemas.simplified(message, &context.at);
                body.kind = BodyKind::Binary;
            }
            Media::JsonLines | Media::Events | Media::Any | Media::Binary => {
                body.kind = BodyKind::Binary;
            }
        }
        Some((body, fields))
    }

    /// The type of a form whose properties are not listed.
    fn form_value(&mut self, media: &'a MediaType, context: &DeclarationContext) -> Type {
        if !media.encoding.is_empty() {
            let message = "`encoding` is ignored: the form does not list its properties";
            self.schemas.simplified(message, &context.at);
        }
        self.value(media, context)
    }

    /// The success responses and the failure responses, each sorted by status.
    pub(super) fn responses(
        &mut self,
        id: &str,
        declared: &'a spec::Operation,
    ) -> (Vec<Response>, Vec<Response>) {
        let mut successes: Vec<Response> = Vec::new();
        let mut failures = Vec::new();
        let mut default = None;
        for (status, response) in &declared.responses {
            let is_only = only_success(declared).is_some_and(|only| std::ptr::eq(only, response));
            let rendered = match is_only {
                true => alternatives(&response.content),
                false => Vec::new(),
            };
            let lowered = self.response(id, *status, response, &rendered);
            match status {
                Status::Default => default = Some(lowered),
                _ if status.is_success() => successes.push(lowered),
                _ => failures.push(lowered),
            }
        }
        successes.sort_by(|a, b| a.status.cmp(&b.status));
        failures.sort_by(|a, b| a.status.cmp(&b.status));
        match successes.is_empty() {
            true => successes.extend(default),
            false => failures.extend(default),
        }
        if successes.is_empty() {
            successes.push(Response {
                status: "2XX".to_owned(),
                content: Content::Empty,
                description: "Done; the description declares no success.".to_owned(),
                headers: Vec::new(),
            });
        }
        (successes, failures)
    }

    fn response(
        &mut self,
        id: &str,
        status: Status,
        response: &'a Use<spec::Response>,
        rendered: &[&'a String],
    ) -> Response {
        let status = status.to_string();
        // A name that is unique among the responses of the operation.
        let word = match status.as_str() {
            "200" => "response".to_owned(),
            other => format!("response {other}"),
        };
        let headers = response.headers.iter();
        let mut headers: Vec<(String, Option<String>)> = headers
            .map(|(name, header)| (name.clone(), header.description.clone()))
            .collect();
        headers.sort_unstable();
        Response {
            content: match status.as_str() {
                // HTTP permits no body with these statuses.
                "204" | "205" => {
                    if !response.content.is_empty() {
                        let what =
                            format!("the content of a {status} response, which has no body,");
                        self.schemas
                            .ignored(&what, &response.declared.join("content"));
                    }
                    Content::Empty
                }
                _ => self.content(&response.content, &response.declared, id, &word, rendered),
            },
            description: response.description.clone(),
            headers,
            status,
        }
    }

    fn content(
        &mut self,
        content: &'a Declared,
        at: &Pointer,
        id: &str,
        word: &str,
        rendered: &[&'a String],
    ) -> Content {
        let content_at = at.join("content");
        let Some((name, media)) = self.choose(content, &content_at, Media::in_response, rendered)
        else {
            return Content::Empty;
        };
        let context = self.context(&content_at.join(name), id, word);
        self.content_of(name, media, &context)
    }

    /// The contents that a caller can ask for instead of the first one of the only success: one of each kind.
    pub(super) fn alternatives(
        &mut self,
        id: &str,
        declared: &'a spec::Operation,
        first: &Content,
    ) -> Vec<Alternative> {
        let Some(response) = only_success(declared) else {
            return Vec::new();
        };
        let at = response.declared.join("content");
        let names = alternatives(&response.content);
        let mut found: Vec<Alternative> = Vec::new();
        for name in names {
            let word = match Media::of(name) {
                Media::Events => "event",
                Media::JsonLines => "line",
                _ => "body",
            };
            let context = self.context(&at.join(name), id, word);
            let content = self.content_of(name, &response.content[name], &context);
            if content != *first {
                found.push(Alternative {
                    media_type: name.clone(),
                    content,
                    switch: None,
                });
            }
        }
        found
    }

    fn content_of(
        &mut self,
        name: &str,
        media: &'a MediaType,
        context: &DeclarationContext,
    ) -> Content {
        match Media::of(name) {
            Media::Json if self.is_binary(media) => Content::Binary,
            Media::Json => Content::Json(self.value(media, context)),
            Media::Any if self.is_json_by_schema(media) => {
                Content::Json(self.value(media, context))
            }
            Media::Text => Content::Text,
            Media::Xml => {
                self.schemas
                    .simplified("XML is returned as a string", &context.at);
                Content::Text
            }
            Media::Events => Content::Events(self.streamed(media, context)),
            Media::JsonLines => Content::JsonLines(self.streamed(media, context)),
            Media::Form | Media::Multipart | Media::Parts | Media::Any | Media::Binary => {
                Content::Binary
            }
        }
    }

    /// The preferred media type and its declaration; the others are reported as ignored.
    fn choose(
        &mut self,
        content: &'a Declared,
        at: &Pointer,
        rank: fn(&str) -> usize,
        rendered: &[&'a String],
    ) -> Option<(&'a str, &'a MediaType)> {
        // By rank, then by name, so that the order of the map has no effect.
        let mut names: Vec<&'a String> = content.keys().collect();
        names.sort_by_key(|name| (rank(name), *name));
        let (first, others) = names.split_first()?;
        for other in others {
            if rendered.contains(other) {
                continue;
            }
            // Two spellings of the same media type and schema: nothing is lost.
            let spec = self.schemas.spec;
            let is_same_schema =
                spec.is_equal_or_absent(content[*other].schema, content[*first].schema);
            if Media::of(other) != Media::of(first) || !is_same_schema {
                let what = format!("the media type `{other}` beside `{first}`");
                self.schemas.ignored(&what, &at.join(other.as_str()));
            }
        }
        Some((first, &content[*first]))
    }

    /// The context of a media type's schema.
    fn context(&self, media_at: &Pointer, operation: &str, word: &str) -> DeclarationContext {
        let tokens: Vec<&str> = media_at.tokens().take(3).collect();
        let (owner, words) = match tokens.as_slice() {
            ["components", _, shared] => (
                Owner::Component((*shared).to_owned()),
                vec![(*shared).to_owned()],
            ),
            _ => (
                Owner::Operation(operation.to_owned()),
                vec![operation.to_owned(), word.to_owned()],
            ),
        };
        DeclarationContext {
            at: media_at.join("schema"),
            words,
            owner,
        }
    }

    fn value(&mut self, media: &'a MediaType, context: &DeclarationContext) -> Type {
        match media.schema {
            Some(schema) => self.schemas.lower_value(schema, context),
            None => Type::Any,
        }
    }

    /// The type of one value of a stream: the schema describes one value, or the list of all.
    fn streamed(&mut self, media: &'a MediaType, context: &DeclarationContext) -> Type {
        let Some(schema) = media.schema else {
            return Type::String;
        };
        let ty = self.schemas.lower_value(schema, context);
        match self.schemas.unaliased(&ty) {
            Type::Array(item) if !media.is_sequence => *item,
            _ => ty,
        }
    }

    /// Whether the schema describes bytes.
    fn is_binary(&self, media: &MediaType) -> bool {
        media.schema.is_some_and(|schema| self.is_file(&[schema]))
    }

    fn is_file(&self, schemas: &[SchemaId]) -> bool {
        let meaning = self.schemas.spec.meaning(schemas);
        meaning.format.as_deref() == Some("binary")
            && meaning.types.len() == 1
            && meaning.types.contains("string")
    }

    fn is_list_of_files(&self, schemas: &[SchemaId]) -> bool {
        let meaning = self.schemas.spec.meaning(schemas);
        !meaning.items.is_empty() && self.is_file(&meaning.items)
    }

    /// Whether a body of any media type is JSON according to its schema.
    fn is_json_by_schema(&self, media: &MediaType) -> bool {
        let spec = self.schemas.spec;
        media.schema.is_some_and(|schema| {
            spec.keywords(schema).typ.as_deref() != Some("string") && !spec.is_unrestricted(schema)
        })
    }

    /// The fields of a form, as parameters; `None` if its schema lists no properties.
    fn form_fields(
        &mut self,
        media: &'a MediaType,
        context: &DeclarationContext,
        is_multipart: bool,
        required: bool,
    ) -> Option<Vec<Parameter>> {
        let found = self.schemas.properties(media.schema?, context)?;
        if found.has_more {
            let message = "only the listed properties become fields of the form";
            self.schemas.simplified(message, &context.at);
        }
        let place = match is_multipart {
            true => ParameterPlace::Part,
            false => ParameterPlace::Form,
        };
        let mut fields = Vec::new();
        for found in found.listed {
            let Combined { sources, context } = &found.combined;
            let ids: Vec<SchemaId> = sources.iter().map(|(id, _)| *id).collect();
            let spec = self.schemas.spec;
            let own = found.combined.only().and_then(|id| spec.inline(id));
            if own.is_some_and(|own| own.read_only) {
                continue;
            }
            let ty = match () {
                () if is_multipart && self.is_file(&ids) => Type::File,
                () if is_multipart && self.is_list_of_files(&ids) => {
                    Type::Array(Box::new(Type::File))
                }
                () => self.schemas.lower_combined(&found.combined),
            };
            let ty = self.schemas.unaliased(&ty);
            let encoding = media.encoding.get(&found.wire);
            let encoding = self.part_encoding(encoding, is_multipart, &found.wire, &context.at);
            let encoding = encoding.as_ref();
            let (style, explode, allow_reserved) = self.encoding(encoding, &ty);
            fields.push(Parameter {
                name: found.wire,
                place,
                style,
                explode,
                allow_reserved,
                media_type: encoding
                    .filter(|_| is_multipart)
                    .and_then(|encoding| one_media_type(encoding.content_type.as_deref()?)),
                required: required && found.required,
                ty,
                description: own.and_then(|own| own.description.clone()),
                deprecated: own.is_some_and(|own| own.deprecated),
                default: own.and_then(default_of),
                declared: context.at.clone(),
                pointer: context.at.clone(),
            });
        }
        Some(fields)
    }

    /// The encoding of a field, without `style` in a multipart form, whose parts have none.
    fn part_encoding(
        &mut self,
        declared: Option<&Encoding>,
        is_multipart: bool,
        name: &str,
        at: &Pointer,
    ) -> Option<Encoding> {
        let mut encoding = declared?.clone();
        if is_multipart && encoding.style.take().is_some() {
            self.schemas
                .ignored(&format!("`style` of the part `{name}`"), at);
            encoding.explode = true;
        }
        Some(encoding)
    }

    /// How a field of a form is written.
    fn encoding(&self, declared: Option<&Encoding>, ty: &Type) -> (ParameterStyle, bool, bool) {
        let style = declared.and_then(|encoding| encoding.style);
        let allow_reserved = declared.is_some_and(|encoding| encoding.allow_reserved);
        let explode = declared.is_none_or(|encoding| encoding.explode);
        if let Some(style) = style {
            return (parameter_style(style), explode, allow_reserved);
        }
        let is_json = declared
            .and_then(|encoding| encoding.content_type.as_deref())
            .is_some_and(|media_type| Media::of(media_type) == Media::Json);
        // OpenAPI writes objects and lists of them as JSON by default.
        let inner = match ty {
            Type::Array(items) => &self.schemas.unaliased(items),
            other => other,
        };
        let is_complex = match inner {
            Type::Any | Type::FreeForm | Type::Map(_) | Type::Tuple(_) | Type::Array(_) => true,
            Type::Named(id) => !matches!(
                self.schemas
                    .types
                    .get(id)
                    .map(|definition| &definition.kind),
                Some(TypeKind::Enum(_) | TypeKind::ScalarEnum(_))
            ),
            _ => false,
        };
        match is_json || is_complex {
            true => (ParameterStyle::Json, false, allow_reserved),
            false => (ParameterStyle::Form, explode, allow_reserved),
        }
    }
}

/// The success of an operation that declares no other.
fn only_success(declared: &spec::Operation) -> Option<&Use<spec::Response>> {
    let mut successes = declared
        .responses
        .iter()
        .filter(|(status, _)| status.is_success());
    match (successes.next(), successes.next()) {
        (Some((_, only)), None) => Some(only),
        _ => None,
    }
}

/// The media types of a response that can be asked for instead of the preferred one, one of each kind that is
/// read otherwise: events, JSON lines, text, bytes.
fn alternatives(content: &Declared) -> Vec<&String> {
    let mut names: Vec<&String> = content.keys().collect();
    names.sort_by_key(|name| (Media::in_response(name), *name));
    let kind = |name: &str| match Media::of(name) {
        Media::Json | Media::Any => 0,
        Media::Events => 1,
        Media::JsonLines => 2,
        Media::Text | Media::Xml => 3,
        Media::Form | Media::Multipart | Media::Parts | Media::Binary => 4,
    };
    let mut seen: Vec<usize> = names.first().map(|first| kind(first)).into_iter().collect();
    let mut found = Vec::new();
    for name in names.into_iter().skip(1) {
        // Whatever a wildcard stands for, the preferred one is not it.
        if Media::of(name) != Media::Any && !seen.contains(&kind(name)) {
            seen.push(kind(name));
            found.push(name);
        }
    }
    found
}

/// The media type of a part, if exactly one is declared. JSON needs no declaration.
fn one_media_type(declared: &str) -> Option<String> {
    let is_one = !declared.contains([',', '*']) && Media::of(declared) != Media::Json;
    (is_one && !declared.trim().is_empty()).then(|| declared.trim().to_owned())
}

fn json_body(declared: &spec::Body) -> Body {
    Body {
        kind: BodyKind::Json,
        media_type: "application/json".to_owned(),
        ty: Type::Any,
        required: declared.required,
        description: declared.description.clone(),
    }
}
