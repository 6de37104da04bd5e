//! What is printed: a line for each pair, and what it comes to.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Compared, Outcome};

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
    let outcome = match one.outcome {
        Outcome::Agreed => "agreed",
        Outcome::Missed => "MISSED",
        Outcome::Extra(_) => "extra",
        Outcome::Broken => "BROKEN",
    };
    let (mutation, base, place) = (pair.mutation, &pair.base.name, &pair.place);
    format!("{number}/{all} {outcome}: {mutation} at {base} {place}: ours {ours}; theirs {theirs}")
}

/// The tables, what needs somebody to look at it, and the last line; whether there is nothing to look
/// at.
pub(super) fn summary(compared: &[Compared<'_>]) -> (String, bool) {
    let count =
        |wanted: fn(&Compared<'_>) -> bool| compared.iter().filter(|one| wanted(one)).count();
    let missed = count(|one| matches!(one.outcome, Outcome::Missed));
    let extra = count(|one| matches!(one.outcome, Outcome::Extra(_)));
    let explained = count(|one| matches!(&one.outcome, Outcome::Extra(why) if why.is_explained()));
    let broken = count(|one| matches!(one.outcome, Outcome::Broken));
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\n{:5}  what both say", "pairs");
    for (what, pairs) in [
        (
            "both major",
            count(|one| one.pair.is_major() && one.theirs.is_breaking()),
        ),
        (
            "neither major",
            count(|one| matches!(one.outcome, Outcome::Agreed) && !one.pair.is_major()),
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
        if let Outcome::Extra(why) = &one.outcome {
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
            "\n{:5}  what theirs does not look at, in pairs only ours calls major",
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
        let open: &[String] = match &one.outcome {
            Outcome::Missed | Outcome::Broken => &[],
            Outcome::Extra(why) if !why.is_explained() => &why.open,
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
