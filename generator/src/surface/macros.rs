//! What the macros of the runtime declare.
//!
//! Rendered code invokes them, and a rendered SDK that goes into another crate comes without their
//! definitions. So what callers can see of it is listed here; a test holds the list against the
//! definitions.

use proc_macro2::{TokenStream, TokenTree};

use super::{
    read::{self, Entry},
    text::{Piece, bare},
};

/// A macro of the runtime.
pub(super) struct Macro {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is given. Where a name ends in `*`, it is given any number of them.
    pub(super) takes: &'static [&'static str],
    /// What it declares, without what does not show; for each of the last argument where there can
    /// be any number of them. Where it shows in what a body mentions, that is what the body holds.
    pub(super) declares: &'static str,
}

/// The macros that declare something public.
pub(super) const MACROS: &[Macro] = &[
    Macro {
        name: "record",
        takes: &["name"],
        declares: "
            impl ::serde::Serialize for $name {}
            impl<'de> ::serde::Deserialize<'de> for $name {}
            impl ::std::fmt::Debug for $name {}",
    },
    Macro {
        name: "open_enum",
        takes: &["name"],
        declares: "
            impl $name { pub fn as_str(&self) -> &str {} }
            impl From<&str> for $name {}
            impl ::std::str::FromStr for $name { type Err = ::std::convert::Infallible; }
            impl From<$crate::runtime::Unrecognized> for $name {}
            impl PartialEq for $name {}
            impl Eq for $name {}
            impl ::std::hash::Hash for $name {}
            impl ::std::fmt::Debug for $name {}
            impl ::std::fmt::Display for $name {}
            impl $crate::runtime::Param for $name {}
            impl ::serde::Serialize for $name {}
            impl<'de> ::serde::Deserialize<'de> for $name {}",
    },
    Macro {
        name: "scalar_enum",
        takes: &["name"],
        declares: "
            impl $name { pub fn value(&self) -> ::serde_json::Value {} }
            impl From<i64> for $name {}
            impl From<f64> for $name {}
            impl From<bool> for $name {}
            impl From<&str> for $name {}
            impl From<$crate::runtime::UnrecognizedScalar> for $name {}
            impl PartialEq for $name {}
            impl ::std::fmt::Debug for $name {}
            impl ::std::fmt::Display for $name {}
            impl ::serde::Serialize for $name {}
            impl<'de> ::serde::Deserialize<'de> for $name {}
            impl $crate::runtime::Param for $name {}",
    },
    Macro {
        name: "union",
        takes: &["name"],
        declares: "
            impl ::serde::Serialize for $name {}
            impl<'de> ::serde::Deserialize<'de> for $name {}",
    },
    Macro {
        name: "newtype",
        takes: &["name", "inner"],
        declares: "
            impl $name { pub fn into_inner(self) -> $inner {} }
            impl From<$inner> for $name {}
            impl ::serde::Serialize for $name {}
            impl<'de> ::serde::Deserialize<'de> for $name {}",
    },
    Macro {
        name: "request",
        takes: &["name", "body"],
        declares: "
            impl $name {
                pub fn with_options(self, options: $crate::runtime::RequestOptions) -> Self {}
                pub fn send(self) -> impl ::std::future::Future<
                    Output = $crate::runtime::Result<$body>> + ::std::marker::Send {}
                pub fn send_with_response(self) -> impl ::std::future::Future<
                    Output = $crate::runtime::Result<$crate::runtime::Response<$body>>>
                    + ::std::marker::Send {}
                #[cfg(feature = \"blocking\")]
                pub fn send_blocking(self) -> $crate::runtime::Result<$body> {}
            }
            impl ::std::future::IntoFuture for $name {
                type Output = $crate::runtime::Result<$body>;
                type IntoFuture = $crate::runtime::call::Sending<$body>;
            }",
    },
    Macro {
        name: "paged",
        takes: &["name", "page", "item", "paging"],
        declares: "
            impl $name {
                pub fn pages(self) -> $crate::runtime::Pages<$page, $item> { $paging }
                pub fn items(self) -> $crate::runtime::Items<$page, $item> {}
            }",
    },
    Macro {
        name: "failure",
        takes: &["name"],
        declares: "
            impl $name {
                pub fn of(error: &$crate::runtime::Error) -> ::std::option::Option<Self> {}
            }",
    },
    // What the runtime declares of itself, which whole crates hold.
    Macro {
        name: "texts",
        takes: &["type*"],
        declares: "impl Param for $type {}",
    },
    Macro {
        name: "displayed",
        takes: &["type*"],
        declares: "impl Param for $type {}",
    },
    Macro {
        name: "pointers",
        takes: &["type*"],
        declares: "impl<P: Param + ?Sized> Param for $type {}",
    },
    Macro {
        name: "from_bytes",
        takes: &["type*"],
        declares: "impl From<$type> for Body {}",
    },
];

