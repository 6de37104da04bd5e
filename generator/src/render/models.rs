//! Models: one file for each component and what is declared inside it.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    Options, RenderBug, Texts,
    fragments::{DocText, Expr, StrLit, TypeExpr, Types},
    view,
};
use crate::{
    config::RequiredInResponses,
    ir::{Api, Field, Owner, Struct, TypeDef, TypeId, TypeKind},
    names::{FieldNames, Ident, Names},
};

#[derive(Template)]
#[template(path = "models.rs.j2")]
struct ModelsView<'a> {
    modules: Vec<ModuleView<'a>>,
    secrets: Vec<StrLit>,
}

struct ModuleView<'a> {
    name: &'a Ident,
    /// When it is there, if not always.
    gate: Option<Expr>,
}

#[derive(Template)]
#[template(path = "struct.rs.j2")]
struct StructView<'a> {
    name: &'a Ident,
    wire: StrLit,
    doc: DocText,
    fields: Vec<FieldView<'a>>,
    required: Vec<FieldView<'a>>,
    settable: Vec<FieldView<'a>>,
    has_new: bool,
    has_methods: bool,
    has_trusted: bool,
    has_deprecated_fields: bool,
}

#[derive(Clone)]
struct FieldView<'a> {
    name: &'a Ident,
    bare: &'a str,
    setter: &'a Ident,
    null_setter: &'a Ident,
    wire: StrLit,
    doc: DocText,
    ty: TypeExpr,
    argument: TypeExpr,
    value: Expr,
    /// Whether the value is the argument as it is.
    is_shorthand: bool,
    deprecated: bool,
    trusted: bool,
    has_null_setter: bool,
}

#[derive(Template)]
#[template(path = "enum.rs.j2")]
struct EnumView<'a> {
    name: &'a Ident,
    doc: DocText,
    variants: Vec<VariantView<'a>>,
    has_default: bool,
}

struct VariantView<'a> {
    name: &'a Ident,
    wire: StrLit,
    doc: DocText,
}

#[derive(Template)]
#[template(path = "alias.rs.j2")]
struct AliasView<'a> {
    name: &'a Ident,
    doc: DocText,
    target: TypeExpr,
}

/// Renders all component types.
pub(super) fn render(
    api: &Api,
    names: &Names,
    options: &Options,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let mut by_owner: BTreeMap<&Owner, Vec<(&TypeId, &TypeDef)>> = BTreeMap::new();
    for (id, definition) in &api.types {
        if matches!(definition.owner, Owner::Component(_)) {
            by_owner
                .entry(&definition.owner)
                .or_default()
                .push((id, definition));
        }
    }
    let mut modules = Vec::new();
    for (owner, types) in by_owner {
        let module = &names.modules[owner];
        let path = format!("src/generated/models/{}.rs", module.bare());
        let mut parts = vec!["use crate::runtime::codegen as rt;".to_owned()];
        for (id, definition) in &types {
            parts.push(render_type(
                id,
                definition,
                names,
                options.required_in_responses,
            )?);
        }
        let uses_runtime = parts[1..]
            .iter()
            .any(|part| part.contains("rt::") || part.contains("rt ::"));
        if !uses_runtime {
            parts.remove(0);
        }
        texts.add(&path, &parts)?;
        modules.push(ModuleView {
            name: module,
            gate: options.gate_of(owner),
        });
    }
    modules.sort_by_key(|module| module.name);
    let view_of_all = ModelsView {
        modules,
        secrets: api.secrets().into_iter().map(StrLit::new).collect(),
    };
    let path = "src/generated/models/mod.rs";
    texts.add(path, &[view(&view_of_all, path)?])
}

