//! One of two descriptions that are compared.

use crate::{
    diagnostics::{Code, Diagnostic, Place, Severity},
    document::Sources,
    job::{Compiled, Defects, Job, Reading, Refused, read},
    model::Api,
    openapi::Pointer,
    read::IgnoredParts,
    spec::Spec,
};

/// A description, read as far as it takes to compare it with another.
#[derive(Debug)]
pub struct Side {
    /// What there is to say of it that does not keep it from being compared.
    pub warnings: Vec<Diagnostic>,
    spec: Spec,
    unrendered: IgnoredParts,
    compiled: Compiled,
    is_complete: bool,
    sources: Sources,
}

impl Side {
    /// Reads the description of a job. Its configuration may name operations and schemas that only
    /// the other side has, and repairs that it refuses are made: an old description is what it is.
    ///
    /// # Errors
    /// Everything there is to say of a description that cannot be read.
    pub fn read(job: &Job) -> Result<Self, Refused> {
        Self::of(read(job, Defects::Repaired))
    }

    /// The places of nodes that findings point to, with their lines where the text tells. One call
    /// for all of them reads the text once.
    pub fn places(&self, pointers: &[Pointer]) -> Vec<Place> {
        self.sources.places(pointers)
    }

    /// The API, ready to be rendered, unless the configuration does not fit it.
    pub fn compiled(&self) -> Option<&Compiled> {
        self.is_complete.then_some(&self.compiled)
    }

    pub(super) fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What it says of things that nothing is rendered of.
    pub(super) fn unrendered(&self) -> &IgnoredParts {
        &self.unrendered
    }

    /// The model. Where the configuration does not fit, operations lack the paging it tells.
    pub(super) fn api(&self) -> &Api {
        &self.compiled.api
    }

    /// Whether required properties are fields that are always there.
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
