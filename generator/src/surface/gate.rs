//! The features that an item needs.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Meta, Token, punctuated::Punctuated};

use super::text;

/// The condition under which an item exists: one feature of each set. Other `cfg` conditions are kept as
/// text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gate(BTreeSet<BTreeSet<String>>);

impl Gate {
    /// Reads the `cfg` attributes; `None` for items that only exist in tests.
    pub(super) fn of(attributes: &[Attribute]) -> Option<Self> {
        let mut gate = Self::default();
        for attribute in attributes {
            if attribute.path().is_ident("cfg")
                && let Ok(meta) = attribute.parse_args::<Meta>()
            {
                gate.require(&meta);
            }
        }
        // An empty set cannot be satisfied.
        (!gate.0.iter().any(BTreeSet::is_empty)).then_some(gate)
    }

    fn require(&mut self, meta: &Meta) {
        if let Meta::List(list) = meta
            && list.path.is_ident("all")
            && let Ok(all) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        {
            // Attributes nest no deeper than their parser went.
            all.iter().for_each(|part| self.require(part));
        } else {
            self.0.insert(alternatives(meta));
        }
    }

    /// Whether the item always exists.
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// The condition that satisfies both.
    #[must_use]
    pub(super) fn and(&self, other: &Self) -> Self {
        let all: BTreeSet<_> = self.0.union(&other.0).cloned().collect();
        // A superset of another set is redundant.
        let is_needed = |one: &BTreeSet<String>| {
            !all.iter()
                .any(|other| other.len() < one.len() && other.is_subset(one))
        };
        Self(all.iter().filter(|one| is_needed(one)).cloned().collect())
    }

    /// Whether an item with this gate exists wherever one with the other gate does, given the features that
    /// features enable.
    pub(super) fn is_wider(
        &self,
        other: &Self,
        brings: &BTreeMap<String, BTreeSet<String>>,
    ) -> bool {
        let meets = |feature: &String, wanted: &BTreeSet<String>| {
            wanted.contains(feature)
                || brings
                    .get(feature)
                    .is_some_and(|brought| !brought.is_disjoint(wanted))
        };
        let is_met = |wanted: &BTreeSet<String>| {
            let mut demands = other.0.iter();
            demands.any(|demand| demand.iter().all(|feature| meets(feature, wanted)))
        };
        self.0.iter().all(is_met)
    }
}

impl std::fmt::Display for Gate {
    /// Writes the gate as `a or b, and c`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_open() {
            return f.write_str("always there");
        }
        for (index, set) in self.0.iter().enumerate() {
            let separator = if index > 0 { ", and " } else { "" };
            let set: Vec<&str> = set.iter().map(String::as_str).collect();
            write!(f, "{separator}{}", set.join(" or "))?;
        }
        Ok(())
    }
}

fn alternatives(meta: &Meta) -> BTreeSet<String> {
    match meta {
        Meta::Path(path) if path.is_ident("test") => BTreeSet::new(),
        Meta::NameValue(pair) if pair.path.is_ident("feature") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(name),
                ..
            }) => BTreeSet::from([name.value()]),
            _ => BTreeSet::from([plain(meta)]),
        },
        Meta::List(list) if list.path.is_ident("any") => {
            match list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) {
                Ok(any) => any.iter().flat_map(alternatives).collect(),
                Err(_) => BTreeSet::from([plain(meta)]),
            }
        }
        _ => BTreeSet::from([plain(meta)]),
    }
}

fn plain(meta: &Meta) -> String {
    let as_is = |path: &[String]| vec![path.join("::")];
    text::join(&text::words(&text::normalize(meta), as_is))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(attributes: &str) -> Option<Gate> {
        let item: syn::ItemStruct = syn::parse_str(&format!("{attributes} struct A;")).unwrap();
        Gate::of(&item.attrs)
    }

    #[test]
    fn features_are_read() {
        for (attributes, expected) in [
            ("", "always there"),
            ("#[cfg(feature = \"a\")]", "a"),
            ("#[cfg(any(feature = \"b\", feature = \"a\"))]", "a or b"),
            ("#[cfg(all(feature = \"b\", feature = \"a\"))]", "a, and b"),
            ("#[cfg(not(feature = \"a\"))]", "not(feature = \"a\")"),
            ("#[cfg(any(test, feature = \"a\"))]", "a"),
        ] {
            assert_eq!(gate(attributes).unwrap().to_string(), expected);
        }
        assert_eq!(gate("#[cfg(test)]"), None);
    }

    #[test]
    fn a_gate_is_wider_if_fewer_things_close_it() {
        let one = gate("#[cfg(feature = \"a\")]").unwrap();
        let any = gate("#[cfg(any(feature = \"a\", feature = \"b\"))]").unwrap();
        let open = Gate::default();
        let nothing = BTreeMap::new();
        assert!(any.is_wider(&one, &nothing) && !one.is_wider(&any, &nothing));
        assert!(open.is_wider(&one, &nothing) && !one.is_wider(&open, &nothing));
        let brings = BTreeMap::from([("b".to_owned(), BTreeSet::from(["a".to_owned()]))]);
        assert!(one.is_wider(&any, &brings));
        assert_eq!(one.and(&any), one);
    }
}
