//! Parameters of operations.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{
    fields::default_of,
    lower::Lower,
    media::Media,
    schema::{Schemas, Site},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    model::{ITEM, Owner, Parameter, ParameterPlace, ParameterStyle, Type, plain},
    openapi::{
        ParameterIn, Pointer, Style, is_reserved_header,
        path_template::{Mark, Template},
    },
    spec::{self, MediaType, SchemaId, Use, Value},
};

impl<'a> Lower<'a> {
    /// The parameters of an operation: its own, and those of its path that it does not replace.
    pub(super) fn parameters(
        &mut self,
        id: &str,
        template: &Template,
        declared: &'a spec::Operation,
    ) -> Vec<Parameter> {
        let at = &declared.at;
        let mut lowered = |listed: &'a [Use<spec::Parameter>]| {
            let mut parameters: Vec<Parameter> = Vec::new();
            let mut known = BTreeSet::new();
            for used in listed {
                let Some(parameter) = self.parameter(id, at, used) else {
                    continue;
                };
                let (place, name) = parameter.key();
                if !known.insert((place, name.into_owned())) {
                    let place = parameter.place.as_str();
                    let message =
                        format!("the {place} parameter `{}` stands twice", parameter.name);
                    let sink = &mut *self.schemas.sink;
                    sink.at(
                        &used.listed,
                        Diagnostic::new(Code::DuplicateParameter, message),
                    );
                    continue;
                }
                parameters.push(parameter);
            }
            parameters
        };
        let mut parameters = lowered(&declared.path_parameters);
        let own = lowered(&declared.parameters);
        let replaced: BTreeSet<_> = own.iter().map(Parameter::key).collect();
        parameters.retain(|shared| !replaced.contains(&shared.key()));
        parameters.extend(own);
        self.fit_template(&mut parameters, template, at);
        parameters
    }

    /// Brings the parameters of the path and its template together.
    fn fit_template(&mut self, parameters: &mut Vec<Parameter>, template: &Template, at: &Pointer) {
        for (name, key) in &template.in_query {
            let place = |place, name: &String| {
                let mut all = parameters.iter();
                all.position(|parameter| parameter.place == place && parameter.name == *name)
            };
            let of_path = place(ParameterPlace::Path, name);
            match (of_path, place(ParameterPlace::Query, key)) {
                (Some(of_path), None) => {
                    let parameter = &mut parameters[of_path];
                    parameter.place = ParameterPlace::Query;
                    parameter.style = ParameterStyle::Form;
                    parameter.name.clone_from(key);
                }
                (None, None) => parameters.push(text_parameter(key, ParameterPlace::Query, at)),
                // Declared where it belongs as well; what is left has no place in the path.
                (_, Some(_)) => {}
            }
        }
        for name in &template.names {
            let is_declared = parameters.iter().any(|parameter| {
                parameter.place == ParameterPlace::Path && parameter.name == *name
            });
            if is_declared {
                continue;
            }
            let message = format!(
                "`{}` has `{{{name}}}` but no such parameter: it is taken for a text",
                template.path
            );
            let diagnostic = Diagnostic::new(Code::PathParameters, message)
                .help(format!("declare a parameter `{name}` with `in: path`"));
            self.schemas.sink.at(at, diagnostic);
            parameters.push(text_parameter(name, ParameterPlace::Path, at));
        }
        for parameter in parameters.iter_mut() {
            if parameter.place == ParameterPlace::Path {
                match template.marks.get(&parameter.name) {
                    Some(Mark::Reserved) => parameter.allow_reserved = true,
                    Some(Mark::Matrix) => parameter.style = ParameterStyle::Matrix,
                    Some(Mark::Label) => parameter.style = ParameterStyle::Label,
                    None => {}
                }
            }
        }
        let sink = &mut *self.schemas.sink;
        parameters.retain(|parameter| {
            let is_placed =
                parameter.place != ParameterPlace::Path || template.names.contains(&parameter.name);
            if !is_placed {
                let name = &parameter.name;
                let message = format!(
                    "`{name}` has no place in `{}`: it is left out",
                    template.path
                );
                let diagnostic = Diagnostic::new(Code::PathParameters, message)
                    .help(format!("put `{{{name}}}` into the path"));
                sink.at(&parameter.pointer, diagnostic);
            }
            is_placed
        });
        parameters.sort_by_key(|parameter| match parameter.place {
            ParameterPlace::Path => template
                .names
                .iter()
                .position(|name| *name == parameter.name)
                .unwrap_or_default(),
            _ => usize::MAX,
        });
    }

    fn parameter(
        &mut self,
        operation: &str,
        operation_at: &Pointer,
        used: &'a Use<spec::Parameter>,
    ) -> Option<Parameter> {
        let place = match used.place {
            ParameterIn::Path => ParameterPlace::Path,
            ParameterIn::Query => ParameterPlace::Query,
            ParameterIn::Header => ParameterPlace::Header,
            ParameterIn::Cookie => ParameterPlace::Cookie,
        };
        if place == ParameterPlace::Header && is_reserved_header(&used.name) {
            let what = format!("the header parameter `{}`, as OpenAPI says,", used.name);
            self.schemas.ignored(&what, &used.declared);
            return None;
        }
        let (ty, default, is_json) = self.parameter_type((operation, operation_at), used);
        Some(Parameter {
            name: used.name.clone(),
            place,
            style: match is_json {
                true => ParameterStyle::Json,
                false => parameter_style(used.style),
            },
            media_type: None,
            explode: used.explode.unwrap_or(used.style.explodes()),
            allow_reserved: used.allow_reserved,
            required: used.required || place == ParameterPlace::Path,
            ty,
            description: used.description.clone(),
            deprecated: used.deprecated,
            default,
            pointer: used.listed.clone(),
            declared: used.declared.clone(),
        })
    }

    /// The type of a parameter, its default, and whether it is written as JSON.
    fn parameter_type(
        &mut self,
        (operation, operation_at): (&str, &Pointer),
        used: &'a Use<spec::Parameter>,
    ) -> (Type, Option<String>, bool) {
        let at = &used.declared;
        let (schema, step, is_json) = match &used.value {
            Value::Schema(schema) => (*schema, vec!["schema"], false),
            Value::Content(content) => {
                let Some((name, schema)) = parameter_content(content) else {
                    return (Type::Any, None, true);
                };
                let media = Media::of(name);
                if !matches!(media, Media::Json | Media::Text | Media::Any) {
                    let message = format!("the value is written as JSON, and not as `{name}`");
                    self.schemas.simplified(message, &at.join("content"));
                }
                (
                    schema,
                    vec!["content", name, "schema"],
                    media != Media::Text,
                )
            }
        };
        let (owner, words) = match &used.component {
            Some(name) => (Owner::Component(name.clone()), vec![name.clone()]),
            None => (
                Owner::Operation(operation.to_owned()),
                vec![operation.to_owned(), used.name.clone()],
            ),
        };
        let shared = used.component.is_some();
        // A type declared by a parameter of the path is each operation's own: it is rendered with it.
        let is_of_path = at.tokens().len() == 4 && !shared;
        let at = match is_of_path {
            true => &operation_at.join_all(["parameters", used.name.as_str()]),
            false => at,
        };
        let site = Site {
            at: at.join_all(step),
            words,
            owner,
        };
        let known = self.schemas.types.len();
        let ty = self.schemas.lower_whole(schema, &site);
        if shared {
            // The component names one value, not the list of them.
            for definition in self.schemas.types.values_mut().skip(known) {
                definition.words.retain(|word| word != ITEM);
            }
        }
        let spec = self.schemas.spec;
        let default = match spec.is_component(schema) {
            true => None,
            false => default_of(spec.declared(schema)),
        };
        (self.schemas.unaliased(&ty), default, is_json)
    }
}

