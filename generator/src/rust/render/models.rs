//! Renders models: one file for each component and the types declared inside it.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    Options, RenderBug, Texts,
    doc::{DocText, code},
    fragments::{Expr, StrLit, TypeExpr, Types},
    unions, view,
};
use crate::{
    config::RequiredInResponses,
    model::{Api, Field, Owner, Scalar, Struct, Type, TypeDef, TypeId, TypeKind},
    parallel::in_parallel,
    rust::names::{FieldNames, Ident, Names},
};

/// Maximum number of arguments that clippy accepts.
pub(super) const MAX_ARGUMENTS: usize = 7;

#[derive(Template)]
#[template(path = "models.rs.j2")]
struct ModelsView<'a> {
    modules: Vec<ModuleView<'a>>,
    secrets: Vec<StrLit>,
    keeps_mismatches: bool,
}

struct ModuleView<'a> {
    name: &'a Ident,
    /// The `cfg` predicate, unless it is always compiled.
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
    has_many_arguments: bool,
    /// The type of additional properties, if the schema declares one.
    additional: Option<TypeExpr>,
    /// The required fields with only one possible value, which `new` sets.
    fixed: Vec<FieldView<'a>>,
}

impl StructView<'_> {
    /// Removes constructor and setters, for models that no request contains.
    fn remove_setters(&mut self) {
        self.has_new = false;
        self.has_methods = false;
        self.settable.clear();
    }
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
    /// Whether the value is the argument itself, so that field init shorthand is used.
    is_shorthand: bool,
    deprecated: bool,
    trusted: bool,
    has_null_setter: bool,
    /// Whether it holds numbers that can have fractions.
    is_number: bool,
    /// The value, if only one is possible.
    only: Option<Expr>,
}

#[derive(Template)]
#[template(path = "enum.rs.j2")]
struct EnumView<'a> {
    name: &'a Ident,
    doc: DocText,
    variants: Vec<VariantView<'a>>,
    has_default: bool,
    /// The value, if there is only one.
    only: Option<StrLit>,
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
    let mut modules: Vec<ModuleView<'_>> = by_owner
        .keys()
        .map(|owner| ModuleView {
            name: &names.modules[*owner],
            gate: options.gate_of(owner),
        })
        .collect();
    modules.sort_by_key(|module| module.name);
    let by_owner: Vec<_> = by_owner.into_iter().collect();
    let rendered = in_parallel(&by_owner, |share| -> Result<Texts, Box<RenderBug>> {
        let mut texts = Texts::default();
        for (owner, types) in share {
            let path = format!("src/generated/models/{}.rs", names.modules[*owner].bare());
            let mut parts = vec!["use crate::runtime::codegen as rt;".to_owned()];
            parts.extend(render_types(types, api, names, options)?);
            let uses_runtime = parts[1..].iter().any(|part| part.contains("rt::"));
            if !uses_runtime {
                parts.remove(0);
            }
            texts.add(&path, &parts)?;
        }
        Ok(texts)
    });
    for share in rendered {
        texts.extend(share?)?;
    }
    let models_view = ModelsView {
        modules,
        secrets: api.secrets().into_iter().map(StrLit::new).collect(),
        keeps_mismatches: options.keeps_mismatches,
    };
    let path = "src/generated/models/mod.rs";
    texts.add(path, &[view(&models_view, path)?])
}

/// Renders the named types of one file.
pub(super) fn render_types(
    types: &[(&TypeId, &TypeDef)],
    api: &Api,
    names: &Names,
    options: &Options,
) -> Result<Vec<String>, Box<RenderBug>> {
    let required = options.required_in_responses;
    let rendered = types
        .iter()
        .map(|(id, definition)| render_type(id, definition, api, names, required));
    rendered.collect()
}

fn render_type(
    id: &TypeId,
    definition: &TypeDef,
    api: &Api,
    names: &Names,
    required: RequiredInResponses,
) -> Result<String, Box<RenderBug>> {
    let name = &names.types[id];
    let doc = type_doc(definition, api);
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
                .map(|(field, names)| field_view(field, names, api, structure, types, required))
                .collect();
            let wire = definition.words.join(".");
            let mut rendered = struct_view(name, StrLit::new(wire), doc, structure, fields);
            if !api.request_types.contains(id) {
                rendered.remove_setters();
            }
            rendered.additional = structure.additional.as_ref().map(|ty| types.expr(ty));
            view(&rendered, name.bare())
        }
        TypeKind::Enum(values) => {
            let variants = values.iter().zip(&names.variants[id]).map(|(value, name)| {
                let mut doc = DocText::default();
                doc.markdown(code(value));
                VariantView {
                    name,
                    wire: StrLit::new(value),
                    doc,
                }
            });
            let enum_view = EnumView {
                name,
                doc,
                variants: variants.collect(),
                has_default: required == RequiredInResponses::Trust || values.len() == 1,
                only: match values.as_slice() {
                    [only] => Some(StrLit::new(only)),
                    _ => None,
                },
            };
            view(&enum_view, name.bare())
        }
        TypeKind::Alias(target) => {
            let alias_view = AliasView {
                name,
                doc,
                target: types.expr(target),
            };
            view(&alias_view, name.bare())
        }
        TypeKind::ScalarEnum(_)
        | TypeKind::Union(_)
        | TypeKind::Responses(_)
        | TypeKind::Newtype(_) => {
            let has_default = required == RequiredInResponses::Trust;
            unions::render((id, definition), api, types, doc, has_default)
        }
    }
}

