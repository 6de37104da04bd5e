//! The code of impls, part by part.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ImplItem, Stmt};

use super::Part;
use crate::surface::text::{Piece, Text, normalize};

/// Takes the code of an impl apart, so that each arm, statement and element can be told of the field
/// or variant it is about.
pub(super) fn read_parts(member: &ImplItem, out: &mut Vec<Part>) {
    let mut add = |place: &str, tokens: TokenStream| {
        let text = normalize(tokens);
        let mentions = mentions(&text);
        out.push(Part {
            place: place.to_owned(),
            mentions,
            text,
        });
    };
    match member {
        ImplItem::Fn(item) => {
            let place = item.sig.ident.to_string();
            for statement in &item.block.stmts {
                match statement {
                    Stmt::Expr(Expr::Match(matched), _) => {
                        let value = &matched.expr;
                        add(&place, quote!(match #value));
                        for arm in &matched.arms {
                            let (pattern, body) = (&arm.pat, &arm.body);
                            add(&place, quote!(#pattern => #body));
                        }
                    }
                    other => add(&place, other.to_token_stream()),
                }
            }
        }
        ImplItem::Const(item) => {
            let place = item.ident.to_string();
            match &item.expr {
                Expr::Reference(list) if matches!(&*list.expr, Expr::Array(_)) => {
                    if let Expr::Array(list) = &*list.expr {
                        list.elems
                            .iter()
                            .for_each(|element| add(&place, element.to_token_stream()));
                    }
                }
                other => add(&place, other.to_token_stream()),
            }
        }
        _ => {}
    }
}

/// The members that a text mentions, as `self.x` or `Self::X`.
fn mentions(text: &Text) -> Vec<String> {
    use Piece::{Path, Word};
    let mut found: Vec<String> = Vec::new();
    for (index, piece) in text.iter().enumerate() {
        let Path(path) = piece else { continue };
        let behind = (text.get(index + 1), text.get(index + 2));
        let member = match (path.as_slice(), behind) {
            ([own], (Some(Word(dot)), Some(Word(member)))) if own == "self" && dot == "." => member,
            ([own, member, ..], _) if own == "Self" => member,
            _ => continue,
        };
        if !found.contains(member) {
            found.push(member.clone());
        }
    }
    found
}
