//! Functions, and the members of impls and traits.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    FnArg, ImplItem, ReceiverKind, ReturnType, Safety, Signature, TraitItem, spanned::Spanned,
};

use super::{Entry, Function, What, entry, generics, public};
use crate::surface::{
    Kind,
    text::{Text, bare, normalize},
};

/// Reads a function; one of a trait may have no body.
pub(super) fn function(signature: &Signature, block: Option<&syn::Block>) -> Function {
    let qualifiers = [
        ("const", signature.constness.is_some()),
        ("async", signature.asyncness.is_some()),
        ("unsafe", matches!(signature.safety, Safety::Unsafe(_))),
    ];
    let qualifiers = qualifiers.into_iter().filter(|(_, has)| *has);
    let qualifiers: Vec<&str> = qualifiers.map(|(word, _)| word).collect();
    let mut receiver = None;
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        match input {
            // Whether the method may change its own copy is no concern of callers.
            FnArg::Receiver(own) => {
                receiver = Some(match &own.kind {
                    ReceiverKind::Value => normalize(quote!(self)),
                    ReceiverKind::Reference(and, lifetime, mutable) => {
                        normalize(quote!(#and #lifetime #mutable self))
                    }
                    // With its type written out.
                    _ => normalize(own),
                });
            }
            FnArg::Typed(argument) => {
                let name = match &*argument.pat {
                    syn::Pat::Ident(pattern) => bare(&pattern.ident.to_string()),
                    _ => "_".to_owned(),
                };
                parameters.push((name, normalize(&argument.ty)));
            }
        }
    }
    Function {
        qualifiers: qualifiers.join(" "),
        generics: generics(&signature.generics),
        receiver,
        parameters,
        output: match &signature.output {
            ReturnType::Default => Text::new(),
            ReturnType::Type(_, ty) => normalize(ty),
        },
        has_body: block.is_some(),
        body: block.map(|block| all(&block.stmts)).unwrap_or_default(),
    }
}

fn all<T: ToTokens>(parts: &[T]) -> Text {
    let mut tokens = TokenStream::new();
    parts.iter().for_each(|part| part.to_tokens(&mut tokens));
    normalize(tokens)
}

/// Reads a member of an impl; those of an impl of a trait are as visible as the trait.
pub(super) fn impl_member(member: &ImplItem, is_of_trait: bool) -> Option<Entry> {
    let line = member.span().start().line;
    let (ident, vis, attributes, what) = match member {
        ImplItem::Fn(item) => {
            let what = What::Function(function(&item.sig, Some(&item.block)));
            (&item.sig.ident, &item.vis, &item.attrs, what)
        }
        ImplItem::Const(item) => {
            let (ty, value) = (normalize(&item.ty), normalize(&item.expr));
            let what = What::Value {
                kind: Kind::AssociatedConst,
                ty,
                value,
            };
            (&item.ident, &item.vis, &item.attrs, what)
        }
        ImplItem::Type(item) => {
            let what = What::Associated(normalize(&item.ty));
            (&item.ident, &item.vis, &item.attrs, what)
        }
        _ => return None,
    };
    let entry = entry(bare(&ident.to_string()), Some(vis), attributes, line, what)?;
    Some(if is_of_trait { public(entry) } else { entry })
}

/// Reads a member of a trait.
pub(super) fn trait_member(member: &TraitItem) -> Option<Entry> {
    let line = member.span().start().line;
    let (ident, attributes, what) = match member {
        TraitItem::Fn(item) => {
            let what = What::Function(function(&item.sig, item.default.as_ref()));
            (&item.sig.ident, &item.attrs, what)
        }
        TraitItem::Const(item) => {
            let value = item.default.as_ref().map(|(_, value)| normalize(value));
            let (ty, value) = (normalize(&item.ty), value.unwrap_or_default());
            let what = What::Value {
                kind: Kind::AssociatedConst,
                ty,
                value,
            };
            (&item.ident, &item.attrs, what)
        }
        TraitItem::Type(item) => {
            let bounds = &item.bounds;
            let what = What::Associated(normalize(quote!(: #bounds)));
            (&item.ident, &item.attrs, what)
        }
        _ => return None,
    };
    entry(bare(&ident.to_string()), None, attributes, line, what).map(public)
}
