//! Parameters of every place, those of Swagger 2.0 with their formats of lists.

use std::collections::HashSet;

use openapiv3::{
    CookieStyle, HeaderStyle, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle,
    QueryStyle, ReferenceOr, Schema,
};
use serde_json::Value;

use super::{
    links::Kind,
    place::Spot,
    reader::{Members, Reader},
    schema::{Holder, anything},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    openapi::keywords,
};

/// The parameters of a path or an operation.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    /// Those that are parameters in OpenAPI 3.
    pub(super) listed: Vec<ReferenceOr<Parameter>>,
    /// What each of these is told from others by.
    pub(super) keys: Vec<ParameterKey>,
    /// The bodies of Swagger 2.0 among them.
    pub(super) bodies: Vec<Held<'a>>,
    /// The fields of a form of Swagger 2.0.
    pub(super) fields: Vec<Held<'a>>,
}

/// Place and name of a parameter.
pub(super) type ParameterKey = (String, String);

/// A parameter that is a body or a part of one.
#[derive(Clone)]
pub(super) struct Held<'a> {
    pub(super) spot: Spot<'a>,
    pub(super) members: &'a Members,
    /// The name of the component it is, if it is one.
    pub(super) component: Option<&'a str>,
}

/// How the values of a list stand in one text.
pub(super) struct ListStyle {
    pub(super) style: Option<&'static str>,
    pub(super) explode: bool,
}

