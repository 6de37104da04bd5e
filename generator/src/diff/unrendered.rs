//! Compares what nothing is rendered of: that it is there, and whether it says the same. What is
//! different about it is not looked for, because no code of callers meets it.

use std::collections::BTreeMap;

use super::{
    code::FindingCode as Code,
    finding::{Owner, Subject},
    found::Change,
    operations::{self, Endpoint},
    schemas::Walk,
};
use crate::{openapi::Pointer, read::PartDigest};

/// What it is, and what it is called when it comes, goes and changes.
struct Kind {
    word: &'static str,
    added: Code,
    removed: Code,
    changed: Code,
    end: &'static str,
}

/// Compares what the service sends without being asked.
pub(super) fn webhooks(walk: &mut Walk<'_>) {
    let kind = Kind {
        word: "webhook",
        added: Code::WebhookAdded,
        removed: Code::WebhookRemoved,
        changed: Code::WebhookChanged,
        end: "; the SDK has nothing of webhooks",
    };
    let at = Pointer::root().join("webhooks");
    compare(walk, &Subject::of(Owner::Api), &kind, (&at, &at));
}

/// Compares what the service sends later because of a call.
pub(super) fn callbacks(walk: &mut Walk<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let kind = Kind {
        word: "callback",
        added: Code::CallbackAdded,
        removed: Code::CallbackRemoved,
        changed: Code::CallbackChanged,
        end: "; the SDK has nothing of callbacks",
    };
    let at = |endpoint: Endpoint<'_>| endpoint.at().join("callbacks");
    let subject = operations::subject(old);
    compare(walk, &subject, &kind, (&at(old), &at(new)));
}

/// Compares the calls that a response leads to.
pub(super) fn links(walk: &mut Walk<'_>, subject: &Subject, old: &Pointer, new: &Pointer) {
    let kind = Kind {
        word: "link",
        added: Code::ResponseLinkAdded,
        removed: Code::ResponseLinkRemoved,
        changed: Code::ResponseLinkChanged,
        end: "; the SDK has nothing of links",
    };
    let (old, new) = (old.join("links"), new.join("links"));
    compare(walk, subject, &kind, (&old, &new));
}

/// Compares the headers of a field of a form.
pub(super) fn headers(walk: &mut Walk<'_>, subject: &Subject, old: &Pointer, new: &Pointer) {
    let kind = Kind {
        word: "header",
        added: Code::RequestFieldHeaderChanged,
        removed: Code::RequestFieldHeaderChanged,
        changed: Code::RequestFieldHeaderChanged,
        end: "; the SDK sends no headers of fields",
    };
    let (old, new) = (old.join("headers"), new.join("headers"));
    compare(walk, subject, &kind, (&old, &new));
}

fn compare(walk: &mut Walk<'_>, subject: &Subject, kind: &Kind, (old, new): (&Pointer, &Pointer)) {
    let (old_side, new_side) = walk.unrendered;
    let before: BTreeMap<&str, &PartDigest> = old_side.at(old).collect();
    let after: BTreeMap<&str, &PartDigest> = new_side.at(new).collect();
    // What is inside a schema is named by its way, and no part of that.
    let is_inside = !subject.path.is_empty();
    let word = kind.word;
    let part = |name: &str| match (is_inside, subject.part.as_str()) {
        (true, _) => subject.clone(),
        (false, "") => subject.part(format!("{word} `{name}`")),
        (false, whole) => subject.part(format!("{word} `{name}` of {whole}")),
    };
    let mut tell = |change: Change, name: &str, what: &str| {
        let inside = match is_inside {
            true => format!(": the {word} `{name}`"),
            false => String::new(),
        };
        walk.found
            .add(change, &format!("{inside}{what}{}", kind.end));
    };
    for (name, was) in &before {
        let at = old.join(name);
        match after.get(name) {
            None => {
                let change = Change::new(kind.removed, &part(name)).was(*name);
                tell(change.old(&at), name, " is gone");
            }
            Some(is) if was.differs(is) => {
                let change = Change::new(kind.changed, &part(name)).was(*name).is(*name);
                tell(change.at(&at, &new.join(name)), name, " is another now");
            }
            Some(_) => {}
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let change = Change::new(kind.added, &part(name)).is(*name);
        tell(change.new_at(&new.join(name)), name, " is new");
    }
}
