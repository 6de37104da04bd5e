//! Builds the resolved description from the typed document.

mod operations;
mod schemas;
mod security;

use std::{collections::HashMap, sync::Arc};

use openapiv3::OpenAPI;

use super::{
    Body, Header, Parameter, Response, SchemaId, Server, ServerVariable, Spec, Tag, schema::Origin,
};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::Pointer,
};

/// Resolves every reference of a document. Reports references without a target of their kind and
/// ignores them; in place of a schema they permit any value.
pub(crate) fn build(document: OpenAPI, sink: &mut Sink) -> Spec {
    let mut spec = Spec {
        title: document.info.title,
        version: document.info.version,
        description: document.info.description,
        documentation: document.external_docs.map(|docs| docs.url),
        tags: document
            .tags
            .into_iter()
            .map(|tag| Tag {
                name: tag.name,
                description: tag.description,
            })
            .collect(),
        servers: document.servers.into_iter().map(server).collect(),
        security: document.security,
        ..Spec::default()
    };
    let components = document.components.unwrap_or_default();
    spec.security_schemes = security::schemes(components.security_schemes);
    let mut builder = Builder {
        spec,
        sink,
        parameters: Shared::default(),
        bodies: Shared::default(),
        responses: Shared::default(),
        headers: Shared::default(),
    };
    builder.spec.anything = builder.spec.add(Origin::Unknown);
    builder.schemas(components.schemas);
    builder.headers(components.headers);
    builder.shared_parameters(components.parameters);
    builder.shared_bodies(components.request_bodies);
    builder.shared_responses(components.responses);
    builder.paths(document.paths);
    builder.spec.find_derived(builder.sink);
    builder.spec
}

struct Builder<'s> {
    spec: Spec,
    sink: &'s mut Sink,
    parameters: Shared<Parameter>,
    bodies: Shared<Body>,
    responses: Shared<Response>,
    headers: Shared<Header>,
}

/// Components of one kind by name, each an item or an alias.
struct Shared<T>(HashMap<String, Entry<T>>);

enum Entry<T> {
    Item(Arc<T>),
    Alias(String),
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Shared<T> {
    /// Follows aliases from a name to an item.
    fn get(&self, name: &str) -> Option<(&str, &Arc<T>)> {
        let mut name = name;
        // A chain longer than the number of components is a cycle.
        for _ in 0..=self.0.len() {
            let (known, entry) = self.0.get_key_value(name)?;
            match entry {
                Entry::Item(item) => return Some((known, item)),
                Entry::Alias(next) => name = next,
            }
        }
        None
    }
}

impl Builder<'_> {
    fn report_wrong_section(&mut self, at: &Pointer, section: &str) {
        let message = format!("the reference does not point into `#/components/{section}`");
        let diagnostic = Diagnostic::new(Code::ForeignRef, message).help(format!(
            "declare it in `#/components/{section}` and refer to it there"
        ));
        self.sink.at(&at.join("$ref"), diagnostic);
    }

    fn missing_schema(&mut self, reference: &str, at: &Pointer) {
        let message = format!("`{reference}` is not a schema component");
        let diagnostic = Diagnostic::new(Code::ForeignRef, message)
            .help("move the schema to `#/components/schemas`");
        self.sink.at(&at.join("$ref"), diagnostic);
    }

    fn component(&self, name: &str) -> Option<SchemaId> {
        self.spec.components.get(name).copied()
    }
}

fn server(declared: openapiv3::Server) -> Server {
    let variables = declared.variables.into_iter().flatten();
    Server {
        url: declared.url,
        description: declared.description,
        variables: variables
            .map(|(name, variable)| ServerVariable {
                name,
                default: variable.default,
                values: variable.enumeration,
                description: variable.description,
            })
            .collect(),
    }
}
