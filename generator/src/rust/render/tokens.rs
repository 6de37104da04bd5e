//! Writes tokens as text with little space, so that templates stay readable before formatting.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Writes tokens as text.
pub(super) fn text(tokens: &TokenStream) -> String {
    let mut text = String::new();
    write(&mut text, tokens.clone());
    text
}

fn write(out: &mut String, tokens: TokenStream) {
    let mut previous: Option<TokenTree> = None;
    for token in tokens {
        if previous
            .as_ref()
            .is_some_and(|previous| are_apart(previous, &token))
        {
            out.push(' ');
        }
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(out, group.stream());
                out.push_str(close);
            }
            other => out.push_str(&other.to_string()),
        }
        previous = Some(token);
    }
}

/// Whether two tokens need a space between them, or usually have one.
fn are_apart(previous: &TokenTree, next: &TokenTree) -> bool {
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
    let mark = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => Some((punct.as_char(), punct.spacing())),
        _ => None,
    };
    match (mark(previous), mark(next)) {
        (None, None) => is_word(previous) && is_word(next),
        (Some((',' | '=', _)), _) => true,
        // The colon of a field; those of a path are joint.
        (Some((':', Spacing::Alone)), None) => !matches!(next, TokenTree::Ident(_)),
        (_, Some(('=', _))) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn spaces_are_written_where_needed() {
        for (tokens, expected) in [
            (quote!(Option<Box<super::User>>), "Option<Box<super::User>>"),
            (quote!(impl Into<Vec<A>>), "impl Into<Vec<A>>"),
            (quote!((A, B)), "(A, B)"),
            (
                quote!(|value| Self::A(Box::new(value))),
                "|value|Self::A(Box::new(value))",
            ),
            (
                quote!(rt::write(s, "a b", &**value)),
                "rt::write(s, \"a b\", &**value)",
            ),
            (
                quote!(impl Fn(&'static str) -> i64),
                "impl Fn(&'static str)->i64",
            ),
        ] {
            assert_eq!(text(&tokens), expected);
            let again: TokenStream = text(&tokens).parse().expect("it is code still");
            let squeezed = |tokens: &TokenStream| tokens.to_string().replace(' ', "");
            assert_eq!(squeezed(&again), squeezed(&tokens));
        }
    }
}
