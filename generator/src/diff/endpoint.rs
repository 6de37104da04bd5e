//! The operations of a description, each as the model has it and as it was declared.

use std::collections::HashMap;

use super::{
    finding::{Owner, Subject},
    side::Side,
};
use crate::{model::Operation, openapi::Pointer, spec};

/// One operation of one of the two descriptions.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) side: &'a Side,
    pub(super) model: &'a Operation,
    pub(super) declared: &'a spec::Operation,
}

impl<'a> Endpoint<'a> {
    /// The operations of a description that the model has as well.
    pub(super) fn all(side: &'a Side) -> Vec<Self> {
        let declared = side.spec().operations.iter();
        let declared: HashMap<&Pointer, _> = declared
            .map(|operation| (&operation.at, operation))
            .collect();
        let operations = side.api().operations.iter();
        let endpoints = operations.filter_map(|model| {
            Some(Self {
                side,
                model,
                declared: declared.get(&model.pointer)?,
            })
        });
        endpoints.collect()
    }

    /// The node of the operation in its description.
    pub(super) fn at(&self) -> &'a Pointer {
        &self.model.pointer
    }

    /// The method and the path, such as `GET /users`.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.model.method, self.declared.path)
    }

    /// The subject of findings about the operation as a whole.
    pub(super) fn subject(&self) -> Subject {
        Subject::of(Owner::Operation(self.model.id.clone()))
    }
}
