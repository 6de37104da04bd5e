//! Schemas to types.

use std::collections::BTreeSet;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, Components, IntegerFormat, IntegerType,
    NumberFormat, NumberType, ObjectType, ReferenceOr, Schema, SchemaKind, StringFormat,
    StringType, Type as SchemaType, VariantOrUnknownOrEmpty,
};

use super::{Field, Owner, Struct, Type, TypeDef, TypeId, TypeKind};
use crate::{
    config::{self, Config},
    diagnostics::{Code, Diagnostic, Sink},
    pointer::Pointer,
    resolve::component_name,
};

/// The last word of a type that is declared as the item of a list.
pub(crate) const ITEM: &str = "[]";

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Where a schema stands, and what a type declared there is called.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) at: Pointer,
    pub(super) words: Vec<String>,
    pub(super) owner: Owner,
}

impl Site {
    fn child<'a>(&self, steps: impl IntoIterator<Item = &'a str>, word: &str) -> Self {
        let mut words = self.words.clone();
        words.push(word.to_owned());
        Self {
            at: self.at.join_all(steps),
            words,
            owner: self.owner.clone(),
        }
    }
}

/// Turns schemas into types and keeps those that need a name.
pub(super) struct Schemas<'a> {
    pub(super) config: &'a Config,
    pub(super) sink: &'a mut Sink,
    pub(super) types: Vec<(TypeId, TypeDef)>,
    pub(super) components: Option<&'a Components>,
}

