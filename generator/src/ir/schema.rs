//! Schemas to types.

use std::sync::LazyLock;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaKind};

use super::{
    Owner, Struct, Type, TypeDef, TypeId, TypeKind, blends::Blends, unions::Bases,
    worklist::Worklist,
};
use crate::{
    config::Config,
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
    resolve::component_name,
};

/// The last word of a type that is declared as the item of a list.
pub(crate) const ITEM: &str = "[]";

/// No chain of references is longer than this, unless it is a circle, which has been reported.
const LONGEST_CHAIN: usize = 64;

/// Where a schema stands, and what a type declared there is called.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) at: Pointer,
    pub(super) words: Vec<String>,
    pub(super) owner: Owner,
}

impl Site {
    /// The site of a component.
    pub(super) fn component(name: &str) -> Self {
        Self {
            at: Pointer::root().join_all(["components", "schemas", name]),
            words: vec![name.to_owned()],
            owner: Owner::Component(name.to_owned()),
        }
    }

    pub(super) fn child<'a>(&self, steps: impl IntoIterator<Item = &'a str>, word: &str) -> Self {
        let mut words = self.words.clone();
        words.push(word.to_owned());
        Self {
            at: self.at.join_all(steps),
            words,
            owner: self.owner.clone(),
        }
    }

    /// The site of a part that is called what the whole is called.
    pub(super) fn part(&self, keyword: &str, index: usize) -> Self {
        Self {
            at: self.at.join_all([keyword, index.to_string().as_str()]),
            ..self.clone()
        }
    }
}

/// Turns schemas into types and keeps those that need a name.
pub(super) struct Schemas<'a> {
    pub(super) config: &'a Config,
    pub(super) sink: &'a mut Sink,
    pub(super) types: IndexMap<TypeId, TypeDef>,
    pub(super) components: &'a IndexMap<String, ReferenceOr<Schema>>,
    pub(super) bases: Bases,
    pub(super) blends: Blends,
    pub(super) worklist: Worklist,
}

/// The keywords of a schema; the normalized description has them all in one place.
pub(super) fn keywords(schema: &Schema) -> &AnySchema {
    static NONE: LazyLock<AnySchema> = LazyLock::new(AnySchema::default);
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        _ => &NONE,
    }
}

/// The list of alternatives of a schema, by keyword, if it has one.
pub(super) fn alternatives(any: &AnySchema) -> Option<(&'static str, &[ReferenceOr<Schema>])> {
    if !any.one_of.is_empty() {
        Some(("oneOf", &any.one_of))
    } else if !any.any_of.is_empty() {
        Some(("anyOf", &any.any_of))
    } else {
        None
    }
}

/// Whether a schema is of objects, by what it says of them.
pub(super) fn is_object(any: &AnySchema) -> bool {
    any.typ.as_deref() == Some("object")
        || any.typ.is_none() && (!any.properties.is_empty() || any.additional_properties.is_some())
}

/// Whether a schema only restricts values of a type that is said elsewhere, or not even that.
pub(super) fn only_constrains(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else {
        return false;
    };
    let any = keywords(schema);
    let says_type = any.typ.as_deref().is_some_and(|typ| typ != "object")
        || !any.properties.is_empty()
        || any.additional_properties.is_some()
        || any.items.is_some()
        || !any.enumeration.is_empty()
        || any.format.is_some()
        || !any.all_of.is_empty();
    let members = alternatives(any).map_or(&[][..], |(_, members)| members);
    !says_type && members.iter().all(only_constrains)
}

impl<'a> Schemas<'a> {
    /// Declares a component: it always gets a name.
    pub(super) fn declare_component(&mut self, name: &str, schema: &ReferenceOr<Schema>) {
        let site = Site::component(name);
        let id = TypeId(site.at.clone());
        if let ReferenceOr::Item(schema) = schema
            && self.bases.has(name)
        {
            return self.declare_base(name, schema, &site);
        }
        let ty = self.lower(schema, &site);
        if ty != Type::Named(id.clone()) {
            let data = schema.as_item().map(|schema| &schema.schema_data);
            let definition = TypeDef {
                words: site.words,
                owner: site.owner,
                description: data.and_then(|data| data.description.clone()),
                deprecated: data.is_some_and(|data| data.deprecated),
                kind: TypeKind::Alias(ty),
            };
            self.types.insert(id, definition);
        }
    }

