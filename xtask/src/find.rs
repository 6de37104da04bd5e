//! Finds descriptions in folder trees.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The version that it declares: `3.0`, `2.0`.
    pub dialect: String,
}

/// All descriptions below folders, in the order of their paths.
///
/// # Errors
/// When a folder or a file cannot be read.
pub fn find(folders: &[PathBuf]) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    let mut waiting = folders.to_vec();
    while let Some(path) = waiting.pop() {
        let fail = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
        let kind = fs::symlink_metadata(&path).map_err(fail)?;
        if kind.is_dir() {
            for entry in fs::read_dir(&path).map_err(fail)? {
                waiting.push(entry.map_err(fail)?.path());
            }
        } else if kind.is_file() && has_ending(&path) {
            let bytes = fs::read(&path).map_err(fail)?;
            if let Some(dialect) = dialect(&bytes) {
                found.push(Found {
                    size: kind.len(),
                    dialect,
                    path,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup();
    Ok(found)
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ["json", "yaml", "yml"].contains(&ending.to_ascii_lowercase().as_str())
}

/// The major and minor version in a top-level `openapi` or `swagger` key.
fn dialect(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    let value = if is_json {
        version_in_json(bytes)
    } else {
        version_in_yaml(bytes)
    }?;
    let value = String::from_utf8_lossy(value).into_owned();
    let version = value.trim().trim_matches(['"', '\'']);
    let parts: Vec<&str> = version.split('.').take(2).collect();
    Some(parts.join("."))
}

const KEYS: [&[u8]; 2] = [b"openapi", b"swagger"];

/// The value of the key in the outermost object, without parsing the rest of the file.
fn version_in_json(bytes: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = end_of_text(bytes, at + 1)?;
                let rest = bytes[end + 1..].trim_ascii_start();
                if depth == 1 && KEYS.contains(&&bytes[at + 1..end]) && rest.starts_with(b":") {
                    let value = rest[1..].trim_ascii_start();
                    let stop = value.iter().position(|byte| b",}\n".contains(byte));
                    return Some(&value[..stop.unwrap_or(value.len())]);
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn version_in_yaml(bytes: &[u8]) -> Option<&[u8]> {
    bytes.split(|byte| *byte == b'\n').find_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let key = line[..colon].trim_ascii_end();
        let key = match key {
            [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
            key => key,
        };
        KEYS.contains(&key).then(|| &line[colon + 1..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_its_dialect_at_the_top() {
        for (text, expected) in [
            (r#"{"openapi": "3.0.3", "info": {}}"#, Some("3.0")),
            (
                r#"{"info": {"swagger": "no"}, "swagger":"2.0"}"#,
                Some("2.0"),
            ),
            (r#"{"info": {"openapi": "3.0.3"}}"#, None),
            (r#"["openapi"]"#, None),
            (r#"{"a": "openapi", "b": "\"openapi\": 1"}"#, None),
            ("# yes\nopenapi: 3.1.0\n", Some("3.1")),
            ("'swagger': \"2.0\"\n", Some("2.0")),
            ("info:\n  openapi: 3.1.0\n", None),
            ("\u{feff}{\"openapi\": 3.1", Some("3.1")),
            ("{\"openapi", None),
            ("", None),
        ] {
            assert_eq!(dialect(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
