//! What reading needs beside the node that is read: the references, the selection, the result, and the
//! issues found so far.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Dialect, builder::Builder, cursor::Cursor, ignored::IgnoredParts, issues::Issues, links::Links,
    selected::Selected,
};
use crate::{diagnostics::Sink, openapi::ComponentKind, read::select::OperationFilter};

/// Members of a mapping.
pub(super) type Members = Map<String, Value>;

/// Holds what all parts of a description share while they are read. Where the reader is, and what
/// holds for one part alone, is passed to its methods.
pub(super) struct Reader<'a, 's> {
    pub(super) links: Links<'a>,
    pub(super) selected: Selected<'a, 's>,
    pub(super) builder: Builder<'a>,
    pub(super) issues: Issues<'s>,
    pub(super) ignored: IgnoredParts,
    /// Media types of bodies that name none, which Swagger 2.0 has at the root.
    pub(super) consumes: Vec<String>,
    /// The same of responses.
    pub(super) produces: Vec<String>,
    /// The components that were reported as unreadable.
    pub(super) unreadable: HashSet<(ComponentKind, String)>,
}

impl<'a, 's> Reader<'a, 's> {
    pub(super) fn new(
        links: Links<'a>,
        filter: &'s mut OperationFilter,
        sink: &'s mut Sink,
    ) -> Self {
        Self {
            links,
            selected: Selected::new(filter),
            builder: Builder::default(),
            issues: Issues::new(sink),
            ignored: IgnoredParts::default(),
            consumes: Vec::new(),
            produces: Vec::new(),
            unreadable: HashSet::new(),
        }
    }

    /// The dialect of the file at a cursor.
    pub(super) fn dialect(&self, at: &Cursor<'_, 'a>) -> Dialect {
        self.links.dialect(at.file())
    }

    /// The reference to a component that the description declares; it is required from here on.
    pub(super) fn component_reference(&mut self, kind: ComponentKind, name: &'a str) -> String {
        self.selected
            .require(kind, name, &mut self.links, &mut self.builder);
        super::node_path::reference(kind, name)
    }

    /// Makes a component of the node at a cursor, and returns the reference to it.
    pub(super) fn move_to_components(
        &mut self,
        at: &Cursor<'_, 'a>,
        node: &'a Value,
        kind: ComponentKind,
    ) -> String {
        let stem = self.links.stem(at.file());
        self.builder.move_to_components(at.path(), node, kind, stem)
    }
}
