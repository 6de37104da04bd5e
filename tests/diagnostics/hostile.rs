//! Descriptions that are made to cost much.

/// Nine times nine times nine..: a billion values in ten lines.
pub(crate) fn alias_bomb_text() -> String {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (previous, name) in ('a'..).zip('b'..='j') {
        let aliases = vec![format!("*{previous}"); 9].join(", ");
        text.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    text
}

pub(crate) fn nested(open: &str, close: &str) -> String {
    format!("{}null{}\n", open.repeat(200), close.repeat(200))
}
