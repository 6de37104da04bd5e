//! A rendered file to what it declares, before any name is resolved.

mod functions;
mod parts;

use quote::quote;
use sha2::{Digest, Sha256};
use syn::{Attribute, Expr, Fields, Item, UseTree, spanned::Spanned};

use functions::{function, impl_member, trait_member};
use parts::read_parts;

use super::{
    Kind,
    gate::Gate,
    macros,
    text::{Text, bare, normalize},
};

/// A declaration, as one file has it.
#[derive(Debug)]
pub(in crate::surface) struct Entry {
    pub(in crate::surface) name: String,
    pub(in crate::surface) is_public: bool,
    pub(in crate::surface) marks: Marks,
    pub(in crate::surface) what: What,
}

/// What attributes and place say.
#[derive(Clone, Debug, Default)]
pub(in crate::surface) struct Marks {
    pub(in crate::surface) docs: String,
    pub(in crate::surface) deprecated: bool,
    pub(in crate::surface) must_use: bool,
    pub(in crate::surface) non_exhaustive: bool,
    pub(in crate::surface) gate: Gate,
    pub(in crate::surface) line: usize,
}

/// The kinds of declarations.
#[derive(Debug)]
pub(in crate::surface) enum What {
    /// A module, with what is in it where that stands in the same file.
    Module(Option<Vec<Entry>>),
    /// A name for what a path leads to; all names there if it is a glob.
    Use { path: Vec<String>, is_glob: bool },
    /// A type, with its fields or variants.
    Type {
        kind: Kind,
        generics: Text,
        form: Form,
        members: Vec<Entry>,
        derives: Vec<Text>,
    },
    /// Another name for a type.
    Alias {
        parameters: Vec<String>,
        generics: Text,
        target: Text,
    },
    /// A field.
    Field(Text),
    /// A variant, with its fields.
    Variant {
        form: Form,
        discriminant: Text,
        members: Vec<Entry>,
    },
    /// A constant or a static.
    Value { kind: Kind, ty: Text, value: Text },
    /// A function or a method.
    Function(Function),
    /// A trait, with what stands behind its name, and its members.
    Trait { generics: Text, members: Vec<Entry> },
    /// A type that an impl gives a trait.
    Associated(Text),
    /// An impl.
    Impl(Impl),
}

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::surface) enum Form {
    Named,
    Tuple,
    Unit,
}

/// A function.
#[derive(Debug)]
pub(in crate::surface) struct Function {
    pub(in crate::surface) qualifiers: String,
    pub(in crate::surface) generics: Text,
    pub(in crate::surface) receiver: Option<Text>,
    pub(in crate::surface) parameters: Vec<(String, Text)>,
    pub(in crate::surface) output: Text,
    pub(in crate::surface) body: Text,
    /// Whether there is a body at all, which methods of traits may lack.
    pub(in crate::surface) has_body: bool,
}

/// An impl.
#[derive(Debug)]
pub(in crate::surface) struct Impl {
    pub(in crate::surface) of_trait: Option<Text>,
    pub(in crate::surface) target: Text,
    pub(in crate::surface) members: Vec<Entry>,
    /// What is inside, where it implements a trait.
    pub(in crate::surface) parts: Vec<Part>,
}

/// A part of the code of an impl: an arm, a statement, an element of a list.
#[derive(Debug)]
pub(in crate::surface) struct Part {
    /// The function or constant it is in.
    pub(in crate::surface) place: String,
    /// The members of the type that it mentions.
    pub(in crate::surface) mentions: Vec<String>,
    pub(in crate::surface) text: Text,
}

/// Reads a file. The error is the line, counted from 1, and what the parser says of it.
pub(in crate::surface) fn read(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let file =
        syn::parse_file(text).map_err(|error| (error.span().start().line, error.to_string()))?;
    Ok(entries(file.items))
}

/// What items declare.
pub(in crate::surface) fn entries(items: Vec<Item>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        read_item(item, &mut entries);
    }
    entries
}

