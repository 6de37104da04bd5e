//! Parameters, with the array formats of Swagger 2.0.

use std::collections::HashSet;

use openapiv3::{
    CookieStyle, HeaderStyle, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle,
    QueryStyle, ReferenceOr,
};
use serde_json::Value;

use super::{
    Dialect,
    cursor::Cursor,
    issues::Issues,
    node_path::NodePath,
    reader::{Members, Reader},
    schema::anything,
    values,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::{ComponentKind, keywords},
};

/// The parameters of a path or an operation.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    /// Those that are parameters in OpenAPI 3.
    pub(super) listed: Vec<ReferenceOr<Parameter>>,
    /// The keys of these.
    pub(super) keys: Vec<ParameterKey>,
    /// The bodies of Swagger 2.0 among them.
    pub(super) bodies: Vec<BodyParameter<'a>>,
    /// The fields of a form of Swagger 2.0.
    pub(super) fields: Vec<BodyParameter<'a>>,
}

/// What identifies a parameter: `in` and `name`.
pub(super) type ParameterKey = (String, String);

/// A parameter that is a body or a part of one.
#[derive(Clone)]
pub(super) struct BodyParameter<'a> {
    pub(super) path: NodePath<'a>,
    pub(super) members: &'a Members,
    /// The name of the component it is, if it is one.
    pub(super) component: Option<&'a str>,
}

