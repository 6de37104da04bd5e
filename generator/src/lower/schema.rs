//! Lowers schemas to types.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{
    budget::Budget,
    merges::Merges,
    worklist::{Item, Worklist},
};
use crate::{
    config::{Config, Dates},
    diagnostics::{Code, Diagnostic, Sink},
    model::{ITEM, Owner, Struct, Type, TypeDef, TypeId, TypeKind},
    openapi::Pointer,
    spec::{Additional, Keywords, Schema, SchemaId, Spec, Step},
};

/// Where a schema is declared, and how a type declared there is named.
#[derive(Clone, Debug)]
pub(super) struct DeclarationContext {
    pub(super) at: Pointer,
    pub(super) words: Vec<String>,
    pub(super) owner: Owner,
}

impl DeclarationContext {
    /// The context of a component.
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

    /// The context of a part that shares the name of the whole.
    pub(super) fn part(&self, keyword: &str, index: usize) -> Self {
        Self {
            at: self.at.join_all([keyword, index.to_string().as_str()]),
            ..self.clone()
        }
    }

    pub(super) fn id(&self) -> TypeId {
        TypeId(self.at.clone())
    }
}

/// Turns schemas into types and keeps those that need a name.
pub(super) struct Schemas<'a> {
    pub(super) spec: &'a Spec,
    pub(super) config: &'a Config,
    pub(super) sink: &'a mut Sink,
    pub(super) types: IndexMap<TypeId, TypeDef>,
    pub(super) merges: Merges,
    pub(super) worklist: Worklist,
    pub(super) budget: Budget,
    /// The values that schemas permit for discriminators, by schema and property.
    pub(super) own_values: HashMap<(SchemaId, &'a str), Vec<String>>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(spec: &'a Spec, config: &'a Config, sink: &'a mut Sink) -> Self {
        Self {
            spec,
            config,
            sink,
            types: IndexMap::new(),
            merges: Merges::default(),
            worklist: Worklist::default(),
            budget: Budget::default(),
            own_values: HashMap::new(),
        }
    }

    /// Declares a component, which always has a name.
    pub(super) fn declare_component(&mut self, name: &str, id: SchemaId) {
        let context = DeclarationContext::component(name);
        let schema = self.spec.declared(id);
        if self.is_base(id) {
            return self.declare_base(name, id, &context);
        }
        let ty = match schema.alias_of {
            Some(target) => self.component_type(target),
            None => self.in_place(Item::Schema(id), &context),
        };
        if ty != Type::Named(context.id()) {
            let kind = TypeKind::Alias(ty);
            self.declare(&context, schema, kind);
        }
    }

    /// The type of a schema where it is used; an inline schema is declared in this context.
    pub(super) fn lower(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        match self.spec.is_component(id) {
            true => self.component_type(id),
            false => self.in_place(Item::Schema(id), context),
        }
    }

    /// Like [`lower`](Self::lower), but wraps nullable types in `Nullable`; fields track null
    /// separately.
    pub(super) fn lower_value(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        let ty = self.lower(id, context);
        if ty != Type::Any && self.spec.is_nullable(&[id]) {
            Type::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    /// The type of a component where it is used.
    fn component_type(&self, id: SchemaId) -> Type {
        let name = self.spec.declared(id).component().unwrap_or_default();
        Type::Named(DeclarationContext::component(name).id())
    }

    /// The type of a schema that has not been met before.
    pub(super) fn lower_item(&mut self, id: SchemaId, context: &DeclarationContext) -> Type {
        let spec = self.spec;
        let schema = spec.declared(id);
        let keywords = &schema.keywords;
        if let Some(items) = &keywords.tuple {
            return self.tuple(items, context);
        }
        if !keywords.all_of.is_empty() {
            return self.all_of(id, context);
        }
        if keywords.alternatives().is_some() {
            return self.one_of(id, context);
        }
        self.plain(schema, keywords, context)
    }

    /// Reports a part of the description that is not rendered.
    pub(super) fn ignored(&mut self, what: &str, at: &Pointer) {
        let message = format!("{what} is ignored");
        self.sink.at(at, Diagnostic::new(Code::Ignored, message));
    }

    /// Reports a construct that is rendered as less than it means.
    pub(super) fn simplified(&mut self, message: impl Into<String>, at: &Pointer) {
        self.sink.at(at, Diagnostic::new(Code::Simplified, message));
    }

    /// The context of a schema that is a component, or a part of one of the schemas whose contexts are
    /// known.
    pub(super) fn context_of(
        &self,
        id: SchemaId,
        known: &[(SchemaId, DeclarationContext)],
    ) -> DeclarationContext {
        // Parts nest as deep as the description, which is bounded.
        if let Some((_, context)) = known.iter().find(|(known, _)| *known == id) {
            return context.clone();
        }
        let schema = self.spec.declared(id);
        if let Some(name) = schema.component() {
            return DeclarationContext::component(name);
        }
        let Some((parent, step)) = schema.parent() else {
            return DeclarationContext {
                at: self.spec.at(id),
                words: Vec::new(),
                owner: Owner::Component(String::new()),
            };
        };
        let context = self.context_of(parent, known);
        let (keyword, index) = step.keyword();
        match (step, index) {
            (Step::Property(index), _) => {
                let properties = &self.spec.declared(parent).keywords.properties;
                let name = properties.get_index(index).map_or("", |(name, _)| name);
                context.child([keyword, name], name)
            }
            (Step::Items, _) => context.child([keyword], ITEM),
            (Step::Prefix(_), Some(index)) => {
                let index = index.to_string();
                context.child([keyword, index.as_str()], &index)
            }
            (_, Some(index)) => context.part(keyword, index),
            (_, None) => context.child([keyword], "value"),
        }
    }

    /// The type of a schema without `allOf` and alternatives.
    pub(super) fn plain(
        &mut self,
        schema: &Schema,
        keywords: &Keywords,
        context: &DeclarationContext,
    ) -> Type {
        if keywords.is_only_null() {
            return Type::Any;
        }
        if !keywords.enumeration.is_empty()
            && let Some(ty) = self.enumeration(schema, keywords, context)
        {
            return ty;
        }
        match keywords.typ.as_deref() {
            Some("string") => self.string(keywords, context),
            Some("number") => self.number(keywords, context),
            Some("integer") => integer(keywords),
            Some("boolean") => Type::Bool,
            Some("array") => self.array(keywords, context),
            Some("object") => self.object(schema, keywords, context),
            _ if keywords.is_object() => self.object(schema, keywords, context),
            _ if keywords.items.is_some() => self.array(keywords, context),
            _ => Type::Any,
        }
    }

    fn string(&mut self, keywords: &Keywords, context: &DeclarationContext) -> Type {
        match keywords.format.as_deref() {
            Some("date-time") => match self.config.dates {
                Dates::Exact => Type::DateTime,
                Dates::Chrono => Type::Instant,
                Dates::Text => Type::String,
            },
            Some("date") => match self.config.dates {
                Dates::Exact | Dates::Chrono => Type::Date,
                Dates::Text => Type::String,
            },
            Some("password") => Type::Secret,
            Some("uuid") => Type::Uuid,
            Some("year-month") => Type::YearMonth,
            Some("byte") => Type::Base64,
            Some("base64url") => Type::Base64Url,
            Some("binary") => {
                let message = "`format: binary` inside JSON is kept as a string";
                self.simplified(message, &context.at.join("format"));
                Type::String
            }
            // Other formats only restrict the string.
            _ => Type::String,
        }
    }

    fn number(&mut self, keywords: &Keywords, context: &DeclarationContext) -> Type {
        match keywords.format.as_deref() {
            Some("float") => Type::Float,
            Some("decimal") => {
                let message = "numbers of `format: decimal` are rounded to double precision";
                self.simplified(message, &context.at.join("format"));
                Type::Double
            }
            _ => Type::Double,
        }
    }

    fn array(&mut self, keywords: &Keywords, context: &DeclarationContext) -> Type {
        let Some(items) = keywords.items else {
            return Type::Array(Box::new(Type::Any));
        };
        Type::Array(Box::new(
            self.lower_value(items, &context.child(["items"], ITEM)),
        ))
    }

    pub(super) fn tuple(&mut self, items: &[SchemaId], context: &DeclarationContext) -> Type {
        /// Longer tuples lack traits in Rust that models need.
        const LONGEST: usize = 12;
        if items.len() > LONGEST {
            let message =
                format!("a tuple of more than {LONGEST} items is kept as a list of JSON values");
            self.simplified(message, &context.at.join("prefixItems"));
            return Type::Array(Box::new(Type::Any));
        }
        let items = items.iter().enumerate();
        Type::Tuple(
            items
                .map(|(index, item)| {
                    let index = index.to_string();
                    let context = context.child(["prefixItems", index.as_str()], &index);
                    self.lower_value(*item, &context)
                })
                .collect(),
        )
    }

    fn object(
        &mut self,
        schema: &Schema,
        keywords: &Keywords,
        context: &DeclarationContext,
    ) -> Type {
        let values = match keywords.additional {
            Additional::Schema(values) if !self.spec.only_restricts(values) => Some(values),
            _ => None,
        };
        let values_context = || context.child(["additionalProperties"], "value");
        if keywords.properties.is_empty() {
            return match values {
                Some(values) => Type::Map(Box::new(self.lower_value(values, &values_context()))),
                None => Type::FreeForm,
            };
        }
        let mut fields = Vec::with_capacity(keywords.properties.len());
        for (wire, property) in &keywords.properties {
            let context = context.child(["properties", wire], wire);
            fields.push(self.field(wire, *property, keywords.required.contains(wire), &context));
        }
        let additional = values.map(|values| self.lower_value(values, &values_context()));
        let required_at = context.at.join("required");
        for required in &keywords.required {
            if !keywords.properties.contains_key(required) {
                let message = format!("the required property `{required}` is not declared");
                self.sink.at(
                    &required_at,
                    Diagnostic::new(Code::RequiredUndeclared, message),
                );
            }
        }
        let structure = Struct {
            fields,
            required: self.distinct(keywords.required.iter(), &required_at),
            is_patch: false,
            additional,
            is_closed: keywords.additional == Additional::Forbidden,
        };
        self.declare(context, schema, TypeKind::Struct(structure))
    }

    pub(super) fn declare(
        &mut self,
        context: &DeclarationContext,
        schema: &Schema,
        kind: TypeKind,
    ) -> Type {
        let definition = TypeDef {
            words: context.words.clone(),
            owner: context.owner.clone(),
            description: schema.description.clone(),
            deprecated: schema.deprecated,
            kind,
        };
        self.types.insert(context.id(), definition);
        Type::Named(context.id())
    }
}

fn integer(keywords: &Keywords) -> Type {
    match keywords.format.as_deref() {
        Some("int32" | "int16" | "int8" | "uint16" | "uint8") => Type::Int32,
        Some("uint64") => Type::Uint64,
        Some("unix-time" | "unixtime" | "timestamp") => Type::UnixTime,
        _ => Type::Int64,
    }
}
