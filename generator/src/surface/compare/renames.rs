//! Finds items that were renamed: they were rendered from the same node of the description, or have the same
//! name on the wire.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    openapi::Pointer,
    surface::{Item, Kind, Surface, behaviour::Topic, items::Shape},
};

/// The items with other names in the new surface.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Types, by their old path.
    types: BTreeMap<String, String>,
    /// Members and functions, by their old path.
    members: BTreeMap<(String, Kind), String>,
    /// Types, by their new path.
    back: BTreeMap<String, String>,
}

/// What identifies an item apart from its name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Pointer(Pointer),
    Wire(String),
    Call(Vec<String>),
}

impl Renames {
    /// Finds what was renamed.
    pub(super) fn find(old: &Surface, new: &Surface) -> Self {
        let only = |one: &'_ Surface, other: &Surface| -> Vec<Item> {
            let gone = one
                .items
                .iter()
                .filter(|(key, _)| !other.items.contains_key(*key));
            gone.map(|(_, item)| item.clone()).collect()
        };
        let (gone, come) = (only(old, new), only(new, old));
        let mut renames = Self::default();
        if gone.is_empty() || come.is_empty() {
            return renames;
        }
        let is_type = |item: &&Item| is_type(item.kind);
        let types = renames.pairs(gone.iter().filter(is_type), come.iter().filter(is_type));
        renames.add_types(types);
        let is_member = |item: &&Item| !is_type(item) && item.kind != Kind::TraitImpl;
        let members = renames.pairs(gone.iter().filter(is_member), come.iter().filter(is_member));
        renames.add_requests(&members, &gone, &come);
        renames.add_members(members);
        renames.add_setters(&gone, &come);
        renames
    }

    /// Pairs items of the same identity, if it is unambiguous.
    fn pairs<'a>(
        &self,
        gone: impl Iterator<Item = &'a Item>,
        come: impl Iterator<Item = &'a Item>,
    ) -> Vec<(&'a Item, &'a Item)> {
        let mut by_identity: BTreeMap<_, (Vec<&Item>, Vec<&Item>)> = BTreeMap::new();
        for item in gone {
            let parent = item.parent.as_ref().map(|parent| self.text(parent));
            for identity in identities(item) {
                let key = (item.kind, parent.clone(), identity);
                by_identity.entry(key).or_default().0.push(item);
            }
        }
        for item in come {
            for identity in identities(item) {
                let key = (item.kind, item.parent.clone(), identity);
                by_identity.entry(key).or_default().1.push(item);
            }
        }
        let mut taken = BTreeSet::new();
        let mut pairs = Vec::new();
        for (gone, come) in by_identity.into_values() {
            if let ([one], [other]) = (gone.as_slice(), come.as_slice())
                && !taken.contains(&(false, &one.path))
                && !taken.contains(&(true, &other.path))
            {
                taken.extend([(false, &one.path), (true, &other.path)]);
                pairs.push((*one, *other));
            }
        }
        pairs
    }

    fn add_types(&mut self, pairs: Vec<(&Item, &Item)>) {
        for (one, other) in pairs {
            self.types.insert(one.path.clone(), other.path.clone());
            self.back.insert(other.path.clone(), one.path.clone());
        }
    }

    /// Pairs the request types that renamed methods return.
    fn add_requests(&mut self, members: &[(&Item, &Item)], gone: &[Item], come: &[Item]) {
        let paths = |items: &[Item]| -> BTreeSet<String> {
            let types = items.iter().filter(|item| is_type(item.kind));
            types.map(|item| item.path.clone()).collect()
        };
        let (gone, come) = (paths(gone), paths(come));
        for (one, other) in members {
            if let (Shape::Function { output: was, .. }, Shape::Function { output: is, .. }) =
                (&one.shape, &other.shape)
                && gone.contains(was)
                && come.contains(is)
                && !self.types.contains_key(was)
                && !self.back.contains_key(is)
            {
                self.types.insert(was.clone(), is.clone());
                self.back.insert(is.clone(), was.clone());
            }
        }
    }

    fn add_members(&mut self, pairs: Vec<(&Item, &Item)>) {
        for (one, other) in pairs {
            // An item that only moved with its type was not renamed.
            if self.text(&one.path) != other.path {
                let key = (one.path.clone(), one.kind);
                self.members.insert(key, other.path.clone());
            }
        }
    }

    /// Pairs setters, which are named after their fields.
    fn add_setters(&mut self, gone: &[Item], come: &[Item]) {
        let of = |items: &[Item]| -> BTreeSet<String> {
            let methods = items.iter().filter(|item| item.kind == Kind::Method);
            methods.map(|item| item.path.clone()).collect()
        };
        let (gone, come) = (of(gone), of(come));
        let fields = self
            .members
            .iter()
            .filter(|((_, kind), _)| *kind == Kind::Field);
        let mut setters = Vec::new();
        for ((was, _), is) in fields {
            let (Some((old_type, old_name)), Some((new_type, new_name))) =
                (was.rsplit_once("::"), is.rsplit_once("::"))
            else {
                continue;
            };
            for prefix in ["with_", "with_null_"] {
                let was = format!("{old_type}::{prefix}{old_name}");
                let is = format!("{new_type}::{prefix}{new_name}");
                if gone.contains(&was) && come.contains(&is) {
                    setters.push(((was, Kind::Method), is));
                }
            }
        }
        for (was, is) in setters {
            self.members.entry(was).or_insert(is);
        }
    }

    /// Whether an item itself was renamed, and not only its container.
    pub(super) fn is_renamed(&self, item: &Item) -> bool {
        is_type(item.kind) && self.types.contains_key(&item.path)
            || self.members.contains_key(&(item.path.clone(), item.kind))
    }

    /// The path that an item has in the new surface, if it is there.
    pub(super) fn path(&self, path: &str, kind: Kind) -> String {
        match self.members.get(&(path.to_owned(), kind)) {
            Some(new) => new.clone(),
            None => self.text(path),
        }
    }

    /// The path that a type of the new surface had in the old one.
    pub(super) fn back(&self, path: &str) -> String {
        self.back
            .get(path)
            .cloned()
            .unwrap_or_else(|| path.to_owned())
    }

    /// The code of an item of the old surface, with the names of the new one. Fields and variants belong to the
    /// type that the item is or belongs to.
    pub(super) fn code(&self, item: &Item, words: &[String]) -> Vec<String> {
        let owner = item.parent.as_ref().unwrap_or(&item.path);
        let renamed = |name: &str, kind| {
            let new = self.members.get(&(format!("{owner}::{name}"), kind))?;
            Some(new.rsplit("::").next()?.to_owned())
        };
        let one = |(index, word): (usize, &String)| {
            if self.members.is_empty() {
                return self.text(word);
            }
            let is_field = index > 0 && words[index - 1] == "."
                || words.get(index + 1).is_some_and(|next| next == ":");
            let field = is_field.then(|| renamed(word, Kind::Field)).flatten();
            let variant = word.strip_prefix("Self::");
            let variant = variant.and_then(|name| renamed(name, Kind::Variant));
            let variant = variant.map(|name| format!("Self::{name}"));
            field.or(variant).unwrap_or_else(|| self.text(word))
        };
        words.iter().enumerate().map(one).collect()
    }

    /// A text of the old surface with the names of the new one.
    pub(super) fn text(&self, text: &str) -> String {
        if self.types.is_empty() || text.starts_with('"') {
            return text.to_owned();
        }
        let is_of_path = |one: char| one.is_alphanumeric() || matches!(one, '_' | ':');
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|one| !is_of_path(one)).unwrap_or(rest.len());
            let (path, after) = rest.split_at(end);
            out.push_str(&self.one(path));
            let next = after.find(is_of_path).unwrap_or(after.len());
            let (between, after) = after.split_at(next);
            out.push_str(between);
            rest = after;
        }
        out
    }

    fn one(&self, path: &str) -> String {
        // `models::User: Clone` and `name: models::User` have a colon behind a name.
        let (own, colon) = match path.strip_suffix(':') {
            Some(own) if !own.ends_with(':') => (own, ":"),
            _ => (path, ""),
        };
        let mut end = own.len();
        loop {
            if let Some(new) = self.types.get(&own[..end]) {
                return format!("{new}{}{colon}", &own[end..]);
            }
            match own[..end].rfind("::") {
                Some(before) => end = before,
                None => return path.to_owned(),
            }
        }
    }
}