/// What an item of a list of parameters is.
enum Listed<'a> {
    /// A parameter.
    Parameter,
    /// A body or a form field of Swagger 2.0, in place or referred to.
    Body(BodyParameter<'a>),
    /// A parameter elsewhere, with the description beside the reference to it.
    Described(String, NodePath<'a>, &'a Members),
    /// A reference to a parameter, or one that cannot be followed.
    Reference(&'a str),
    /// A reference to something else.
    Other(&'a str),
}

impl<'a> Reader<'a, '_> {
    /// Reads a list of parameters, which follow those of `above` in the result and do not replace them.
    pub(super) fn parameters(
        &mut self,
        at: &Cursor<'_, 'a>,
        value: &'a Value,
        above: &[ParameterKey],
    ) -> Parameters<'a> {
        let mut parameters = Parameters::default();
        let known: HashSet<&ParameterKey> = above.iter().collect();
        let list = at.target();
        for (ref at, item) in self.items(at, value) {
            if !known.is_empty()
                && self
                    .key_of(at, item)
                    .is_some_and(|key| known.contains(&key))
            {
                continue;
            }
            // Ignored items and bodies move the parameters after them.
            let before = parameters.listed.len();
            let position = above.len() + before;
            let is_in_place = at.index().is_none_or(|index| index == position);
            if above.is_empty() && is_in_place {
                self.listed_parameter(at, &mut parameters, item);
            } else {
                let at = &self.builder.place(at, list.join(position.to_string()));
                self.listed_parameter(at, &mut parameters, item);
            }
            if parameters.listed.len() > before {
                // A parameter without a key is like no other.
                let key = self.key_of(at, item).unwrap_or_default();
                parameters.keys.push(key);
            }
        }
        parameters
    }

    /// The key of an item in a list of parameters.
    fn key_of(&mut self, at: &Cursor<'_, 'a>, item: &'a Value) -> Option<ParameterKey> {
        let mut members = item.as_object()?;
        if let Some(Value::String(reference)) = members.get("$ref") {
            members = self.end_of(at, reference)?.1.as_object()?;
        }
        let place = members.get("in")?.as_str()?.trim().to_ascii_lowercase();
        let name = members.get("name")?.as_str()?;
        Some(match place.as_str() {
            "header" => (place, name.to_ascii_lowercase()),
            _ => (place, name.to_owned()),
        })
    }

    fn listed_parameter(
        &mut self,
        at: &Cursor<'_, 'a>,
        parameters: &mut Parameters<'a>,
        item: &'a Value,
    ) {
        let Some(members) = values::members(&mut self.issues, at, item) else {
            return;
        };
        let Some(listed) = self.classify(at, members) else {
            return;
        };
        match listed {
            Listed::Parameter => {
                let moved = match is_parameter(members) {
                    true => self.moved_if_referenced(at, item, ComponentKind::Parameter),
                    false => None,
                };
                let read = moved.or_else(|| self.parameter(at, members).map(ReferenceOr::Item));
                parameters.listed.extend(read);
            }
            Listed::Body(body) => {
                let is_here = !members.contains_key("$ref");
                if is_here && self.dialect(at) != Dialect::Swagger2 {
                    self.issues.warn(
                        &at.step("in"),
                        Code::Misplaced,
                        "parameters with `in: body` or `in: formData` belong to Swagger 2.0; this one is read as part of the request body",
                    );
                }
                parameters.add_body(body);
            }
            Listed::Described(description, path, found) => {
                let at = &self.builder.jump(at, path, at.target());
                parameters
                    .listed
                    .extend(self.parameter(at, found).map(|mut parameter| {
                        data_of(&mut parameter).description = Some(description);
                        ReferenceOr::Item(parameter)
                    }));
            }
            Listed::Reference(reference) => {
                match self.link(at, reference, ComponentKind::Parameter) {
                    Ok(reference) => {
                        parameters.listed.push(ReferenceOr::Reference { reference });
                    }
                    Err(miss) => self.issues.report(&at.step("$ref"), miss),
                }
            }
            Listed::Other(reference) => {
                let message = format!("`{reference}` is not a parameter");
                let diagnostic = Diagnostic::new(Code::ForeignRef, message)
                    .help("a parameter has `name` and `in`");
                self.issues.report(&at.step("$ref"), diagnostic);
            }
        }
    }

    /// Classifies an item of a list of parameters; `None`, which is reported, if its `$ref` is not a
    /// string.
    fn classify(&mut self, at: &Cursor<'_, 'a>, members: &'a Members) -> Option<Listed<'a>> {
        let Some(reference) = members.get("$ref") else {
            return Some(match is_body(members) || is_field(members) {
                true => Listed::Body(BodyParameter {
                    path: at.path(),
                    members,
                    component: None,
                }),
                false => Listed::Parameter,
            });
        };
        let reference = self.reference_text(at, reference)?;
        let found = self.end_of(at, reference);
        if let Some((path, Value::Object(found))) = &found
            && (is_body(found) || is_field(found))
        {
            let component = self.links.component(path);
            return Some(Listed::Body(BodyParameter {
                path: path.as_ref().clone(),
                members: found,
                component: component
                    .filter(|(kind, _)| *kind == ComponentKind::Parameter)
                    .map(|(_, name)| name),
            }));
        }
        if let Some((_, found)) = &found
            && found.get("in").or(found.get("$ref")).is_none()
        {
            return Some(Listed::Other(reference));
        }
        let description = self.beside(at, members);
        Some(match (description, found) {
            (Some(description), Some((path, Value::Object(found))))
                if !found.contains_key("$ref") =>
            {
                Listed::Described(description, path.as_ref().clone(), found)
            }
            _ => Listed::Reference(reference),
        })
    }

    /// Reads a parameter; `None`, which is reported, if it has no usable `name` or `in`.
    pub(super) fn parameter(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
    ) -> Option<Parameter> {
        let place = members
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = members
            .get("name")
            .filter(|name| !name.is_object() && !name.is_null());
        let Some(name) =
            name.and_then(|name| values::text(&mut self.issues, &at.step("name"), name))
        else {
            self.issues.warn(
                at,
                Code::LeftOut,
                "the parameter has no `name`; it is ignored",
            );
            return None;
        };
        let place = place.trim().to_ascii_lowercase();
        if !matches!(place.as_str(), "path" | "query" | "header" | "cookie") {
            let problem = match members.get("in") {
                Some(found) => format!("has `in: {found}`, expected path, query, header or cookie"),
                None => "has no `in`".to_owned(),
            };
            self.issues.warn(
                at,
                Code::LeftOut,
                format!("parameter `{name}` {problem}; it is ignored"),
            );
            return None;
        }
        let (data, style, allow) = self.parameter_data(at, members, name, &place);
        let style = style.as_deref();
        Some(match place.as_str() {
            "path" => Parameter::Path {
                parameter_data: data,
                style: match style {
                    Some("matrix") => PathStyle::Matrix,
                    Some("label") => PathStyle::Label,
                    _ => PathStyle::Simple,
                },
            },
            "header" => Parameter::Header {
                parameter_data: data,
                style: HeaderStyle::Simple,
            },
            "cookie" => Parameter::Cookie {
                parameter_data: data,
                style: CookieStyle::Form,
            },
            _ => Parameter::Query {
                parameter_data: data,
                style: query_style(style),
                allow_reserved: allow.reserved,
                allow_empty_value: allow.empty,
            },
        })
    }

    fn parameter_data(
        &mut self,
        at: &Cursor<'_, 'a>,
        members: &'a Members,
        name: String,
        place: &str,
    ) -> (ParameterData, Option<String>, Allowed) {
        let mut data = ParameterData {
            name,
            description: None,
            required: false,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(anything())),
            example: None,
            examples: indexmap::IndexMap::default(),
            explode: None,
            extensions: indexmap::IndexMap::default(),
        };
        let mut allow = Allowed::default();
        let mut style = None;
        for (key, value) in members {
            let at = &at.step(key);
            match key.as_str() {
                "name" | "in" | "schema" | "content" | "example" | "examples" => {}
                "collectionFormat" => {
                    super::references::stray_keyword(&mut self.issues, at, members, key)
                }
                "description" => data.description = values::text(&mut self.issues, at, value),
                "required" => data.required = values::flag(&mut self.issues, at, value),
                "deprecated" => data.deprecated = Some(values::flag(&mut self.issues, at, value)),
                "allowEmptyValue" => allow.empty = Some(values::flag(&mut self.issues, at, value)),
                "allowReserved" => {
                    allow.reserved = values::flag(&mut self.issues, at, value);
                    if allow.reserved && place != "query" {
                        self.issues.warn(
                            at,
                            Code::Ignored,
                            "`allowReserved` has no effect outside of a query; it is ignored",
                        );
                    }
                }
                "explode" => data.explode = Some(values::flag(&mut self.issues, at, value)),
                "style" => style = known_style(&mut self.issues, at, value, place),
                _ if key.starts_with("x-") => {
                    data.extensions.insert(key.clone(), value.clone());
                }
                // Keywords of the schema that stands among the others in Swagger 2.0.
                _ if keywords::SCHEMA.contains(&key.as_str()) => {
                    super::references::stray_keyword(&mut self.issues, at, members, key)
                }
                _ => self.issues.unknown_key(at, key, keywords::PARAMETER),
            }
        }
        if place == "path" && !data.required {
            self.issues.warn(
                at,
                Code::MissingPart,
                format!(
                    "path parameter `{}` lacks `required: true`; it is read as required",
                    data.name
                ),
            );
            data.required = true;
        }
        data.format = self.schema_or_content(at, members, &data.name);
        if let Some(list) = self.list_style(at, members, place) {
            data.explode = Some(list.explode);
            style = list.style.map(str::to_owned);
        }
        (data, style, allow)
    }
}

