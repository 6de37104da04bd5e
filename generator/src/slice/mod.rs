//! Extracts selected operations, and the components they need, into an OpenAPI 3.0.3 document. Its
//! order is always the same, whatever the dialect and order of the source.
//!
//! Examples, links, callbacks and webhooks are left out, because no SDK is rendered from them.
//!
//! A slice is made from the JSON of the normalized document and not from `spec::Spec`:
//! references, extensions and unused keywords are part of what it writes, and resolving drops them.
//! Where a slice has to know what schemas mean together, it asks `Spec` (`prune.rs`).

mod import;
mod plain;
mod prune;
mod shape;
mod yaml;

use serde_json::Value;

pub use import::{Action, Change, Import, import};

use crate::{
    config::Config,
    diagnostics::{Code, Diagnostic, Sink},
    document::Document,
    job::{Defects, Job, Refused},
    openapi::Pointer,
    parallel::with_deep_stack,
    read::{
        self,
        select::{OperationFilter, Selection},
    },
    spec,
};
use prune::Derived;

/// The syntax of a slice's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, with block scalars for texts of several lines.
    #[default]
    Yaml,
    /// Indented JSON.
    Json,
}

/// A document that was extracted from another.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The document. Equal descriptions give equal trees, including the order of members.
    pub root: Value,
    /// Warnings about the source.
    pub warnings: Vec<Diagnostic>,
    /// The schemas that are derived from others, for pruning the document again.
    derived: Derived,
}

impl Slice {
    /// Writes the document as text.
    pub fn text(&self, syntax: Syntax) -> String {
        match syntax {
            Syntax::Yaml => yaml::Style::default().document(&self.root),
            Syntax::Json => format!("{:#}\n", self.root),
        }
    }
}

impl Job {
    /// Extracts the selected operations into a valid OpenAPI 3.0.3 document, from which the same SDK
    /// is rendered. Writes no file.
    ///
    /// The warnings include what OpenAPI 3.0 cannot express.
    ///
    /// # Errors
    /// The description cannot be read; the error has all diagnostics.
    pub fn slice(&self) -> Result<Slice, Refused> {
        let mut config_sink = Sink::default();
        let config = self.read_config(&mut config_sink).unwrap_or_default();
        let mut sink = Defects::AsConfigured.sink(Some(&config));
        let (document, options) = self.read(&mut sink);
        sink.append(config_sink);
        slice_document(document, options, self.selection(), config, sink)
    }
}

fn slice_document(
    document: Option<Document>,
    options: read::Options,
    selection: &Selection,
    config: Config,
    mut sink: Sink,
) -> Result<Slice, Refused> {
    let Some(document) = document else {
        let nowhere = |_: &[Pointer]| unreachable!("without a document there are no pointers");
        let diagnostics = sink.into_sorted(nowhere);
        return Err(Refused { diagnostics });
    };
    let stage_sink = &mut sink;
    let (sources, sliced) = with_deep_stack(move || {
        let mut filter = OperationFilter::new(selection, &config, stage_sink);
        let normalized = read::read(document, options, &mut filter, stage_sink);
        filter.finish(&config, stage_sink);
        match normalized {
            Ok(normalized) => {
                let sliced = serde_json::to_value(&normalized.openapi).map(|mut root| {
                    let spec = spec::build(normalized.openapi, stage_sink);
                    let derived = Derived::new(&spec);
                    prune::prune(&mut root, &derived);
                    (plain::plain(root, stage_sink), derived)
                });
                (normalized.sources, Some(sliced))
            }
            Err(sources) => (sources, None),
        }
    });
    let sliced = match sliced {
        Some(Ok(sliced)) => Some(sliced),
        Some(Err(error)) => {
            let message = format!("the description cannot be written: {error}");
            sink.push(Diagnostic::new(Code::Output, message));
            None
        }
        None => None,
    };
    let sliced = sliced.filter(|_| !sink.has_errors());
    let diagnostics = sink.into_sorted(|pointers| sources.places(pointers));
    match sliced {
        Some((root, derived)) => Ok(Slice {
            root,
            warnings: diagnostics,
            derived,
        }),
        None => Err(Refused { diagnostics }),
    }
}

#[cfg(test)]
mod tests;
