//! One of the two descriptions that are compared.

use crate::{
    diagnostics::{Code, Diagnostic, Place, Severity},
    document::Sources,
    job::{Compiled, Defects, Job, Reading, Refused, read},
    model::Api,
    openapi::Pointer,
    read::IgnoredParts,
    spec::Spec,
};

/// A description that was read to be compared.
#[derive(Debug)]
pub struct Side {
    /// The warnings about it.
    pub warnings: Vec<Diagnostic>,
    spec: Spec,
    unrendered: IgnoredParts,
    compiled: Compiled,
    is_complete: bool,
    sources: Sources,
}

impl Side {
    /// Reads the description of a job. Its configuration may name operations and schemas that only the other
    /// side has, and defects are repaired even if it refuses repairs, because an old description cannot be
    /// corrected.
    ///
    /// # Errors
    /// All diagnostics of a description that cannot be read.
    pub fn read(job: &Job) -> Result<Self, Refused> {
        Self::of(read(job, Defects::Repaired))
    }

    /// The places of nodes, with lines if they can be located. One call for all nodes reads the text once.
    pub fn places(&self, pointers: &[Pointer]) -> Vec<Place> {
        self.sources.places(pointers)
    }

    /// The API, ready to be rendered; `None` if the configuration does not match it.
    pub fn compiled(&self) -> Option<&Compiled> {
        self.is_complete.then_some(&self.compiled)
    }

    pub(super) fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The parts that are not rendered.
    pub(super) fn unrendered(&self) -> &IgnoredParts {
        &self.unrendered
    }

    /// The model. If the configuration does not match it, operations may lack their pagination.
    pub(super) fn api(&self) -> &Api {
        &self.compiled.api
    }

    /// Whether required properties of responses are rendered as fields that are always present.
    pub(super) fn trusts_required(&self) -> bool {
        self.compiled.required_in_responses == crate::config::RequiredInResponses::Trust
    }

    fn of(reading: Reading) -> Result<Self, Refused> {
        let Reading {
            diagnostics,
            failed,
            read,
            sources,
        } = reading;
        let is_fatal = |diagnostic: &Diagnostic| {
            diagnostic.severity == Severity::Error && diagnostic.code != Code::ConfigMisfit
        };
        match read {
            Some(read) if !diagnostics.iter().any(is_fatal) => Ok(Self {
                warnings: diagnostics,
                spec: read.spec,
                unrendered: read.unrendered,
                compiled: read.compiled,
                is_complete: !failed,
                sources,
            }),
            _ => Err(Refused { diagnostics }),
        }
    }
}