impl Schemas<'_> {
    /// Declares a component: it always gets a name.
    pub(super) fn declare_component(&mut self, name: &str, schema: &ReferenceOr<Schema>) {
        let site = Site {
            at: Pointer::root().join_all(["components", "schemas", name]),
            words: vec![name.to_owned()],
            owner: Owner::Component(name.to_owned()),
        };
        let id = TypeId(site.at.clone());
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
            self.types.push((id, definition));
        }
    }

    /// The type of a schema. What is not supported is reported and stands as any value.
    pub(super) fn lower(&mut self, schema: &ReferenceOr<Schema>, site: &Site) -> Type {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => return self.reference(reference, site),
        };
        if schema.schema_data.discriminator.is_some() {
            self.unsupported("`discriminator`", &site.at.join("discriminator"));
        }
        match &schema.schema_kind {
            SchemaKind::Type(ty) => self.typed(ty, schema, site),
            SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                // The one way for 3.0 to say more about a reference.
                [only] => {
                    let mut inner = site.clone();
                    inner.at = site.at.join_all(["allOf", "0"]);
                    self.lower(only, &inner)
                }
                _ => self.unsupported("`allOf` of several schemas", &site.at.join("allOf")),
            },
            SchemaKind::OneOf { .. } => self.unsupported("`oneOf`", &site.at.join("oneOf")),
            SchemaKind::AnyOf { .. } => self.unsupported("`anyOf`", &site.at.join("anyOf")),
            SchemaKind::Not { .. } => self.unsupported("`not`", &site.at.join("not")),
            SchemaKind::Any(any) if *any == AnySchema::default() => Type::Any,
            SchemaKind::Any(any) => {
                let what = match &any.typ {
                    Some(ty) if !TYPES.contains(&ty.as_str()) => format!("the type `{ty}`"),
                    Some(ty) => format!("this combination of keywords for the type `{ty}`"),
                    None => "a schema with keywords but no type".to_owned(),
                };
                self.unsupported(&what, &site.at)
            }
        }
    }

    /// As [`lower`](Self::lower) where null must be told by the type: properties tell it themselves.
    pub(super) fn lower_value(&mut self, schema: &ReferenceOr<Schema>, site: &Site) -> Type {
        let ty = self.lower(schema, site);
        if self.is_nullable(schema) {
            Type::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    /// Whether null is a value of the schema, or of the one it refers to.
    fn is_nullable(&self, schema: &ReferenceOr<Schema>) -> bool {
        let mut schema = schema;
        // Circles have been reported; no chain is longer than this.
        for _ in 0..64 {
            match schema {
                ReferenceOr::Item(item) => {
                    if item.schema_data.nullable {
                        return true;
                    }
                    match &item.schema_kind {
                        SchemaKind::AllOf { all_of } if all_of.len() == 1 => schema = &all_of[0],
                        _ => return false,
                    }
                }
                ReferenceOr::Reference { reference } => {
                    let name = component_name(reference, "schemas");
                    let found = name.and_then(|name| self.components?.schemas.get(&name));
                    let Some(found) = found else { return false };
                    schema = found;
                }
            }
        }
        false
    }

    /// Reports what does not find its way into the SDK.
    pub(super) fn ignored(&mut self, what: &str, at: &Pointer) {
        let message = format!("{what} is ignored");
        self.sink.at(at, Diagnostic::new(Code::Ignored, message));
    }

    pub(super) fn unsupported(&mut self, what: &str, at: &Pointer) -> Type {
        let message = format!("{what} is not supported yet");
        self.sink
            .at(at, Diagnostic::new(Code::Unsupported, message));
        Type::Any
    }

    fn reference(&mut self, reference: &str, site: &Site) -> Type {
        match component_name(reference, "schemas") {
            Some(name) => Type::Named(TypeId(Pointer::root().join_all([
                "components",
                "schemas",
                name.as_str(),
            ]))),
            None => {
                let message = format!("`{reference}` is no schema component");
                let diagnostic = Diagnostic::new(Code::ForeignRef, message)
                    .help("move the schema to `#/components/schemas`");
                self.sink.at(&site.at.join("$ref"), diagnostic);
                Type::Any
            }
        }
    }

    fn typed(&mut self, ty: &SchemaType, schema: &Schema, site: &Site) -> Type {
        match ty {
            SchemaType::String(string) => self.string(string, schema, site),
            SchemaType::Number(number) => self.number(number, site),
            SchemaType::Integer(integer) => self.integer(integer, site),
            SchemaType::Boolean(boolean) if boolean.enumeration.is_empty() => Type::Bool,
            SchemaType::Boolean(_) => {
                self.unsupported("an enum of booleans", &site.at.join("enum"))
            }
            SchemaType::Array(array) => self.array(array, site),
            SchemaType::Object(object) => self.object(object, schema, site),
        }
    }

    fn string(&mut self, string: &StringType, schema: &Schema, site: &Site) -> Type {
        let values = string.enumeration.iter().flatten();
        let values = self.distinct(values, &site.at.join("enum"));
        if !values.is_empty() {
            return self.declare(site, schema, TypeKind::Enum(values));
        }
        match &string.format {
            VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Type::DateTime,
            VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Type::Date,
            VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Type::Secret,
            VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => {
                self.unsupported("`format: binary`", &site.at)
            }
            VariantOrUnknownOrEmpty::Unknown(format) if format == "uuid" => Type::Uuid,
            VariantOrUnknownOrEmpty::Unknown(format) if format == "year-month" => Type::YearMonth,
            // Other formats constrain the text and leave it a text; `byte` is text in base64.
            VariantOrUnknownOrEmpty::Item(StringFormat::Byte)
            | VariantOrUnknownOrEmpty::Unknown(_)
            | VariantOrUnknownOrEmpty::Empty => Type::String,
        }
    }

    /// The items of a list that should hold each but once.
    fn distinct<'a>(
        &mut self,
        items: impl Iterator<Item = &'a String>,
        at: &Pointer,
    ) -> Vec<String> {
        let mut distinct: Vec<String> = Vec::new();
        let mut known = BTreeSet::new();
        for item in items {
            if known.insert(item) {
                distinct.push(item.clone());
            } else {
                let message = format!("`{item}` stands twice; the second is left out");
                self.sink
                    .at(at, Diagnostic::new(Code::ListedTwice, message));
            }
        }
        distinct
    }

    fn number(&mut self, number: &NumberType, site: &Site) -> Type {
        if !number.enumeration.is_empty() {
            return self.unsupported("an enum of numbers", &site.at.join("enum"));
        }
        match number.format {
            VariantOrUnknownOrEmpty::Item(NumberFormat::Float) => Type::Float,
            _ => Type::Double,
        }
    }

    fn integer(&mut self, integer: &IntegerType, site: &Site) -> Type {
        if !integer.enumeration.is_empty() {
            return self.unsupported("an enum of integers", &site.at.join("enum"));
        }
        match integer.format {
            VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => Type::Int32,
            VariantOrUnknownOrEmpty::Unknown(ref format) if format == "uint64" => {
                self.unsupported("`format: uint64`", &site.at.join("format"))
            }
            _ => Type::Int64,
        }
    }

    fn array(&mut self, array: &ArrayType, site: &Site) -> Type {
        let Some(items) = &array.items else {
            return Type::Array(Box::new(Type::Any));
        };
        let items = items.clone().unbox();
        Type::Array(Box::new(
            self.lower_value(&items, &site.child(["items"], ITEM)),
        ))
    }

    fn object(&mut self, object: &ObjectType, schema: &Schema, site: &Site) -> Type {
        let values = match &object.additional_properties {
            Some(AdditionalProperties::Schema(values)) => Some(values),
            Some(AdditionalProperties::Any(_)) | None => None,
        };
        if object.properties.is_empty() {
            return match values {
                Some(values) => {
                    let site = site.child(["additionalProperties"], "value");
                    Type::Map(Box::new(self.lower_value(values, &site)))
                }
                None => Type::FreeForm,
            };
        }
        if values.is_some() {
            let message = "additional properties beside declared ones are kept as JSON values";
            let at = site.at.join("additionalProperties");
            self.sink
                .at(&at, Diagnostic::new(Code::UntypedAdditional, message));
        }
        let mut fields = Vec::new();
        for (wire, property) in &object.properties {
            let property = property.clone().unbox();
            fields.push(self.field(wire, &property, object, site));
        }
        for required in &object.required {
            if !object.properties.contains_key(required) {
                let message = format!("the required property `{required}` is not declared");
                let at = site.at.join("required");
                self.sink
                    .at(&at, Diagnostic::new(Code::RequiredUndeclared, message));
            }
        }
        let structure = Struct {
            fields,
            required: self.distinct(object.required.iter(), &site.at.join("required")),
            is_patch: false,
        };
        self.declare(site, schema, TypeKind::Struct(structure))
    }

    fn field(
        &mut self,
        wire: &str,
        property: &ReferenceOr<Schema>,
        object: &ObjectType,
        site: &Site,
    ) -> Field {
        let site = site.child(["properties", wire], wire);
        let mut ty = self.lower(property, &site);
        if self.config.is_secret(&config::key(&site.words)) {
            ty = self.secret(ty, &site);
        }
        let data = property.as_item().map(|schema| &schema.schema_data);
        Field {
            wire: wire.to_owned(),
            ty,
            description: data.and_then(|data| data.description.clone()),
            required: object.required.iter().any(|required| required == wire),
            nullable: self.is_nullable(property),
            read_only: data.is_some_and(|data| data.read_only),
            write_only: data.is_some_and(|data| data.write_only),
            deprecated: data.is_some_and(|data| data.deprecated),
            default: data
                .and_then(|data| data.default.as_ref())
                .map(ToString::to_string),
            boxed: false,
        }
    }

    fn secret(&mut self, ty: Type, site: &Site) -> Type {
        match ty {
            Type::String | Type::Secret => Type::Secret,
            Type::Map(values) => Type::Map(Box::new(self.secret(*values, site))),
            Type::Array(items) => Type::Array(Box::new(self.secret(*items, site))),
            other => {
                let key = config::key(&site.words);
                let message = format!("`{key}` is no text, so it cannot be a secret");
                self.config.misfit("secrets", &key, message, self.sink);
                other
            }
        }
    }

    fn declare(&mut self, site: &Site, schema: &Schema, kind: TypeKind) -> Type {
        let id = TypeId(site.at.clone());
        let definition = TypeDef {
            words: site.words.clone(),
            owner: site.owner.clone(),
            description: schema.schema_data.description.clone(),
            deprecated: schema.schema_data.deprecated,
            kind,
        };
        self.types.push((id.clone(), definition));
        Type::Named(id)
    }
}