/// What traits of the runtime say of a type to the runtime alone: not to be seen from outside, but
/// what it sends and reads.
pub(super) const INNER_TRAITS: &[&str] = &["ByStatus", "Record", "Union"];

/// What an invocation declares; nothing if the macro is none of the list.
pub(super) fn declared(invocation: &syn::Macro, line: usize) -> Vec<Entry> {
    let name = invocation.path.segments.last();
    let name = name.map(|segment| bare(&segment.ident.to_string()));
    let mut known = MACROS.iter();
    let Some(known) = known.find(|known| Some(known.name) == name.as_deref()) else {
        return Vec::new();
    };
    let given = arguments(invocation.tokens.clone());
    let repeats = known.takes.last().is_some_and(|last| last.ends_with('*'));
    let mut text = String::new();
    match repeats {
        true => {
            let declared = given
                .iter()
                .map(|one| fill(known, std::slice::from_ref(one)));
            text.extend(declared);
        }
        false if given.len() == known.takes.len() => text = fill(known, &given),
        false => {}
    }
    // What is filled in was Rust before: if it is not now, nothing is declared.
    let file = syn::parse_file(&text);
    let mut entries = file
        .map(|file| read::entries(file.items))
        .unwrap_or_default();
    for entry in &mut entries {
        entry.marks.line = line;
        if let read::What::Impl(of_impl) = &mut entry.what {
            of_impl
                .members
                .iter_mut()
                .for_each(|member| member.marks.line = line);
        }
    }
    entries
}

fn fill(known: &Macro, given: &[String]) -> String {
    let mut text = known.declares.replace("$crate", "crate");
    for (name, value) in known.takes.iter().zip(given) {
        text = text.replace(&format!("${}", name.trim_end_matches('*')), value);
    }
    text
}

/// The arguments of an invocation: what stands between commas and arrows, seen that angle brackets
/// hold commas of their own.
fn arguments(tokens: TokenStream) -> Vec<String> {
    let mut arguments = vec![TokenStream::new()];
    let mut depth = 0_usize;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let TokenTree::Punct(punct) = &token {
            let is_arrow = punct.as_char() == '-'
                && matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '>');
            match punct.as_char() {
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if is_arrow {
                tokens.next();
            }
            if depth == 0 && (is_arrow || punct.as_char() == ',') {
                arguments.push(TokenStream::new());
                continue;
            }
        }
        if let Some(last) = arguments.last_mut() {
            last.extend([token]);
        }
    }
    let texts = arguments.into_iter().map(|argument| argument.to_string());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Whether a path names a trait that only the runtime uses.
pub(super) fn is_inner(path: &[Piece]) -> bool {
    let last = path.iter().find_map(|piece| match piece {
        Piece::Path(path) => path.last(),
        Piece::Word(_) => None,
    });
    last.is_some_and(|last| INNER_TRAITS.contains(&last.as_str()))
}
