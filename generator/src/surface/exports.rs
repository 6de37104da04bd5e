//! Finds the paths by which callers reach the items of a crate. Items of private modules may be re-exported.

use std::collections::HashMap;

use super::{
    gate::Gate,
    modules::{Module, Named, Target, Tree},
    read::Marks,
};

/// The reachable items.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// The paths to declarations, the canonical one first.
    pub(super) paths: HashMap<usize, Vec<(String, Gate)>>,
    /// The paths to modules.
    pub(super) modules: HashMap<usize, Vec<(String, Gate)>>,
    /// The re-exports of other crates.
    pub(super) foreign: Vec<Foreign>,
}

/// A path to an item of another crate.
#[derive(Debug)]
pub(super) struct Foreign {
    pub(super) path: String,
    pub(super) target: String,
    pub(super) file: String,
    pub(super) marks: Marks,
}

/// Finds everything that is reachable from the root.
pub(super) fn find(tree: &Tree) -> Exports {
    let mut walk = Walk {
        tree,
        exports: Exports::default(),
        under_way: Vec::new(),
    };
    if !tree.modules.is_empty() {
        walk.module(0, "", &Gate::default());
    }
    let mut exports = walk.exports;
    for paths in exports
        .paths
        .values_mut()
        .chain(exports.modules.values_mut())
    {
        paths.sort_by_cached_key(|(path, _)| (path.matches("::").count(), path.clone()));
        paths.dedup_by(|(one, _), (other, _)| one == other);
    }
    exports
}

struct Walk<'a> {
    tree: &'a Tree,
    exports: Exports,
    /// The modules on the current path: a module may re-export its ancestors.
    under_way: Vec<usize>,
}

impl Walk<'_> {
    fn module(&mut self, id: usize, prefix: &str, gate: &Gate) {
        if self.under_way.contains(&id) {
            return;
        }
        self.under_way.push(id);
        let module = &self.tree.modules[id];
        for (name, named) in &module.names {
            let path = match prefix {
                "" => name.clone(),
                prefix => format!("{prefix}::{name}"),
            };
            for named in named {
                self.name(module, id, named, &path, gate);
            }
        }
        for glob in module.globs.iter().filter(|glob| glob.is_public) {
            let gate = gate.and(&glob.marks.gate);
            match self.tree.resolve(id, &glob.path) {
                // Of several items under one name the first counts; a module's own names come first.
                Target::Module(from) => {
                    self.module(from, prefix, &gate.and(&self.tree.gate(from)));
                }
                target => {
                    self.re_export(target, format!("{prefix}::*"), module, &glob.marks, &gate)
                }
            }
        }
        self.under_way.pop();
    }

    fn name(&mut self, module: &Module, id: usize, named: &Named, path: &str, gate: &Gate) {
        match named {
            Named::Module {
                id,
                is_public: true,
            } => {
                let gate = gate.and(&self.tree.modules[*id].marks.gate);
                self.reach_module(*id, path, &gate);
            }
            Named::Declaration {
                id,
                is_public: true,
            } => {
                let gate = gate.and(&self.tree.declarations[*id].entry.marks.gate);
                let paths = self.exports.paths.entry(*id).or_default();
                paths.push((path.to_owned(), gate));
            }
            Named::Use(used) if used.is_public => {
                let gate = gate.and(&used.marks.gate);
                match self.tree.resolve(id, &used.path) {
                    Target::Module(target) => {
                        let gate = gate.and(&self.tree.gate(target));
                        self.reach_module(target, path, &gate);
                    }
                    Target::Declaration(target, rest) if rest.is_empty() => {
                        let found = &self.tree.declarations[target];
                        let gate = gate.and(&self.tree.gate(found.module));
                        let gate = gate.and(&found.entry.marks.gate);
                        let paths = self.exports.paths.entry(target).or_default();
                        paths.push((path.to_owned(), gate));
                    }
                    target => self.re_export(target, path.to_owned(), module, &used.marks, &gate),
                }
            }
            _ => {}
        }
    }

    fn reach_module(&mut self, id: usize, path: &str, gate: &Gate) {
        let paths = self.exports.modules.entry(id).or_default();
        paths.push((path.to_owned(), gate.clone()));
        self.module(id, path, gate);
    }

    fn re_export(
        &mut self,
        target: Target,
        path: String,
        module: &Module,
        marks: &Marks,
        gate: &Gate,
    ) {
        let (Target::Foreign(steps) | Target::Absent(steps) | Target::Declaration(_, steps)) =
            target
        else {
            return;
        };
        self.exports.foreign.push(Foreign {
            path,
            target: steps.join("::"),
            file: module.file.clone(),
            marks: Marks {
                gate: gate.clone(),
                ..marks.clone()
            },
        });
    }
}
