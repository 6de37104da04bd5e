//! Impls: methods and traits of types, and what code says of their members.

use super::{
    Builder, Head, Shape, first_literal,
    names::{plain, short},
};
use crate::surface::{
    Kind,
    behaviour::{self, Topic},
    gate::Gate,
    macros,
    modules::Target,
    read::{Impl, What},
    text::{Piece, Text},
};

impl Builder<'_> {
    pub(super) fn of_impl(&mut self, module: usize, id: usize) {
        let declaration = &self.tree.declarations[id];
        let What::Impl(of_impl) = &declaration.entry.what else {
            return;
        };
        let Some((owner, owner_gate)) = self.owner(module, of_impl) else {
            return;
        };
        let marks = &declaration.entry.marks;
        let gate = self.tree.gate(module).and(&marks.gate).and(&owner_gate);
        let Some(of_trait) = &of_impl.of_trait else {
            for member in of_impl.members.iter().filter(|member| member.is_public) {
                let gate = gate.and(&member.marks.gate);
                let path = format!("{owner}::{}", member.name);
                self.entry(member, &path, Some(&owner), &gate, module);
            }
            return;
        };
        if !macros::is_inner(of_trait) {
            if self.is_private(module, of_trait) {
                return;
            }
            let name = self.trait_name(module, of_trait);
            let target = self.text(module, &of_impl.target);
            let head = Head {
                path: format!("{target}: {name}"),
                kind: Kind::TraitImpl,
                parent: Some(owner.clone()),
                gate,
                marks,
                module,
            };
            let given = of_impl
                .members
                .iter()
                .filter_map(|member| match &member.what {
                    What::Associated(ty) => {
                        Some(format!("{} = {}", member.name, self.text(module, ty)))
                    }
                    _ => None,
                });
            let shape = Shape::Typed(given.collect::<Vec<_>>().join(", "));
            let item = self.add(head, format!("impl {name} for {target}"), shape);
            item.docs = String::new();
        }
        let own = self.items.len() - 1;
        self.parts(module, of_impl, &owner, own);
    }

    /// The type an impl is of, and what that needs; `None` if callers cannot see it.
    fn owner(&self, module: usize, of_impl: &Impl) -> Option<(String, Gate)> {
        let mut paths = of_impl.target.iter().filter_map(|piece| match piece {
            Piece::Path(path) if !matches!(path.as_slice(), [only] if only == "mut" || only == "dyn") => Some(path),
            _ => None,
        });
        let path = paths.next();
        let Some(path) = path else {
            // Of a tuple or a slice.
            return Some((self.text(module, &of_impl.target), Gate::default()));
        };
        match self.tree.resolve(module, path) {
            Target::Declaration(id, _) => {
                let (path, gate) = self.exports.paths.get(&id)?.first()?;
                Some((path.clone(), gate.clone()))
            }
            Target::Module(_) => None,
            Target::Absent(path) => Some((short(&path), Gate::default())),
            Target::Foreign(path) => Some((plain(&path), Gate::default())),
        }
    }

    fn is_private(&self, module: usize, of_trait: &Text) -> bool {
        let Some(Piece::Path(path)) = of_trait.first() else {
            return false;
        };
        match self.tree.resolve(module, path) {
            Target::Declaration(id, _) => !self.exports.paths.contains_key(&id),
            _ => false,
        }
    }

    /// Tells the parts of an impl's code to the members they are about, what is about none or several
    /// to the impl, or to the type where callers do not see the impl.
    fn parts(&mut self, module: usize, of_impl: &Impl, owner: &str, own: usize) {
        let is_inner = of_impl
            .of_trait
            .as_ref()
            .is_some_and(|path| macros::is_inner(path));
        let members = self.members.get(owner);
        let of_type = match is_inner {
            true => self.types.get(owner).copied(),
            false => Some(own),
        };
        let mut found: Vec<(Option<usize>, Vec<String>, &str)> = Vec::new();
        for part in &of_impl.parts {
            let mut about = part.mentions.iter();
            let about = about.by_ref().filter_map(|name| members?.get(name));
            let about: Vec<usize> = about.copied().collect();
            let place = match about.as_slice() {
                [only] => Some(*only),
                _ => None,
            };
            found.push((place, self.words(module, &part.text), &part.place));
        }
        for (member, words, place) in found {
            let Some(item) = member
                .or(of_type)
                .and_then(|index| self.items.get_mut(index))
            else {
                continue;
            };
            let topic = match (member, behaviour::topic_of_value(place, &[])) {
                (_, topic) if topic != Topic::Body => topic,
                (Some(_), _) => Topic::Member,
                (None, topic) => topic,
            };
            behaviour::collect(&words, place, topic, &mut item.aspects);
            let says_name = match place {
                "NAME" => member.is_none(),
                "read" | "VALUES" | "VARIANTS" => member.is_some(),
                _ => false,
            };
            if says_name && item.wire.is_none() {
                let tags = item.aspects.get(&(Topic::Tag, place.to_owned()));
                item.wire = match place {
                    "VARIANTS" => tags.and_then(|words| first_literal(words)),
                    _ => first_literal(&words),
                };
            }
        }
    }
}