fn type_doc(definition: &TypeDef, api: &Api) -> DocText {
    let mut doc = DocText::default();
    doc.text(api, definition.description.as_deref());
    if doc.is_empty() {
        doc.markdown(match definition.words.as_slice() {
            [only] => format!("The schema {}.", code(only)),
            [owner, .., last] if last == crate::model::ITEM => {
                let list = &definition.words[definition.words.len() - 2];
                format!("An item of {} of {}.", code(list), code(owner))
            }
            [owner, .., last] => format!("The {} of {}.", code(last), code(owner)),
            [] => String::new(),
        });
    }
    if definition.deprecated {
        // An attribute would warn wherever rendered code names the type.
        doc.markdown("Deprecated.");
    }
    doc
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
    let required = structure.required.iter();
    let required = required.filter_map(|wire| view_of(wire));
    let (fixed, required): (Vec<_>, Vec<_>) = required.partition(|field| field.only.is_some());
    let settable: Vec<_> = structure
        .fields
        .iter()
        .filter_map(|field| view_of(&field.wire))
        .collect();
    StructView {
        name,
        wire,
        doc,
        has_new: !required.is_empty() || !fixed.is_empty(),
        has_methods: !settable.is_empty(),
        has_many_arguments: required.len() > MAX_ARGUMENTS,
        additional: None,
        fixed,
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
    api: &Api,
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
    let only = only_value(field, api).map(|only| match is_option {
        true => only.some(),
        false => only,
    });
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
        doc: field_doc(field, api),
        ty,
        argument,
        is_shorthand: value.to_string() == names.field.to_string(),
        value,
        deprecated: field.deprecated,
        trusted,
        has_null_setter: is_option && (field.nullable || structure.is_patch && !field.required),
        is_number: is_number(api, &field.ty),
        only,
    }
}

/// Whether a type is a number that can have a fraction, or a list or map of them.
pub(super) fn is_number(api: &Api, ty: &Type) -> bool {
    let mut ty = api.plain(ty);
    while let Type::Array(inner) | Type::Map(inner) = ty {
        ty = api.plain(inner);
    }
    matches!(ty, Type::Float | Type::Double)
}

/// The value of a field that has only one possible value.
fn only_value(field: &Field, api: &Api) -> Option<Expr> {
    let constant = field.constant.as_ref().filter(|_| !field.boxed)?;
    let is_enum = |single: bool| match api.plain(&field.ty) {
        Type::Named(id) => api.types.get(id).is_some_and(|found| match &found.kind {
            TypeKind::Enum(values) => !single || values.len() == 1,
            TypeKind::ScalarEnum(_) => !single,
            _ => false,
        }),
        _ => false,
    };
    let value = match constant {
        _ if is_enum(true) => quote::quote!(Default::default()),
        Scalar::Text(text) if *api.plain(&field.ty) == Type::String => {
            quote::quote!(#text.to_owned())
        }
        Scalar::Bool(value) if *api.plain(&field.ty) == Type::Bool => quote::quote!(#value),
        Scalar::Text(text) if is_enum(false) => quote::quote!(#text.into()),
        Scalar::Bool(value) if is_enum(false) => quote::quote!(#value.into()),
        Scalar::Integer(number) if is_enum(false) => {
            let literal = proc_macro2::Literal::i64_suffixed(i64::try_from(*number).ok()?);
            quote::quote!(#literal.into())
        }
        Scalar::Number(number) if is_enum(false) => {
            let literal = proc_macro2::Literal::f64_suffixed(*number);
            quote::quote!(#literal.into())
        }
        _ => return None,
    };
    Some(Expr::new(value))
}

fn is_trusted(field: &Field, required: RequiredInResponses) -> bool {
    // A required field that closes a cycle would make every value infinite.
    // Read-only and write-only properties are missing from requests or responses.
    field.required
        && !field.is_recursive
        && !field.read_only
        && !field.write_only
        && required == RequiredInResponses::Trust
}

/// Whether a field holds an `Option` of its value.
pub(super) fn is_option(field: &Field, required: RequiredInResponses) -> bool {
    field.nullable || !is_trusted(field, required)
}

fn field_doc(field: &Field, api: &Api) -> DocText {
    let mut doc = DocText::default();
    doc.text(api, field.description.as_deref());
    if doc.is_empty() {
        doc.markdown(format!("The property {}.", code(&field.wire)));
    }
    let mut notes = Vec::new();
    if field.required {
        notes.push("Required in requests.".to_owned());
    }
    if field.read_only {
        notes.push("Read-only.".to_owned());
    }
    if field.write_only {
        notes.push("Write-only.".to_owned());
    }
    if let Some(default) = &field.default {
        notes.push(format!("Default: {}.", code(default)));
    }
    if !notes.is_empty() {
        doc.markdown(notes.join(" "));
    }
    doc
}
