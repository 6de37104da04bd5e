//! Chooses the descriptions that are compiled.

use std::{collections::BTreeMap, path::Path};

use xtask::find::Found;

/// The upper limits of size bands, in bytes.
const BANDS: [u64; 4] = [20 << 10, 100 << 10, 500 << 10, 2 << 20];

/// A stratified sample: descriptions from each dialect and size band in turn. The same seed chooses the
/// same ones even if descriptions are added to other strata.
pub(super) fn stratified<'a>(found: &[&'a Found], wanted: usize, seed: u64) -> Vec<&'a Found> {
    let mut strata: BTreeMap<(&str, usize), Vec<(String, &Found)>> = BTreeMap::new();
    for one in found {
        let band = BANDS.iter().filter(|band| one.size > **band).count();
        let draw = sdkgen::output::hash(format!("{seed} {}", one.path.display()));
        let stratum = strata.entry((&one.dialect, band)).or_default();
        stratum.push((draw, one));
    }
    for stratum in strata.values_mut() {
        // Elements are popped from the end.
        stratum.sort_by(|(a, _), (b, _)| b.cmp(a));
    }
    let mut taken = Vec::new();
    while taken.len() < wanted.min(found.len()) {
        for stratum in strata.values_mut() {
            if taken.len() < wanted {
                taken.extend(stratum.pop().map(|(_, one)| one));
            }
        }
    }
    taken
}

/// The descriptions that a list names, in the order of the list.
pub(super) fn listed(list: &str, found: &[Found]) -> Result<Vec<Found>, String> {
    let mut taken: Vec<Found> = Vec::new();
    for line in list.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let is_named = |one: &&Found| one.path == Path::new(line);
        let holds_all = |one: &&Found| {
            let path = one.path.to_string_lossy();
            line.split_whitespace().all(|word| path.contains(word))
        };
        let named = found.iter().find(is_named);
        match named.or_else(|| found.iter().rfind(holds_all)) {
            Some(one) if taken.contains(one) => {}
            Some(one) => taken.push(one.clone()),
            None => return Err(format!("no description has a path with `{line}`")),
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, size: u64, dialect: &str) -> Found {
        Found {
            path: path.into(),
            size,
            dialect: dialect.to_owned(),
        }
    }

    #[test]
    fn every_stratum_is_drawn_from_and_the_seed_decides() {
        let mut all: Vec<Found> = (0..100)
            .map(|n| found(&format!("small/{n}"), 1, "3.0"))
            .collect();
        all.push(found("large", 3 << 20, "3.0"));
        all.push(found("old", 1, "2.0"));
        let all: Vec<&Found> = all.iter().collect();
        let paths = |seed| -> Vec<_> {
            let sample = stratified(&all, 5, seed);
            sample.iter().map(|one| one.path.clone()).collect()
        };
        let first = paths(1);
        assert_eq!(first.len(), 5);
        for rare in ["large", "old"] {
            assert!(first.contains(&rare.into()), "{first:?}");
        }
        assert_eq!(first, paths(1));
        assert_ne!(first, paths(2));
        assert_eq!(stratified(&all, 1000, 1).len(), 102);
        assert_eq!(stratified(&[], 5, 1), Vec::<&Found>::new());
    }

    #[test]
    fn lists_name_descriptions_by_words() {
        let all = [
            found("a/github.com/1.0/openapi.json", 1, "3.0"),
            found("a/github.com/1.1/openapi.json", 1, "3.0"),
            found("a/adyen.com/CheckoutService/70.json", 1, "3.1"),
            found("b/a/github.com/1.0/openapi.json", 1, "3.1"),
        ];
        let list = "# large ones\ngithub.com 1.1\n\nadyen.com Checkout # one\na/github.com/1.0/openapi.json\n";
        let taken = listed(list, &all).unwrap();
        let paths: Vec<_> = taken.iter().map(|one| one.path.to_str().unwrap()).collect();
        assert_eq!(
            paths,
            [1, 2, 0].map(|index: usize| all[index].path.to_str().unwrap())
        );
        assert!(
            listed("nobody.com", &all)
                .unwrap_err()
                .contains("nobody.com")
        );
    }
}
