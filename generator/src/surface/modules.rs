//! The modules of a rendered crate, and where paths lead in them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use super::{
    gate::Gate,
    read::{Entry, Marks, What},
};

/// The most steps from one `use` to the next. Nothing that compiles comes near.
const LONGEST_CHAIN: usize = 64;

/// The modules of a crate. The first is its root.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) modules: Vec<Module>,
    pub(super) declarations: Vec<Declaration>,
    /// What globs bring into modules, found when it is first asked for.
    brought: RefCell<HashMap<usize, Rc<HashMap<String, Target>>>>,
}

/// A module.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) file: String,
    pub(super) marks: Marks,
    /// What stands in it by name, and whether it can be seen from everywhere.
    pub(super) names: BTreeMap<String, Vec<Named>>,
    pub(super) globs: Vec<Use>,
    /// The impls in it, among the declarations.
    pub(super) impls: Vec<usize>,
}

/// A declaration and the module it is in.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) module: usize,
    pub(super) entry: Entry,
}

/// What a name stands for within a module.
#[derive(Debug)]
pub(super) enum Named {
    Module { id: usize, is_public: bool },
    Declaration { id: usize, is_public: bool },
    Use(Use),
}

/// A `use` of one path.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) path: Vec<String>,
    pub(super) is_public: bool,
    pub(super) marks: Marks,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(usize),
    /// To a declaration, and what of the path is left behind it.
    Declaration(usize, Vec<String>),
    /// To something of this crate that is not among the files.
    Absent(Vec<String>),
    /// Out of the crate, or to nothing that has a name here.
    Foreign(Vec<String>),
}

impl Tree {
    /// The modules that files make up.
    pub(super) fn new(mut files: BTreeMap<String, Vec<Entry>>) -> Self {
        let mut tree = Self::default();
        let roots = ["src/lib.rs", "src/generated.rs", "src/generated/mod.rs"];
        let root = roots.into_iter().find(|path| files.contains_key(*path));
        match root {
            Some(path) => {
                let entries = files.remove(path).unwrap_or_default();
                let file = path.to_owned();
                let folder = children(path);
                tree.add(
                    String::new(),
                    None,
                    (file, folder),
                    Marks::default(),
                    entries,
                    &mut files,
                );
            }
            // Rendered into another crate, whose root hands on the folders as they are.
            None => {
                let of_folder = |path: &String| {
                    let name = path.strip_prefix("src/generated/")?.strip_suffix(".rs")?;
                    let name = name.strip_suffix("/mod").unwrap_or(name);
                    (!name.contains('/')).then(|| (name.to_owned(), path.clone()))
                };
                let roots: Vec<_> = files.keys().filter_map(of_folder).collect();
                let nowhere = (String::new(), String::new());
                tree.add(
                    String::new(),
                    None,
                    nowhere,
                    Marks::default(),
                    Vec::new(),
                    &mut files,
                );
                for (name, path) in roots {
                    let entries = files.remove(&path).unwrap_or_default();
                    let folder = children(&path);
                    let marks = Marks {
                        line: 1,
                        ..Marks::default()
                    };
                    let id = tree.add(
                        name.clone(),
                        Some(0),
                        (path, folder),
                        marks,
                        entries,
                        &mut files,
                    );
                    let named = Named::Module {
                        id,
                        is_public: true,
                    };
                    tree.modules[0].names.entry(name).or_default().push(named);
                }
            }
        }
        tree
    }

    fn add(
        &mut self,
        name: String,
        parent: Option<usize>,
        (file, folder): (String, String),
        marks: Marks,
        entries: Vec<Entry>,
        files: &mut BTreeMap<String, Vec<Entry>>,
    ) -> usize {
        let own = self.modules.len();
        self.modules.push(Module {
            name,
            parent,
            file: file.clone(),
            marks,
            names: BTreeMap::new(),
            globs: Vec::new(),
            impls: Vec::new(),
        });
        for entry in entries {
            let Entry {
                name,
                is_public,
                marks,
                what,
            } = entry;
            let named = match what {
                What::Use { path, is_glob } => {
                    let used = Use {
                        path,
                        is_public,
                        marks,
                    };
                    if is_glob {
                        self.modules[own].globs.push(used);
                        continue;
                    }
                    Named::Use(used)
                }
                What::Module(inside) => {
                    let below = format!("{folder}{name}");
                    let inside = match inside {
                        Some(entries) => Some((file.clone(), entries)),
                        None => [format!("{below}.rs"), format!("{below}/mod.rs")]
                            .into_iter()
                            .find_map(|path| files.remove_entry(&path)),
                    };
                    let Some((path, entries)) = inside else {
                        continue;
                    };
                    let place = (path, format!("{below}/"));
                    let id = self.add(name.clone(), Some(own), place, marks, entries, files);
                    Named::Module { id, is_public }
                }
                what => {
                    let id = self.declarations.len();
                    let is_impl = matches!(what, What::Impl(_));
                    let entry = Entry {
                        name: name.clone(),
                        is_public,
                        marks,
                        what,
                    };
                    self.declarations.push(Declaration { module: own, entry });
                    if is_impl {
                        self.modules[own].impls.push(id);
                        continue;
                    }
                    Named::Declaration { id, is_public }
                }
            };
            // A name that is not used, as in `use Trait as _`, is none.
            if name != "_" {
                self.modules[own].names.entry(name).or_default().push(named);
            }
        }
        own
    }

