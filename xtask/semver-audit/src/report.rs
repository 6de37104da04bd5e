//! Prints a line for each pair, and a summary.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Agreement, Compared};

/// A pair in one line.
pub(super) fn line(one: &Compared<'_>, number: usize, all: usize) -> String {
    let pair = one.pair;
    let ours = match pair.ours() {
        Some(verdict) => format!("{} ({})", verdict.as_str(), pair.codes().join(", ")),
        None => "nothing".to_owned(),
    };
    let theirs = match one.theirs.is_breaking() {
        true => format!("major ({})", one.theirs.lints.join(", ")),
        false => "not major".to_owned(),
    };
    let agreement = match one.agreement {
        Agreement::Agreed => "agreed",
        Agreement::Missed => "MISSED",
        Agreement::Extra(_) => "extra",
        Agreement::Broken => "BROKEN",
    };
    let (mutation, base, place) = (pair.mutation, &pair.base.name, &pair.place);
    format!(
        "{number}/{all} {agreement}: {mutation} at {base} {place}: ours {ours}; theirs {theirs}"
    )
}

/// The tables, the pairs that need attention, and the last line; and whether no pair needs attention.
pub(super) fn summary(compared: &[Compared<'_>]) -> (String, bool) {
    let count =
        |wanted: fn(&Compared<'_>) -> bool| compared.iter().filter(|one| wanted(one)).count();
    let missed = count(|one| matches!(one.agreement, Agreement::Missed));
    let extra = count(|one| matches!(one.agreement, Agreement::Extra(_)));
    let explained =
        count(|one| matches!(&one.agreement, Agreement::Extra(why) if why.is_explained()));
    let broken = count(|one| matches!(one.agreement, Agreement::Broken));
    let mut text = String::new();
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "\n{:5}  verdicts of both tools", "pairs");
    for (what, pairs) in [
        (
            "both major",
            count(|one| one.pair.is_major() && one.theirs.is_breaking()),
        ),
        (
            "neither major",
            count(|one| matches!(one.agreement, Agreement::Agreed) && !one.pair.is_major()),
        ),
        ("only ours major", extra),
        ("only theirs major", missed),
        ("the new crate does not compile", broken),
    ] {
        let _ = writeln!(text, "{pairs:5}  {what}");
    }
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut findings, mut shown) = (0, 0);
    for one in compared {
        if let Agreement::Extra(why) = &one.agreement {
            findings += why.findings;
            shown += why.shown;
            for class in &why.classes {
                *classes.entry(class).or_default() += 1;
            }
        }
    }
    if !classes.is_empty() {
        let _ = writeln!(
            text,
            "\n{:5}  changes theirs does not examine, in pairs only ours calls major",
            "pairs"
        );
        for (class, pairs) in classes {
            let _ = writeln!(text, "{pairs:5}  {class}");
        }
        let _ = writeln!(
            text,
            "{shown} of {findings} findings in them were shown to break a caller"
        );
    }
    for one in compared {
        let open: &[String] = match &one.agreement {
            Agreement::Missed | Agreement::Broken => &[],
            Agreement::Extra(why) if !why.is_explained() => &why.open,
            _ => continue,
        };
        let _ = writeln!(
            text,
            "\nto be looked at: {} at {} {}",
            one.pair.mutation, one.pair.base.name, one.pair.place
        );
        let _ = writeln!(text, "  crates {} and {}", one.pair.old, one.pair.new);
        for lint in &one.theirs.lints {
            let _ = writeln!(text, "  theirs: {lint}");
        }
        for finding in open {
            let _ = writeln!(text, "  ours: {finding}");
        }
    }
    let _ = writeln!(
        text,
        "\nsemver-audit: {} pairs, {missed} missed, {extra} extra, {explained} explained",
        compared.len()
    );
    (text, missed == 0 && broken == 0 && explained == extra)
}