impl<'a> Reader<'a, '_> {
    /// Reads a list of parameters, which come to stand after those above and do not replace them.
    pub(super) fn parameters(
        &mut self,
        value: &'a Value,
        above: &[ParameterKey],
    ) -> Parameters<'a> {
        let mut parameters = Parameters::default();
        let known: HashSet<&ParameterKey> = above.iter().collect();
        let list = self.target_pointer();
        self.each(value, |reader, item| {
            if !known.is_empty() && reader.key_of(item).is_some_and(|key| known.contains(&key)) {
                return;
            }
            // What is left out of the list, or is a body, changes the places of what follows.
            let before = parameters.listed.len();
            let position = above.len() + before;
            let is_in_place = reader.last_index().is_none_or(|index| index == position);
            if above.is_empty() && is_in_place {
                reader.listed_parameter(&mut parameters, item);
            } else {
                reader.standing_at(list.join(position.to_string()), |reader| {
                    reader.listed_parameter(&mut parameters, item);
                });
            }
            if parameters.listed.len() > before {
                // One that tells neither name nor place is like no other.
                let key = reader.key_of(item).unwrap_or_default();
                parameters.keys.push(key);
            }
        });
        parameters
    }

    /// What an item of a list of parameters is told from others by.
    fn key_of(&mut self, item: &'a Value) -> Option<ParameterKey> {
        let mut members = item.as_object()?;
        if let Some(Value::String(reference)) = members.get("$ref") {
            members = self.end_of(reference)?.1.as_object()?;
        }
        let place = members.get("in")?.as_str()?.trim().to_ascii_lowercase();
        let name = members.get("name")?.as_str()?;
        Some(match place.as_str() {
            "header" => (place, name.to_ascii_lowercase()),
            _ => (place, name.to_owned()),
        })
    }

    fn listed_parameter(&mut self, parameters: &mut Parameters<'a>, item: &'a Value) {
        let Some(members) = self.members(item) else {
            return;
        };
        if let Some(reference) = members.get("$ref") {
            let Value::String(reference) = reference else {
                self.say_of(
                    "$ref",
                    Code::WrongShape,
                    "a `$ref` is a text, and is left out",
                );
                return;
            };
            match self.end_of(reference) {
                Some((spot, Value::Object(found))) if is_body(found) || is_field(found) => {
                    let component = self.links.component(&spot);
                    let held = Held {
                        spot: spot.as_ref().clone(),
                        members: found,
                        component: component
                            .filter(|(kind, _)| *kind == Kind::Parameter)
                            .map(|(_, name)| name),
                    };
                    parameters.hold(held);
                }
                Some((_, found)) if found.get("in").or(found.get("$ref")).is_none() => {
                    let message = format!("`{reference}` leads to what is no parameter");
                    let diagnostic = Diagnostic::new(Code::ForeignRef, message)
                        .help("a parameter has a `name` and a place (`in`)");
                    self.report_of("$ref", diagnostic);
                }
                found => {
                    let description = self.beside(members);
                    if let (Some(description), Some((spot, Value::Object(found)))) =
                        (description, found)
                        && !found.contains_key("$ref")
                    {
                        let out = self.target_pointer();
                        let spot = spot.as_ref().clone();
                        let read = self.elsewhere(spot, out, |reader| reader.parameter(found));
                        parameters.listed.extend(read.map(|mut parameter| {
                            data_of(&mut parameter).description = Some(description);
                            ReferenceOr::Item(parameter)
                        }));
                        return;
                    }
                    match self.link(reference, Kind::Parameter) {
                        Ok(reference) => {
                            parameters.listed.push(ReferenceOr::Reference { reference });
                        }
                        Err(miss) => self.report_of("$ref", miss),
                    }
                }
            }
            return;
        }
        if is_body(members) || is_field(members) {
            if self.dialect() != super::Dialect::Swagger2 {
                self.say_of(
                    "in",
                    Code::Misplaced,
                    "a parameter that is a body is how Swagger 2.0 has it: it is read as the request body",
                );
            }
            parameters.hold(Held {
                spot: self.here(),
                members,
                component: None,
            });
            return;
        }
        let moved = match is_parameter(members) {
            true => self.moved_if_referenced(item, Kind::Parameter),
            false => None,
        };
        parameters
            .listed
            .extend(moved.or_else(|| self.parameter(members).map(ReferenceOr::Item)));
    }

    /// Reads a parameter; `None`, which is reported, if it tells no name or place.
    pub(super) fn parameter(&mut self, members: &'a Members) -> Option<Parameter> {
        let place = members
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = members
            .get("name")
            .filter(|name| !name.is_object() && !name.is_null());
        let Some(name) = name.and_then(|name| self.within("name", |reader| reader.text(name)))
        else {
            self.say(Code::LeftOut, "a parameter without a name is left out");
            return None;
        };
        let place = place.trim().to_ascii_lowercase();
        if !matches!(place.as_str(), "path" | "query" | "header" | "cookie") {
            let shown = members
                .get("in")
                .map_or("none".to_owned(), Value::to_string);
            self.say(
                Code::LeftOut,
                format!("the parameter `{name}` is left out: its place (`in`) is {shown}, and not path, query, header or cookie"),
            );
            return None;
        }
        let (data, style, allow) = self.parameter_data(members, name, &place);
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
            self.enter(key);
            match key.as_str() {
                "name" | "in" | "schema" | "content" | "example" | "examples" => {}
                "collectionFormat" => self.stray_keyword(members, key),
                "description" => data.description = self.text(value),
                "required" => data.required = self.flag(value),
                "deprecated" => data.deprecated = Some(self.flag(value)),
                "allowEmptyValue" => allow.empty = Some(self.flag(value)),
                "allowReserved" => {
                    allow.reserved = self.flag(value);
                    if allow.reserved && place != "query" {
                        self.say(
                            Code::Ignored,
                            "`allowReserved` outside of a query is ignored",
                        );
                    }
                }
                "explode" => data.explode = Some(self.flag(value)),
                "style" => style = self.style(value, place),
                _ if key.starts_with("x-") => {
                    data.extensions.insert(key.clone(), value.clone());
                }
                // Keywords of the schema that stands among the others in Swagger 2.0.
                _ if keywords::SCHEMA.contains(&key.as_str()) => self.stray_keyword(members, key),
                _ => self.unknown(key, keywords::PARAMETER),
            }
            self.leave();
        }
        if place == "path" && !data.required {
            self.say(
                Code::MissingPart,
                format!(
                    "the path parameter `{}` is required, whatever is said of it",
                    data.name
                ),
            );
            data.required = true;
        }
        data.format = self.schema_or_content(members, &data.name);
        if let Some(list) = self.list_style(members, place) {
            data.explode = Some(list.explode);
            style = list.style.map(str::to_owned);
        }
        (data, style, allow)
    }

    fn style(&mut self, value: &'a Value, place: &str) -> Option<String> {
        let style = self.text(value)?;
        let known: &[&str] = match place {
            "path" => &["simple", "label", "matrix"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "header" => &["simple"],
            _ => &["form", "cookie"],
        };
        if known.contains(&style.as_str()) {
            return Some(style);
        }
        self.say(
            Code::ValueMisfit,
            format!(
                "`{style}` is no style of a {place} parameter and is read as `{}`",
                known.first().copied().unwrap_or_default()
            ),
        );
        None
    }

    /// How the parts of a list are told apart, where Swagger 2.0 says so or leaves it to its default.
    pub(super) fn list_style(&mut self, members: &'a Members, place: &str) -> Option<ListStyle> {
        let format = members.get("collectionFormat");
        let is_old = self.dialect() == super::Dialect::Swagger2;
        let is_list = members.get("type").is_some_and(|typ| typ == "array");
        if !is_list || !(is_old || format.is_some()) {
            return None;
        }
        let has_form = !matches!(place, "path" | "header");
        let format = format.and_then(Value::as_str).unwrap_or("csv");
        let (style, explode) = match format {
            "csv" => (None, false),
            "multi" if has_form => (Some("form"), true),
            "ssv" if has_form => (Some("spaceDelimited"), false),
            "tsv" if has_form => {
                self.say_of(
                    "collectionFormat",
                    Code::Lossy,
                    "values separated by tabs are sent separated by spaces",
                );
                (Some("spaceDelimited"), false)
            }
            "pipes" if has_form => (Some("pipeDelimited"), false),
            _ => {
                let message = format!("the format `{format}` of a list is read as `csv`");
                self.say_of("collectionFormat", Code::ValueMisfit, message);
                (None, false)
            }
        };
        let style = style.or(has_form.then_some("form"));
        Some(ListStyle { style, explode })
    }

    /// The values of a parameter or header: by a schema, by a media type, or by keywords of its own.
    pub(super) fn schema_or_content(
        &mut self,
        members: &'a Members,
        name: &str,
    ) -> ParameterSchemaOrContent {
        if let Some(schema) = members.get("schema").filter(|schema| !schema.is_null()) {
            let schema = self.within("schema", |reader| reader.schema(schema));
            return ParameterSchemaOrContent::Schema(schema);
        }
        if let Some(content @ Value::Object(media)) = members.get("content")
            && !media.is_empty()
        {
            let content = self.within("content", |reader| reader.content(content));
            return ParameterSchemaOrContent::Content(content);
        }
        ParameterSchemaOrContent::Schema(self.inline_schema(members, name))
    }

    /// The schema that the keywords of a parameter or header make.
    pub(super) fn inline_schema(
        &mut self,
        members: &'a Members,
        name: &str,
    ) -> ReferenceOr<Schema> {
        let told = [
            "type",
            "enum",
            "format",
            "items",
            "oneOf",
            "anyOf",
            "allOf",
            "properties",
        ];
        let is_told = told.iter().any(|key| members.contains_key(*key));
        if !is_told {
            self.say(
                Code::MissingPart,
                format!("`{name}` has no schema, and is read as a text"),
            );
            let mut schema = anything();
            if let openapiv3::SchemaKind::Any(any) = &mut schema.schema_kind {
                any.typ = Some("string".to_owned());
            }
            return ReferenceOr::Item(schema);
        }
        if self.dialect() != super::Dialect::Swagger2 {
            self.say(
                Code::Misplaced,
                format!("the keywords of `{name}` are read as those of its schema"),
            );
        }
        self.at_further(&["schema"], |reader| {
            reader.schema_of(members, Holder::Parameter)
        })
    }
}

#[derive(Default)]
struct Allowed {
    reserved: bool,
    empty: Option<bool>,
}

impl<'a> Parameters<'a> {
    fn hold(&mut self, held: Held<'a>) {
        if is_body(held.members) {
            self.bodies.push(held);
        } else {
            self.fields.push(held);
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

/// Whether it says what makes it a parameter.
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
