//! Links items to the nodes of the description that they were rendered from.

use std::collections::BTreeMap;

use crate::{
    job::Compiled,
    model::{Operation, Owner, TypeDef, TypeId, TypeKind},
    openapi::Pointer,
    rust::names::Names,
};

/// The nodes of the description that items were rendered from, by the paths of the items. Items that are not
/// listed belong to the node of their container.
pub fn links(compiled: &Compiled) -> BTreeMap<String, Pointer> {
    let Compiled { api, names, .. } = compiled;
    let mut links = Links {
        names,
        found: BTreeMap::new(),
    };
    let modules: BTreeMap<&str, &str> = api
        .operations
        .iter()
        .filter_map(|operation| {
            let group = names.groups.get(&operation.tag)?;
            Some((operation.id.as_str(), group.module.bare()))
        })
        .collect();
    for operation in &api.operations {
        links.operation(operation);
    }
    for (id, definition) in &api.types {
        let module = match &definition.owner {
            Owner::Component(_) => Some("models"),
            Owner::Operation(id) => modules.get(id.as_str()).copied(),
        };
        if let Some(module) = module {
            links.of_type(module, id, definition);
        }
    }
    let schemes = Pointer::root().join_all(["components", "securitySchemes"]);
    for (name, scheme) in &names.schemes {
        for method in [&scheme.method, &scheme.source_method] {
            links.add(
                format!("ClientBuilder::{}", method.bare()),
                schemes.join(name),
            );
        }
    }
    let tags = Pointer::root().join("tags");
    for group in names.groups.values() {
        let (module, ty) = (group.module.bare(), group.ty.bare());
        for path in [
            module.to_owned(),
            format!("{module}::{ty}"),
            format!("Client::{module}"),
        ] {
            links.add(path, tags.clone());
        }
    }
    links.found
}

struct Links<'a> {
    names: &'a Names,
    found: BTreeMap<String, Pointer>,
}

impl Links<'_> {
    fn add(&mut self, path: String, pointer: Pointer) {
        self.found.insert(path, pointer);
    }

    fn operation(&mut self, operation: &Operation) {
        let (Some(own), Some(group)) = (
            self.names.operations.get(&operation.id),
            self.names.groups.get(&operation.tag),
        ) else {
            return;
        };
        let module = group.module.bare();
        let method = format!("{module}::{}::{}", group.ty.bare(), own.method.bare());
        let request = format!("{module}::{}", own.request.bare());
        for (parameter, name) in operation.parameters.iter().zip(&own.parameters) {
            if !parameter.required {
                self.add(
                    format!("{request}::{}", name.bare()),
                    parameter.pointer.clone(),
                );
            }
        }
        let body = operation.body.as_ref();
        if body.is_some_and(|body| body.is_one_value() && !body.required) {
            let pointer = operation.pointer.join("requestBody");
            self.add(format!("{request}::{}", own.body.bare()), pointer);
        }
        self.add(method, operation.pointer.clone());
        self.add(request, operation.pointer.clone());
    }

    fn of_type(&mut self, module: &str, id: &TypeId, definition: &TypeDef) {
        let Some(name) = self.names.types.get(id) else {
            return;
        };
        let path = format!("{module}::{}", name.bare());
        match &definition.kind {
            TypeKind::Struct(structure) => {
                let names = self.names.fields.get(id).into_iter().flatten();
                for (field, names) in structure.fields.iter().zip(names) {
                    let pointer = id.0.join_all(["properties", field.wire.as_str()]);
                    for name in [&names.field, &names.setter, &names.null_setter] {
                        self.add(format!("{path}::{}", name.bare()), pointer.clone());
                    }
                }
            }
            TypeKind::Enum(_) | TypeKind::ScalarEnum(_) => {
                let pointer = id.0.join("enum");
                for name in self.names.variants.get(id).into_iter().flatten() {
                    self.add(format!("{path}::{}", name.bare()), pointer.clone());
                }
            }
            TypeKind::Union(_)
            | TypeKind::Responses(_)
            | TypeKind::Alias(_)
            | TypeKind::Newtype(_) => {}
        }
        self.add(path, id.0.clone());
    }
}
