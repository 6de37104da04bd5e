//! Chooses the names of a crate's features.

use std::collections::{BTreeMap, BTreeSet};

use super::Names;

/// Names a feature for each group of operations, by tag: the tag in kebab case, with `-api` appended
/// if the name is in `taken`.
pub(crate) fn features<'a>(names: &'a Names, taken: &[&str]) -> BTreeMap<&'a str, String> {
    let mut seen: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut features = BTreeMap::new();
    // Groups are sorted by tag, so that the order of the description does not matter.
    for (tag, group) in &names.groups {
        let wanted = kebab(group.module.bare());
        let mut name = wanted.clone();
        let mut count = 1;
        while !seen.insert(name.clone()) {
            name = match count {
                1 => format!("{wanted}-api"),
                _ => format!("{wanted}-api{count}"),
            };
            count += 1;
        }
        features.insert(tag.as_str(), name);
    }
    features
}

/// A module's name as a feature name: registries accept only ASCII letters, digits and hyphens.
fn kebab(module: &str) -> String {
    let ascii: String = module
        .chars()
        .map(|character| match character {
            '_' => '-',
            other => other,
        })
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .collect();
    let name = ascii.trim_matches('-');
    if name.is_empty() { "group" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::names::{GroupNames, scope::Scope};

    #[test]
    fn features_differ_from_each_other_and_from_what_is_taken() {
        let mut scope = Scope::default();
        let mut names = Names::default();
        for (tag, module) in [
            ("Mock", "mock"),
            ("Mock API", "mock_api"),
            ("ユーザー", "ユーザー"),
            ("User Groups", "user_groups"),
        ] {
            let (module, _) = scope.take(module);
            let ty = module.clone();
            names
                .groups
                .insert(tag.to_owned(), GroupNames { module, ty });
        }
        let features = features(&names, &["mock"]);
        let list: Vec<(&str, &str)> = features
            .iter()
            .map(|(tag, feature)| (*tag, feature.as_str()))
            .collect();
        assert_eq!(
            list,
            [
                ("Mock", "mock-api"),
                ("Mock API", "mock-api-api"),
                ("User Groups", "user-groups"),
                ("ユーザー", "group"),
            ]
        );
    }
}
