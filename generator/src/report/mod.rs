//! Reports what a change means for callers of the SDK: on the wire and in Rust, side by side.
//!
//! Findings of [`diff`] and changes of the rendered surface that come from the same node of the description are one
//! entry, so that a reviewer reads each change once. A report depends on its two sides alone: the same
//! input gives the same bytes.

mod acknowledged;
mod annotations;
mod fingerprints;
mod fold;
mod html;
mod inline;
mod join;
mod json;
mod limit;
mod markdown;
mod near;
mod proposal;
mod summary;
mod text;
mod uses;

#[cfg(test)]
mod tests;

pub use crate::{
    diff::Impact,
    surface::{Change, ChangeCode, Item, ItemView, Kind, Package, Surface, Verdict},
};
pub use acknowledged::Acknowledgements;
pub use limit::Limit;
pub use proposal::{Level, Proposal};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    diagnostics::{Code, Diagnostic, Place},
    diff,
    job::{Compiled, Job, Refused},
    openapi::Pointer,
    output::RelativePath,
    surface,
};

/// One side of a report: a description, and the surface that is rendered from it.
#[derive(Debug)]
pub struct Side {
    description: diff::Side,
    surface: surface::Surface,
    about: About,
    folder: Option<PathBuf>,
}

/// The origin of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct About {
    /// The path of the description, as the caller named it.
    pub name: String,
    /// The version in the description.
    pub version: String,
    /// SHA-256 of the description.
    pub hash: String,
    /// The generator and its version.
    pub generator: String,
}

/// The changes from one side to the other, and what they mean for callers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The origin of the old side.
    pub old: About,
    /// The origin of the new side.
    pub new: About,
    /// The changes, the most serious first, then by subject.
    pub entries: Vec<Entry>,
    /// The next version of the crate.
    pub proposal: Proposal,
    /// Acknowledged fingerprints of changes that are no longer present.
    pub stale: Vec<String>,
    /// Warnings about the new description that the old one did not have.
    pub warnings: Vec<Diagnostic>,
}

/// One change, on the wire and in Rust.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Identifies the change from one run to the next.
    pub fingerprint: String,
    /// The operation, schema or item that changed, as a heading.
    pub about: String,
    message: String,
    /// The change of the description; `None` if only the rendered code changed.
    pub wire: Option<WireChange>,
    /// The items that changed in Rust because of it.
    pub rust: Vec<RustChange>,
    /// What caused it.
    pub cause: Cause,
    /// The reason for which it is acknowledged, if it is.
    pub acknowledged: Option<String>,
}

/// A change of the description, with its places.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WireChange {
    /// What changed.
    pub finding: diff::Finding,
    /// Its place in the old description.
    pub old: Option<Place>,
    /// Its place in the new description.
    pub new: Option<Place>,
    /// The place of its nearest remaining ancestor, if it was removed.
    pub near: Option<Place>,
}

/// A change of the rendered surface.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RustChange {
    /// What changed.
    pub change: surface::Change,
    /// The rendered file and line of its nearest remaining ancestor, if it was removed.
    pub near: Option<(String, usize)>,
}

impl From<surface::Change> for RustChange {
    fn from(change: surface::Change) -> Self {
        Self { change, near: None }
    }
}

impl RustChange {
    /// Its impact, on the scale of changes on the wire.
    pub fn impact(&self) -> Impact {
        match self.change.verdict {
            surface::Verdict::Major => Impact::Breaking,
            surface::Verdict::Behaviour => Impact::Risky,
            surface::Verdict::Minor => Impact::Compatible,
            surface::Verdict::Patch => Impact::Docs,
        }
    }
}

/// What caused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The description, or its configuration.
    Description,
    /// The generator or its templates.
    Generator,
}

impl Cause {
    /// The name, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Generator => "generator",
        }
    }
}

/// The number of changes of each impact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Changes that break callers.
    pub breaking: usize,
    /// Breaking changes that are acknowledged.
    pub acknowledged: usize,
    /// Changes that compile and may surprise.
    pub risky: usize,
    /// Changes that affect no existing code.
    pub compatible: usize,
    /// Changes of documentation only.
    pub docs: usize,
}

impl Impact {
    /// The heading of its changes in a report.
    fn heading(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Risky => "Risky",
            Self::Compatible => "Compatible",
            Self::Docs => "Documentation",
        }
    }
}

impl Side {
    /// Reads the description of a job and renders it.
    ///
    /// # Errors
    /// All diagnostics of a description that cannot be read or rendered.
    pub fn read(job: &Job) -> Result<Self, Refused> {
        Self::of(job, diff::Side::read(job)?)
    }