fn read_item(item: Item, out: &mut Vec<Entry>) {
    let line = item.span().start().line;
    let mut add = |ident: &syn::Ident, vis: &syn::Visibility, attributes: &[Attribute], what| {
        let name = bare(&ident.to_string());
        out.extend(entry(name, Some(vis), attributes, line, what));
    };
    match item {
        Item::Mod(item) => {
            let inside = item.content.map(|(_, items)| entries(items));
            let what = What::Module(inside);
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Use(item) => {
            let mut uses = Vec::new();
            read_use(&item.tree, &mut Vec::new(), &mut uses);
            for (name, path, is_glob) in uses {
                let what = What::Use { path, is_glob };
                out.extend(entry(name, Some(&item.vis), &item.attrs, line, what));
            }
        }
        Item::Struct(item) => {
            let what = What::Type {
                kind: Kind::Struct,
                generics: generics(&item.generics),
                form: form(&item.fields),
                members: fields(&item.fields, false),
                derives: derives(&item.attrs),
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Enum(item) => {
            let variants = item.variants.iter().filter_map(|variant| {
                let what = What::Variant {
                    form: form(&variant.fields),
                    discriminant: variant
                        .discriminant
                        .as_ref()
                        .map(|(_, value)| normalize(value))
                        .unwrap_or_default(),
                    members: fields(&variant.fields, true),
                };
                let line = variant.ident.span().start().line;
                entry(
                    bare(&variant.ident.to_string()),
                    None,
                    &variant.attrs,
                    line,
                    what,
                )
            });
            let what = What::Type {
                kind: Kind::Enum,
                generics: generics(&item.generics),
                form: Form::Named,
                members: variants.map(public).collect(),
                derives: derives(&item.attrs),
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Type(item) => {
            let what = What::Alias {
                parameters: item
                    .generics
                    .type_params()
                    .map(|it| it.ident.to_string())
                    .collect(),
                generics: generics(&item.generics),
                target: normalize(&item.ty),
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Const(item) => {
            let (ty, value) = (normalize(&item.ty), normalize(&item.expr));
            let what = What::Value {
                kind: Kind::Const,
                ty,
                value,
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Static(item) => {
            let (ty, value) = (normalize(&item.ty), normalize(&item.expr));
            let what = What::Value {
                kind: Kind::Static,
                ty,
                value,
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Fn(item) => {
            let what = What::Function(function(&item.sig, Some(&item.block)));
            add(&item.sig.ident, &item.vis, &item.attrs, what);
        }
        Item::Trait(item) => {
            let supertraits = &item.supertraits;
            let head = generics(&item.generics);
            let mut head_and_bounds = head;
            head_and_bounds.extend(normalize(quote!(: #supertraits)));
            let what = What::Trait {
                generics: head_and_bounds,
                members: item.items.iter().filter_map(trait_member).collect(),
            };
            add(&item.ident, &item.vis, &item.attrs, what);
        }
        Item::Impl(item) => {
            let is_of_trait = item.trait_.is_some();
            let mut members = Vec::new();
            let mut parts = Vec::new();
            for member in &item.items {
                members.extend(impl_member(member, is_of_trait));
                if is_of_trait {
                    read_parts(member, &mut parts);
                }
            }
            let what = What::Impl(Impl {
                of_trait: item.trait_.as_ref().map(|(path, _)| normalize(path)),
                target: normalize(&item.self_ty),
                members,
                parts,
            });
            out.extend(entry(String::new(), None, &item.attrs, line, what));
        }
        Item::Macro(item) => {
            let declared = macros::declared(&item.mac, line);
            let gate = Gate::of(&item.attrs);
            out.extend(declared.into_iter().filter_map(|mut entry| {
                entry.marks.gate = entry.marks.gate.and(gate.as_ref()?);
                entry.marks.line = line;
                Some(entry)
            }));
        }
        // Nothing else stands in rendered code or in the runtime.
        _ => {}
    }
}

fn entry(
    name: String,
    vis: Option<&syn::Visibility>,
    attributes: &[Attribute],
    line: usize,
    what: What,
) -> Option<Entry> {
    let has = |name: &str| {
        attributes
            .iter()
            .any(|attribute| attribute.path().is_ident(name))
    };
    Some(Entry {
        name,
        is_public: matches!(vis, Some(syn::Visibility::Public(_))),
        marks: Marks {
            docs: docs(attributes),
            deprecated: has("deprecated"),
            must_use: has("must_use"),
            non_exhaustive: has("non_exhaustive"),
            gate: Gate::of(attributes)?,
            line,
        },
        what,
    })
}

/// What is as visible as what it is in.
fn public(mut entry: Entry) -> Entry {
    entry.is_public = true;
    entry
}

/// A hash of the documentation; empty if there is none.
fn docs(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(line),
                ..
            }) = &pair.value
        {
            text.extend(line.value().split_whitespace().flat_map(|word| [word, " "]));
        }
    }
    match text.is_empty() {
        true => text,
        false => Sha256::digest(text)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    }
}

fn derives(attributes: &[Attribute]) -> Vec<Text> {
    let mut derives = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
        let _ = attribute.parse_nested_meta(|derive| {
            derives.push(normalize(&derive.path));
            Ok(())
        });
    }
    derives
}

fn generics(generics: &syn::Generics) -> Text {
    let (bounds, clause) = (generics, &generics.where_clause);
    normalize(quote!(#bounds #clause))
}

fn form(fields: &Fields) -> Form {
    match fields {
        Fields::Named(_) => Form::Named,
        Fields::Unnamed(_) => Form::Tuple,
        Fields::Unit => Form::Unit,
    }
}

fn fields(fields: &Fields, are_public: bool) -> Vec<Entry> {
    let read = |(index, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map(|ident| bare(&ident.to_string()));
        let line = field
            .ident
            .as_ref()
            .map_or_else(|| field.ty.span(), syn::Ident::span);
        let what = What::Field(normalize(&field.ty));
        let name = name.unwrap_or_else(|| index.to_string());
        let mut entry = entry(
            name,
            Some(&field.vis),
            &field.attrs,
            line.start().line,
            what,
        )?;
        entry.is_public |= are_public;
        Some(entry)
    };
    fields.iter().enumerate().filter_map(read).collect()
}

fn read_use(tree: &UseTree, path: &mut Vec<String>, out: &mut Vec<(String, Vec<String>, bool)>) {
    let mut add = |name: &str, step: &str| {
        let mut full = path.clone();
        if step != "self" || full.is_empty() {
            full.push(step.to_owned());
        }
        let name = match (name, full.last()) {
            ("self", Some(last)) => last.clone(),
            _ => name.to_owned(),
        };
        out.push((name, full, false));
    };
    match tree {
        UseTree::Path(step) => {
            path.push(bare(&step.ident.to_string()));
            read_use(&step.tree, path, out);
            path.pop();
        }
        UseTree::Name(last) => {
            let name = bare(&last.ident.to_string());
            add(&name, &name);
        }
        UseTree::Rename(last) => {
            add(
                &bare(&last.rename.to_string()),
                &bare(&last.ident.to_string()),
            );
        }
        UseTree::Glob(_) => out.push((String::new(), path.clone(), true)),
        UseTree::Group(group) => {
            for tree in &group.items {
                read_use(tree, path, out);
            }
        }
    }
}
