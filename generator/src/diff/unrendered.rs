//! Compares what is not rendered: whether it was added, removed or changed. How it changed is not
//! reported, because it affects no code of callers.

use std::collections::BTreeMap;

use super::{
    code::FindingCode as Code,
    comparison::Comparison,
    endpoint::Endpoint,
    finding::{Owner, Subject},
    findings::Change,
};
use crate::{openapi::Pointer, read::PartDigest};

/// A kind of parts, and how its changes are reported.
struct Kind {
    name: &'static str,
    added: Code,
    removed: Code,
    changed: Code,
    /// Why the change affects no code.
    reason: &'static str,
}

/// Compares webhooks.
pub(super) fn webhooks(comparison: &mut Comparison<'_>) {
    let kind = Kind {
        name: "webhook",
        added: Code::WebhookAdded,
        removed: Code::WebhookRemoved,
        changed: Code::WebhookChanged,
        reason: "webhooks are not generated",
    };
    let at = Pointer::root().join("webhooks");
    compare(comparison, &Subject::of(Owner::Api), &kind, (&at, &at));
}

/// Compares the callbacks of two operations.
pub(super) fn callbacks(comparison: &mut Comparison<'_>, old: Endpoint<'_>, new: Endpoint<'_>) {
    let kind = Kind {
        name: "callback",
        added: Code::CallbackAdded,
        removed: Code::CallbackRemoved,
        changed: Code::CallbackChanged,
        reason: "callbacks are not generated",
    };
    let at = |endpoint: Endpoint<'_>| endpoint.at().join("callbacks");
    compare(comparison, &old.subject(), &kind, (&at(old), &at(new)));
}

/// Compares the links of two responses.
pub(super) fn links(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    old: &Pointer,
    new: &Pointer,
) {
    let kind = Kind {
        name: "link",
        added: Code::ResponseLinkAdded,
        removed: Code::ResponseLinkRemoved,
        changed: Code::ResponseLinkChanged,
        reason: "links are not generated",
    };
    let (old, new) = (old.join("links"), new.join("links"));
    compare(comparison, subject, &kind, (&old, &new));
}

/// Compares the headers of a form field.
pub(super) fn headers(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    old: &Pointer,
    new: &Pointer,
) {
    let kind = Kind {
        name: "header",
        added: Code::RequestFieldHeaderChanged,
        removed: Code::RequestFieldHeaderChanged,
        changed: Code::RequestFieldHeaderChanged,
        reason: "headers of form fields are not sent",
    };
    let (old, new) = (old.join("headers"), new.join("headers"));
    compare(comparison, subject, &kind, (&old, &new));
}

fn compare(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    kind: &Kind,
    (old, new): (&Pointer, &Pointer),
) {
    let before: BTreeMap<&str, &PartDigest> = comparison.unrendered.0.at(old).collect();
    let after: BTreeMap<&str, &PartDigest> = comparison.unrendered.1.at(new).collect();
    for (name, was) in &before {
        let subject = kind.subject(subject, name);
        let old_at = old.join(name);
        let (change, what) = match after.get(name) {
            None => (
                Change::new(kind.removed, &subject)
                    .was(*name)
                    .old_at(&old_at),
                "was removed",
            ),
            Some(is) if was.differs(is) => (
                Change::new(kind.changed, &subject)
                    .was(*name)
                    .is(*name)
                    .at(&old_at, &new.join(name)),
                "changed",
            ),
            Some(_) => continue,
        };
        let tail = kind.tail(&subject, name, what);
        comparison.findings.add(change, &tail);
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let subject = kind.subject(subject, name);
        let change = Change::new(kind.added, &subject).is(*name);
        let tail = kind.tail(&subject, name, "was added");
        comparison
            .findings
            .add(change.new_at(&new.join(name)), &tail);
    }
}

impl Kind {
    /// The subject of findings about one of its kind. Inside a schema, the path names the subject instead
    /// of a part.
    fn subject(&self, holder: &Subject, name: &str) -> Subject {
        let kind = self.name;
        match (holder.path.is_empty(), holder.part.as_str()) {
            (false, _) => holder.clone(),
            (true, "") => holder.part(format!("{kind} `{name}`")),
            (true, part) => holder.part(format!("{kind} `{name}` of {part}")),
        }
    }

    fn tail(&self, subject: &Subject, name: &str, what: &str) -> String {
        let (kind, reason) = (self.name, self.reason);
        match subject.path.is_empty() {
            true => format!(" {what}; {reason}"),
            false => format!(": the {kind} `{name}` {what}; {reason}"),
        }
    }
}