impl Schemas<'_> {
    /// The type behind aliases, and without null, which a parameter that is left out stands for.
    pub(super) fn unaliased(&self, ty: &Type) -> Type {
        plain(&self.types, ty).clone()
    }
}

/// The media type in which a parameter is written, and its schema: the best of those that have one.
/// The order of a map means nothing.
pub(crate) fn parameter_content(
    content: &IndexMap<String, MediaType>,
) -> Option<(&String, SchemaId)> {
    let content = content.iter();
    let with_schema = content.filter_map(|(name, media)| Some((name, media.schema?)));
    with_schema.min_by_key(|(name, _)| (Media::in_request(name), *name))
}

/// How a style is written.
pub(super) fn parameter_style(style: Style) -> ParameterStyle {
    match style {
        Style::Simple => ParameterStyle::Simple,
        Style::Label => ParameterStyle::Label,
        Style::Matrix => ParameterStyle::Matrix,
        Style::Form => ParameterStyle::Form,
        Style::SpaceDelimited => ParameterStyle::Space,
        Style::PipeDelimited => ParameterStyle::Pipe,
        Style::DeepObject => ParameterStyle::DeepObject,
    }
}

fn text_parameter(name: &str, place: ParameterPlace, at: &Pointer) -> Parameter {
    Parameter {
        name: name.to_owned(),
        place,
        style: match place {
            ParameterPlace::Path => ParameterStyle::Simple,
            _ => ParameterStyle::Form,
        },
        explode: false,
        allow_reserved: false,
        media_type: None,
        required: place == ParameterPlace::Path,
        ty: Type::String,
        description: None,
        deprecated: false,
        default: None,
        pointer: at.clone(),
        declared: at.clone(),
    }
}
