//! The pieces of Rust that views hold: types, literals, documentation.

use std::fmt;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::tokens;
use crate::{
    ir::{Owner, Type, TypeId},
    names::{Ident, Names},
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

    /// The expression in `Some`.
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

/// Whose file a type is written in, which decides how it names others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Types<'a> {
    pub(super) names: &'a Names,
    pub(super) file: &'a Owner,
}

impl Types<'_> {
    /// The type itself.
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

    /// The type of an argument that becomes a field, and the field's value made from it.
    pub(super) fn field_argument(&self, ty: &Type, boxed: bool, name: &Ident) -> (TypeExpr, Expr) {
        let own = self.expr(ty);
        let (argument, value) = match ty {
            Type::String | Type::Secret | Type::Array(_) | Type::Map(_) => {
                (quote!(impl Into<#own>), quote!(#name.into()))
            }
            _ if boxed => (quote!(#own), quote!(Box::new(#name))),
            _ => (quote!(#own), quote!(#name)),
        };
        (TypeExpr(argument), Expr(value))
    }

    /// The type of an argument that goes into a path, a query or a header.
    pub(super) fn parameter(&self, ty: &Type) -> TypeExpr {
        TypeExpr(match ty {
            // Any scalar that reads as text will do: ids are texts to the description, and often
            // UUIDs to the caller.
            Type::String | Type::Secret => quote!(impl rt::Param),
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

    /// The type of an argument that is a request body.
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

    /// Whether writing the type needs the `models` module in scope.
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
            // A reference to nothing was reported as such; nothing is written then.
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

/// Documentation: Markdown as rustdoc reads it, laid out as `///` or `//!` lines.
#[derive(Clone, Debug, Default)]
pub(super) struct DocText {
    paragraphs: Vec<String>,
    inner: bool,
}

/// The width of the text of a documentation line.
const WIDTH: usize = 92;

impl DocText {
    /// Documentation of what holds it, as `//!` lines.
    pub(super) fn inner() -> Self {
        Self {
            paragraphs: Vec::new(),
            inner: true,
        }
    }

    /// Adds a text of the description's author.
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            self.paragraphs.push(neutralize(text));
        }
        self
    }

    /// Adds Markdown of our own.
    pub(super) fn markdown(&mut self, markdown: impl Into<String>) -> &mut Self {
        self.paragraphs.push(markdown.into());
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
    }
}

impl fmt::Display for DocText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.inner { "//!" } else { "///" };
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            // Rust takes no lone carriage return in a comment.
            let paragraph = paragraph.replace("\r\n", "\n").replace('\r', " ");
            if index > 0 {
                writeln!(f, "{mark}")?;
            }
            for line in paragraph.lines() {
                for wrapped in wrap(line) {
                    writeln!(f, "{mark} {wrapped}")?;
                }
            }
        }
        Ok(())
    }
}

/// Makes text of any origin safe to stand in rustdoc: brackets are no links, `<` opens no tag, code
/// is not compiled as a test, addresses are links.
pub(super) fn neutralize(text: &str) -> String {
    let mut lines = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim_start().starts_with("```") {
            let opens = !fenced;
            fenced = !fenced;
            lines.push(if opens {
                "```text".to_owned()
            } else {
                "```".to_owned()
            });
        } else if fenced {
            lines.push(line.to_owned());
        } else {
            // Four spaces would make a code block, which rustdoc compiles.
            let indent = line.len() - line.trim_start().len();
            let indent = " ".repeat(indent.min(3));
            lines.push(format!("{indent}{}", neutralize_line(line.trim_start())));
        }
    }
    if fenced {
        lines.push("```".to_owned());
    }
    lines.join("\n")
}

fn neutralize_line(line: &str) -> String {
    let mut out = String::new();
    // Code spans are left as they are; an odd backtick opens none.
    let closed = line.matches('`').count() / 2 * 2;
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push_str(if index > closed { "\\`" } else { "`" });
        }
        if index % 2 == 1 && index < closed {
            out.push_str(part);
            continue;
        }
        for (index, word) in part.split(' ').enumerate() {
            if index > 0 {
                out.push(' ');
            }
            if word.starts_with("https://") || word.starts_with("http://") {
                let end = word.trim_end_matches(['.', ',', ')', ';', ':']).len();
                let address = word[..end].replace(['<', '>'], "");
                out.push_str(&format!("<{address}>{}", &word[end..]));
                continue;
            }
            for character in word.chars() {
                if matches!(character, '[' | ']' | '<' | '>') {
                    out.push('\\');
                }
                out.push(character);
            }
        }
    }
    out
}

/// Breaks a line of prose at spaces; lines that are laid out on purpose stay whole.
fn wrap(line: &str) -> Vec<String> {
    let is_prose = !line.starts_with(['|', '#', '`', ' '])
        || line.starts_with('`') && !line.starts_with("```");
    if !is_prose || line.chars().count() <= WIDTH {
        return vec![line.to_owned()];
    }
    // What goes on in the next line of a list item is indented under its text.
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut in_code = false;
    for word in line.split(' ') {
        let fits = current.chars().count() + 1 + word.chars().count() <= WIDTH;
        if current.trim().is_empty() || fits || in_code {
            if !current.trim().is_empty() {
                current.push(' ');
            }
        } else {
            lines.push(std::mem::replace(&mut current, indent.to_owned()));
        }
        current.push_str(word);
        in_code ^= word.matches('`').count() % 2 == 1;
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_neither_link_nor_tag_nor_test() {
        assert_eq!(
            neutralize("a [b] <c> `[d] <e>` f`"),
            "a \\[b\\] \\<c\\> `[d] <e>` f\\`"
        );
        assert_eq!(neutralize("    let x = 1;"), "   let x = 1;");
        assert_eq!(neutralize("```\nx [y]"), "```text\nx [y]\n```");
        assert_eq!(
            DocText::default().text(Some("a\rb")).to_string(),
            "/// a b\n"
        );
        assert_eq!(neutralize("see https://a.b/c_d."), "see <https://a.b/c_d>.");
    }

    #[test]
    fn prose_is_wrapped_and_code_spans_are_not_torn() {
        let mut doc = DocText::default();
        let long = format!(
            "{} `{}` end",
            "word ".repeat(17).trim(),
            "code span ".repeat(3).trim()
        );
        doc.text(Some(&long)).markdown("- item");
        let text = doc.to_string();
        assert!(text.lines().all(|line| line.starts_with("///")), "{text}");
        assert!(text.contains("`code span code span code span`"), "{text}");
        assert!(text.ends_with("///\n/// - item\n"), "{text}");
    }

    #[test]
    fn literals_are_escaped() {
        assert_eq!(StrLit::new("a\"b\\\n").to_string(), r#""a\"b\\\n""#);
    }
}
