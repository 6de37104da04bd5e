//! The minimum that an edit must change: which files, and how many lines of them.
//!
//! The figures follow from what the code of an SDK has to express, not from the current templates: one
//! line for each fact. A replaced line counts as two, as in a diff.

/// What callers see of a property: its sentence and the field.
pub(super) const FIELD: usize = 2;
/// A blank line, a sentence, the signature, the assignment, the value handed back and the end.
pub(super) const SETTER: usize = 6;
/// A line that reads a property and one that writes it.
pub(super) const WIRE: usize = 2;
/// Everything for a property that callers may set.
pub(super) const PROPERTY: usize = FIELD + SETTER + WIRE;
/// One more sentence in a comment, and the blank line before it.
pub(super) const NOTE: usize = 2;
/// A value of an enum: its sentence, the variant, and its text on the wire.
pub(super) const VALUE: usize = 3;
/// An enum without its values: a blank line, a sentence, two attributes, the first line and the
/// last, the variant for unknown values with its sentence, and around the texts on the wire the
/// first line and the last.
pub(super) const ENUM: usize = 10;
/// A replaced line.
pub(super) const REPLACED: usize = 2;
/// The declaration of a module, and the re-export of its items.
pub(super) const MODULE: usize = 2;
/// The header of a file: the notice that it is generated, and its imports, each with a blank line.
pub(super) const HEADER: usize = 4;
/// The impl around the setters: first line, last line and a blank one.
pub(super) const SETTERS: usize = 3;
/// A file with a struct, without properties: the header; a sentence, two attributes, the first line
/// and the last, and the field for unknown properties with its sentence; the impl around the setters; the
/// first and last lines of reading, of writing and of their impl, with a blank one.
pub(super) const MODEL: usize = HEADER + 7 + SETTERS + 7;
/// A setter of a request: a blank line, its sentence, the signature, the value, the end.
pub(super) const ARGUMENT_SETTER: usize = 5;
/// A file with an operation without arguments: the header; four facts between two lines and a blank
/// one; the first and last line of the impl of the method; the method's signature, value and end; a
/// blank line, a sentence, two attributes and the request's declaration; a blank line and the
/// `request!` call.
pub(super) const OPERATION: usize = HEADER + 7 + 2 + 3 + 5 + 2;
/// The documentation of an operation's method: its summary; the HTTP request; the response, under a
/// title; each after a blank line.
pub(super) const OPERATION_DOC: usize = 1 + 2 + 3;
/// The module of a group: the header, a sentence of its own with a blank line; a blank line before
/// the re-exports; a blank line, a sentence, an attribute and three lines of a struct; a
/// blank line, and the method that returns it, with its sentence and impl.
pub(super) const GROUP: usize = HEADER + 2 + 1 + 6 + 7;
/// The section of a group in the reference: a title and two lines of a table's head, each part with
/// a blank line.
pub(super) const SECTION: usize = 5;

/// A file, by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A component.
    Model(String),
    /// The list of all components.
    Models,
    /// An operation.
    Operation(String),
    /// A tag: the list of its operations.
    Group(String),
}

/// The minimum that an edit must change.
#[derive(Clone, Debug, Default)]
pub struct Minimum {
    /// Pointers to the edited nodes; all changes for callers must come from these.
    pub nodes: Vec<String>,
    /// The files, by their old and new contents.
    pub files: Vec<(Part, Part)>,
    /// The number of changed lines in them.
    pub lines: usize,
    /// The number of changed lines of the reference page.
    pub reference: usize,
}

impl Minimum {
    /// An edit of the node at a pointer.
    pub(super) fn at(node: impl Into<String>) -> Self {
        Self {
            nodes: vec![node.into()],
            ..Self::default()
        }
    }

    /// Another edited node.
    pub(super) fn and(mut self, node: impl Into<String>) -> Self {
        self.nodes.push(node.into());
        self
    }

    /// Lines of the file of a component.
    pub(super) fn model(self, name: &str, lines: usize) -> Self {
        self.part(Part::Model(name.to_owned()), lines)
    }

    /// Lines of the list of components.
    pub(super) fn models(self, lines: usize) -> Self {
        self.part(Part::Models, lines)
    }

    /// Lines of the file of an operation.
    pub(super) fn operation(self, id: &str, lines: usize) -> Self {
        self.part(Part::Operation(id.to_owned()), lines)
    }

    /// Lines of the list of a tag's operations.
    pub(super) fn group(self, tag: &str, lines: usize) -> Self {
        self.part(Part::Group(tag.to_owned()), lines)
    }

    /// Lines of the reference page.
    pub(super) fn reference(mut self, lines: usize) -> Self {
        self.reference += lines;
        self
    }

    /// Lines of a file with another content now.
    pub(super) fn moved(mut self, from: Part, to: Part, lines: usize) -> Self {
        self.files.push((from, to));
        self.lines += lines;
        self
    }

    fn part(self, part: Part, lines: usize) -> Self {
        self.moved(part.clone(), part, lines)
    }
}
