//! Writes code against the old crate: if it compiles with the old crate and not with the new one, the
//! finding from which it was derived breaks callers.

use quote::{ToTokens, quote};
use sdkgen::measuring::surface::{Change, Item, Kind, Surface};
use syn::{FnArg, ReceiverKind, ReturnType, TraitItemFn, Variant};

use super::bases::CRATE;

/// The first lines of a caller.
const HEAD: &[&str] = &[
    "use std::{fmt::{Debug, Display}, future::Future, hash::Hash, str::FromStr};",
    "use sdk::{*, external::{*, serde::{Serialize, Deserialize}}};",
    // Signatures may use aliases that are private to the crate.
    "type Map<V> = std::collections::BTreeMap<String, V>;",
    "type JsonObject = sdk::external::serde_json::Map<String, sdk::external::serde_json::Value>;",
];

/// A line of a caller, derived from a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Snippet {
    /// The index of the finding.
    pub(super) finding: usize,
    pub(super) line: String,
}

/// The text of a caller, with one line for each snippet, so that errors identify their snippet.
pub(super) fn text(snippets: &[Snippet]) -> String {
    let lines = snippets.iter().map(|snippet| snippet.line.as_str());
    let mut text = HEAD
        .iter()
        .copied()
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n");
    text.push('\n');
    text
}

/// The snippet in a line of the text, counted from 1.
pub(super) fn at_line(snippets: &[Snippet], line: usize) -> Option<&Snippet> {
    snippets.get(line.checked_sub(HEAD.len() + 1)?)
}

/// A line that uses the changed item in its old form; `None` for items without such a use.
pub(super) fn snippet(old: &Surface, finding: usize, change: &Change) -> Option<Snippet> {
    let signature = &change.old.as_ref()?.signature;
    let mut items = old.items();
    let item = items.find(|item| item.path == change.item && item.signature == *signature)?;
    let line = line(old, item, &format!("s{finding}"))?;
    Some(Snippet { finding, line })
}

fn line(old: &Surface, item: &Item, name: &str) -> Option<String> {
    let path = &item.path;
    match item.kind {
        Kind::Field => field(old, item, name),
        Kind::Method | Kind::Function => call(item, name),
        Kind::Variant => variant(item, name),
        Kind::Alias => {
            let target = item.signature.split_once(" = ")?.1;
            Some(format!("fn {name}(x: {path}) -> {target} {{ x }}"))
        }
        Kind::Const | Kind::AssociatedConst => {
            let ty = item.signature.split_once(": ")?.1;
            Some(format!("fn {name}() -> {ty} {{ {path} }}"))
        }
        Kind::TraitImpl => {
            let (target, of_trait) = path.split_once(": ")?;
            let bound = match of_trait.contains("'de") {
                true => format!("for<'de> {of_trait}"),
                false => of_trait.to_owned(),
            };
            Some(format!(
                "fn {name}() {{ fn needs<T: {bound}>() {{}} needs::<{target}>(); }}"
            ))
        }
        Kind::Struct | Kind::Enum => {
            // Another item may have the same name: its members tell which one is meant.
            let mut parts = old.items();
            let part = parts.find(|part| {
                matches!(part.kind, Kind::Field | Kind::Variant | Kind::Method)
                    && part
                        .path
                        .rsplit_once("::")
                        .is_some_and(|(parent, _)| parent == path)
            });
            let in_it = part.and_then(|part| line(old, part, name));
            Some(in_it.unwrap_or_else(|| format!("pub use {CRATE}::{path} as {name};")))
        }
        Kind::Trait | Kind::Module | Kind::ReExport => {
            Some(format!("pub use {CRATE}::{path} as {name};"))
        }
        _ => None,
    }
}

fn field(old: &Surface, item: &Item, name: &str) -> Option<String> {
    let ty = item.signature.split_once(": ")?.1;
    let (owner, member) = item.path.rsplit_once("::")?;
    let is_variant = old
        .items()
        .any(|one| one.path == owner && one.kind == Kind::Variant);
    match is_variant {
        false => Some(format!("fn {name}(x: {owner}) -> {ty} {{ x.{member} }}")),
        true if member.starts_with(|first: char| first.is_ascii_digit()) => {
            let of = owner.rsplit_once("::")?.0;
            let arm = format!("{owner} {{ {member}: found, .. }} => Some(found)");
            Some(format!(
                "fn {name}(x: {of}) -> Option<{ty}> {{ match x {{ {arm}, _ => None }} }}"
            ))
        }
        true => None,
    }
}

/// A function of the same signature that calls the old one, with the same arguments and result.
fn call(item: &Item, name: &str) -> Option<String> {
    let owner = item.path.rsplit_once("::").map_or("", |(owner, _)| owner);
    let text = with_raw_names(&item.signature);
    let function: TraitItemFn = syn::parse_str(&format!("{text};")).ok()?;
    let signature = function.sig;
    let (mut parameters, mut arguments) = (String::new(), String::new());
    for (index, input) in signature.inputs.iter().enumerate() {
        let ty = match input {
            FnArg::Receiver(receiver) => match &receiver.kind {
                ReceiverKind::Value => quote!(Self),
                ReceiverKind::Reference(and, lifetime, mutable) => {
                    quote!(#and #lifetime #mutable Self)
                }
                ReceiverKind::Typed(_, ty) => ty.to_token_stream(),
                _ => return None,
            },
            FnArg::Typed(typed) => typed.ty.to_token_stream(),
        };
        parameters.push_str(&format!("a{index}: {ty}, "));
        arguments.push_str(&format!("a{index}, "));
    }
    let output = match &signature.output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, ty) => ty.to_token_stream().to_string(),
    };
    let (word, wait) = match signature.asyncness {
        Some(_) => ("async fn", ".await"),
        None => ("fn", ""),
    };
    let generics = signature.generics.to_token_stream();
    let bounds = signature.generics.where_clause.to_token_stream();
    let path = &item.path;
    let text = format!(
        "{word} {name}{generics}({parameters}) -> {output} {bounds} {{ {path}({arguments}){wait} }}"
    );
    Some(own_type_named(&text, owner))
}

