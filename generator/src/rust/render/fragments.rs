//! Pieces of Rust code in views: types, expressions and literals.

use std::fmt;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::tokens;
use crate::{
    model::{Owner, Type, TypeId},
    rust::names::{Ident, Names},
};

/// A Rust type.
#[derive(Clone, Debug)]
pub(super) struct TypeExpr(TokenStream);

impl TypeExpr {
    pub(super) fn new(tokens: TokenStream) -> Self {
        Self(tokens)
    }

    pub(super) fn unit() -> Self {
        Self(quote!(()))
    }
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tokens::text(&self.0))
    }
}

impl ToTokens for TypeExpr {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) struct Expr(TokenStream);

impl Expr {
    pub(super) fn new(tokens: TokenStream) -> Self {
        Self(tokens)
    }

    /// Wraps the expression in `Some`.
    pub(super) fn some(&self) -> Self {
        let inner = &self.0;
        Self(quote!(Some(#inner)))
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tokens::text(&self.0))
    }
}

/// A string literal.
#[derive(Clone, Debug)]
pub(super) struct StrLit(String);

impl StrLit {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for StrLit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        proc_macro2::Literal::string(&self.0).fmt(f)
    }
}

/// Writes types as they are named in one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Types<'a> {
    pub(super) names: &'a Names,
    pub(super) file: &'a Owner,
}

impl Types<'_> {
    /// The type of a value.
    pub(super) fn expr(&self, ty: &Type) -> TypeExpr {
        TypeExpr(match ty {
            Type::String => quote!(String),
            Type::Secret => quote!(rt::Secret),
            Type::Bool => quote!(bool),
            Type::Int32 => quote!(i32),
            Type::Int64 => quote!(i64),
            Type::Uint64 => quote!(u64),
            Type::UnixTime => quote!(rt::UnixTime),
            Type::Base64 => quote!(rt::Base64),
            Type::Base64Url => quote!(rt::Base64Url),
            Type::File => quote!(rt::FilePart),
            Type::Tuple(items) => {
                let types = items.iter().map(|item| self.expr(item));
                quote!((#(#types,)*))
            }
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::DateTime => quote!(rt::DateTime),
            Type::Instant => quote!(rt::Instant),
            Type::Date => quote!(rt::Date),
            Type::YearMonth => quote!(rt::YearMonth),
            Type::Uuid => quote!(rt::Uuid),
            Type::Any => quote!(rt::JsonValue),
            Type::FreeForm => quote!(rt::JsonObject),
            Type::Nullable(inner) => {
                let inner = self.expr(inner);
                quote!(Option<#inner>)
            }
            Type::Array(items) => {
                let items = self.expr(items);
                quote!(Vec<#items>)
            }
            Type::Map(values) => {
                let values = self.expr(values);
                quote!(rt::Map<#values>)
            }
            Type::Named(id) => self.path(id),
        })
    }

    /// The type of a setter's argument, and the expression that turns it into the field's value.
    pub(super) fn field_argument(&self, ty: &Type, boxed: bool, name: &Ident) -> (TypeExpr, Expr) {
        let own = self.expr(ty);
        let (argument, value) = match ty {
            Type::String | Type::Secret | Type::DateTime | Type::Array(_) | Type::Map(_) => {
                (quote!(impl Into<#own>), quote!(#name.into()))
            }
            _ if boxed => (quote!(#own), quote!(Box::new(#name))),
            _ => (quote!(#own), quote!(#name)),
        };
        (TypeExpr(argument), Expr(value))
    }

    /// The type of an argument for a parameter.
    pub(super) fn parameter(&self, ty: &Type) -> TypeExpr {
        TypeExpr(match ty {
            // Accepts any scalar: IDs are strings in descriptions, and often UUIDs in the caller's
            // code.
            Type::String | Type::Secret => quote!(impl rt::Param),
            Type::DateTime | Type::Instant => quote!(impl rt::Time),
            Type::File => quote!(impl Into<rt::FilePart>),
            Type::Array(items) => match &**items {
                Type::String | Type::Secret => quote!(impl rt::ParamList),
                Type::File => quote!(impl IntoIterator<Item = impl Into<rt::FilePart>>),
                items => {
                    let items = self.expr(items);
                    quote!(impl rt::ListOf<#items>)
                }
            },
            other => self.expr(other).0,
        })
    }

    /// The type of an argument for a request body.
    pub(super) fn body(&self, ty: &Type) -> TypeExpr {
        TypeExpr(match ty {
            Type::String => quote!(&str),
            Type::Array(items) => {
                let items = self.expr(items);
                quote!(&[#items])
            }
            other => {
                let own = self.expr(other);
                quote!(&#own)
            }
        })
    }

    /// Whether the type refers to the `models` module, which must be imported then.
    pub(super) fn needs_models(&self, ty: &Type) -> bool {
        match ty {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => {
                self.needs_models(inner)
            }
            Type::Tuple(items) => items.iter().any(|item| self.needs_models(item)),
            Type::Named(id) => matches!(self.file, Owner::Operation(_)) && !self.is_local(id),
            _ => false,
        }
    }

    fn path(&self, id: &TypeId) -> TokenStream {
        let Some(name) = self.names.types.get(id) else {
            // The missing type was reported as an error, so that this is never written.
            return quote!(rt::JsonValue);
        };
        match self.file {
            _ if self.is_local(id) => quote!(#name),
            Owner::Component(_) => quote!(super::#name),
            Owner::Operation(_) => quote!(models::#name),
        }
    }

    fn is_local(&self, id: &TypeId) -> bool {
        let tokens: Vec<&str> = id.0.tokens().take(3).collect();
        match (tokens.as_slice(), self.file) {
            (["components", _, name], Owner::Component(file)) => name == file,
            (["paths", ..], Owner::Operation(_)) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_escaped() {
        assert_eq!(StrLit::new("a\"b\\\n").to_string(), r#""a\"b\\\n""#);
    }
}
