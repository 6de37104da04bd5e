//! What the stages make of a description, before it is decided whether that is good enough.

use std::path::Path;

use crate::{
    Compilation, Compiled, Job,
    config::Config,
    diagnostics::{Diagnostic, Sink},
    load,
    normalize::{self, Unrendered},
    read_document,
    select::Selection,
    sources::Sources,
    spec::Spec,
};

/// What came of all stages up to the point of rendering.
pub(crate) struct Reading {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether something keeps it from being rendered.
    pub(crate) failed: bool,
    /// What was read, if the description could be normalized.
    pub(crate) read: Option<Read>,
    pub(crate) sources: Sources,
}

/// A description that could be normalized.
pub(crate) struct Read {
    pub(crate) spec: Spec,
    pub(crate) unrendered: Unrendered,
    pub(crate) compiled: Compiled,
}

impl Reading {
    pub(crate) fn into_compilation(self) -> Compilation {
        let failed = self.failed;
        let read = self.read.filter(|_| !failed);
        Compilation {
            diagnostics: self.diagnostics,
            compiled: read.map(|read| read.compiled),
        }
    }
}

/// What to do about defects of a description whose meaning is plain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defects {
    /// What the configuration says.
    AsConfigured,
    /// Repair them: what was published stays as it is.
    Repaired,
}

impl Defects {
    fn sink(self, config: Option<&Config>) -> Sink {
        let mut sink = Sink::default();
        if self == Self::AsConfigured && config.is_some_and(Config::refuses_repairs) {
            sink.refuse_repairs();
        }
        sink
    }
}

pub(crate) fn read(job: &Job, defects: Defects) -> Reading {
    let mut said = Sink::default();
    let config = match &job.config {
        Some(path) => Config::load(path, &mut said),
        None => Some(Config::default()),
    };
    let mut sink = defects.sink(config.as_ref());
    let (document, options) = job.read(&mut sink);
    read_document(document, options, config, &job.selection, said, sink)
}

pub(crate) fn read_texts(
    spec: (&Path, String),
    config: Option<(&str, String)>,
    defects: Defects,
) -> Reading {
    let mut said = Sink::default();
    let config = match config {
        Some((file, text)) => Config::parse(file, text, &mut said),
        None => Some(Config::default()),
    };
    let mut sink = defects.sink(config.as_ref());
    let document = load::parse(spec.0, spec.1, &mut sink);
    let options = normalize::Options::default();
    read_document(document, options, config, &Selection::default(), said, sink)
}
