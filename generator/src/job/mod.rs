//! What to make an SDK of, and the way through all rooms that does it.

mod reading;
mod rendering;

use std::path::{Path, PathBuf};

pub(crate) use reading::{Defects, Reading, read};
pub use rendering::{Rendered, render, render_contract};

use crate::{
    config::{Config, RequiredInResponses},
    diagnostics::{Diagnostic, Sink},
    document::{self, Document},
    model::Api,
    output::{self, Manifest},
    read::{self, select::Selection},
    rust::names::Names,
};

/// What to make an SDK of.
#[derive(Clone, Debug)]
pub struct Job {
    description: Input,
    overlays: Vec<PathBuf>,
    config: Option<Input>,
    crate_name: String,
    layout: Layout,
    selection: Selection,
    allow_outside: bool,
    overwrite: bool,
}

/// A file, or a text that stands in for one.
#[derive(Clone, Debug)]
enum Input {
    File(PathBuf),
    /// A text in memory, and the path that it has in messages.
    Text(PathBuf, String),
}

impl Input {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Text(path, _) => path,
        }
    }

    /// The path, if it is that of a file that is read.
    fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Text(..) => None,
        }
    }
}

/// What is rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A whole crate, which builds on its own: manifest, root, runtime and code.
    #[default]
    Crate,
    /// The code alone, for a crate that has the rest.
    Embedded,
}

impl Job {
    /// A job for a description in a file.
    pub fn new(description: impl Into<PathBuf>) -> Self {
        Self::of(Input::File(description.into()))
    }

    /// A job for a description that is in memory; the path names it in messages and tells YAML from
    /// JSON. It cannot refer to other files.
    pub fn from_text(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self::of(Input::Text(path.into(), text.into()))
    }

    /// Takes a text in place of the description's file, which names it.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.description = Input::Text(self.description.path().to_owned(), text.into());
        self
    }

    fn of(description: Input) -> Self {
        Self {
            description,
            overlays: Vec::new(),
            config: None,
            crate_name: "sdk".to_owned(),
            layout: Layout::default(),
            selection: Selection::default(),
            allow_outside: false,
            overwrite: false,
        }
    }

    /// Adds an overlay, which is applied after those that were added before.
    #[cfg(feature = "overlays")]
    #[must_use]
    pub fn with_overlay(mut self, overlay: impl Into<PathBuf>) -> Self {
        self.overlays.push(overlay.into());
        self
    }

    /// Lets the description refer to files outside its folder.
    #[must_use]
    pub fn allow_outside(mut self) -> Self {
        self.allow_outside = true;
        self
    }

    /// Replaces rendered files even if somebody edited them since. Without it that is an error.
    #[must_use]
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Adds the configuration.
    #[must_use]
    pub fn with_config(mut self, config: impl Into<PathBuf>) -> Self {
        self.config = Some(Input::File(config.into()));
        self
    }

    /// Adds a configuration that is in memory; the path names it in messages.
    #[must_use]
    pub fn with_config_text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.config = Some(Input::Text(path.into(), text.into()));
        self
    }

    /// Sets the name of the crate, `sdk` unless set.
    #[must_use]
    pub fn with_crate_name(mut self, name: impl Into<String>) -> Self {
        self.crate_name = name.into();
        self
    }

    /// Sets what is rendered: a whole crate unless set.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Renders only operations that a selector fits, this one or another that is given; all if none
    /// is. A selector is `tag:Users`, `path:/users/**`, `operation:getUser` or just `getUser`, or
    /// `GET /users/{id}`; `*` stands for any text without a slash, `**` for any steps of a path.
    /// One that fits nothing is an error.
    #[must_use]
    pub fn with_include(mut self, selector: impl Into<String>) -> Self {
        self.selection.include.push(selector.into());
        self
    }

    /// Renders no operation that the selector fits, whatever includes it.
    #[must_use]
    pub fn with_exclude(mut self, selector: impl Into<String>) -> Self {
        self.selection.exclude.push(selector.into());
        self
    }
}

impl Job {
    /// Reads the description and its overlays.
    pub(crate) fn read(&self, sink: &mut Sink) -> (Option<Document>, read::Options) {
        let document = match &self.description {
            Input::File(path) => document::load(path, sink),
            Input::Text(path, text) => document::parse(path, text.clone(), sink),
        };
        let overlays = self.overlays.iter();
        let options = read::Options {
            allow_outside: self.allow_outside,
            on_disk: matches!(self.description, Input::File(_)),
            overlays: overlays
                .filter_map(|overlay| document::load_overlay(overlay, sink))
                .collect(),
        };
        (document, options)
    }

