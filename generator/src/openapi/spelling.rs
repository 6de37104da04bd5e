//! Suggestions for misspelt names.

/// The name most like the wanted one: the first of those with the fewest edits, if these are at most a
/// third of its characters.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut patience = usize::MAX;
    nearest_within(wanted, names, &mut patience)
}

/// As [`nearest`], for as long as the patience lasts: each comparison costs the product of both lengths.
pub(crate) fn nearest_within<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a str>,
    patience: &mut usize,
) -> Option<&'a str> {
    /// Nobody reads longer names for a typo.
    const LONGEST: usize = 128;
    let length = wanted.chars().count();
    if length > LONGEST {
        return None;
    }
    let limit = length.max(3) / 3;
    let mut best: Option<(&str, usize)> = None;
    for name in names {
        *patience = patience.checked_sub(1)?;
        // Each character more or less is an edit, and is counted faster than edits are.
        if name.len() > 4 * LONGEST || name.chars().count().abs_diff(length) > limit {
            continue;
        }
        *patience = patience.checked_sub(name.len() * wanted.len())?;
        let edits = strsim::osa_distance(wanted, name);
        if edits <= limit && best.is_none_or(|(_, known)| edits < known) {
            best = Some((name, edits));
        }
    }
    best.map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let names = ["UserQueue", "Division", "Ueurseqeu"];
        assert_eq!(nearest("UsrQueue", names.into_iter()), Some("UserQueue"));
        assert_eq!(nearest("Station", names.into_iter()), None);
    }
}
