//! Rust text without its layout: tokens in one normal form, paths kept apart so that they can be
//! resolved.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// A text, token by token.
pub(super) type Text = Vec<Piece>;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A name or several with `::` between, which may lead somewhere.
    Path(Vec<String>),
    /// Anything else, and names behind a dot.
    Word(String),
}

/// What can stand before a path that begins with `::`.
const KEYWORDS: &[&str] = &["as", "dyn", "for", "impl", "in", "mut", "return"];
/// The most characters of a difference that are shown of either side.
const LONGEST_SHOWN: usize = 160;

/// Brings tokens into the normal form. What a printer adds when a line gets too long is left out:
/// commas before a closing bracket, braces around the one expression of an arm or a closure.
pub(super) fn normalize(tokens: impl ToTokens) -> Text {
    let mut pieces = Vec::new();
    write(tokens.to_token_stream(), Around::Nothing, &mut pieces);
    pieces
}

/// What a run of tokens stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    /// Parentheses that may be those of a tuple, where a comma can matter.
    Tuple,
    Brackets,
}

fn write(tokens: TokenStream, around: Around, out: &mut Text) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let has_comma_before = |end: usize| {
        let before = tokens[..end].iter();
        before.clone().any(|token| is_punct(token, ','))
    };
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let next = tokens.get(index + 1);
        match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let goes_on = !KEYWORDS.contains(&name.as_str());
                let mut path = vec![bare(&name)];
                while let [Some(one), Some(two), Some(TokenTree::Ident(step))] =
                    [1, 2, 3].map(|ahead| tokens.get(index + ahead))
                    && goes_on
                    && is_punct(one, ':')
                    && is_punct(two, ':')
                {
                    path.push(bare(&step.to_string()));
                    index += 3;
                }
                let is_member =
                    matches!(out.last(), Some(Piece::Word(word)) if word == "." || word == "::");
                match is_member && path.len() == 1 {
                    true => out.extend(path.pop().map(Piece::Word)),
                    false => out.push(Piece::Path(path)),
                }
            }
            TokenTree::Literal(literal) => out.push(Piece::Word(literal.to_string())),
            TokenTree::Punct(punct) => {
                let joined = next.filter(|_| punct.spacing() == Spacing::Joint);
                match (punct.as_char(), joined) {
                    ('\'', Some(TokenTree::Ident(name))) => {
                        out.push(Piece::Word(format!("'{name}")));
                        index += 1;
                    }
                    (':', Some(second)) if is_punct(second, ':') => {
                        index += 1;
                        // At the beginning of a path it says no more than the path does.
                        if !is_start(out.last()) {
                            word("::", out);
                        }
                    }
                    ('-', Some(second)) if is_punct(second, '>') => {
                        index += 1;
                        word("->", out);
                    }
                    ('=', Some(second)) if is_punct(second, '>') => {
                        index += 1;
                        word("=>", out);
                    }
                    ('.', Some(second)) if is_punct(second, '.') => {
                        index += 1;
                        word("..", out);
                    }
                    (',', _) => {
                        let is_last = match next {
                            None => around != Around::Tuple || has_comma_before(index),
                            Some(next) => is_punct(next, '>'),
                        };
                        if !is_last {
                            word(",", out);
                        }
                    }
                    (other, _) => word(&other.to_string(), out),
                }
            }
            TokenTree::Group(group) => {
                let is_after =
                    |wanted: &str| matches!(out.last(), Some(Piece::Word(word)) if word == wanted);
                let is_call = matches!(out.last(), Some(Piece::Path(_)))
                    || is_after(">")
                    || is_after("!")
                    || out.len() >= 2
                        && matches!(&out[out.len() - 2..], [Piece::Word(dot), Piece::Word(_)] if dot == ".");
                match group.delimiter() {
                    Delimiter::Brace
                        if (is_after("=>") || is_after("|")) && is_one_value(group.stream()) =>
                    {
                        let is_arm = is_after("=>");
                        write(group.stream(), Around::Brackets, out);
                        if is_arm && next.is_some_and(|next| !is_punct(next, ',')) {
                            word(",", out);
                        }
                    }
                    Delimiter::Brace => {
                        word("{", out);
                        write(group.stream(), Around::Brackets, out);
                        word("}", out);
                    }
                    Delimiter::Bracket => {
                        word("[", out);
                        write(group.stream(), Around::Brackets, out);
                        word("]", out);
                    }
                    Delimiter::Parenthesis => {
                        word("(", out);
                        let around = match is_call {
                            true => Around::Brackets,
                            false => Around::Tuple,
                        };
                        write(group.stream(), around, out);
                        word(")", out);
                    }
                    Delimiter::None => write(group.stream(), around, out),
                }
            }
        }
        index += 1;
    }
}

