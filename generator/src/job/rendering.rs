//! Renders a compiled description to files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Compiled, Layout};
use crate::{
    diagnostics::{Code, Diagnostic},
    output::{self, Manifest, Output, RelativePath},
    parallel::with_deep_stack,
    rust::{names, render},
};

/// Rendered files, and the manifest of what they were rendered from.
#[derive(Debug)]
pub struct Rendered {
    /// The files by path.
    pub files: BTreeMap<RelativePath, String>,
    origin: Manifest,
    inputs: Vec<PathBuf>,
    overwrite: bool,
}

impl Rendered {
    /// Pairs the files with a folder, to write them to it or compare them with it.
    ///
    /// # Errors
    /// The folder's manifest cannot be read.
    pub fn output<'a>(&'a self, root: &'a Path) -> Result<Output<'a>, Diagnostic> {
        let output = Output::new(root, &self.files, self.origin.clone())?;
        Ok(output
            .protect(self.inputs.iter().cloned())
            .replace_edited(self.overwrite))
    }
}

/// Renders all files.
///
/// # Errors
/// The crate name is invalid. Or the rendered text is not valid Rust, which is a bug in sdkgen; the
/// message names a file with the text.
pub fn render(compiled: &Compiled) -> Result<Rendered, Diagnostic> {
    let job = &compiled.job;
    let mut options = options(compiled);
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
    rendered(layout, compiled, with_deep_stack(render))
}

/// Renders a contract test of the SDK: a call of every operation, with samples of requests and
/// responses.
///
/// # Errors
/// As for [`render`].
pub fn render_contract(compiled: &Compiled) -> Result<Rendered, Diagnostic> {
    let options = options(compiled);
    let render = || render::contract::render(&compiled.api, &compiled.names, &options);
    rendered("contract", compiled, with_deep_stack(render))
}

fn options(compiled: &Compiled) -> render::Options {
    let job = &compiled.job;
    let file_name = job.description.path().file_name().unwrap_or_default();
    render::Options {
        description: file_name.to_string_lossy().into_owned(),
        crate_name: job.crate_name.clone(),
        required_in_responses: compiled.required_in_responses,
        keeps_mismatches: compiled.keeps_mismatches,
        package: None,
    }
}

/// Refuses names that Cargo refuses, that are keywords, or that would collide with a crate which is
/// always in scope.
fn check_crate_name(name: &str) -> Result<(), Diagnostic> {
    const BUILT_IN: &[&str] = &["alloc", "core", "proc_macro", "std", "test"];
    let library = name.replace('-', "_");
    let is_plain = library
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    if render::package::is_dependency(&library) {
        let message = format!("the crate name `{name}` is that of a dependency of rendered crates");
        return Err(Diagnostic::new(Code::CrateName, message)
            .help("choose another name, such as one that ends in `-api` or `-sdk`"));
    }
    if is_plain && starts_well && !BUILT_IN.contains(&library.as_str()) && names::is_free(&library)
    {
        return Ok(());
    }
    let message = format!("`{name}` is not a valid crate name");
    Err(Diagnostic::new(Code::CrateName, message).help(
        "use ASCII letters, digits, `-` and `_`, start with a letter, and avoid keywords and the names of \
         standard crates",
    ))
}

fn rendered(
    layout: &str,
    compiled: &Compiled,
    files: Result<render::Files, Box<render::RenderBug>>,
) -> Result<Rendered, Diagnostic> {
    let job = &compiled.job;
    Ok(Rendered {
        inputs: job.inputs().map(Path::to_owned).collect(),
        overwrite: job.overwrite,
        files: files.map_err(|bug| describe_bug(&bug))?,
        origin: Manifest {
            options: Some(job.recorded_options(layout)),
            ..compiled.origin.clone()
        },
    })
}

fn describe_bug(bug: &render::RenderBug) -> Diagnostic {
    let saved = match output::save_text(&bug.text) {
        Ok(path) => format!("the rendered text is in {}", path.display()),
        Err(error) => format!("the rendered text could not be saved: {error}"),
    };
    let message = format!("{}:{}: {}; {saved}", bug.file, bug.line, bug.message);
    Diagnostic::new(Code::RenderBug, message)
        .help("this is a bug in sdkgen: please report it with the description")
}
