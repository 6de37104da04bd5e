//! Any supported dialect to one typed OpenAPI 3.0 document. Nothing after this stage knows that
//! there are dialects, files, or references to anything but a component.
//!
//! One reader walks the files once and builds the typed document. Obvious mistakes are repaired and
//! reported as warnings; every schema comes out as `SchemaKind::Any`.

mod aliases;
mod builder;
mod content;
mod cursor;
mod dialect;
mod finish;
mod forms;
mod ignored;
mod issues;
mod keywords;
mod links;
mod media_types;
mod node_path;
mod operations;
mod parameter_schemas;
mod parameters;
mod reader;
mod referenced_files;
mod references;
mod required;
mod root;
mod schema;
mod security;
pub(crate) mod select;
mod selected;
mod servers;
mod types;
mod unions;
mod values;

#[cfg(test)]
mod tests;

use openapiv3::OpenAPI;

use crate::{
    diagnostics::Sink,
    document::{Document, Files, Sources, overlay},
    openapi::Pointer,
    read::select::OperationFilter,
};
use dialect::Dialect;
pub(crate) use ignored::{IgnoredParts, PartDigest};

/// A typed description and the files it came from.
#[derive(Debug)]
pub(crate) struct Description {
    /// The typed description.
    pub(crate) openapi: OpenAPI,
    /// The files, which its pointers lead back to.
    pub(crate) sources: Sources,
    /// Parts of them that no SDK is made of.
    pub(crate) ignored: IgnoredParts,
}

/// Options of [`read`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Overlays, in the order in which they are applied.
    pub(crate) overlays: Vec<Document>,
    /// Whether references may lead to files outside the description's folder.
    pub(crate) allow_outside: bool,
    /// Whether the description is a file, so that there may be others around it.
    pub(crate) on_disk: bool,
}

/// Reads a document, or the part of it that the filter selects.
///
/// # Errors
/// The sink has what is wrong; the files are returned so that its pointers can be located.
pub(crate) fn read(
    document: Document,
    options: Options,
    filter: &mut OperationFilter,
    sink: &mut Sink,
) -> Result<Description, Sources> {
    let mut files = if options.on_disk {
        Files::of_file(document, options.allow_outside)
    } else {
        Files::of_text(document)
    };
    // Overlays are numbered after all other files, whose numbers are those under which they are read.
    let overlays = options.overlays;
    let added = overlay::apply(files.description_mut(), &overlays, sink);
    let opened = referenced_files::load_referenced_files(&mut files);
    let (mut documents, attempts) = files.into_parts();
    let first_overlay = documents.len();
    let read = match Dialect::of(&documents[0].root) {
        Ok((dialect, assumed)) => {
            if let Some(assumed) = assumed {
                sink.at(&Pointer::of_source(0).join(dialect.key()), assumed);
            }
            let links =
                links::Links::new(&documents, (opened, &attempts), dialect, !filter.is_empty());
            Some(root::read(&documents[0].root, links, filter, sink))
        }
        Err((key, diagnostic)) => {
            let root = Pointer::of_source(0);
            sink.at(&key.map_or(root.clone(), |key| root.join(key)), diagnostic);
            None
        }
    };
    // The typed description is all that the later stages read; the trees are the larger half.
    for document in &mut documents {
        document.root = serde_json::Value::Null;
    }
    documents.extend(overlays);
    let used = read.as_ref().and_then(|read| read.used.as_ref());
    for (number, attempt) in attempts.into_iter().enumerate() {
        if used.is_none_or(|used| used.contains(&number)) {
            sink.append(attempt.problems);
        }
    }
    let added = added
        .into_iter()
        .map(|(at, (overlay, origin))| (at, origin.in_source(first_overlay + overlay)));
    match read {
        Some(read) => {
            let sources = Sources::new(documents)
                .with_origins(read.origins)
                .with_origins(added.collect());
            let openapi = read.openapi;
            Ok(Description {
                openapi,
                sources,
                ignored: read.ignored,
            })
        }
        None => Err(Sources::new(documents).with_origins(added.collect())),
    }
}