fn word(text: &str, out: &mut Text) {
    out.push(Piece::Word(text.to_owned()));
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// Whether a path can begin behind a piece.
fn is_start(before: Option<&Piece>) -> bool {
    match before {
        None => true,
        Some(Piece::Path(path)) => path.len() == 1 && KEYWORDS.contains(&path[0].as_str()),
        Some(Piece::Word(word)) => word != ">",
    }
}

/// Whether braces hold an expression and nothing else.
fn is_one_value(tokens: TokenStream) -> bool {
    let mut is_empty = true;
    for token in tokens {
        is_empty = false;
        if is_punct(&token, ';') {
            return false;
        }
    }
    !is_empty
}

/// A name without the `r#` it may need.
pub(super) fn bare(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}

/// The words of a text, each path as `resolve` gives it.
pub(super) fn words(text: &[Piece], resolve: impl Fn(&[String]) -> Vec<String>) -> Vec<String> {
    let mut words = Vec::with_capacity(text.len());
    for piece in text {
        match piece {
            Piece::Path(path) => words.extend(resolve(path)),
            Piece::Word(word) => words.push(word.clone()),
        }
    }
    words
}

/// Writes words as Rust is usually written, on one line.
pub(super) fn join<S: AsRef<str>>(words: &[S]) -> String {
    let mut out = String::new();
    let mut before = "";
    for word in words {
        let word = word.as_ref();
        if !before.is_empty() && is_apart(before, word) {
            out.push(' ');
        }
        out.push_str(word);
        before = word;
    }
    out
}

fn is_apart(before: &str, word: &str) -> bool {
    let is_name = |text: &str| {
        let first = text.chars().next();
        first.is_some_and(|first| first.is_alphanumeric() || matches!(first, '_' | '"' | '\''))
    };
    match (before, word) {
        ("(" | "[" | "<" | "&" | "." | "::" | "!" | "#" | "..", _) => false,
        (_, ")" | "]" | "," | ";" | "." | "?" | ":" | "::" | ">") => false,
        (_, "<") => !is_name(before),
        (_, "(" | "[" | "!") => !is_name(before) && before != ">",
        _ => true,
    }
}

/// Where two texts differ: the shortest run on either side that all differences are in.
pub(super) fn difference(old: &[String], new: &[String]) -> (String, String) {
    let same = |(one, other): &(&String, &String)| one == other;
    let start = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev());
    let end = end.take_while(same).count();
    let shown = |words: &[String]| shorten(&join(&words[..words.len() - end]));
    (shown(old), shown(new))
}

/// Cuts what is too long to be read.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}..", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let tokens: TokenStream = text.parse().unwrap();
        let plain = |path: &[String]| vec![path.join("::")];
        join(&words(&normalize(tokens), plain))
    }

    #[test]
    fn layout_is_left_out() {
        for (one, other) in [
            ("f(a, b,)", "f(a,b)"),
            (
                "match x { 1 => { f(a) } _ => g(), }",
                "match x { 1 => f(a), _ => g() }",
            ),
            (
                "map(|value| { Self::A(value) })",
                "map(|value| Self::A(value))",
            ),
            ("Self(self.0.call(x),)", "Self(self.0.call(x))"),
            ("::std::fmt::Debug", "std::fmt::Debug"),
            ("impl ::std::fmt::Debug", "impl std::fmt::Debug"),
            ("r#type: A<B, C,>", "type: A<B, C>"),
        ] {
            assert_eq!(shown(one), shown(other), "{one}");
        }
    }

    #[test]
    fn what_means_something_else_stays() {
        assert_ne!(shown("(T,)"), shown("(T)"));
        assert_ne!(shown("|x| { f(); }"), shown("|x| f()"));
        assert_eq!(
            shown("impl Into < String > + 'a , & mut self -> Vec<Vec<u8>>"),
            "impl Into<String> + 'a, &mut self -> Vec<Vec<u8>>"
        );
        assert_eq!(shown("<T as a::Tr>::Out"), "<T as a::Tr>::Out");
    }

    #[test]
    fn differences_are_short() {
        let split = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let (old, new) = difference(&split("a ( b , c ) d"), &split("a ( b , x , y ) d"));
        assert_eq!((old.as_str(), new.as_str()), ("c", "x, y"));
        let (old, new) = difference(&split("a b"), &split("a b b"));
        assert_eq!((old.as_str(), new.as_str()), ("", "b"));
    }
}
