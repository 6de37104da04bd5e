//! A grammar of hostile texts.

mod lists;

use fastrand::Rng;

pub use lists::FORMATS;
use lists::{CHARACTERS, ENDINGS, HTML, MARKDOWN, NAMES};

fn pick<'a>(from: &[&'a str], rng: &mut Rng) -> &'a str {
    rng.choice(from).copied().unwrap_or_default()
}

/// A text: for descriptions, titles, values, patterns.
pub fn hostile(rng: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..rng.usize(1..=4) {
        text.push_str(&atom(rng));
        text.push_str(pick(
            &["", " ", "\n", "\n\n", "\r\n", "\t", "\n    ", "\n- "],
            rng,
        ));
    }
    text
}

fn atom(rng: &mut Rng) -> String {
    match rng.u8(0..16) {
        0..=4 => pick(MARKDOWN, rng).to_owned(),
        5..=7 => pick(ENDINGS, rng).to_owned(),
        8 => pick(HTML, rng).to_owned(),
        9..=11 => pick(CHARACTERS, rng).to_owned(),
        12 => pick(NAMES, rng).to_owned(),
        13 => "Words of a sentence that is there to be wrapped, ".repeat(rng.usize(1..5)),
        14 => "w".repeat(rng.usize(80..400)),
        _ => pick(
            &[
                "A sentence.",
                "word",
                "",
                " ",
                "E.g. `x`.",
                "See https://example.com.",
            ],
            rng,
        )
        .to_owned(),
    }
}

/// A text for a name: schemas, properties, parameters, tags, operationIds, enum values.
pub fn name(rng: &mut Rng) -> String {
    match rng.u8(0..12) {
        0..=5 => pick(NAMES, rng).to_owned(),
        6 => format!("{}{}", pick(NAMES, rng), pick(CHARACTERS, rng)),
        7 => pick(CHARACTERS, rng).to_owned(),
        8 => pick(ENDINGS, rng).to_owned(),
        9 => format!("{}{}", pick(NAMES, rng), pick(ENDINGS, rng)),
        10 => hostile(rng),
        _ => match rng.bool() {
            true => String::new(),
            false => "Name".repeat(rng.usize(20..90)),
        },
    }
}

/// A text for a URL or a path template.
pub fn url(rng: &mut Rng) -> String {
    let urls = [
        "https://api.example.com",
        "/",
        "",
        "//host/x",
        "http://[::1]:99999/",
        "https://{host}.example.com/{base}",
        "https://user:pw@example.com/?key=s#f",
        "https://{}",
        "https://{a}{a}",
        "ftp://x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://exa mple.com",
        "https://例え.jp/%zz",
        "../v1",
        "{scheme}://x",
        "https://x/{unclosed",
        "https://x/}{",
    ];
    match rng.u8(0..8) {
        0 => format!("{}{}", pick(&urls, rng), name(rng)),
        _ => pick(&urls, rng).to_owned(),
    }
}

/// A path template.
pub fn template(rng: &mut Rng) -> String {
    let paths = [
        "/",
        "",
        "a",
        "//",
        "/a/",
        "/{id}",
        "/{id}/{id}",
        "/{a}{b}",
        "/{a}.{b}",
        "/{",
        "/}",
        "/{}",
        "/{{a}}",
        "/a{b",
        "/a?b={c}",
        "/a#b",
        "/a b",
        "/%zz",
        "/../x",
        "/{a/b}",
        "/{+a*}",
        "/*",
        "/{id}:act",
        "/A",
        "/a/{x}/b/{y}/c/{z}",
        "/é",
        "/{é}",
        "/con",
        "/\u{202e}x",
        "/{id}?{q}",
    ];
    match rng.u8(0..6) {
        0 => format!("{}/{}", pick(&paths, rng), name(rng)),
        _ => pick(&paths, rng).to_owned(),
    }
}

/// A media type.
pub fn media_type(rng: &mut Rng) -> String {
    let types = [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;v=1",
        "application/json ; a=\"b;c\"",
        "application/problem+json",
        "application/vnd.x+json",
        "text/event-stream",
        "application/x-ndjson",
        "application/jsonl",
        "application/json-seq",
        "multipart/form-data",
        "multipart/mixed",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "application/xml",
        "text/plain",
        "text/*",
        "*/*",
        "*",
        "json",
        "",
        "/",
        "image/png",
        "application/merge-patch+json",
        "application/json-patch+json",
        "a/b/c",
        "text/plain\r\nX-Evil: 1",
        "application/json\u{202e}",
    ];
    match rng.u8(0..8) {
        0 => name(rng),
        _ => pick(&types, rng).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_texts_and_another_gives_others() {
        let texts = |seed| {
            let mut rng = Rng::with_seed(seed);
            let made = (0..50).map(|_| hostile(&mut rng) + &name(&mut rng) + &url(&mut rng));
            made.collect::<Vec<_>>()
        };
        assert_eq!(texts(1), texts(1));
        assert_ne!(texts(1), texts(2));
    }

    #[test]
    fn every_kind_of_text_comes_up() {
        let mut rng = Rng::with_seed(7);
        let all: String = (0..3000).map(|_| hostile(&mut rng)).collect();
        for wanted in [
            "```", "~~~", "*/", "\u{202e}", "\0", "\u{1b}", "{{", "<script", "\"#",
        ] {
            assert!(all.contains(wanted), "{wanted:?}");
        }
    }
}
