//! What comes of small descriptions.

use openapiv3::{ReferenceOr, Schema, SchemaKind};
use serde_json::{Value, json};

use super::*;
use crate::{
    diagnostics::{Code, Diagnostic, Severity},
    document,
};

mod documents;
mod references;
mod schemas;
mod swagger2;

/// What came of a description: as JSON, with all that was said.
struct Outcome {
    root: Value,
    said: Vec<Diagnostic>,
}

impl Outcome {
    fn at(&self, pointer: &str) -> Value {
        self.root
            .pointer(pointer)
            .cloned()
            .unwrap_or_else(|| panic!("there is no {pointer} in {:#}\n{:#?}", self.root, self.said))
    }

    fn schema(&self, name: &str) -> Value {
        self.at(&format!("/components/schemas/{name}"))
    }

    fn codes(&self) -> Vec<Code> {
        self.said.iter().map(|diagnostic| diagnostic.code).collect()
    }

    /// Code and pointer of all that was said.
    fn places(&self) -> Vec<(Code, &str)> {
        self.said
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place.as_ref();
                (
                    diagnostic.code,
                    place
                        .and_then(|place| place.pointer.as_deref())
                        .unwrap_or_default(),
                )
            })
            .collect()
    }
}

fn outcome(text: &str) -> Outcome {
    let mut sink = Sink::default();
    let document = document::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
    finished(read_all(document, Options::default(), &mut sink), sink)
}

/// What becomes of a document of which nothing is left out.
fn read_all(document: Document, options: Options, sink: &mut Sink) -> Result<Description, Sources> {
    read(document, options, &mut OperationFilter::default(), sink)
}

fn finished(normalized: Result<Description, Sources>, sink: Sink) -> Outcome {
    let (root, sources) = match normalized {
        Ok(normalized) if !sink.has_errors() => {
            let root = serde_json::to_value(&normalized.openapi).unwrap();
            check(&normalized.openapi, &root);
            (root, normalized.sources)
        }
        Ok(normalized) => (
            serde_json::to_value(&normalized.openapi).unwrap(),
            normalized.sources,
        ),
        Err(sources) => (Value::Null, sources),
    };
    Outcome {
        root,
        said: sink.into_sorted(|pointers| sources.places(pointers)),
    }
}

/// Every reference leads to a component that is there, and every schema is of the one kind.
fn check(openapi: &OpenAPI, root: &Value) {
    node_path::scan(root, &mut |_, members| {
        if let Some(Value::String(reference)) = members.get("$ref") {
            let pointer = Pointer::parse(reference.strip_prefix('#').unwrap()).unwrap();
            assert!(
                node_path::lookup(root, &pointer).is_some(),
                "{reference} leads nowhere"
            );
        }
    });
    for schema in openapi.components.as_ref().unwrap().schemas.values() {
        if let ReferenceOr::Item(Schema { schema_kind, .. }) = schema {
            assert!(matches!(schema_kind, SchemaKind::Any(_)));
        }
    }
}

/// A description of OpenAPI 3.1 with some schemas.
fn with_schemas(schemas: &str) -> Outcome {
    of_version("3.1.0", schemas)
}

fn of_version(version: &str, schemas: &str) -> Outcome {
    let indented: String = schemas
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    outcome(&format!(
        "openapi: {version}\ninfo: {{title: A, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{indented}"
    ))
}