    /// Renders a description that has been read.
    ///
    /// # Errors
    /// The diagnostics of a description that cannot be rendered.
    pub fn of(job: &Job, description: diff::Side) -> Result<Self, Refused> {
        let refused = |diagnostic: Diagnostic| Refused {
            diagnostics: vec![diagnostic],
        };
        let Some(compiled) = description.compiled() else {
            return Err(Refused {
                diagnostics: description.warnings,
            });
        };
        let rendered = crate::job::render(compiled).map_err(refused)?;
        let mut surface = read_surface(&rendered.files).map_err(refused)?;
        surface.link(&surface::links(compiled));
        Ok(Self {
            about: about(job, compiled),
            surface,
            description,
            folder: None,
        })
    }

    /// Reports paths relative to a folder, so that a description that was checked out elsewhere has the paths of
    /// its repository.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        if let Ok(name) = Path::new(&self.about.name).strip_prefix(folder) {
            self.about.name = name.display().to_string();
        }
        self.folder = Some(folder.to_owned());
        self
    }

    /// The warnings about the description.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let warnings = self.description.warnings.iter().cloned();
        warnings
            .map(|warning| match &self.folder {
                Some(folder) => warning.below(folder),
                None => warning,
            })
            .collect()
    }

    /// The warnings that another side does not have, wherever they are now.
    fn warnings_since(&self, old: &Self) -> Vec<Diagnostic> {
        let key = |warning: &Diagnostic| {
            let pointer = warning.place.as_ref().and_then(|it| it.pointer.clone());
            (warning.code, pointer, warning.message.clone())
        };
        let known: BTreeSet<_> = old.warnings().iter().map(key).collect();
        let mut warnings = self.warnings();
        warnings.retain(|warning| !known.contains(&key(warning)));
        warnings
    }

    /// The rendered surface.
    pub fn surface(&self) -> &surface::Surface {
        &self.surface
    }

    /// The origin of this side.
    pub fn about(&self) -> &About {
        &self.about
    }

    fn places(&self, pointers: &[Pointer]) -> Vec<Place> {
        let places = self.description.places(pointers).into_iter();
        places
            .map(|place| match &self.folder {
                Some(folder) => place.below(folder),
                None => place,
            })
            .collect()
    }
}

impl Report {
    /// Compares two sides. `rendered` is the surface of the old crate, if another generator may have rendered
    /// it: where it differs from what this generator renders of the old description, the generator caused
    /// the change. `version` is that of the old crate.
    pub fn new(
        old: &Side,
        new: &Side,
        rendered: Option<&surface::Surface>,
        acknowledgements: &Acknowledgements,
        version: Option<&str>,
    ) -> Self {
        let mut entries = join::entries(old, new);
        if let Some(rendered) = rendered {
            entries.extend(join::of_generator(rendered, &old.surface));
        }
        entries.sort_by(|one, other| one.order().cmp(&other.order()));
        fingerprints::make_unique(&mut entries);
        let stale = acknowledgements.apply(&mut entries);
        near::find(&mut entries, new);
        let proposal = Proposal::of(&entries, version);
        Self {
            old: old.about.clone(),
            new: new.about.clone(),
            entries,
            proposal,
            stale,
            warnings: new.warnings_since(old),
        }
    }

    /// Counts the changes.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry.impact() {
                Impact::Breaking => {
                    counts.breaking += 1;
                    counts.acknowledged += usize::from(entry.acknowledged.is_some());
                }
                Impact::Risky => counts.risky += 1,
                Impact::Compatible => counts.compatible += 1,
                Impact::Docs => counts.docs += 1,
            }
        }
        counts
    }

    /// The impact of the most serious change that is not acknowledged.
    pub fn worst(&self) -> Option<Impact> {
        let open = self.entries.iter();
        let open = open.filter(|entry| entry.acknowledged.is_none());
        open.map(Entry::impact).min()
    }

    /// Whether a change that is not acknowledged reaches a limit.
    pub fn fails(&self, limit: Limit) -> bool {
        self.worst().is_some_and(|worst| limit.is_met(worst))
    }

    /// Renders the report for a terminal.
    pub fn text(&self, colour: bool) -> String {
        text::render(self, colour)
    }

    /// Renders the report for a comment on a pull request or the summary of a job.
    pub fn markdown(&self) -> String {
        markdown::render(self)
    }

    /// Renders the report for programs; its schema is `docs/report.schema.json`.
    pub fn json(&self) -> serde_json::Value {
        json::render(self)
    }

    /// Renders the report as GitHub workflow commands, one a line, which annotate lines of the description and
    /// of the rendered code. `crate_folder` is the folder of the crate in the repository.
    pub fn annotations(&self, crate_folder: &str) -> String {
        annotations::render(self, crate_folder)
    }

    /// Renders the report as a self-contained HTML page.
    pub fn html(&self) -> String {
        html::render(self)
    }
}