    /// What a module needs to be there, those around it included.
    pub(super) fn gate(&self, module: usize) -> Gate {
        let mut gate = Gate::default();
        let mut next = Some(module);
        while let Some(own) = next {
            gate = gate.and(&self.modules[own].marks.gate);
            next = self.modules[own].parent;
        }
        gate
    }

    /// Where a path leads that stands in a module.
    pub(super) fn resolve(&self, module: usize, path: &[String]) -> Target {
        self.resolve_within(module, path, 0)
    }

    fn resolve_within(&self, module: usize, path: &[String], depth: usize) -> Target {
        let foreign = || Target::Foreign(path.to_vec());
        let mut target = Target::Module(module);
        if depth > LONGEST_CHAIN {
            return foreign();
        }
        for (index, step) in path.iter().enumerate() {
            let own = match target {
                Target::Module(own) => own,
                Target::Declaration(id, mut rest) => {
                    rest.extend(path[index..].iter().cloned());
                    return Target::Declaration(id, rest);
                }
                Target::Absent(mut full) | Target::Foreign(mut full) => {
                    full.extend(path[index..].iter().cloned());
                    return match full.first().map(String::as_str) {
                        Some("crate") => Target::Absent(full),
                        _ => Target::Foreign(full),
                    };
                }
            };
            target = match step.as_str() {
                "crate" if index == 0 => Target::Module(0),
                "self" if index == 0 => match path.len() {
                    1 => return foreign(),
                    _ => Target::Module(own),
                },
                "super" => match self.modules[own].parent {
                    Some(parent) => Target::Module(parent),
                    None => return foreign(),
                },
                name => match self.lookup(own, name, index + 1 < path.len(), depth) {
                    Some(found) => found,
                    None if index == 0 => return foreign(),
                    None => {
                        let mut full = vec!["crate".to_owned()];
                        full.extend(path[index..].iter().cloned());
                        return Target::Absent(full);
                    }
                },
            };
        }
        target
    }

    fn lookup(&self, module: usize, name: &str, goes_on: bool, depth: usize) -> Option<Target> {
        let named = self.modules[module].names.get(name);
        let named = named.map_or(&[][..], Vec::as_slice);
        let module_first = |named: &&Named| matches!(named, Named::Module { .. }) == goes_on;
        let found = named.iter().find(module_first).or(named.first());
        match found {
            Some(Named::Module { id, .. }) => Some(Target::Module(*id)),
            Some(Named::Declaration { id, .. }) => Some(Target::Declaration(*id, Vec::new())),
            Some(Named::Use(used)) => Some(self.resolve_within(module, &used.path, depth + 1)),
            None => self.brought_into(module, depth).get(name).cloned(),
        }
    }

    /// What globs bring into a module, by name.
    fn brought_into(&self, module: usize, depth: usize) -> Rc<HashMap<String, Target>> {
        if let Some(found) = self.brought.borrow().get(&module) {
            return Rc::clone(found);
        }
        // Globs can lead in circles; what is under way brings nothing.
        self.brought.borrow_mut().insert(module, Rc::default());
        let mut brought = HashMap::new();
        for glob in &self.modules[module].globs {
            let Target::Module(from) = self.resolve_within(module, &glob.path, depth + 1) else {
                continue;
            };
            for name in self.modules[from].names.keys() {
                if let Some(target) = self.lookup(from, name, false, depth + 1) {
                    brought.entry(name.clone()).or_insert(target);
                }
            }
            for (name, target) in &*self.brought_into(from, depth + 1) {
                brought
                    .entry(name.clone())
                    .or_insert_with(|| target.clone());
            }
        }
        let brought = Rc::new(brought);
        self.brought
            .borrow_mut()
            .insert(module, Rc::clone(&brought));
        brought
    }
}

/// The folder in which the modules of a file are.
fn children(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "mod.rs" => format!("{folder}/"),
        name => format!("{folder}/{}/", name.trim_end_matches(".rs")),
    }
}
