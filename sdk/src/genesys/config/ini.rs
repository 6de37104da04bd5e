//! Parses INI files.
//!
//! Hand-written, because errors must name the line of a value, and INI crates discard lines.

use super::{
    Problem,
    keys::{self, Reader, Value},
};

pub(super) fn read(text: &str, reader: &mut Reader) -> Result<(), Problem> {
    let mut section = None;
    for (index, line) in text.lines().enumerate() {
        read_line(line.trim(), &mut section, reader)
            .map_err(|message| Problem::new(index + 1, message))?;
    }
    Ok(())
}

fn read_line(
    line: &str,
    section: &mut Option<&'static str>,
    reader: &mut Reader,
) -> Result<(), String> {
    if line.is_empty() || line.starts_with(['#', ';']) {
        return Ok(());
    }
    if let Some(rest) = line.strip_prefix('[') {
        let Some(name) = rest.strip_suffix(']') else {
            return Err("a section is `[name]`, with nothing behind it".to_owned());
        };
        *section = Some(keys::section(name.trim())?);
        return Ok(());
    }
    // The message does not quote the line: it can be part of a secret that spans two lines.
    let Some((name, value)) = line.split_once('=') else {
        return Err("neither a `[section]`, a `key = value` nor a comment".to_owned());
    };
    let name = name.trim_end();
    let Some(section) = *section else {
        let name = keys::shown(name);
        return Err(format!(
            "{name} stands in no section; the first one comes further down"
        ));
    };
    let key = keys::key(section, name)?;
    reader.set(key, Value::Text(without_quotes(value.trim_start())))
}

/// Quotes preserve leading and trailing spaces; an unpaired quote is part of the value.
fn without_quotes(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_come_off_in_pairs() {
        assert_eq!(without_quotes("\" a b \""), " a b ");
        assert_eq!(without_quotes("'a\"b'"), "a\"b");
        assert_eq!(without_quotes("\"\""), "");
        for kept in ["\"", "'a", "a'", "'a\"", "a \"b\""] {
            assert_eq!(without_quotes(kept), kept);
        }
    }

    #[test]
    fn lines_are_counted_from_one_past_blank_ones_and_comments() {
        let text = "\r\n# a comment = no key\r\n; [neither]\r\n[retry]\r\n\r\nretry_max\r\n";
        let problem = read(text, &mut Reader::default()).unwrap_err();
        assert_eq!(problem.line, 6);
    }

    #[test]
    fn a_section_can_be_taken_up_again() {
        let text = "[retry]\nretry_max=1\n[general]\n[ retry ]\nretry_wait_min=2";
        let mut reader = Reader::default();
        read(text, &mut reader).unwrap();
        assert_eq!(reader.config.retry.max, Some(1));
        assert!(reader.config.retry.wait_min.is_some());
    }

    #[test]
    fn what_follows_the_first_equals_sign_is_the_value() {
        let mut reader = Reader::default();
        read("[gateway]\npassword = a=b # ;c", &mut reader).unwrap();
        let password = reader.config.gateway.password.unwrap();
        assert_eq!(password.expose(), "a=b # ;c");
    }
}