/// Renders one named type.
pub(super) fn render_type(
    id: &TypeId,
    definition: &TypeDef,
    names: &Names,
    required: RequiredInResponses,
) -> Result<String, Box<RenderBug>> {
    let name = &names.types[id];
    let mut doc = DocText::default();
    doc.text(definition.description.as_deref());
    if doc.is_empty() {
        doc.markdown(match definition.words.as_slice() {
            [only] => format!("`{only}`."),
            [owner, .., last] if last == crate::ir::ITEM => {
                let list = &definition.words[definition.words.len() - 2];
                format!("One of the `{list}` of `{owner}`.")
            }
            [owner, .., last] => format!("The `{last}` of `{owner}`."),
            [] => String::new(),
        });
    }
    if definition.deprecated {
        // An attribute would warn wherever rendered code names the type.
        doc.markdown("Deprecated: the API advises against it.");
    }
    let types = Types {
        names,
        file: &definition.owner,
    };
    match &definition.kind {
        TypeKind::Struct(structure) => {
            let fields = structure
                .fields
                .iter()
                .zip(&names.fields[id])
                .map(|(field, names)| field_view(field, names, structure, types, required))
                .collect();
            let wire = definition.words.join(".");
            let of_struct = struct_view(name, StrLit::new(wire), doc, structure, fields);
            view(&of_struct, name.bare())
        }
        TypeKind::Enum(values) => {
            let variants = values.iter().zip(&names.variants[id]).map(|(value, name)| {
                let mut doc = DocText::default();
                doc.markdown(format!("`{}`", value.replace('`', "'")));
                VariantView {
                    name,
                    wire: StrLit::new(value),
                    doc,
                }
            });
            let of_enum = EnumView {
                name,
                doc,
                variants: variants.collect(),
                has_default: required == RequiredInResponses::Trust,
            };
            view(&of_enum, name.bare())
        }
        TypeKind::Alias(target) => {
            let of_alias = AliasView {
                name,
                doc,
                target: types.expr(target),
            };
            view(&of_alias, name.bare())
        }
    }
}

fn struct_view<'a>(
    name: &'a Ident,
    wire: StrLit,
    doc: DocText,
    structure: &Struct,
    fields: Vec<FieldView<'a>>,
) -> StructView<'a> {
    let view_of = |wire: &str| {
        let at = structure
            .fields
            .iter()
            .position(|field| field.wire == wire)?;
        let settable = !structure.fields[at].read_only;
        settable.then(|| fields[at].clone())
    };
    let required: Vec<_> = structure
        .required
        .iter()
        .filter_map(|wire| view_of(wire))
        .collect();
    let settable: Vec<_> = structure
        .fields
        .iter()
        .filter_map(|field| view_of(&field.wire))
        .collect();
    StructView {
        name,
        wire,
        doc,
        has_new: !required.is_empty(),
        has_methods: !settable.is_empty(),
        has_trusted: fields.iter().any(|field| field.trusted),
        has_deprecated_fields: fields.iter().any(|field| field.deprecated),
        fields,
        required,
        settable,
    }
}

fn field_view<'a>(
    field: &Field,
    names: &'a FieldNames,
    structure: &Struct,
    types: Types<'_>,
    required: RequiredInResponses,
) -> FieldView<'a> {
    let trusted = is_trusted(field, required);
    let is_option = is_option(field, required);
    let (argument, value) = types.field_argument(&field.ty, field.boxed, &names.field);
    let mut ty = types.expr(&field.ty);
    if field.boxed {
        ty = TypeExpr::new(quote::quote!(Box<#ty>));
    }
    let value = if is_option {
        ty = TypeExpr::new(quote::quote!(Option<#ty>));
        value.some()
    } else {
        value
    };
    FieldView {
        name: &names.field,
        bare: names.field.bare(),
        setter: &names.setter,
        null_setter: &names.null_setter,
        wire: StrLit::new(&field.wire),
        doc: field_doc(field),
        ty,
        argument,
        is_shorthand: value.to_string() == names.field.to_string(),
        value,
        deprecated: field.deprecated,
        trusted,
        has_null_setter: is_option && (field.nullable || structure.is_patch && !field.required),
    }
}

fn is_trusted(field: &Field, required: RequiredInResponses) -> bool {
    // A boxed field closes a cycle: no finite value could hold it if it had to be there.
    // What only one side writes, the other cannot count on.
    field.required
        && !field.boxed
        && !field.read_only
        && !field.write_only
        && required == RequiredInResponses::Trust
}

/// Whether a field holds an `Option` of its value.
pub(super) fn is_option(field: &Field, required: RequiredInResponses) -> bool {
    field.nullable || !is_trusted(field, required)
}

fn field_doc(field: &Field) -> DocText {
    let mut doc = DocText::default();
    doc.text(field.description.as_deref());
    if doc.is_empty() {
        doc.markdown(format!("The property `{}`.", field.wire.replace('`', "'")));
    }
    let mut notes = Vec::new();
    if field.required {
        notes.push("Required in requests.".to_owned());
    }
    if field.read_only {
        notes.push("Set by the service alone.".to_owned());
    }
    if field.write_only {
        notes.push("Never returned.".to_owned());
    }
    if let Some(default) = &field.default {
        notes.push(format!("Default: `{}`.", default.replace('`', "'")));
    }
    if !notes.is_empty() {
        doc.markdown(notes.join(" "));
    }
    doc
}
