//! The table of macros against what the runtime has.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{runtime, surface};
use crate::surface::macros::{INNER_TRAITS, MACROS};

/// The arms of every macro of the runtime: pattern and body.
fn definitions() -> BTreeMap<String, Vec<(TokenStream, TokenStream)>> {
    let mut found = BTreeMap::new();
    for text in runtime().values() {
        for item in syn::parse_file(text).unwrap().items {
            let syn::Item::Macro(item) = item else {
                continue;
            };
            let Some(name) = item.ident else { continue };
            let groups = item.mac.tokens.into_iter().filter_map(|token| match token {
                TokenTree::Group(group) => Some(group.stream()),
                _ => None,
            });
            let groups: Vec<TokenStream> = groups.collect();
            let arms = groups.chunks(2).map(|arm| (arm[0].clone(), arm[1].clone()));
            found.insert(name.to_string(), arms.collect());
        }
    }
    found
}

/// A body with values in the place of names, and what repeats as often as the name has values.
fn expand(body: TokenStream, values: &BTreeMap<String, Vec<String>>, turn: usize) -> String {
    let mut out = String::new();
    let mut tokens = body.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '$' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name == "crate" => out.push_str(" crate"),
                Some(TokenTree::Ident(name)) => {
                    let list = &values[&name.to_string()];
                    out.push_str(&format!(" {}", list[turn.min(list.len() - 1)]));
                }
                Some(TokenTree::Group(group)) => {
                    let times = values.values().map(Vec::len).max().unwrap_or(0);
                    for turn in 0..times {
                        out.push_str(&expand(group.stream(), values, turn));
                    }
                    tokens.next();
                }
                other => panic!("{other:?}"),
            },
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                out.push_str(&expand(group.stream(), values, turn));
                out.push_str(close);
            }
            TokenTree::Punct(punct) => {
                if punct.spacing() == proc_macro2::Spacing::Alone || punct.as_char() == '#' {
                    out.push_str(&format!("{punct} "));
                } else {
                    out.push(punct.as_char());
                }
            }
            TokenTree::Ident(name) if out.ends_with('\'') => out.push_str(&format!("{name} ")),
            other => out.push_str(&format!(" {other} ")),
        }
    }
    out
}

fn seen(code: &str) -> Vec<String> {
    let text = format!(
        "pub struct Sample0(u8); pub struct Sample1; pub struct Sample2; pub struct Sample3; {code}"
    );
    let surface = surface(&[("src/lib.rs", &text)]);
    let items = surface.items();
    items
        .map(|item| format!("{} | {} | {}", item.path, item.signature, item.gate))
        .collect()
}

#[test]
fn the_table_says_what_the_macros_declare() {
    let definitions = definitions();
    for of_table in MACROS {
        let arms = &definitions[of_table.name];
        let samples = of_table.takes.iter().enumerate();
        let samples: Vec<(String, String)> = samples
            .map(|(index, name)| {
                (
                    name.trim_end_matches('*').to_owned(),
                    format!("Sample{index}"),
                )
            })
            .collect();
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut table = of_table.declares.replace("$crate", "crate");
        for (name, value) in &samples {
            given.insert(name.clone(), vec![value.clone()]);
            table = table.replace(&format!("${name}"), value);
        }
        let mut declared = expand(arms[0].1.clone(), &given, 0);
        // One macro calls an arm of its own, with a list.
        if let Some((_, body)) = arms.get(1) {
            let types = ["i64", "f64", "bool", "&str"].map(str::to_owned);
            given.insert("type".to_owned(), types.to_vec());
            declared.push_str(&expand(body.clone(), &given, 0));
        }
        assert_eq!(seen(&table), seen(&declared), "{}", of_table.name);
        assert!(
            seen(&table).len() > 4,
            "{} declares something",
            of_table.name
        );
    }
}

#[test]
fn every_macro_is_in_the_table() {
    let runtime = runtime();
    // Others stay within the file that has them.
    let is_handed_on = |name: &&String| {
        let export = format!("pub(crate) use {name};");
        runtime.values().any(|text| text.contains(&export))
    };
    for name in definitions().keys().filter(is_handed_on) {
        assert!(
            MACROS.iter().any(|of_table| of_table.name == name),
            "{name}"
        );
    }
}

#[test]
fn traits_are_inner_if_callers_do_not_see_them() {
    let all: String = runtime().into_values().collect();
    let templates = super::folder("templates");
    assert!(templates.is_empty(), "templates do not end in .rs");
    for name in ["OpenEnum", "ScalarEnum"] {
        assert!(all.contains(&format!("\npub trait {name}")), "{name}");
        assert!(!INNER_TRAITS.contains(&name));
    }
    for name in INNER_TRAITS {
        assert!(
            all.contains(&format!("\npub(crate) trait {name}")),
            "{name}"
        );
    }
}
