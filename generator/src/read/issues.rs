//! Diagnostics about the description, reported at cursors.

use serde_json::Value;

use super::{cursor::Cursor, values::describe};
use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    openapi::{Pointer, spelling::nearest},
};

/// Reports diagnostics at the nodes of the files they are about.
pub(super) struct Issues<'s> {
    sink: &'s mut Sink,
}

impl<'s> Issues<'s> {
    pub(super) fn new(sink: &'s mut Sink) -> Self {
        Self { sink }
    }

    /// Reports a message about a node.
    pub(super) fn warn(&mut self, at: &Cursor<'_, '_>, code: Code, message: impl Into<String>) {
        self.report(at, Diagnostic::new(code, message));
    }

    /// Reports a diagnostic about a node.
    pub(super) fn report(&mut self, at: &Cursor<'_, '_>, diagnostic: Diagnostic) {
        self.sink.at(&at.source(), diagnostic);
    }

    /// Reports a diagnostic about a part of the result, whose origin is looked up later.
    pub(super) fn report_in_result(&mut self, pointer: &Pointer, diagnostic: Diagnostic) {
        self.sink.at(pointer, diagnostic);
    }

    /// Warns that OpenAPI defines no such key in this object; suggests the one that was probably meant.
    pub(super) fn unknown_key(&mut self, at: &Cursor<'_, '_>, key: &str, known: &[&str]) {
        let message = format!("unknown key `{key}`; it is ignored");
        let mut diagnostic = Diagnostic::new(Code::UnknownKey, message);
        if let Some(near) = nearest(key, known.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.report(at, diagnostic);
    }

    /// Warns that a value has the wrong type and is ignored.
    pub(super) fn misshapen(&mut self, at: &Cursor<'_, '_>, value: &Value, wanted: &str) {
        let found = describe(value);
        self.warn(
            at,
            Code::WrongShape,
            format!("expected {wanted}, found {found}; it is ignored"),
        );
    }
}
