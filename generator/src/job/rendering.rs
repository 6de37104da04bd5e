//! A compiled description to files.

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

/// Renders all files.
///
/// # Errors
/// A name that no crate can have. Rendered text that is no Rust, which is a defect of sdkgen; the
/// text is dumped to a file that the message names.
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

/// Renders calls of every operation and samples of what they send and get: what a contract test of
/// the SDK runs.
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