fn known_style<'a>(
    issues: &mut Issues<'_>,
    at: &Cursor<'_, 'a>,
    value: &'a Value,
    place: &str,
) -> Option<String> {
    let style = values::text(issues, at, value)?;
    let known: &[&str] = match place {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        _ => &["form", "cookie"],
    };
    if known.contains(&style.as_str()) {
        return Some(style);
    }
    issues.warn(
        at,
        Code::ValueMisfit,
        format!(
            "`{style}` is not a style of {place} parameters; it is read as `{}`",
            known.first().copied().unwrap_or_default()
        ),
    );
    None
}

#[derive(Default)]
struct Allowed {
    reserved: bool,
    empty: Option<bool>,
}

impl<'a> Parameters<'a> {
    fn add_body(&mut self, body: BodyParameter<'a>) {
        if is_body(body.members) {
            self.bodies.push(body);
        } else {
            self.fields.push(body);
        }
    }
}

/// The style of a query parameter or a part of a form, by its name.
pub(super) fn query_style(name: Option<&str>) -> QueryStyle {
    match name {
        Some("spaceDelimited") => QueryStyle::SpaceDelimited,
        Some("pipeDelimited") => QueryStyle::PipeDelimited,
        Some("deepObject") => QueryStyle::DeepObject,
        _ => QueryStyle::Form,
    }
}

fn data_of(parameter: &mut Parameter) -> &mut ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// Whether it is the body of Swagger 2.0.
pub(super) fn is_body(members: &Members) -> bool {
    members.get("in").is_some_and(|place| place == "body")
}

/// Whether it is a field of a form of Swagger 2.0.
pub(super) fn is_field(members: &Members) -> bool {
    members
        .get("in")
        .and_then(Value::as_str)
        .is_some_and(|place| place.eq_ignore_ascii_case("formData") || place == "form")
}

/// Whether it has the `name` and `in` of a parameter.
fn is_parameter(members: &Members) -> bool {
    members.get("name").is_some_and(Value::is_string)
        && members
            .get("in")
            .and_then(Value::as_str)
            .is_some_and(|place| {
                matches!(
                    place.to_ascii_lowercase().as_str(),
                    "path" | "query" | "header" | "cookie"
                )
            })
}