/// The signature with `r#` before parameter names that are keywords, which surfaces leave out.
fn with_raw_names(signature: &str) -> String {
    let parts = signature.split_inclusive(['(', ' ']);
    let raw = parts.map(|part| match part.strip_suffix(": ") {
        Some(name) if name != "self" && syn::parse_str::<syn::Ident>(name).is_err() => {
            format!("r#{part}")
        }
        _ => part.to_owned(),
    });
    raw.collect()
}

/// An expression of the variant with its fields.
fn variant(item: &Item, name: &str) -> Option<String> {
    let owner = item.path.rsplit_once("::")?.0;
    let parsed: Variant = syn::parse_str(&item.signature).ok()?;
    let path = &item.path;
    match parsed.fields {
        syn::Fields::Unit => Some(format!("fn {name}() -> {owner} {{ {path} }}")),
        syn::Fields::Unnamed(fields) => {
            let (mut parameters, mut arguments) = (String::new(), String::new());
            for (index, field) in fields.unnamed.iter().enumerate() {
                parameters.push_str(&format!("a{index}: {}, ", field.ty.to_token_stream()));
                arguments.push_str(&format!("a{index}, "));
            }
            Some(format!(
                "fn {name}({parameters}) -> {owner} {{ {path}({arguments}) }}"
            ))
        }
        syn::Fields::Named(_) => None,
    }
}

/// The text with `Self` replaced, which is invalid outside of an impl.
fn own_type_named(text: &str, owner: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for next in text.chars().chain(Some(' ')) {
        if next.is_alphanumeric() || next == '_' {
            word.push(next);
            continue;
        }
        out.push_str(if word == "Self" { owner } else { &word });
        word.clear();
        out.push(next);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdkgen::{measuring::surface::compare, output::RelativePath};

    fn surface(text: &str) -> Surface {
        let path = RelativePath::new("src/lib.rs").unwrap();
        Surface::of(&[(path, text.to_owned())].into()).unwrap()
    }

    fn lines(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (surface(old), surface(new));
        let changes = compare(&old, &new);
        let snippets = changes
            .iter()
            .enumerate()
            .filter_map(|(index, change)| snippet(&old, index, change));
        snippets.map(|snippet| snippet.line).collect()
    }

    #[test]
    fn a_finding_becomes_code_for_the_old_crate() {
        for (old, new, expected) in [
            (
                "pub struct A { pub x: u8 }",
                "pub struct A { pub x: u16 }",
                "fn s0(x: A) -> u8 { x.x }",
            ),
            (
                "pub enum A { X(u8) }",
                "pub enum A { X(u16) }",
                "fn s0(x: A) -> Option<u8> { match x { A::X { 0: found, .. } => Some(found), _ => None } }",
            ),
            (
                "pub enum A { X, Y }",
                "pub enum A { X }",
                "fn s0() -> A { A::Y }",
            ),
            (
                "pub type A = u8;",
                "pub type A = u16;",
                "fn s0(x: A) -> u8 { x }",
            ),
            (
                "pub const A: u8 = 1;",
                "pub const A: u16 = 1;",
                "fn s0() -> u8 { A }",
            ),
            (
                "pub struct A; impl A { pub fn f(&self, a: impl Into<u8>) -> Self { todo!() } }",
                "pub struct A; impl A { pub fn f(&self) -> Self { todo!() } }",
                "fn s0(a0: & A, a1: impl Into < u8 >, ) -> A  { A::f(a0, a1, ) }",
            ),
            (
                "#[derive(Clone)] pub struct A;",
                "pub struct A;",
                "fn s0() { fn needs<T: Clone>() {} needs::<A>(); }",
            ),
            (
                "pub enum A { X }",
                "pub type A = u8;",
                "fn s0() -> A { A::X }",
            ),
            (
                "pub struct A; impl A { pub fn f(&self, r#type: u8) {} }",
                "pub struct A; impl A { pub fn f(&self, r#type: u16) {} }",
                "fn s0(a0: & A, a1: u8, ) -> ()  { A::f(a0, a1, ) }",
            ),
            ("pub mod a {}", "", "pub use sdk::a as s0;"),
        ] {
            assert_eq!(lines(old, new).first().map(String::as_str), Some(expected));
        }
    }

    #[test]
    fn lines_lead_back_to_findings() {
        let snippets = ["a", "b"].map(|line| Snippet {
            finding: 3,
            line: line.to_owned(),
        });
        let text = text(&snippets);
        let line = text.lines().position(|line| line == "b").unwrap() + 1;
        assert_eq!(at_line(&snippets, line), Some(&snippets[1]));
        assert_eq!(at_line(&snippets, 1), None);
        assert_eq!(at_line(&snippets, line + 1), None);
    }
}
