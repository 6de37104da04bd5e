//! Adds schemas to the arena.

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, SchemaKind};

use super::{
    super::{
        Additional, Discriminator, SchemaId, Step,
        schema::{Keywords, Origin},
    },
    Builder,
};
use crate::openapi::{ComponentKind, Pointer, reference::component_name};

/// The extension that marks a tuple: `allOf` then holds the schemas of its items, in order.
const TUPLE: &str = "x-sdkgen-tuple";

impl Builder<'_> {
    /// Adds all components: first their names, so that they can refer to each other.
    pub(super) fn schemas(&mut self, declared: IndexMap<String, ReferenceOr<openapiv3::Schema>>) {
        for name in declared.keys() {
            let id = self.spec.add(Origin::Component(name.clone()));
            self.spec.components.insert(name.clone(), id);
        }
        for (name, schema) in declared {
            let Some(id) = self.component(&name) else {
                continue;
            };
            match schema {
                ReferenceOr::Item(schema) => self.fill(id, schema),
                ReferenceOr::Reference { reference } => {
                    let target = self.referred(&reference);
                    if target.is_none() {
                        let at = self.spec.at(id);
                        self.missing_schema(&reference, &at);
                    }
                    self.spec.declared_mut(id).alias_of = target.filter(|target| *target != id);
                }
            }
        }
    }

    /// A schema that is not part of another one.
    pub(super) fn root_schema(
        &mut self,
        schema: ReferenceOr<openapiv3::Schema>,
        at: Pointer,
    ) -> SchemaId {
        self.add(schema, Origin::Root(at))
    }

    fn add(&mut self, schema: ReferenceOr<openapiv3::Schema>, origin: Origin) -> SchemaId {
        match schema {
            ReferenceOr::Item(schema) => {
                let id = self.spec.add(origin);
                self.fill(id, schema);
                id
            }
            ReferenceOr::Reference { reference } => match self.referred(&reference) {
                Some(id) => id,
                None => {
                    let id = self.spec.add(origin);
                    let at = self.spec.at(id);
                    self.missing_schema(&reference, &at);
                    id
                }
            },
        }
    }

    fn referred(&self, reference: &str) -> Option<SchemaId> {
        // Nearly all names need no decoding.
        match reference.strip_prefix("#/components/schemas/") {
            Some(name) if !name.contains(['~', '/']) => self.component(name),
            _ => self.component(&component_name(reference, ComponentKind::Schema)?),
        }
    }

    fn fill(&mut self, id: SchemaId, schema: openapiv3::Schema) {
        let mut data = schema.schema_data;
        let any = match schema.schema_kind {
            SchemaKind::Any(any) => any,
            // The reader produces no other kind.
            _ => AnySchema::default(),
        };
        let is_tuple = data.extensions.shift_remove(TUPLE).is_some();
        let discriminator = data.discriminator.map(|declared| Discriminator {
            property: declared.property_name,
            mapping: declared
                .mapping
                .into_iter()
                .map(|(value, target)| (value, self.mapped(target)))
                .collect(),
        });
        let node = self.spec.declared_mut(id);
        node.title = data.title;
        node.description = data.description;
        node.default = data.default;
        node.nullable = data.nullable;
        node.read_only = data.read_only;
        node.write_only = data.write_only;
        node.deprecated = data.deprecated;
        node.discriminator = discriminator;
        node.extensions = data.extensions;
        // The schemas of properties look up their names by index when they are added.
        node.keywords.properties = any
            .properties
            .keys()
            .map(|name| (name.clone(), id))
            .collect();
        let mut properties = IndexMap::with_capacity(any.properties.len());
        for (index, (name, property)) in any.properties.into_iter().enumerate() {
            let part = self.part(id, Step::Property(index), property.unbox());
            properties.insert(name, part);
        }
        let additional = match any.additional_properties {
            None => Additional::Unspecified,
            Some(AdditionalProperties::Any(true)) => Additional::Any,
            Some(AdditionalProperties::Any(false)) => Additional::Forbidden,
            Some(AdditionalProperties::Schema(schema)) => {
                Additional::Schema(self.part(id, Step::Additional, *schema))
            }
        };
        let items = any
            .items
            .map(|items| self.part(id, Step::Items, items.unbox()));
        let not = any.not.map(|not| self.part(id, Step::Not, *not));
        let (all_of, tuple) = match is_tuple {
            true => (Vec::new(), Some(self.parts(id, Step::Prefix, any.all_of))),
            false => (self.parts(id, Step::AllOf, any.all_of), None),
        };
        let one_of = self.parts(id, Step::OneOf, any.one_of);
        let any_of = self.parts(id, Step::AnyOf, any.any_of);
        self.spec.declared_mut(id).keywords = Keywords {
            typ: any.typ,
            format: any.format,
            enumeration: any.enumeration,
            pattern: any.pattern,
            multiple_of: any.multiple_of,
            minimum: any.minimum,
            maximum: any.maximum,
            exclusive_minimum: any.exclusive_minimum.unwrap_or(false),
            exclusive_maximum: any.exclusive_maximum.unwrap_or(false),
            min_length: any.min_length,
            max_length: any.max_length,
            min_items: any.min_items,
            max_items: any.max_items,
            unique_items: any.unique_items.unwrap_or(false),
            min_properties: any.min_properties,
            max_properties: any.max_properties,
            properties,
            required: any.required,
            additional,
            items,
            tuple,
            all_of,
            one_of,
            any_of,
            not,
        };
    }

    fn part(
        &mut self,
        parent: SchemaId,
        step: Step,
        schema: ReferenceOr<openapiv3::Schema>,
    ) -> SchemaId {
        self.add(schema, Origin::Part(parent, step))
    }

    fn parts(
        &mut self,
        parent: SchemaId,
        step: fn(usize) -> Step,
        schemas: Vec<ReferenceOr<openapiv3::Schema>>,
    ) -> Vec<SchemaId> {
        let schemas = schemas.into_iter().enumerate();
        schemas
            .map(|(index, schema)| self.part(parent, step(index), schema))
            .collect()
    }

    /// The component that an entry of a mapping names, which may be written as a reference or as a
    /// bare name.
    fn mapped(&self, target: String) -> Result<SchemaId, String> {
        let name = component_name(&target, ComponentKind::Schema).unwrap_or_else(|| {
            let last = target.rsplit(['/', '#']).next().unwrap_or(&target);
            last.to_owned()
        });
        self.component(&name).ok_or(target)
    }
}
