//! Renders an idiomatic Rust SDK from an OpenAPI description.
//!
//! The pipeline, a stage a module:
//!
//! ```text
//! file -> load -> normalize -> resolve -> ir -> names -> lint -> render -> format -> output
//! ```
//!
//! Every stage that can meet bad input returns its value and pushes what is wrong into one
//! [`Sink`]. An error stops the pipeline before anything is rendered; nothing is written unless
//! everything was rendered.
//!
//! A whole crate, in one call that prints nothing, as a `build.rs` wants it:
//!
//! ```no_run
//! let out = std::env::var("OUT_DIR").unwrap_or_default();
//! let written = sdkgen::Job::new("api.yaml")
//!     .with_crate_name("my-api")
//!     .with_include("tag:Users")
//!     .generate(format!("{out}/my-api"))
//!     .map_err(|refused| refused.to_string())?;
//! println!("cargo::rerun-if-changed=api.yaml");
//! for warning in &written.warnings {
//!     println!("cargo::warning={}", warning.message);
//! }
//! # Ok::<(), String>(())
//! ```
//!
//! Stage by stage:
//!
//! ```no_run
//! let job = sdkgen::Job::new("spec/users-api.yaml").with_config("spec/sdkgen.toml");
//! let compilation = sdkgen::compile(&job);
//! for diagnostic in &compilation.diagnostics {
//!     eprintln!("{diagnostic}");
//! }
//! if let Some(compiled) = compilation.compiled {
//!     let rendered = sdkgen::render(&job, &compiled)?;
//!     rendered.output("sdk".as_ref())?.write()?;
//! }
//! # Ok::<(), sdkgen::Diagnostic>(())
//! ```

pub mod config;
pub mod diagnostics;
pub mod diff;
pub mod inspect;
pub mod ir;
pub mod load;
pub mod names;
pub mod output;
pub mod pointer;
pub mod report;
pub mod slice;
pub mod surface;

mod explain;
mod facts;
mod format;
mod lint;
mod locate;
mod normalize;
#[cfg(feature = "overlays")]
mod overlay;
#[cfg(not(feature = "overlays"))]
#[path = "no_overlays.rs"]
mod overlay;
mod parallel;
pub mod printable;
mod reading;
mod render;
mod resolve;
mod samples;
mod select;
mod sources;
mod spec;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub use diagnostics::{Code, Diagnostic, Severity, Sink};
pub use explain::Explanation;
use load::Document;
use output::{Manifest, Output, RelativePath};
pub(crate) use parallel::with_deep_stack;
use reading::{Defects, read, read_texts};
use select::Selection;

/// What to make an SDK of.
#[derive(Clone, Debug)]
pub struct Job {
    spec: PathBuf,
    overlays: Vec<PathBuf>,
    config: Option<PathBuf>,
    crate_name: String,
    layout: Layout,
    selection: Selection,
    allow_outside: bool,
    overwrite: bool,
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
    /// A job for a description.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self {
            spec: spec.into(),
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
        self.config = Some(config.into());
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
    fn read(&self, sink: &mut Sink) -> (Option<Document>, normalize::Options) {
        let document = load::load(&self.spec, sink);
        let overlays = self.overlays.iter();
        let options = normalize::Options {
            allow_outside: self.allow_outside,
            on_disk: true,
            overlays: overlays
                .filter_map(|overlay| load::load_overlay(overlay, sink))
                .collect(),
        };
        (document, options)
    }

