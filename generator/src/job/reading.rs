//! Runs the stages before rendering. Their results are kept even if there are errors, because
//! `diff` and `report` compare descriptions that cannot be rendered as configured.

use std::collections::BTreeMap;

use crate::{
    config::Config,
    diagnostics::{Diagnostic, Sink},
    document::{Document, Sources},
    job::{Compilation, Compiled, Job},
    lower::{self, lint},
    openapi::Pointer,
    output::Manifest,
    parallel::with_deep_stack,
    read::{self, IgnoredParts, select::OperationFilter},
    rust::names,
    spec::{self, Spec},
};

/// The results of all stages before rendering.
pub(crate) struct Reading {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether a diagnostic is an error, so that nothing can be rendered.
    pub(crate) failed: bool,
    /// The resolved and compiled description, if it could be normalized.
    pub(crate) read: Option<Read>,
    pub(crate) sources: Sources,
}

/// A description that was normalized, resolved and compiled.
pub(crate) struct Read {
    pub(crate) spec: Spec,
    pub(crate) unrendered: IgnoredParts,
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

/// What to do about defects of a description that can be repaired.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defects {
    /// Repairs or refuses them, as the configuration says.
    AsConfigured,
    /// Repairs them in any case: the old side of a comparison was published and cannot change.
    Repaired,
}

impl Defects {
    pub(crate) fn sink(self, config: Option<&Config>) -> Sink {
        let mut sink = Sink::default();
        if self == Self::AsConfigured && config.is_some_and(Config::refuses_repairs) {
            sink.refuse_repairs();
        }
        sink
    }
}

pub(crate) fn read(job: &Job, defects: Defects) -> Reading {
    let mut config_sink = Sink::default();
    let config = job.read_config(&mut config_sink);
    let mut sink = defects.sink(config.as_ref());
    let (document, options) = job.read(&mut sink);
    read_document(job, document, options, config, config_sink, sink)
}

fn read_document(
    job: &Job,
    document: Option<Document>,
    options: read::Options,
    config: Option<Config>,
    config_sink: Sink,
    mut sink: Sink,
) -> Reading {
    let Some(document) = document else {
        sink.append(config_sink);
        let nowhere = |_: &[Pointer]| unreachable!("without a document there are no pointers");
        return Reading {
            diagnostics: sink.into_sorted(nowhere),
            failed: true,
            read: None,
            sources: Sources::default(),
        };
    };
    // An invalid configuration does not hide the errors of the description.
    let config = config.unwrap_or_default();
    let stage_sink = &mut sink;
    let (sources, read) =
        with_deep_stack(move || stages(job, document, options, &config, stage_sink));
    sink.append(config_sink);
    let failed = sink.has_errors();
    Reading {
        diagnostics: sink.into_sorted(|pointers| sources.places(pointers)),
        failed,
        read,
        sources,
    }
}

fn stages(
    job: &Job,
    document: Document,
    options: read::Options,
    config: &Config,
    sink: &mut Sink,
) -> (Sources, Option<Read>) {
    let mut filter = OperationFilter::new(job.selection(), config, sink);
    let normalized = read::read(document, options, &mut filter, sink);
    let left_out = filter.finish(config, sink);
    let normalized = match normalized {
        Ok(normalized) => normalized,
        Err(sources) => return (sources, None),
    };
    if sink.has_errors() {
        return (normalized.sources, None);
    }
    let read::Description {
        openapi,
        sources,
        ignored: unrendered,
    } = normalized;
    let spec = spec::build(openapi, sink);
    // Hashing large files takes long enough to be worth a thread.
    let (hash, api, names) = std::thread::scope(|scope| {
        let hash = scope.spawn(|| sources.hash());
        let api = lower::build(&spec, config, sink);
        lint::lint(&spec, &api, sink);
        let names = match sink.has_errors() {
            true => names::Names::default(),
            false => names::decide(&api, config, sink),
        };
        let hash = hash
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (hash, api, names)
    });
    if !sink.has_errors() {
        config.report_unused(&left_out, sink);
    }
    let origin = Manifest {
        generator: concat!("sdkgen ", env!("CARGO_PKG_VERSION")).to_owned(),
        description: hash,
        configuration: config.hash(),
        options: None,
        files: BTreeMap::new(),
        pending: BTreeMap::new(),
    };
    let compiled = Compiled {
        job: job.clone(),
        api,
        names,
        origin,
        required_in_responses: config.required_in_responses,
        keeps_mismatches: config.keeps_mismatches(),
    };
    let read = Read {
        spec,
        unrendered,
        compiled,
    };
    (sources, Some(read))
}
