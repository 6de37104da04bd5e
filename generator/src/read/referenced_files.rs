//! The other files that a description refers to.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use serde_json::{Map, Value};

use super::node_path;
use crate::document::Files;

/// The number of the attempt at a file, by the file that refers to it and the name it uses.
pub(super) type Opened = HashMap<(usize, String), usize>;

/// Reads the files that are referred to, and those they refer to.
pub(super) fn load_referenced_files(files: &mut Files) -> Opened {
    let mut opened = Opened::new();
    let mut ids: HashSet<String> = HashSet::new();
    let mut index = 0;
    while index < files.documents().len() {
        let mut wanted: Vec<String> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        node_path::scan(&files.documents()[index].root, &mut |_, members| {
            ids.extend(identity(members).map(str::to_owned));
            for reference in references(members) {
                let file = reference.split('#').next().unwrap_or_default();
                if !file.is_empty() && known.insert(file) {
                    wanted.push(file.to_owned());
                }
            }
            for target in mapped(members) {
                let file = target.split('#').next().unwrap_or_default();
                if file.contains(['/', '.']) && known.insert(file) {
                    wanted.push(file.to_owned());
                }
            }
        });
        let root = &files.documents()[0].root;
        // A mapping may name a schema whose name has a dot.
        let is_schema = |name: &str| {
            let schemas = root.get("components").and_then(|all| all.get("schemas"));
            let schemas = schemas.or_else(|| root.get("definitions"));
            schemas.is_some_and(|schemas| schemas.get(name).is_some())
        };
        wanted.retain(|file| !is_schema(file));
        for file in wanted {
            if ids.contains(&file) || file.contains("://") {
                continue;
            }
            let attempt = files.open(index, &percent_decoded(&file));
            opened.insert((index, file), attempt);
        }
        index += 1;
    }
    opened
}

/// The references in an object.
pub(super) fn references(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    ["$ref", "$dynamicRef", "$recursiveRef"]
        .into_iter()
        .filter_map(|key| members.get(key)?.as_str())
}

/// The targets in the mapping of a discriminator.
pub(super) fn mapped(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let discriminator = members.get("discriminator").and_then(Value::as_object);
    let mapping = discriminator.and_then(|found| found.get("mapping")?.as_object());
    let targets = mapping.into_iter().flat_map(|mapping| mapping.values());
    targets.filter_map(Value::as_str)
}

/// The identity that an object declares.
pub(super) fn identity(members: &Map<String, Value>) -> Option<&str> {
    let id = members.get("$id").or_else(|| members.get("$self"))?;
    Some(id.as_str()?.trim_end_matches('#'))
}

/// Decodes percent-encoded characters (`%20`); returns the text as it is where they are not UTF-8.
pub(super) fn percent_decoded(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_or_else(|_| text.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_codes_are_read() {
        assert_eq!(percent_decoded("a%20b%7Bc%7D"), "a b{c}");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%é"), "%zz%é");
        assert_eq!(percent_decoded("%+1"), "%+1");
    }
}