    /// The files that are named for it.
    fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        let spec = std::iter::once(&self.spec);
        spec.chain(&self.overlays).chain(&self.config)
    }

    /// Refuses to write a file that this job reads.
    ///
    /// # Errors
    /// The file is the description, an overlay or the configuration.
    pub fn refuse_input(&self, out: &Path) -> Result<(), Diagnostic> {
        output::refuse_input(out, self.inputs().map(PathBuf::as_path))
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
        let write = || render(self, &compiled)?.output(out.as_ref())?.write();
        match write() {
            Ok(plan) => {
                diagnostics.extend(plan.warnings());
                Ok(Written {
                    plan,
                    operations: compiled.api.operations.len(),
                    types: compiled.api.types.len(),
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
    /// The model.
    pub api: ir::Api,
    /// The names of everything in it.
    pub names: names::Names,
    /// What it was made from.
    pub origin: Manifest,
    required_in_responses: config::RequiredInResponses,
}

/// Rendered files and what they were made from.
#[derive(Debug)]
pub struct Rendered {
    /// The files by path.
    pub files: BTreeMap<RelativePath, String>,
    origin: Manifest,
    inputs: Vec<PathBuf>,
    overwrite: bool,
}

impl Rendered {
    /// The files in relation to a folder: to be written to it or compared with it.
    ///
    /// # Errors
    /// When the folder's manifest cannot be read.
    pub fn output<'a>(&'a self, root: &'a Path) -> Result<Output<'a>, Diagnostic> {
        let output = Output::new(root, &self.files, self.origin.clone())?;
        Ok(output
            .protect(self.inputs.iter().cloned())
            .replace_edited(self.overwrite))
    }
}

/// Reads a description up to the point of rendering.
pub fn compile(job: &Job) -> Compilation {
    read(job, Defects::AsConfigured).into_compilation()
}

/// Reads a description and a configuration that are in memory already; the paths name them.
pub fn compile_texts(spec: (&Path, String), config: Option<(&str, String)>) -> Compilation {
    read_texts(spec, config, Defects::AsConfigured).into_compilation()
}

/// Renders all files.
///
/// # Errors
/// A name that no crate can have. Rendered text that is no Rust, which is a defect of sdkgen; the
/// text is dumped to a file that the message names.
pub fn render(job: &Job, compiled: &Compiled) -> Result<Rendered, Diagnostic> {
    let mut options = options(job, compiled);
    if job.layout == Layout::Crate {
        check_crate_name(&job.crate_name)?;
        let Compiled { api, names, .. } = compiled;
        options.package = Some(render::package::Package::new(api, names));
    }
    let render = || render::render(&compiled.api, &compiled.names, &options);
    let layout = match job.layout {
        Layout::Crate => "crate",
        Layout::Embedded => "embedded",
    };
    rendered(job, layout, compiled, with_deep_stack(render))
}

/// Renders calls of every operation and samples of what they send and get: what a contract test of
/// the SDK runs.
///
/// # Errors
/// As for [`render`].
pub fn render_contract(job: &Job, compiled: &Compiled) -> Result<Rendered, Diagnostic> {
    let options = options(job, compiled);
    let render = || render::contract::render(&compiled.api, &compiled.names, &options);
    rendered(job, "contract", compiled, with_deep_stack(render))
}

fn options(job: &Job, compiled: &Compiled) -> render::Options {
    let file_name = job.spec.file_name().unwrap_or_default();
    render::Options {
        description: file_name.to_string_lossy().into_owned(),
        crate_name: job.crate_name.clone(),
        required_in_responses: compiled.required_in_responses,
        package: None,
    }
}

/// Cargo refuses what is no identifier, code cannot name what is a keyword, and a few names are
/// those of crates that are always there.
fn check_crate_name(name: &str) -> Result<(), Diagnostic> {
    const THERE: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];
    let library = name.replace('-', "_");
    let is_plain = library
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || one == '_');
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    if render::package::is_dependency(&library) {
        let message = format!("`{name}` is the name of a crate that the rendered one depends on");
        return Err(Diagnostic::new(Code::CrateName, message)
            .help("give another, such as one that ends in `-api` or `-sdk`"));
    }
    if is_plain && starts_well && !THERE.contains(&library.as_str()) && names::is_free(&library) {
        return Ok(());
    }
    let message = format!("`{name}` cannot be the name of a crate");
    Err(Diagnostic::new(Code::CrateName, message)
        .help("give one of ASCII letters, digits, `-` and `_` that starts with a letter and is no keyword"))
}

fn rendered(
    job: &Job,
    layout: &str,
    compiled: &Compiled,
    files: Result<render::Files, Box<render::RenderBug>>,
) -> Result<Rendered, Diagnostic> {
    Ok(Rendered {
        inputs: job.inputs().cloned().collect(),
        overwrite: job.overwrite,
        files: files.map_err(|bug| describe_bug(&bug))?,
        origin: Manifest {
            options: Some(job.recorded(layout)),
            ..compiled.origin.clone()
        },
    })
}

fn describe_bug(bug: &render::RenderBug) -> Diagnostic {
    let kept = match output::keep_text(&bug.text) {
        Ok(path) => format!("the text is in {}", path.display()),
        Err(error) => format!("the text could not be kept: {error}"),
    };
    let message = format!("{}:{}: {}; {kept}", bug.file, bug.line, bug.message);
    Diagnostic::new(Code::RenderBug, message)
        .help("this is a defect of sdkgen: please report it with the description")
}
