//! A part of a description as a description of its own: OpenAPI 3.0.3 with the operations that are
//! selected and what they need, in one order, whatever dialect and order the source has.
//!
//! Examples, links, callbacks and webhooks are left out, for no SDK is made of them.

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
    job::{Job, Refused},
    openapi::Pointer,
    parallel::with_deep_stack,
    read::{
        self,
        select::{OperationFilter, Selection},
    },
};

/// How a slice is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// YAML, texts of several lines as blocks.
    #[default]
    Yaml,
    /// JSON, indented.
    Json,
}

/// A description that was cut out of another.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The description. Equal ones are equal trees, the order of their members included.
    pub root: Value,
    /// What there is to say of the source.
    pub warnings: Vec<Diagnostic>,
}

impl Slice {
    /// The text of the description.
    pub fn text(&self, syntax: Syntax) -> String {
        match syntax {
            Syntax::Yaml => yaml::Style::default().document(&self.root),
            Syntax::Json => format!("{:#}\n", self.root),
        }
    }
}

impl Job {
    /// Cuts what is selected out of the description: valid OpenAPI 3.0.3 of which the same SDK is
    /// made. Writes nothing.
    ///
    /// What 3.0 cannot say is among the warnings.
    ///
    /// # Errors
    /// Everything there is to say of a description that cannot be read.
    pub fn slice(&self) -> Result<Slice, Refused> {
        let (mut of_config, mut sink) = (Sink::default(), Sink::default());
        let config = self.read_config(&mut of_config).unwrap_or_default();
        if config.refuses_repairs() {
            sink.refuse_repairs();
        }
        let (document, options) = self.read(&mut sink);
        sink.append(of_config);
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
    let of_stages = &mut sink;
    let (sources, root) = with_deep_stack(move || {
        let mut filter = OperationFilter::new(selection, &config, of_stages);
        let normalized = read::read(document, options, &mut filter, of_stages);
        filter.finish(&config, of_stages);
        match normalized {
            Ok(normalized) => {
                let root = serde_json::to_value(&normalized.openapi).map(|mut root| {
                    prune::prune(&mut root);
                    plain::plain(root, of_stages)
                });
                (normalized.sources, Some(root))
            }
            Err(sources) => (sources, None),
        }
    });
    let root = match root {
        Some(Ok(root)) => Some(root),
        Some(Err(error)) => {
            let message = format!("the description cannot be written: {error}");
            sink.push(Diagnostic::new(Code::Output, message));
            None
        }
        None => None,
    };
    let root = root.filter(|_| !sink.has_errors());
    let diagnostics = sink.into_sorted(|pointers| sources.places(pointers));
    match root {
        Some(root) => Ok(Slice {
            root,
            warnings: diagnostics,
        }),
        None => Err(Refused { diagnostics }),
    }
}

#[cfg(test)]
mod tests;
