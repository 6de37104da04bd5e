//! Builds operations and the components that they share.

use std::sync::Arc;

use indexmap::IndexMap;
use openapiv3::{
    Content, ParameterSchemaOrContent, PathItem, PathStyle, Paths, QueryStyle, ReferenceOr,
    StatusCode,
};

use super::{
    super::{Body, Encoding, Header, MediaType, Operation, Parameter, Response, Use, Value},
    Builder, Entry, Shared, server,
};
use crate::openapi::{
    ComponentKind, Method, ParameterIn, Pointer, Status, Style, reference::component_name,
};

impl Builder<'_> {
    pub(super) fn headers(&mut self, declared: IndexMap<String, ReferenceOr<openapiv3::Header>>) {
        for (name, header) in declared {
            let entry = self.entry(header, ComponentKind::Header, &name, Self::header);
            self.headers.0.insert(name, entry);
        }
    }

    pub(super) fn shared_parameters(
        &mut self,
        declared: IndexMap<String, ReferenceOr<openapiv3::Parameter>>,
    ) {
        for (name, parameter) in declared {
            let entry = self.entry(parameter, ComponentKind::Parameter, &name, Self::parameter);
            self.parameters.0.insert(name, entry);
        }
    }

    pub(super) fn shared_bodies(
        &mut self,
        declared: IndexMap<String, ReferenceOr<openapiv3::RequestBody>>,
    ) {
        for (name, body) in declared {
            let entry = self.entry(body, ComponentKind::RequestBody, &name, Self::body);
            self.bodies.0.insert(name, entry);
        }
    }

    pub(super) fn shared_responses(
        &mut self,
        declared: IndexMap<String, ReferenceOr<openapiv3::Response>>,
    ) {
        for (name, response) in declared {
            let entry = self.entry(response, ComponentKind::Response, &name, Self::response);
            self.responses.0.insert(name, entry);
        }
    }

    fn entry<D, T>(
        &mut self,
        declared: ReferenceOr<D>,
        kind: ComponentKind,
        name: &str,
        resolve: fn(&mut Self, D, &Pointer) -> T,
    ) -> Entry<T> {
        match declared {
            ReferenceOr::Item(item) => {
                let at = Pointer::root().join_all(["components", kind.section(), name]);
                Entry::Item(Arc::new(resolve(self, item, &at)))
            }
            ReferenceOr::Reference { reference } => {
                Entry::Alias(component_name(&reference, kind).unwrap_or_default())
            }
        }
    }

    /// A use of an item; `None`, which is reported, if a reference has no target of its kind.
    fn used<D, T>(
        &mut self,
        declared: ReferenceOr<D>,
        kind: ComponentKind,
        listed: Pointer,
        shared: fn(&Self) -> &Shared<T>,
        resolve: fn(&mut Self, D, &Pointer) -> T,
    ) -> Option<Use<T>> {
        let reference = match declared {
            ReferenceOr::Item(item) => {
                return Some(Use {
                    item: Arc::new(resolve(self, item, &listed)),
                    declared: listed.clone(),
                    component: None,
                    listed,
                });
            }
            ReferenceOr::Reference { reference } => reference,
        };
        let name = component_name(&reference, kind);
        let found = name.and_then(|name| {
            let (name, item) = shared(self).get(&name)?;
            Some((name.to_owned(), Arc::clone(item)))
        });
        match found {
            Some((name, item)) => Some(Use {
                declared: Pointer::root().join_all(["components", kind.section(), name.as_str()]),
                component: Some(name),
                item,
                listed,
            }),
            None => {
                self.report_wrong_section(&listed, kind.section());
                None
            }
        }
    }

    pub(super) fn paths(&mut self, declared: Paths) {
        for (path, item) in declared.paths {
            self.spec.paths.push(path.clone());
            if let ReferenceOr::Item(item) = item {
                self.path_item(&path, item);
            }
        }
    }

    fn path_item(&mut self, path: &str, mut item: PathItem) {
        let at = Pointer::root().join_all(["paths", path]);
        let servers: Vec<_> = item.servers.drain(..).map(server).collect();
        let parameters = std::mem::take(&mut item.parameters);
        let parameters = self.listed_parameters(parameters, &at);
        for (key, declared) in item {
            let Some(method) = Method::of_key(key) else {
                continue;
            };
            let at = at.join(key);
            let operation = Operation {
                method,
                path: path.to_owned(),
                operation_id: declared.operation_id,
                tags: declared.tags,
                summary: declared.summary,
                description: declared.description,
                deprecated: declared.deprecated,
                path_parameters: parameters.clone(),
                parameters: self.listed_parameters(declared.parameters, &at),
                body: declared.request_body.and_then(|body| {
                    let listed = at.join("requestBody");
                    self.used(
                        body,
                        ComponentKind::RequestBody,
                        listed,
                        |it| &it.bodies,
                        Self::body,
                    )
                }),
                responses: self.responses(declared.responses, &at.join("responses")),
                security: declared.security,
                path_servers: servers.clone(),
                servers: declared.servers.into_iter().map(server).collect(),
                extensions: declared.extensions,
                at,
            };
            self.spec.operations.push(operation);
        }
    }

    fn listed_parameters(
        &mut self,
        declared: Vec<ReferenceOr<openapiv3::Parameter>>,
        holder: &Pointer,
    ) -> Vec<Use<Parameter>> {
        let declared = declared.into_iter().enumerate();
        declared
            .filter_map(|(index, parameter)| {
                let listed = holder.join_all(["parameters", index.to_string().as_str()]);
                self.used(
                    parameter,
                    ComponentKind::Parameter,
                    listed,
                    |it| &it.parameters,
                    Self::parameter,
                )
            })
            .collect()
    }

    fn parameter(&mut self, declared: openapiv3::Parameter, at: &Pointer) -> Parameter {
        use openapiv3::Parameter as Declared;
        let (place, style, allow_reserved, data) = match declared {
            Declared::Path {
                parameter_data,
                style,
            } => {
                let style = match style {
                    PathStyle::Simple => Style::Simple,
                    PathStyle::Label => Style::Label,
                    PathStyle::Matrix => Style::Matrix,
                };
                (ParameterIn::Path, style, false, parameter_data)
            }
            Declared::Query {
                parameter_data,
                style,
                allow_reserved,
                ..
            } => {
                let style = query_style(&style);
                (ParameterIn::Query, style, allow_reserved, parameter_data)
            }
            Declared::Header { parameter_data, .. } => {
                (ParameterIn::Header, Style::Simple, false, parameter_data)
            }
            Declared::Cookie { parameter_data, .. } => {
                (ParameterIn::Cookie, Style::Form, false, parameter_data)
            }
        };
        Parameter {
            name: data.name,
            place,
            style,
            explode: data.explode,
            allow_reserved,
            required: data.required,
            description: data.description,
            deprecated: data.deprecated.unwrap_or(false),
            value: self.value(data.format, at),
        }
    }

    fn value(&mut self, declared: ParameterSchemaOrContent, at: &Pointer) -> Value {
        match declared {
            ParameterSchemaOrContent::Schema(schema) => {
                Value::Schema(self.root_schema(schema, at.join("schema")))
            }
            ParameterSchemaOrContent::Content(content) => Value::Content(self.content(content, at)),
        }
    }

    fn content(&mut self, declared: Content, at: &Pointer) -> IndexMap<String, MediaType> {
        /// Marks a media type that carries a sequence of values.
        const SEQUENCE: &str = "x-sdkgen-items";
        let content = declared.into_iter().map(|(name, media)| {
            let schema_at = at.join_all(["content", name.as_str(), "schema"]);
            let resolved = MediaType {
                schema: media
                    .schema
                    .map(|schema| self.root_schema(schema, schema_at)),
                is_sequence: media.extensions.contains_key(SEQUENCE),
                encoding: media
                    .encoding
                    .into_iter()
                    .map(|(name, encoding)| (name, resolved_encoding(encoding)))
                    .collect(),
            };
            (name, resolved)
        });
        content.collect()
    }

    fn body(&mut self, declared: openapiv3::RequestBody, at: &Pointer) -> Body {
        Body {
            description: declared.description,
            required: declared.required,
            content: self.content(declared.content, at),
        }
    }

    fn responses(
        &mut self,
        declared: openapiv3::Responses,
        at: &Pointer,
    ) -> Vec<(Status, Use<Response>)> {
        let of_status = declared.responses.into_iter().map(|(status, response)| {
            let status = match status {
                StatusCode::Code(code) => Status::Code(code),
                StatusCode::Range(digit) => Status::Range(digit),
            };
            (status, response)
        });
        let default = declared.default.into_iter();
        let all = of_status.chain(default.map(|response| (Status::Default, response)));
        let all: Vec<_> = all.collect();
        all.into_iter()
            .filter_map(|(status, response)| {
                let listed = at.join(status.to_string());
                let used = self.used(
                    response,
                    ComponentKind::Response,
                    listed,
                    |it| &it.responses,
                    Self::response,
                )?;
                Some((status, used))
            })
            .collect()
    }

    fn response(&mut self, declared: openapiv3::Response, at: &Pointer) -> Response {
        let headers = declared.headers.into_iter().filter_map(|(name, header)| {
            let listed = at.join_all(["headers", name.as_str()]);
            let used = self.used(
                header,
                ComponentKind::Header,
                listed,
                |it| &it.headers,
                Self::header,
            )?;
            Some((name, used))
        });
        let headers = headers.collect();
        Response {
            description: declared.description,
            headers,
            content: self.content(declared.content, at),
            extensions: declared.extensions,
        }
    }

    fn header(&mut self, declared: openapiv3::Header, at: &Pointer) -> Header {
        Header {
            description: declared.description,
            required: declared.required,
            deprecated: declared.deprecated.unwrap_or(false),
            value: self.value(declared.format, at),
        }
    }
}

fn resolved_encoding(declared: openapiv3::Encoding) -> Encoding {
    Encoding {
        content_type: declared.content_type,
        style: declared.style.as_ref().map(query_style),
        explode: declared.explode,
        allow_reserved: declared.allow_reserved,
    }
}

fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}
