//! What the project's own measuring tools and tests look at besides. No part of the public API: it
//! changes without notice.

use std::path::Path;

use crate::{diagnostics::Sink, document, job::Compiled, output::Manifest};
pub use crate::{model::*, rust::names::*};

/// What callers can name of rendered code, and what a difference means for them.
pub mod surface {
    pub use crate::surface::*;
}

/// The tree of a file, YAML or JSON; `None` if it cannot be read.
pub fn tree(path: &Path) -> Option<serde_json::Value> {
    Some(document::load(path, &mut Sink::default())?.root)
}

/// The model of a compiled description.
pub fn api(compiled: &Compiled) -> &Api {
    &compiled.api
}

/// The names of everything in a compiled description.
pub fn names(compiled: &Compiled) -> &Names {
    &compiled.names
}

/// What a compiled description was made from.
pub fn origin(compiled: &Compiled) -> &Manifest {
    &compiled.origin
}
