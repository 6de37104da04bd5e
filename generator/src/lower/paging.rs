//! Resolves the pagination of operations: everything that it names must exist and have the right type.

use super::detect;
use crate::{
    config::{Config, Pagination},
    diagnostics::Sink,
    model::{Api, BodyKind, Operation, Paging, ParameterPlace, Type, TypeKind},
};

/// Sets the pagination of operations, once all types are final.
pub(super) fn resolve(api: &mut Api, config: &Config, sink: &mut Sink) {
    let mut all = Vec::new();
    for operation in &api.operations {
        let check = Check { api, operation };
        let mut misfits = Vec::new();
        let declared = match config.pagination_of(&operation.id) {
            None if config.detect_pagination => detect::detect(api, operation),
            None | Some(Pagination::None) => None,
            Some(declared) => Some(declared.clone()),
        };
        all.push(declared.and_then(|declared| {
            check.inputs(&declared, &mut misfits);
            check.outputs(&declared, &mut misfits)
        }));
        for what in misfits {
            let message = format!("`{}` {what}", operation.id);
            config.misfit("pagination", &operation.id, message, sink);
        }
    }
    for (operation, paging) in api.operations.iter_mut().zip(all) {
        operation.pagination = paging;
    }
}

/// The JSON type that a named part must have.
#[derive(Clone, Copy)]
enum Kind {
    Integer,
    Text,
    Flag,
}

impl Kind {
    fn fits(self, api: &Api, ty: &Type) -> bool {
        match (self, api.plain(ty)) {
            (Self::Integer, ty) => matches!(ty, Type::Int32 | Type::Int64),
            (Self::Flag, ty) => *ty == Type::Bool,
            (Self::Text, Type::Named(id)) => {
                let found = api.types.get(id).map(|definition| &definition.kind);
                matches!(found, Some(TypeKind::Enum(_)))
            }
            (Self::Text, ty) => matches!(
                ty,
                Type::String
                    | Type::Secret
                    | Type::Uuid
                    | Type::DateTime
                    | Type::Instant
                    | Type::Date
                    | Type::YearMonth
            ),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Text => "string",
            Self::Flag => "boolean",
        }
    }
}

/// An operation whose pagination is checked; its methods add problems to a list.
#[derive(Clone, Copy)]
struct Check<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl Check<'_> {
    /// Checks the inputs that select a page.
    fn inputs(self, declared: &Pagination, misfits: &mut Vec<String>) {
        let mut query = |name: &str, kind| {
            let mut all = self.operation.parameters.iter();
            let found = all.find(|parameter| {
                parameter.name == name && parameter.place == ParameterPlace::Query
            });
            let ty = found.map(|parameter| &parameter.ty);
            misfits.extend(self.misfit("query parameter", name, ty, kind));
        };
        match declared {
            Pagination::Page { number, size, .. } => {
                query(number, Kind::Integer);
                query(size, Kind::Integer);
            }
            Pagination::Offset { offset, size, .. } => {
                query(offset, Kind::Integer);
                query(size, Kind::Integer);
            }
            Pagination::Cursor { cursor: input, .. }
            | Pagination::Keyset { after: input, .. }
            | Pagination::LastEntry { after: input, .. } => query(input, Kind::Text),
            Pagination::Body { number, size, .. } => {
                misfits.extend(self.in_body(number, Kind::Integer));
                misfits.extend(self.in_body(size, Kind::Integer));
            }
            Pagination::BodyCursor { cursor, .. } => {
                misfits.extend(self.in_body(cursor, Kind::Text));
            }
            Pagination::NextUrl { .. } | Pagination::LinkHeader { .. } | Pagination::None => {}
        }
    }

    /// The problem with a named property of the request body, if there is one.
    fn in_body(self, path: &str, kind: Kind) -> Option<String> {
        let body = self.operation.body.as_ref();
        let body = body.filter(|body| body.kind == BodyKind::Json);
        let found = body.and_then(|body| self.api.walk(&body.ty, path));
        // In a body, dots only separate the names of a path.
        let found =
            found.filter(|(steps, _)| steps.iter().all(|step| !step.field.wire.contains('.')));
        let ty = found.map(|(_, ty)| ty);
        self.misfit("body property", path, ty, kind)
    }

    /// Checks the response: where its entries are, and what leads to the next page.
    fn outputs(self, declared: &Pagination, misfits: &mut Vec<String>) -> Option<Paging> {
        let Some(response) = self.operation.json() else {
            misfits.push("has no JSON response to page through".to_owned());
            return None;
        };
        let what = "response property";
        let next = match declared {
            Pagination::Page { count, .. } | Pagination::Body { count, .. } => {
                count.as_ref().map(|path| (path, Kind::Integer))
            }
            Pagination::Offset { total, .. } => total.as_ref().map(|path| (path, Kind::Integer)),
            Pagination::Cursor { next, .. }
            | Pagination::BodyCursor { next, .. }
            | Pagination::Keyset { next, .. }
            | Pagination::NextUrl { next, .. } => Some((next, Kind::Text)),
            Pagination::LastEntry { .. } | Pagination::LinkHeader { .. } | Pagination::None => None,
        };
        let next = next.map(|(path, kind)| (path.as_str(), kind));
        let more = declared.more().map(|path| (path, Kind::Flag));
        for (path, kind) in next.into_iter().chain(more) {
            let ty = self.api.walk(response, path).map(|(_, ty)| ty);
            misfits.extend(self.misfit(what, path, ty, kind));
        }
        let path = declared.items();
        let found = match path {
            "" => Some((Vec::new(), response)),
            _ => self.api.walk(response, path),
        };
        let Some((steps, list)) = found else {
            misfits.push(format!("has no {what} `{path}` to page through"));
            return None;
        };
        match self.api.plain(list) {
            Type::Array(entry) => {
                if let Pagination::LastEntry { key, .. } = declared {
                    let ty = self.api.walk(entry, key).map(|(_, ty)| ty);
                    misfits.extend(self.misfit("property of entries", key, ty, Kind::Text));
                }
                Some(Paging {
                    declared: declared.clone(),
                    steps,
                    entry: (**entry).clone(),
                })
            }
            _ => {
                misfits.push(match path {
                    "" => "has no list as its response: `items` must name the property with the entries".to_owned(),
                    _ => format!("has no list of entries in the {what} `{path}`"),
                });
                None
            }
        }
    }

    /// The problem with a named part, if there is one.
    fn misfit(self, what: &str, name: &str, found: Option<&Type>, kind: Kind) -> Option<String> {
        match found {
            None => Some(format!("has no {what} `{name}` to page by")),
            Some(ty) if kind.fits(self.api, ty) => None,
            Some(_) => {
                let kind = kind.as_str();
                Some(format!(
                    "cannot page by the {what} `{name}`, which is not of type {kind}"
                ))
            }
        }
    }
}
