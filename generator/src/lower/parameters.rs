//! Parameters of operations.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{
    api::Lower,
    fields::default_of,
    media::Media,
    schema::{DeclarationContext, Schemas},
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
                    let message = format!(
                        "the {place} parameter `{}` is declared twice; the second is ignored",
                        parameter.name
                    );
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

    /// Makes the path parameters and the path template agree.
    fn fit_template(&mut self, parameters: &mut Vec<Parameter>, template: &Template, at: &Pointer) {
        move_to_query(parameters, template, at);
        self.add_undeclared(parameters, template, at);
        apply_marks(parameters, template);
        self.remove_unused(parameters, template);
        parameters.sort_by_key(|parameter| match parameter.place {
            ParameterPlace::Path => {
                let mut names = template.names.iter();
                let index = names.position(|name| *name == parameter.name);
                index.unwrap_or_default()
            }
            _ => usize::MAX,
        });
    }

    /// Adds a string parameter for each name of the template that no parameter declares.
    fn add_undeclared(
        &mut self,
        parameters: &mut Vec<Parameter>,
        template: &Template,
        at: &Pointer,
    ) {
        for name in &template.names {
            if position(parameters, ParameterPlace::Path, name).is_some() {
                continue;
            }
            let message = format!(
                "`{}` has `{{{name}}}` but no such parameter; it is taken as a string",
                template.path
            );
            let diagnostic = Diagnostic::new(Code::PathParameters, message)
                .help(format!("declare a parameter `{name}` with `in: path`"));
            self.schemas.sink.at(at, diagnostic);
            parameters.push(text_parameter(name, ParameterPlace::Path, at));
        }
    }

    /// Removes path parameters that the template does not name.
    fn remove_unused(&mut self, parameters: &mut Vec<Parameter>, template: &Template) {
        let sink = &mut *self.schemas.sink;
        parameters.retain(|parameter| {
            let is_used =
                parameter.place != ParameterPlace::Path || template.names.contains(&parameter.name);
            if !is_used {
                let name = &parameter.name;
                let message = format!(
                    "the path `{}` does not contain `{{{name}}}`; the parameter is ignored",
                    template.path
                );
                let diagnostic = Diagnostic::new(Code::PathParameters, message)
                    .help(format!("add `{{{name}}}` to the path"));
                sink.at(&parameter.pointer, diagnostic);
            }
            is_used
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
            let what = format!(
                "the header parameter `{}`, which OpenAPI reserves,",
                used.name
            );
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
                    let message = format!("the value is sent as JSON instead of `{name}`");
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
        // Each operation has its own type for an inline parameter of the path, and is rendered with it.
        let is_of_path = at.tokens().len() == 4 && !shared;
        let at = match is_of_path {
            true => &operation_at.join_all(["parameters", used.name.as_str()]),
            false => at,
        };
        let context = DeclarationContext {
            at: at.join_all(step),
            words,
            owner,
        };
        let known = self.schemas.types.len();
        let ty = self.schemas.lower_whole(schema, &context);
        if shared {
            // The component names one value, not the list of them.
            for definition in self.schemas.types.values_mut().skip(known) {
                definition.words.retain(|word| word != ITEM);
            }
        }
        let default = self.schemas.spec.inline(schema).and_then(default_of);
        (self.schemas.unaliased(&ty), default, is_json)
    }
}

impl Schemas<'_> {
    /// The type behind aliases and `Nullable`: a missing parameter replaces null.
    pub(super) fn unaliased(&self, ty: &Type) -> Type {
        plain(&self.types, ty).clone()
    }
}

/// The preferred media type of a parameter among those with a schema, and its schema. The order of
/// the map has no effect.
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

fn position(parameters: &[Parameter], place: ParameterPlace, name: &str) -> Option<usize> {
    let mut all = parameters.iter();
    all.position(|parameter| parameter.place == place && parameter.name == name)
}

/// Moves parameters to the query where the template has them after a `?`.
fn move_to_query(parameters: &mut Vec<Parameter>, template: &Template, at: &Pointer) {
    for (name, key) in &template.in_query {
        let in_path = position(parameters, ParameterPlace::Path, name);
        match (in_path, position(parameters, ParameterPlace::Query, key)) {
            (Some(in_path), None) => {
                let parameter = &mut parameters[in_path];
                parameter.place = ParameterPlace::Query;
                parameter.style = ParameterStyle::Form;
                parameter.name.clone_from(key);
            }
            (None, None) => parameters.push(text_parameter(key, ParameterPlace::Query, at)),
            // It is declared as a query parameter too; the path parameter is removed later.
            (_, Some(_)) => {}
        }
    }
}

/// Applies what the template's own syntax, such as `{+path}`, says of the styles of parameters.
fn apply_marks(parameters: &mut [Parameter], template: &Template) {
    for parameter in parameters {
        if parameter.place == ParameterPlace::Path {
            match template.marks.get(&parameter.name) {
                Some(Mark::Reserved) => parameter.allow_reserved = true,
                Some(Mark::Matrix) => parameter.style = ParameterStyle::Matrix,
                Some(Mark::Label) => parameter.style = ParameterStyle::Label,
                None => {}
            }
        }
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
