//! Splits wire names into words and joins them in Rust's casing.

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::scope::composed;

/// Converts to `UpperCamelCase`, for types and variants. Never empty; never starts with a digit.
pub(super) fn camel(name: &str) -> String {
    guard(spelled(name).to_upper_camel_case(), "N", "Empty")
}

/// Converts to `snake_case`, for fields, methods and modules. Never empty; never starts with a digit.
pub(super) fn snake(name: &str) -> String {
    guard(spelled(name).to_snake_case(), "n", "empty")
}

/// Converts to `snake_case` for modules that are files: in ASCII, which Rust requires (E0754), and
/// short enough for every file system. A long name is cut and ends in a hash.
pub(super) fn file(name: &str) -> String {
    const MAX_LENGTH: usize = 96;
    let name = in_ascii(snake(name));
    if name.len() <= MAX_LENGTH {
        return name;
    }
    let mut end = MAX_LENGTH;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let digest = crate::output::hash(&name);
    format!("{}_{}", name[..end].trim_end_matches('_'), &digest[..8])
}

/// Replaces letters outside ASCII with their code points, each as a word of its own.
fn in_ascii(name: String) -> String {
    if name.is_ascii() {
        return name;
    }
    let mut spelled = String::new();
    for letter in name.chars() {
        match letter.is_ascii() {
            true => spelled.push(letter),
            false => spelled.push_str(&format!("_u{:x}_", u32::from(letter))),
        }
    }
    let words = spelled.split('_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Converts a plural to its singular: `metrics` to `metric`. Other names are unchanged.
pub(super) fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let ends = |ending: &str| lower.ends_with(ending) && name.len() > ending.len() + 1;
    let cut = |count: usize| name[..name.len() - count].to_owned();
    if ends("ies") {
        return cut(3) + "y";
    }
    if ["sses", "uses", "xes", "ches", "shes"]
        .into_iter()
        .any(ends)
    {
        return cut(2);
    }
    if ends("s") && !["ss", "us", "is"].into_iter().any(ends) {
        return cut(1);
    }
    name.to_owned()
}

/// Spells out characters that distinguish names but are not valid in identifiers. Punctuation between
/// letters only separates words, as in `date-time`.
fn spelled(name: &str) -> String {
    // A letter with an accent is one character after composition.
    let name = &composed(name);
    let mut spelled = String::new();
    let has_letters = name.chars().any(char::is_alphanumeric);
    for (index, character) in name.char_indices() {
        let word = match character {
            '+' => "Plus",
            '-' if !has_letters || index == 0 => "Minus",
            '*' => "Star",
            '<' => "Less",
            '>' => "Greater",
            '=' => "Equal",
            '!' => "Not",
            '%' => "Percent",
            '&' => "And",
            '|' => "Or",
            '@' => "At",
            '#' => "Hash",
            '$' => "Dollar",
            '.' | '/' | ' ' | '_' if !has_letters => match character {
                '.' => "Dot",
                '/' => "Slash",
                ' ' => "Space",
                _ => "Underscore",
            },
            // Emoji become their code points, so that they stay distinct.
            _ if !has_letters && !character.is_ascii() => {
                spelled.push_str(&format!(" U{:X} ", u32::from(character)));
                continue;
            }
            _ => {
                spelled.push(if character.is_alphanumeric() {
                    character
                } else {
                    ' '
                });
                continue;
            }
        };
        spelled.push(' ');
        spelled.push_str(word);
        spelled.push(' ');
    }
    spelled
}

fn guard(name: String, digit: &str, empty: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if first.is_numeric() => format!("{digit}{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_are_split_into_words() {
        for (wire, expected) in [
            ("getUsersMe", "get_users_me"),
            ("thirdPartyURI", "third_party_uri"),
            ("authorization.unusedRoles", "authorization_unused_roles"),
            ("ININ-Correlation-Id", "inin_correlation_id"),
            ("q64", "q64"),
            ("2fa", "n2fa"),
            ("", "empty"),
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("$ref", "dollar_ref"),
            ("éCole", "é_cole"),
            ("🦀", "u1f980"),
        ] {
            assert_eq!(snake(wire), expected, "{wire}");
        }
        for (wire, expected) in [
            ("OFF_QUEUE", "OffQueue"),
            ("WORK2", "Work2"),
            ("12.5", "N125"),
            (">=", "GreaterEqual"),
            ("not exists", "NotExists"),
        ] {
            assert_eq!(camel(wire), expected, "{wire}");
        }
    }

    #[test]
    fn files_have_ascii_names() {
        for (wire, expected) in [
            ("getUser", "get_user"),
            ("ünï", "ufc_n_uef"),
            ("取得", "u53d6_u5f97"),
            ("École_x", "ue9_cole_x"),
        ] {
            assert_eq!(file(wire), expected, "{wire}");
        }
        let long = file(&"é".repeat(400));
        assert!(long.is_ascii() && long.len() < 120, "{long}");
    }

    #[test]
    fn plurals_lose_their_ending() {
        for (plural, expected) in [
            ("metrics", "metric"),
            ("statuses", "status"),
            ("entries", "entry"),
            ("boxes", "box"),
            ("types", "type"),
            ("status", "status"),
            ("address", "address"),
            ("analysis", "analysis"),
            ("groupBy", "groupBy"),
            ("s", "s"),
        ] {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }
}
