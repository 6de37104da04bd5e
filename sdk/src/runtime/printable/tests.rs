use super::*;

#[test]
fn nothing_of_a_text_reaches_the_terminal_as_a_command() {
    let shown = |text: &str| Printable(text).to_string();
    assert_eq!(shown("a\u{1b}[31mb"), r"a\u{1b}[31mb");
    assert_eq!(shown("a\r\n\tb\u{85}\0"), r"a\r\n\tb\u{85}\u{0}");
    assert_eq!(
        shown("a\u{202e}b\u{2066}\u{feff}"),
        r"a\u{202e}b\u{2066}\u{feff}"
    );
    // What is said in other languages stays readable.
    let text = "Zo\u{eb} \"e\u{301}\" \\ \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f469}\u{200d}\u{1f4bb}";
    assert_eq!(shown(text), text);
}

#[test]
fn long_texts_are_cut_between_characters() {
    let text = "\u{fc}".repeat(LONGEST);
    assert_eq!(Printable(&text).to_string(), text);
    let longer = format!("{text}\u{fc}");
    assert_eq!(Printable(&longer).to_string(), format!("{text}.."));
}

#[cfg(feature = "tracing")]
#[test]
fn texts_of_the_service_are_made_printable() {
    let text = "not.found\n\u{1b}[2J\u{202e}\u{9b}x \u{fc}\"\u{200f}";
    let shown = "not.found\\u{a}\\u{1b}[2J\\u{202e}\\u{9b}x \u{fc}\"\\u{200f}";
    assert_eq!(logged(text), shown);
    let long = "\u{fc}".repeat(300);
    assert_eq!(logged(&long), format!("{}..", "\u{fc}".repeat(200)));
}

#[test]
fn a_host_has_the_port_that_is_not_the_usual_one() {
    let of = |url: &str| host(&url.parse().unwrap());
    assert_eq!(of("https://u:p@a.example:443/x?y").unwrap(), "a.example");
    assert_eq!(of("https://a.example:80/").unwrap(), "a.example:80");
    assert_eq!(of("http://[::1]:8080/").unwrap(), "[::1]:8080");
    assert_eq!(of("/x"), None);
}

#[test]
fn a_url_is_shown_up_to_where_secrets_can_be() {
    for (url, shown) in [
        ("https://a/b", "https://a/b"),
        ("https://a/b?key=s3cr3t", "https://a/b?(redacted)"),
        ("https://a/b#s3cr3t", "https://a/b#(redacted)"),
        ("https://u:p?w@a/b", "(redacted)"),
        ("u:s3cr3t@a", "(redacted)"),
    ] {
        assert_eq!(without_secrets(url), shown);
    }
}