    /// The type of a schema.
    pub(super) fn lower(&mut self, schema: &ReferenceOr<Schema>, site: &Site) -> Type {
        match schema {
            ReferenceOr::Item(schema) => self.in_place(schema, site),
            ReferenceOr::Reference { reference } => self.reference(reference, site),
        }
    }

    /// The type of a schema that has not been met before.
    pub(super) fn lower_item(&mut self, schema: &Schema, site: &Site) -> Type {
        let any = keywords(schema);
        if schema.schema_data.extensions.contains_key("x-sdkgen-tuple") {
            return self.tuple(any, site);
        }
        if !any.all_of.is_empty() {
            return self.all_of(schema, any, site);
        }
        if alternatives(any).is_some() {
            return self.one_of(schema, any, site);
        }
        self.plain(schema, any, site)
    }

    /// As [`lower`](Self::lower) where null must be told by the type: properties tell it themselves.
    pub(super) fn lower_value(&mut self, schema: &ReferenceOr<Schema>, site: &Site) -> Type {
        let ty = self.lower(schema, site);
        if ty != Type::Any && self.is_nullable(schema) {
            Type::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    /// Whether null is a value of the schema, or of the one it refers to.
    pub(super) fn is_nullable(&self, schema: &ReferenceOr<Schema>) -> bool {
        let mut schema = schema;
        for _ in 0..LONGEST_CHAIN {
            let Some(item) = self.item(schema) else {
                return false;
            };
            if item.schema_data.nullable {
                return true;
            }
            let any = keywords(item);
            if let Some((_, members)) = alternatives(any) {
                let is_null = |member: &ReferenceOr<Schema>| {
                    self.item(member)
                        .is_some_and(|item| item.schema_data.nullable)
                };
                return members.iter().any(is_null);
            }
            match any.all_of.as_slice() {
                [only] => schema = only,
                _ => return false,
            }
        }
        false
    }

    /// What a reference leads to in the end.
    pub(super) fn item<'s>(&self, schema: &'s ReferenceOr<Schema>) -> Option<&'s Schema>
    where
        'a: 's,
    {
        let mut schema: &'s ReferenceOr<Schema> = schema;
        for _ in 0..LONGEST_CHAIN {
            match schema {
                ReferenceOr::Item(item) => return Some(item),
                ReferenceOr::Reference { reference } => {
                    let name = component_name(reference, "schemas")?;
                    schema = self.components.get(&name)?;
                }
            }
        }
        None
    }

    /// Reports what does not find its way into the SDK.
    pub(super) fn ignored(&mut self, what: &str, at: &Pointer) {
        let message = format!("{what} is ignored");
        self.sink.at(at, Diagnostic::new(Code::Ignored, message));
    }

    /// Reports what is rendered as less than it is.
    pub(super) fn simplified(&mut self, message: impl Into<String>, at: &Pointer) {
        self.sink.at(at, Diagnostic::new(Code::Simplified, message));
    }

    fn reference(&mut self, reference: &str, site: &Site) -> Type {
        match component_name(reference, "schemas") {
            Some(name) if self.components.contains_key(&name) => {
                Type::Named(TypeId(Site::component(&name).at))
            }
            _ => {
                // The normalized description has no such reference; this is for the one that does.
                let message = format!("`{reference}` is no schema component");
                let diagnostic = Diagnostic::new(Code::ForeignRef, message)
                    .help("move the schema to `#/components/schemas`");
                self.sink.at(&site.at.join("$ref"), diagnostic);
                Type::Any
            }
        }
    }

    /// The type of a schema that is not made of others.
    pub(super) fn plain(&mut self, schema: &Schema, any: &AnySchema, site: &Site) -> Type {
        if !any.enumeration.is_empty()
            && let Some(ty) = self.enumeration(schema, any, site)
        {
            return ty;
        }
        match any.typ.as_deref() {
            Some("string") => self.string(any, site),
            Some("number") => self.number(any, site),
            Some("integer") => integer(any),
            Some("boolean") => Type::Bool,
            Some("array") => self.array(any, site),
            Some("object") => self.object(schema, any, site),
            _ if is_object(any) => self.object(schema, any, site),
            _ if any.items.is_some() => self.array(any, site),
            _ => Type::Any,
        }
    }

    fn string(&mut self, any: &AnySchema, site: &Site) -> Type {
        match any.format.as_deref() {
            Some("date-time") => Type::DateTime,
            Some("date") => Type::Date,
            Some("password") => Type::Secret,
            Some("uuid") => Type::Uuid,
            Some("year-month") => Type::YearMonth,
            Some("byte") => Type::Base64,
            Some("base64url") => Type::Base64Url,
            Some("binary") => {
                let message = "`format: binary` inside JSON is kept as a text";
                self.simplified(message, &site.at.join("format"));
                Type::String
            }
            // Other formats constrain the text and leave it a text.
            _ => Type::String,
        }
    }

    fn number(&mut self, any: &AnySchema, site: &Site) -> Type {
        match any.format.as_deref() {
            Some("float") => Type::Float,
            Some("decimal") => {
                let message = "`format: decimal` of a number is rounded to double precision";
                self.simplified(message, &site.at.join("format"));
                Type::Double
            }
            _ => Type::Double,
        }
    }

    fn array(&mut self, any: &AnySchema, site: &Site) -> Type {
        let Some(items) = &any.items else {
            return Type::Array(Box::new(Type::Any));
        };
        let items = items.clone().unbox();
        Type::Array(Box::new(
            self.lower_value(&items, &site.child(["items"], ITEM)),
        ))
    }

    fn tuple(&mut self, any: &AnySchema, site: &Site) -> Type {
        /// Rust's tuples have the traits that models need up to this length.
        const LONGEST: usize = 12;
        if any.all_of.len() > LONGEST {
            let message = format!(
                "a list of more than {LONGEST} values of their own types is kept as JSON values"
            );
            self.simplified(message, &site.at.join("prefixItems"));
            return Type::Array(Box::new(Type::Any));
        }
        let items = any.all_of.iter().enumerate();
        Type::Tuple(
            items
                .map(|(index, item)| {
                    let index = index.to_string();
                    let site = site.child(["prefixItems", index.as_str()], &index);
                    self.lower_value(item, &site)
                })
                .collect(),
        )
    }

    fn object(&mut self, schema: &Schema, any: &AnySchema, site: &Site) -> Type {
        let values = match &any.additional_properties {
            Some(AdditionalProperties::Schema(values)) if !only_constrains(values) => Some(values),
            _ => None,
        };
        if any.properties.is_empty() {
            return match values {
                Some(values) => {
                    let site = site.child(["additionalProperties"], "value");
                    Type::Map(Box::new(self.lower_value(values, &site)))
                }
                None => Type::FreeForm,
            };
        }
        let mut fields = Vec::with_capacity(any.properties.len());
        for (wire, property) in &any.properties {
            let site = site.child(["properties", wire], wire);
            let property = property.clone().unbox();
            fields.push(self.field(wire, &property, any.required.contains(wire), &site));
        }
        let additional = values.map(|values| {
            let site = site.child(["additionalProperties"], "value");
            self.lower_value(values, &site)
        });
        let required_at = site.at.join("required");
        for required in &any.required {
            if !any.properties.contains_key(required) {
                let message = format!("the required property `{required}` is not declared");
                self.sink.at(
                    &required_at,
                    Diagnostic::new(Code::RequiredUndeclared, message),
                );
            }
        }
        let structure = Struct {
            fields,
            required: self.distinct(any.required.iter(), &required_at),
            is_patch: false,
            additional,
        };
        self.declare(site, schema, TypeKind::Struct(structure))
    }

    pub(super) fn declare(&mut self, site: &Site, schema: &Schema, kind: TypeKind) -> Type {
        let id = TypeId(site.at.clone());
        let definition = TypeDef {
            words: site.words.clone(),
            owner: site.owner.clone(),
            description: schema.schema_data.description.clone(),
            deprecated: schema.schema_data.deprecated,
            kind,
        };
        self.types.insert(id.clone(), definition);
        Type::Named(id)
    }
}

fn integer(any: &AnySchema) -> Type {
    match any.format.as_deref() {
        Some("int32" | "int16" | "int8" | "uint16" | "uint8") => Type::Int32,
        Some("uint64") => Type::Uint64,
        Some("unix-time" | "unixtime" | "timestamp") => Type::UnixTime,
        _ => Type::Int64,
    }
}