fn is_type(kind: Kind) -> bool {
    matches!(kind, Kind::Struct | Kind::Enum | Kind::Trait | Kind::Alias)
}

fn identities(item: &Item) -> Vec<Identity> {
    let mut identities = Vec::new();
    if let Some(pointer) = item.pointer.as_ref().filter(|_| item.is_linked) {
        // A position in a list does not identify an item.
        let is_place = pointer
            .tokens()
            .next_back()
            .is_some_and(|last| last.parse::<usize>().is_ok());
        let is_own = matches!(item.kind, Kind::Method | Kind::Field) || is_type(item.kind);
        if is_own && !is_place && !is_null_setter(item) {
            identities.push(Identity::Pointer(pointer.clone()));
        }
    }
    identities.extend(item.wire.clone().map(Identity::Wire));
    let topic = |wanted| {
        let mut all = item.aspects.iter();
        all.find(|((topic, _), _)| *topic == wanted)
            .map(|(_, words)| words.clone())
    };
    if let (Some(mut method), Some(path)) = (topic(Topic::HttpMethod), topic(Topic::UrlPath)) {
        method.extend(path);
        identities.push(Identity::Call(method));
    }
    identities
}

/// The setter of an explicit null is found by its field.
fn is_null_setter(item: &Item) -> bool {
    item.path
        .rsplit("::")
        .next()
        .is_some_and(|name| name.starts_with("with_null_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_replaced_whole() {
        let mut renames = Renames::default();
        renames
            .types
            .insert("models::A".to_owned(), "models::B".to_owned());
        for (text, expected) in [
            ("models::A", "models::B"),
            ("models::A::with_x", "models::B::with_x"),
            ("models::A: Clone", "models::B: Clone"),
            ("models::C: From<models::A>", "models::C: From<models::B>"),
            ("Option<Box<models::A>>", "Option<Box<models::B>>"),
            ("models::Ab", "models::Ab"),
            ("x::models::A", "x::models::A"),
            ("\"models::A\"", "\"models::A\""),
        ] {
            assert_eq!(renames.text(text), expected);
        }
    }
}
