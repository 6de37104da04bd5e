//! In place of `overlay` where the feature `overlays` is off: no job has overlays then.

use crate::{diagnostics::Sink, document::Document, openapi::Pointer};

/// As in `overlay`.
pub(crate) type Added = Vec<(Pointer, (usize, Pointer))>;

/// Adds nothing: there are no overlays.
pub(crate) fn apply(_: &mut Document, _: &[Document], _: &mut Sink) -> Added {
    Added::new()
}
