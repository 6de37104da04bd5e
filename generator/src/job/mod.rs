//! A job: the description to render, with its options, and the pipeline that compiles and renders it.

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

/// A description to render, and how.
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

/// An input file, or a text in memory in its place.
#[derive(Clone, Debug)]
enum Input {
    File(PathBuf),
    /// A text in memory, and the path that messages show for it.
    Text(PathBuf, String),
}

impl Input {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Text(path, _) => path,
        }
    }

    /// The path, if the input is read from a file.
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
    /// A crate that builds on its own: manifest, `lib.rs`, runtime and rendered code.
    #[default]
    Crate,
    /// Only the rendered code, for a crate that has its own manifest, `lib.rs` and runtime.
    Embedded,
}

impl Job {
    /// Creates a job for a description in a file.
    pub fn new(description: impl Into<PathBuf>) -> Self {
        Self::of(Input::File(description.into()))
    }

    /// Creates a job for a description in memory. The path is shown in messages, and its extension
    /// decides between YAML and JSON. The description cannot refer to other files.
    pub fn from_text(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self::of(Input::Text(path.into(), text.into()))
    }

    /// Uses a text in memory in place of the description's file. Messages show the file's path.
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

    /// Adds an overlay. Overlays are applied in the order in which they were added.
    #[cfg(feature = "overlays")]
    #[must_use]
    pub fn with_overlay(mut self, overlay: impl Into<PathBuf>) -> Self {
        self.overlays.push(overlay.into());
        self
    }

    /// Allows references to files outside the description's folder.
    #[must_use]
    pub fn allow_outside(mut self) -> Self {
        self.allow_outside = true;
        self
    }

    /// Replaces rendered files even if they were edited after sdkgen wrote them. By default that is
    /// an error.
    #[must_use]
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Sets the configuration file.
    #[must_use]
    pub fn with_config(mut self, config: impl Into<PathBuf>) -> Self {
        self.config = Some(Input::File(config.into()));
        self
    }

    /// Sets a configuration in memory. The path is shown in messages.
    #[must_use]
    pub fn with_config_text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.config = Some(Input::Text(path.into(), text.into()));
        self
    }

    /// Sets the name of the crate. Default: `sdk`.
    #[must_use]
    pub fn with_crate_name(mut self, name: impl Into<String>) -> Self {
        self.crate_name = name.into();
        self
    }

    /// Sets what is rendered. Default: a whole crate.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Renders only operations that match this selector or another one that was added. Without any,
    /// all operations are rendered.
    ///
    /// A selector is `tag:Users`, `path:/users/**`, `operation:getUser` or just `getUser`, or
    /// `GET /users/{id}`. `*` matches any text without a slash, `**` any number of path segments. A
    /// selector that matches nothing is an error.
    #[must_use]
    pub fn with_include(mut self, selector: impl Into<String>) -> Self {
        self.selection.include.push(selector.into());
        self
    }

    /// Renders no operation that matches this selector, even if another selector includes it.
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

    /// The path of the description, as messages show it.
    pub(crate) fn description(&self) -> &Path {
        self.description.path()
    }

    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The files that the job names: description, overlays and configuration.
    fn inputs(&self) -> impl Iterator<Item = &Path> {
        let description = self.description.file().into_iter();
        let overlays = self.overlays.iter().map(PathBuf::as_path);
        let config = self.config.iter().filter_map(Input::file);
        description.chain(overlays).chain(config)
    }

    /// Refuses an output file that this job reads.
    ///
    /// # Errors
    /// The file is the description, an overlay or the configuration.
    pub fn refuse_input(&self, out: &Path) -> Result<(), Diagnostic> {
        output::refuse_input(out, self.inputs())
    }

    /// The options that the manifest records. Folders are left out, so that the same job gives the
    /// same bytes on every machine.
    fn recorded_options(&self, layout: &str) -> output::Options {
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

    /// Compiles and renders the description and writes the files to a folder. Prints nothing.
    ///
    /// Only files that changed are written, and only files that were not edited are replaced or
    /// deleted; see [`output::Plan`].
    ///
    /// # Errors
    /// The description cannot be rendered or the folder cannot be written; the error has all
    /// diagnostics. Nothing was written then, unless a rename or a deletion failed.
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

/// The result of [`Job::generate`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Written {
    /// Which files were written and deleted.
    pub plan: output::Plan,
    /// The number of operations.
    pub operations: usize,
    /// The number of named types.
    pub types: usize,
    /// The diagnostics; none is an error.
    pub warnings: Vec<Diagnostic>,
}

/// The diagnostics of a job that failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// All diagnostics, errors first.
    pub diagnostics: Vec<Diagnostic>,
}

impl std::fmt::Display for Refused {
    /// The diagnostics as the command line prints them, separated by blank lines.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<String> = self.diagnostics.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join("\n\n"))
    }
}

impl std::error::Error for Refused {}

/// The result of [`compile`].
#[derive(Debug)]
pub struct Compilation {
    /// All diagnostics, errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// The API, unless one of the diagnostics is an error.
    pub compiled: Option<Compiled>,
}

/// A compiled description, ready to be rendered.
#[derive(Debug)]
pub struct Compiled {
    job: Job,
    pub(crate) api: Api,
    pub(crate) names: Names,
    /// The manifest without options and files.
    pub(crate) origin: Manifest,
    pub(crate) required_in_responses: RequiredInResponses,
    pub(crate) keeps_mismatches: bool,
}

impl Compiled {
    /// The number of operations.
    pub fn operations(&self) -> usize {
        self.api.operations.len()
    }

    /// The number of named types.
    pub fn types(&self) -> usize {
        self.api.types.len()
    }
}

/// Compiles a description: runs all stages except rendering.
pub fn compile(job: &Job) -> Compilation {
    read(job, Defects::AsConfigured).into_compilation()
}