    /// Reads the configuration; `None` if it cannot be read.
    pub(crate) fn read_config(&self, sink: &mut Sink) -> Option<Config> {
        match &self.config {
            Some(Input::File(path)) => Config::load(path, sink),
            Some(Input::Text(path, text)) => {
                Config::parse(&path.to_string_lossy(), text.clone(), sink)
            }
            None => Some(Config::default()),
        }
    }

    /// The path of the description, in messages and, if it is a file, on disk.
    pub(crate) fn description(&self) -> &Path {
        self.description.path()
    }

    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The files that are named for it.
    fn inputs(&self) -> impl Iterator<Item = &Path> {
        let description = self.description.file().into_iter();
        let overlays = self.overlays.iter().map(PathBuf::as_path);
        let config = self.config.iter().filter_map(Input::file);
        description.chain(overlays).chain(config)
    }

    /// Refuses to write a file that this job reads.
    ///
    /// # Errors
    /// The file is the description, an overlay or the configuration.
    pub fn refuse_input(&self, out: &Path) -> Result<(), Diagnostic> {
        output::refuse_input(out, self.inputs())
    }

    /// What the manifest says of this job. Folders are left out: the same job on another machine
    /// gives the same bytes.
    fn recorded(&self, layout: &str) -> output::Options {
        let name = |path: &PathBuf| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        output::Options {
            layout: layout.to_owned(),
            crate_name: self.crate_name.clone(),
            include: self.selection.include.clone(),
            exclude: self.selection.exclude.clone(),
            overlays: self.overlays.iter().map(name).collect(),
        }
    }

    /// Reads, renders and writes, in one go, and says what was done. Prints nothing. Only what
    /// changed is written, and only what is as an earlier run wrote it is replaced or deleted; see
    /// [`output::Plan`].
    ///
    /// # Errors
    /// Everything there is to say of a description that cannot be rendered, or of a folder that
    /// cannot be written. Nothing was written then, unless the file system refused a rename.
    pub fn generate(&self, out: impl AsRef<Path>) -> Result<Written, Refused> {
        let Compilation {
            mut diagnostics,
            compiled,
        } = compile(self);
        let Some(compiled) = compiled else {
            return Err(Refused { diagnostics });
        };
        let write = || render(&compiled)?.output(out.as_ref())?.write();
        match write() {
            Ok(plan) => {
                diagnostics.extend(plan.warnings());
                Ok(Written {
                    plan,
                    operations: compiled.operations(),
                    types: compiled.types(),
                    warnings: diagnostics,
                })
            }
            Err(diagnostic) => {
                diagnostics.insert(0, diagnostic);
                Err(Refused { diagnostics })
            }
        }
    }
}

/// What [`Job::generate`] did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// What was written and deleted.
    pub plan: output::Plan,
    /// The number of operations.
    pub operations: usize,
    /// The number of types with a name of their own.
    pub types: usize,
    /// What there is to say that did not keep it from being rendered.
    pub warnings: Vec<Diagnostic>,
}

/// Why [`Job::generate`] did nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// Everything there is to say, errors first.
    pub diagnostics: Vec<Diagnostic>,
}

impl std::fmt::Display for Refused {
    /// The diagnostics as the command line prints them, with a blank line between.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<String> = self.diagnostics.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join("\n\n"))
    }
}

impl std::error::Error for Refused {}

/// What came of reading a description.
#[derive(Debug)]
pub struct Compilation {
    /// Everything there is to say, errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// The API, if there was no error.
    pub compiled: Option<Compiled>,
}

/// An API, ready to be rendered.
#[derive(Debug)]
pub struct Compiled {
    job: Job,
    /// The model.
    pub(crate) api: Api,
    /// The names of everything in it.
    pub(crate) names: Names,
    /// What it was made from.
    pub(crate) origin: Manifest,
    pub(crate) required_in_responses: RequiredInResponses,
}

impl Compiled {
    /// The number of operations.
    pub fn operations(&self) -> usize {
        self.api.operations.len()
    }

    /// The number of types with a name of their own.
    pub fn types(&self) -> usize {
        self.api.types.len()
    }
}

/// Reads a description up to the point of rendering.
pub fn compile(job: &Job) -> Compilation {
    read(job, Defects::AsConfigured).into_compilation()
}