impl Entry {
    /// The more serious of its impacts on the wire and in Rust.
    pub fn impact(&self) -> Impact {
        let on_wire = self.wire.as_ref().map(|wire| wire.finding.impact);
        let in_rust = self.rust.iter().map(RustChange::impact);
        in_rust.chain(on_wire).min().unwrap_or(Impact::Docs)
    }

    /// The most serious verdict in Rust; `None` if nothing changed there.
    pub fn verdict(&self) -> Option<surface::Verdict> {
        self.rust.iter().map(|rust| rust.change.verdict).min()
    }

    /// What changed, in a sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The code of the change.
    pub fn code(&self) -> &'static str {
        match (&self.wire, self.rust.first()) {
            (Some(wire), _) => wire.finding.code.as_str(),
            (None, Some(rust)) => rust.change.code.as_str(),
            (None, None) => "",
        }
    }

    /// The changes in Rust, grouped by cause.
    fn rust_by_cause(&self) -> Vec<Vec<&surface::Change>> {
        let changes = self.rust.iter().map(|rust| &rust.change);
        fold::fold(changes.collect(), |change| change)
    }

    /// Whether names in its message may contain backticks.
    fn names(&self) -> inline::Names {
        let has_backtick = |text: &str| text.contains('`');
        let in_wire = self.wire.as_ref().is_some_and(|wire| {
            let finding = &wire.finding;
            let subject = &finding.subject;
            let mut texts = [&finding.was, &finding.is].into_iter().flatten();
            let mut nodes = [&finding.old, &finding.new].into_iter().flatten();
            has_backtick(subject.owner.parts().1)
                || has_backtick(&subject.path)
                // Two backticks delimit the name of the part.
                || subject.part.matches('`').count() > 2
                || texts.any(|text| inline::has_stray_backticks(text))
                || nodes.any(|node| node.tokens().any(has_backtick))
                || finding.operations.iter().any(|id| has_backtick(id))
        });
        let in_rust = self.wire.is_none()
            && self.rust.first().is_some_and(|RustChange { change, .. }| {
                let difference = change.difference.iter();
                let mut runs = difference.flat_map(|(was, is)| [was, is]);
                has_backtick(&change.item) || runs.any(|run| has_backtick(run))
            });
        match in_wire || in_rust {
            true => inline::Names::Ambiguous,
            false => inline::Names::Delimited,
        }
    }

    /// Whether another entry reports the same change.
    fn is_same(&self, other: &Self) -> bool {
        let finding = |entry: &Self| entry.wire.as_ref().map(|wire| wire.finding.clone());
        let changes = |entry: &Self| -> Vec<surface::Change> {
            entry.rust.iter().map(|rust| rust.change.clone()).collect()
        };
        self.cause == other.cause
            && finding(self) == finding(other)
            && changes(self) == changes(other)
    }

    fn order(&self) -> (Impact, Cause, &str, &str, &str, &str) {
        (
            self.impact(),
            self.cause,
            &self.about,
            self.code(),
            self.message(),
            &self.fingerprint,
        )
    }
}

/// A text in one line of at most `max` characters, without control characters and marks of writing
/// direction.
pub fn one_line(text: &str, max: usize) -> String {
    inline::clipped(&inline::plain(text), max)
}

/// A sentence with names between backticks as Markdown, without links and mentions. Long texts are cut.
pub fn markdown_sentence(text: &str) -> String {
    inline::markdown(text)
}

/// Reads the surface of rendered files.
///
/// # Errors
/// A file that cannot be parsed, which is a defect of the generator that rendered it.
pub fn read_surface(
    files: &BTreeMap<RelativePath, String>,
) -> Result<surface::Surface, Diagnostic> {
    surface::Surface::of(files).map_err(|error| {
        Diagnostic::new(Code::RenderBug, error.to_string())
            .help("the surface of an SDK is read from files that sdkgen has rendered")
    })
}

fn about(job: &Job, compiled: &Compiled) -> About {
    About {
        name: job.description().display().to_string(),
        version: compiled.api.version.clone(),
        hash: compiled.origin.description.clone(),
        generator: compiled.origin.generator.clone(),
    }
}
