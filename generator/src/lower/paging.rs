//! Resolves the pagination of operations: everything that it names must exist and have the right type.

use super::detect;
use crate::{
    config::{Config, Pagination},
    diagnostics::Sink,
    model::{Api, Operation, Paging, ParameterPlace, Step, Type, TypeKind},
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
}

impl Kind {
    fn fits(self, api: &Api, ty: &Type) -> bool {
        match (self, api.plain(ty)) {
            (Self::Integer, ty) => matches!(ty, Type::Int32 | Type::Int64),
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
                    | Type::Date
                    | Type::YearMonth
            ),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Text => "string",
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
            Pagination::Cursor { cursor: input, .. } | Pagination::Keyset { after: input, .. } => {
                query(input, Kind::Text);
            }
            Pagination::Body { number, size, .. } => {
                let body = self.operation.body.as_ref().map(|body| &body.ty);
                for path in [number, size] {
                    let found = body.and_then(|ty| walk(self.api, ty, path));
                    let ty = found.map(|(_, ty)| ty);
                    misfits.extend(self.misfit("body property", path, ty, Kind::Integer));
                }
            }
            Pagination::NextUrl { .. } | Pagination::LinkHeader { .. } | Pagination::None => {}
        }
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
            | Pagination::Keyset { next, .. }
            | Pagination::NextUrl { next, .. } => Some((next, Kind::Text)),
            Pagination::LinkHeader { .. } | Pagination::None => None,
        };
        if let Some((path, kind)) = next {
            let ty = walk(self.api, response, path).map(|(_, ty)| ty);
            misfits.extend(self.misfit(what, path, ty, kind));
        }
        let path = declared.items();
        let found = match path {
            "" => Some((Vec::new(), response)),
            _ => walk(self.api, response, path),
        };
        let Some((steps, list)) = found else {
            misfits.push(format!("has no {what} `{path}` to page through"));
            return None;
        };
        match self.api.plain(list) {
            Type::Array(entry) => Some(Paging {
                declared: declared.clone(),
                steps,
                entry: (**entry).clone(),
            }),
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

/// The type at the end of a path of properties, and the properties on the path.
fn walk<'a>(api: &'a Api, ty: &'a Type, path: &str) -> Option<(Vec<Step>, &'a Type)> {
    let mut ty = ty;
    let mut steps = Vec::new();
    for name in path.split('.') {
        let (id, structure) = api.structure(ty)?;
        let mut fields = structure.fields.iter();
        let index = fields.position(|field| field.wire == name)?;
        ty = &structure.fields[index].ty;
        steps.push(Step {
            structure: id.clone(),
            index,
            field: structure.fields[index].clone(),
        });
    }
    Some((steps, ty))
}
