//! Formats rendered text: syn parses it, prettyplease lays it out, and blank lines separate items.

use syn::{File, Item};

/// A function that formats a text. Its error is the line, counted from 1, and a message.
pub(crate) type Formatter = fn(&str) -> Result<String, (usize, String)>;

/// Keeps the layout of the templates, except for repeated blank lines. Does not check that the text is
/// Rust.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it has the signature of `rust`, which can fail"
)]
pub(crate) fn plain(text: &str) -> Result<String, (usize, String)> {
    let mut out = String::with_capacity(text.len());
    let mut was_blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if !(line.is_empty() && was_blank) {
            out.push_str(line);
            out.push('\n');
        }
        was_blank = line.is_empty();
    }
    Ok(out)
}

/// Formats Rust text. The error is the line, counted from 1, and the parser's message.
pub(crate) fn rust(text: &str) -> Result<String, (usize, String)> {
    let file =
        syn::parse_file(text).map_err(|error| (error.span().start().line, error.to_string()))?;
    let mut parts: Vec<(Kind, String)> = Vec::new();
    if !file.attrs.is_empty() {
        let attributes = File {
            shebang: None,
            frontmatter: None,
            attrs: file.attrs,
            items: Vec::new(),
        };
        parts.push((Kind::Other, prettyplease::unparse(&attributes)));
    }
    for item in file.items {
        let kind = Kind::of(&item);
        let single = File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        };
        let text = prettyplease::unparse(&single);
        let text = if kind == Kind::Impl {
            space_methods(&text)
        } else {
            text
        };
        parts.push((kind, text));
    }
    let mut out = String::new();
    for (index, (kind, part)) in parts.iter().enumerate() {
        let same_list = index > 0 && parts[index - 1].0 == *kind && kind.is_list();
        if index > 0 && !same_list {
            out.push('\n');
        }
        out.push_str(part);
    }
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Use,
    ReExport,
    Module,
    Impl,
    Other,
}

impl Kind {
    fn of(item: &Item) -> Self {
        match item {
            Item::Use(item) if matches!(item.vis, syn::Visibility::Inherited) => Self::Use,
            Item::Use(_) => Self::ReExport,
            Item::Mod(item) if item.content.is_none() => Self::Module,
            Item::Impl(_) => Self::Impl,
            _ => Self::Other,
        }
    }

    /// Whether items of this kind follow each other without blank lines.
    fn is_list(self) -> bool {
        matches!(self, Self::Use | Self::ReExport | Self::Module)
    }
}

/// Adds blank lines between the members of an impl.
fn space_methods(text: &str) -> String {
    let mut out = String::new();
    let mut previous = "";
    for line in text.lines() {
        let is_member_level = line.starts_with("    ") && !line.starts_with("     ");
        let ends_constant = previous.starts_with("    ")
            && !previous.starts_with("     ")
            && !previous.trim_start().starts_with("//")
            && previous.ends_with(';');
        let after_member = previous == "    }" || ends_constant;
        let begins = is_member_level && !matches!(line.trim(), "}" | "];" | ")");
        let both_constants =
            line.trim_start().starts_with("const ") && previous.trim_start().starts_with("const ");
        if after_member && begins && !both_constants {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = line;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_methods_are_separated() {
        let text = "use a; use b; mod c; mod d; pub use c::*; pub struct S{x:i32} impl S { const A:i32=1; const B:i32=2; fn a(&self){f(1);} /// Doc;\n/// more\nfn b(&self)->i32{2} } m!(S);";
        let expected = "\
use a;
use b;

mod c;
mod d;

pub use c::*;

pub struct S {
    x: i32,
}

impl S {
    const A: i32 = 1;
    const B: i32 = 2;

    fn a(&self) {
        f(1);
    }

    /// Doc;
    /// more
    fn b(&self) -> i32 {
        2
    }
}

m!(S);
";
        assert_eq!(rust(text).unwrap(), expected);
    }

    #[test]
    fn the_line_of_invalid_text_is_reported() {
        let (line, message) = rust("struct A;\nstruct ;\n").unwrap_err();
        assert_eq!(line, 2);
        assert!(message.contains("expected"), "{message}");
    }
}
