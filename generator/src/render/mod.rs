//! The model and its names to text: views for the templates, and the templates' output.

mod arguments;
pub(crate) mod contract;
mod fragments;
mod models;
mod operations;
pub(crate) mod package;
mod paging;
mod reference;
mod security;
mod tokens;
mod unions;

use std::collections::BTreeMap;

use askama::Template;
use quote::quote;

use crate::{
    config::RequiredInResponses,
    format,
    ir::{Api, Owner},
    names::Names,
    output::RelativePath,
};
use fragments::Expr;
use package::Package;

/// Bytes of code up to which it is laid out as `rustfmt` would. Nobody reads more, and laying it out
/// would take longer than all the rest.
const LARGEST_LAID_OUT: usize = 24 << 20;

/// What rendering needs to know besides the API.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The file name of the description, for the header of rendered files.
    pub(crate) description: String,
    /// The name of the crate the files go into.
    pub(crate) crate_name: String,
    /// Whether required properties can be missing.
    pub(crate) required_in_responses: RequiredInResponses,
    /// What a whole crate needs besides; `None` if the code goes into a crate that is there.
    pub(crate) package: Option<Package>,
}

impl Options {
    /// The features of which a component takes one, as a predicate; `None` if it is always there.
    fn gate_of(&self, owner: &Owner) -> Option<Expr> {
        match self.package.as_ref()?.features_of(owner) {
            [] => None,
            [only] => Some(Expr::new(quote!(feature = #only))),
            features => Some(Expr::new(quote!(any(#(feature = #features),*)))),
        }
    }
}

/// Rendered text that is no Rust: a defect of sdkgen.
#[derive(Debug)]
pub(crate) struct RenderBug {
    /// The file that was being rendered.
    pub(crate) file: String,
    /// The line of the text the parser stumbled at.
    pub(crate) line: usize,
    /// What the parser said.
    pub(crate) message: String,
    /// The text.
    pub(crate) text: String,
}

/// The files of an SDK, formatted, by path.
pub(crate) type Files = BTreeMap<RelativePath, String>;

/// Renders all files.
pub(crate) fn render(api: &Api, names: &Names, options: &Options) -> Result<Files, Box<RenderBug>> {
    let mut texts = Texts::default();
    models::render(api, names, options, &mut texts)?;
    operations::render(api, names, options, &mut texts)?;
    if let Some(package) = &options.package {
        security::render(api, names, &mut texts)?;
        package::render_code(package, api, names, options, &mut texts)?;
    }
    let mut files = texts.format(options)?;
    reference::render(api, names, options, &mut files)?;
    if let Some(package) = &options.package {
        package::render_files(package, api, names, options, &mut files)?;
    }
    Ok(files)
}

/// Rust files that are rendered and not yet laid out.
#[derive(Default)]
struct Texts(BTreeMap<RelativePath, String>);

impl Texts {
    /// Joins views into one file.
    fn add(&mut self, path: &str, parts: &[String]) -> Result<(), Box<RenderBug>> {
        let path = RelativePath::new(path).map_err(|message| bug(path, message))?;
        match self.0.insert(path.clone(), parts.join("\n\n")) {
            None => Ok(()),
            Some(_) => Err(bug(
                &path.to_string(),
                "two parts of the API share this file".to_owned(),
            )),
        }
    }

    /// Lays all files out, on all processors: most of the time of a run goes here.
    fn format(self, options: &Options) -> Result<Files, Box<RenderBug>> {
        let texts: Vec<(RelativePath, String)> = self.0.into_iter().collect();
        let size: usize = texts.iter().map(|(_, text)| text.len()).sum();
        let lay_out = match size > LARGEST_LAID_OUT {
            true => format::plain,
            false => format::rust,
        };
        let mut files = Files::new();
        for result in in_parallel(&texts, |share| format_all(share, options, lay_out)) {
            files.extend(result?);
        }
        Ok(files)
    }

    /// Takes over all texts of another.
    fn extend(&mut self, other: Self) -> Result<(), Box<RenderBug>> {
        for (path, text) in other.0 {
            self.add(&path.to_string(), &[text])?;
        }
        Ok(())
    }
}

/// Works on all processors, each with a share of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = items
            .chunks(share)
            .map(|share| scope.spawn(move || crate::with_deep_stack(|| work(share))))
            .collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            // A panic goes on where the results are wanted.
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(join).collect()
    })
}

fn format_all(
    texts: &[(RelativePath, String)],
    options: &Options,
    lay_out: format::LayOut,
) -> Result<Files, Box<RenderBug>> {
    let header = format!(
        "// @generated by sdkgen from {}: do not edit, regenerate.\n\n",
        options.description
    );
    let mut files = Files::new();
    for (path, text) in texts {
        let formatted = lay_out(text).map_err(|(line, message)| {
            Box::new(RenderBug {
                file: path.to_string(),
                line,
                message,
                text: text.clone(),
            })
        })?;
        files.insert(path.clone(), format!("{header}{formatted}"));
    }
    Ok(files)
}

/// Renders one view. A template that fails is a defect like text that does not parse.
fn view(template: &impl Template, file: &str) -> Result<String, Box<RenderBug>> {
    template
        .render()
        .map_err(|error| bug(file, error.to_string()))
}

fn bug(file: &str, message: String) -> Box<RenderBug> {
    Box::new(RenderBug {
        file: file.to_owned(),
        line: 0,
        message,
        text: String::new(),
    })
}
