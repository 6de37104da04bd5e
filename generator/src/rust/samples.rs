//! Sample values that match the description, which the contract test sends and receives.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Api, Content, Operation, Scalar, Type, TypeId, TypeKind};

/// For each operation, by ID: a request with all parameters and one with the required ones only, each
/// with a response.
pub(crate) fn of_operations(api: &Api) -> Value {
    let operations = api.operations.iter().map(|operation| {
        let side = |extent| {
            json!({
                "parameters": parameters(api, operation, extent),
                "body": body(api, operation, extent),
                "response": response(api, operation, extent),
            })
        };
        let sample = json!({
            "method": operation.method,
            "path": operation.path,
            "status": status(operation),
            "all": side(Extent::All),
            "required": side(Extent::Required),
        });
        (operation.id.clone(), sample)
    });
    Value::Object(operations.collect())
}

/// How much of a value is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    Required,
}

/// Whether the value is sent or received.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
}

fn parameters(api: &Api, operation: &Operation, extent: Extent) -> Value {
    let parameters = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required || extent == Extent::All);
    let values = parameters.map(|parameter| {
        let place = parameter.place.as_str();
        let value = Sampler::new(api, Direction::Request, extent).value(&parameter.ty);
        (parameter.name.clone(), json!({"in": place, "value": value}))
    });
    Value::Object(values.collect())
}

fn body(api: &Api, operation: &Operation, extent: Extent) -> Value {
    match &operation.body {
        Some(body) if body.required || extent == Extent::All => {
            Sampler::new(api, Direction::Request, extent).value(&body.ty)
        }
        _ => Value::Null,
    }
}

fn response(api: &Api, operation: &Operation, extent: Extent) -> Value {
    match operation.success().content.ty() {
        Some(ty) => Sampler::new(api, Direction::Response, extent).value(ty),
        None => Value::Null,
    }
}

/// The status of a success. For a range it is 204 without a body and 200 otherwise.
fn status(operation: &Operation) -> u16 {
    let success = operation.success();
    let declared = success.status.parse();
    declared.unwrap_or(match success.content {
        Content::Empty => 204,
        _ => 200,
    })
}

fn scalar(value: &Scalar) -> Value {
    match value {
        Scalar::Text(text) => json!(text),
        Scalar::Integer(number) => json!(number),
        Scalar::Number(number) => json!(number),
        Scalar::Bool(value) => json!(value),
    }
}

/// Maximum nesting of named types; deeper ones are left empty.
const MAX_DEPTH: usize = 128;
/// Maximum number of values in one sample; further ones are left empty. Nested lists would double
/// them with each level.
const MAX_VALUES: usize = 200_000;

struct Sampler<'a> {
    api: &'a Api,
    direction: Direction,
    extent: Extent,
    /// Structs that already occur in full. From then on they have only required fields, so that
    /// samples of recursive types end.
    written: BTreeSet<TypeId>,
    stack: Vec<TypeId>,
    /// Number of values that may still be made.
    left: usize,
}

impl<'a> Sampler<'a> {
    fn new(api: &'a Api, direction: Direction, extent: Extent) -> Self {
        Self {
            api,
            direction,
            extent,
            written: BTreeSet::new(),
            stack: Vec::new(),
            left: MAX_VALUES,
        }
    }

    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::String | Type::Secret => json!("s\u{e4}mple 1&2"),
            Type::Bool => json!(true),
            Type::Int32 => json!(i32::MAX),
            // JSON numbers beyond 2^53 are not safe with validators written in JavaScript.
            Type::Int64 => json!(9_007_199_254_740_991_i64),
            Type::Uint64 => json!(9_007_199_254_740_991_u64),
            Type::UnixTime => json!(1_709_209_800),
            Type::Base64 => json!("c8OkbXBsZQ=="),
            Type::Base64Url => json!("c8OkbXBsZQ"),
            Type::File => json!("s\u{e4}mple"),
            Type::Tuple(items) => items.iter().map(|item| self.value(item)).collect(),
            Type::Float => json!(0.5),
            Type::Double => json!(-1.25),
            Type::DateTime | Type::Instant => json!("2024-02-29T12:30:00.125Z"),
            Type::Date => json!("2024-02-29"),
            Type::YearMonth => json!("2024-02"),
            Type::Uuid => json!("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
            Type::Any | Type::FreeForm => json!({"free": {"form": [1, null]}}),
            Type::Nullable(inner) => self.value(inner),
            Type::Array(items) => Value::Array(self.items(items)),
            Type::Map(values) => json!({"k\u{e9}y": self.value(values)}),
            Type::Named(id) => self.named(id),
        }
    }

    /// Every value of an enum, two of any other type; none if only required values are wanted.
    fn items(&mut self, items: &Type) -> Vec<Value> {
        if self.extent == Extent::Required {
            return Vec::new();
        }
        if let Type::Named(id) = items
            && let Some(TypeKind::Enum(values)) = self.api.types.get(id).map(|found| &found.kind)
        {
            return values.iter().map(|value| json!(value)).collect();
        }
        vec![self.value(items), self.value(items)]
    }

    /// The value of an alias, newtype or union variant; empty if the type contains itself.
    fn newtype(&mut self, id: &TypeId, ty: &Type) -> Value {
        if self.stack.contains(id) {
            return match ty {
                Type::Array(_) => json!([]),
                _ => json!({}),
            };
        }
        self.stack.push(id.clone());
        let value = self.value(ty);
        self.stack.pop();
        value
    }

    fn named(&mut self, id: &TypeId) -> Value {
        self.left = self.left.saturating_sub(1);
        if self.stack.len() >= MAX_DEPTH || self.left == 0 {
            return Value::Null;
        }
        match self.api.types.get(id).map(|definition| &definition.kind) {
            Some(TypeKind::Alias(ty) | TypeKind::Newtype(ty)) => self.newtype(id, ty),
            Some(TypeKind::ScalarEnum(values)) => {
                let value = match self.extent {
                    Extent::All => values.last(),
                    Extent::Required => values.first(),
                };
                value.map_or(Value::Null, |value| scalar(&value.value))
            }
            Some(TypeKind::Union(union)) => {
                let Some(first) = union.variants.first() else {
                    return Value::Null;
                };
                let mut value = self.newtype(id, &first.ty);
                if let (Some(tag), Some(text)) = (&union.tag, first.tags.first())
                    && let Some(members) = value.as_object_mut()
                {
                    members.insert(tag.clone(), json!(text));
                }
                value
            }
            Some(TypeKind::Responses(_)) => Value::Null,
            Some(TypeKind::Enum(values)) => {
                let value = match self.extent {
                    Extent::All => values.last(),
                    Extent::Required => values.first(),
                };
                json!(value)
            }
            Some(TypeKind::Struct(structure)) => {
                if self.stack.contains(id)
                    && self.written.contains(id)
                    && structure.required.is_empty()
                    || self.stack.iter().filter(|open| *open == id).count() > 2
                {
                    return json!({});
                }
                let in_full = self.extent == Extent::All && self.written.insert(id.clone());
                let mut members = Map::new();
                self.stack.push(id.clone());
                for field in &structure.fields {
                    let is_ours = match self.direction {
                        Direction::Request => !field.read_only,
                        Direction::Response => !field.write_only,
                    };
                    if is_ours && (in_full || field.required) {
                        members.insert(field.wire.clone(), self.value(&field.ty));
                    }
                }
                self.stack.pop();
                Value::Object(members)
            }
            None => Value::Null,
        }
    }
}
