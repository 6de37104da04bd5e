//! What a change means for the people who call the SDK: on the wire and in Rust, side by side.
//!
//! Findings of [`diff`] and changes of [`surface`] that come from the
//! same node of the description are one entry, so that a reviewer reads each change once. A report
//! depends on its two sides alone: the same input gives the same bytes.

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
mod text;
mod uses;

#[cfg(test)]
mod tests;

pub use crate::diff::Impact;
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

/// A description and what is rendered from it: one of two sides of a report.
#[derive(Debug)]
pub struct Side {
    description: diff::Side,
    surface: surface::Surface,
    about: About,
    folder: Option<PathBuf>,
}

/// What a side was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct About {
    /// The description, as the caller named it.
    pub name: String,
    /// The version that the description gives itself.
    pub version: String,
    /// SHA-256 of the description.
    pub hash: String,
    /// The generator and its version.
    pub generator: String,
}

/// What changed from one side to the other, and what that means.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// What was.
    pub old: About,
    /// What is.
    pub new: About,
    /// What changed, the gravest first, then by what it is about.
    pub entries: Vec<Entry>,
    /// The next version of the crate.
    pub proposal: Proposal,
    /// Acknowledgements of changes that are not there.
    pub stale: Vec<String>,
    /// What there is to say of the new description that there was not of the old one.
    pub warnings: Vec<Diagnostic>,
}

/// One change, by what it is on the wire and by what it is in Rust.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// What identifies the change from one run to the next.
    pub fingerprint: String,
    /// What it is about, for people: an operation, a schema, an item.
    pub about: String,
    message: String,
    /// The change of the description; `None` if only the rendering changed.
    pub wire: Option<Wire>,
    /// What changed in Rust because of it, each item by itself.
    pub rust: Vec<Rust>,
    /// What made it.
    pub cause: Cause,
    /// Why it is accepted, if somebody did.
    pub acknowledged: Option<String>,
}

/// A change of the description, and where it stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wire {
    /// What changed.
    pub finding: diff::Finding,
    /// Where it stood.
    pub old: Option<Place>,
    /// Where it stands.
    pub new: Option<Place>,
    /// Where what it was part of stands, if it is gone.
    pub near: Option<Place>,
}

/// A change of the rendered surface.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rust {
    /// What changed.
    pub change: surface::Change,
    /// The rendered file and the line of what it was part of, if it is gone.
    pub near: Option<(String, usize)>,
}

impl From<surface::Change> for Rust {
    fn from(change: surface::Change) -> Self {
        Self { change, near: None }
    }
}

impl Rust {
    /// How grave it is, on the scale of what changes on the wire.
    pub fn impact(&self) -> Impact {
        match self.change.verdict {
            surface::Verdict::Major => Impact::Breaking,
            surface::Verdict::Behaviour => Impact::Risky,
            surface::Verdict::Minor => Impact::Compatible,
            surface::Verdict::Patch => Impact::Words,
        }
    }
}

/// What made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The description, or its configuration.
    Description,
    /// The generator or its templates.
    Generator,
}

impl Cause {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Generator => "generator",
        }
    }
}

/// How many changes of which gravity a report has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Those that break callers.
    pub breaking: usize,
    /// Those among them that somebody has accepted.
    pub acknowledged: usize,
    /// Those that compile and can surprise.
    pub risky: usize,
    /// Those that are in nobody's way.
    pub compatible: usize,
    /// Those of nothing but words.
    pub words: usize,
}

impl Impact {
    /// What changes of it stand under in a report.
    fn heading(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Risky => "Compiles, and may surprise",
            Self::Compatible => "Compatible",
            Self::Words => "Words",
        }
    }
}

impl Side {
    /// Reads the description of a job and renders it.
    ///
    /// # Errors
    /// Everything there is to say of a description that cannot be read or rendered.
    pub fn read(job: &Job) -> Result<Self, Refused> {
        Self::of(job, diff::Side::read(job)?)
    }

    /// Renders a description that has been read.
    ///
    /// # Errors
    /// What keeps it from being rendered.
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

    /// Names files as they stand below a folder. What was checked out elsewhere to be compared has
    /// its places in the repository then.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        if let Ok(name) = Path::new(&self.about.name).strip_prefix(folder) {
            self.about.name = name.display().to_string();
        }
        self.folder = Some(folder.to_owned());
        self
    }

    /// What there is to say of the description that did not keep it from being rendered.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let warnings = self.description.warnings.iter().cloned();
        warnings
            .map(|warning| match &self.folder {
                Some(folder) => warning.below(folder),
                None => warning,
            })
            .collect()
    }

    /// The warnings that another side had not; lines may have moved.
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

    /// What it was made from.
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
    /// Compares two sides. `rendered` is the surface that the old description had in the old
    /// crate, if it was rendered by another generator: what differs from what this one makes of the
    /// old description is the generator's doing. `version` is that of the old crate.
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
        fingerprints::tell_apart(&mut entries);
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

    /// How many changes there are.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry.gravity() {
                Impact::Breaking => {
                    counts.breaking += 1;
                    counts.acknowledged += usize::from(entry.acknowledged.is_some());
                }
                Impact::Risky => counts.risky += 1,
                Impact::Compatible => counts.compatible += 1,
                Impact::Words => counts.words += 1,
            }
        }
        counts
    }

    /// The gravest change that nobody has accepted.
    pub fn worst(&self) -> Option<Impact> {
        let open = self.entries.iter();
        let open = open.filter(|entry| entry.acknowledged.is_none());
        open.map(Entry::gravity).min()
    }

    /// Whether there is a change that is too grave, and that nobody has accepted.
    pub fn fails(&self, limit: Limit) -> bool {
        self.worst().is_some_and(|worst| limit.is_met(worst))
    }

    /// For a terminal.
    pub fn text(&self, colour: bool) -> String {
        text::render(self, colour)
    }

    /// For a comment on a pull request or the summary of a job.
    pub fn markdown(&self) -> String {
        markdown::render(self)
    }

    /// For programs; `docs/report.schema.json` is its schema.
    pub fn json(&self) -> serde_json::Value {
        json::render(self)
    }

    /// For GitHub: one command to a line, on the line of the description and on the rendered one.
    /// `crate_folder` is where the crate stands.
    pub fn annotations(&self, crate_folder: &str) -> String {
        annotations::render(self, crate_folder)
    }

    /// A page that needs nothing besides itself.
    pub fn html(&self) -> String {
        html::render(self)
    }
}

impl Entry {
    /// How grave it is: the wire and Rust each have a say, and the graver one counts.
    pub fn gravity(&self) -> Impact {
        let on_wire = self.wire.as_ref().map(|wire| wire.finding.impact);
        let in_rust = self.rust.iter().map(Rust::impact);
        in_rust.chain(on_wire).min().unwrap_or(Impact::Words)
    }

    /// What it means in Rust; `None` if nothing there changed.
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

    /// What changed in Rust, together where it has one cause.
    fn rust_by_cause(&self) -> Vec<Vec<&surface::Change>> {
        let changes = self.rust.iter().map(|rust| &rust.change);
        fold::fold(changes.collect(), |change| change)
    }

    /// Whether the names that it gives between backticks have some of their own.
    fn names(&self) -> inline::Names {
        let has_own = |text: &str| text.contains('`');
        let in_wire = self.wire.as_ref().is_some_and(|wire| {
            let finding = &wire.finding;
            let subject = &finding.subject;
            let mut texts = [&finding.was, &finding.is].into_iter().flatten();
            let mut nodes = [&finding.old, &finding.new].into_iter().flatten();
            has_own(subject.owner.parts().1)
                || has_own(&subject.path)
                // Between two of them stands the name of the part.
                || subject.part.matches('`').count() > 2
                || texts.any(|text| inline::has_stray_backticks(text))
                || nodes.any(|node| node.tokens().any(has_own))
                || finding.operations.iter().any(|id| has_own(id))
        });
        let in_rust = self.wire.is_none()
            && self.rust.first().is_some_and(|Rust { change, .. }| {
                let difference = change.difference.iter();
                let mut runs = difference.flat_map(|(was, is)| [was, is]);
                has_own(&change.item) || runs.any(|run| has_own(run))
            });
        match in_wire || in_rust {
            true => inline::Names::Unclear,
            false => inline::Names::Between,
        }
    }

    /// Whether another entry says nothing else.
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
            self.gravity(),
            self.cause,
            &self.about,
            self.code(),
            self.message(),
            &self.fingerprint,
        )
    }
}

/// A text in one line, of at most so many characters, without anything that a terminal or a reader
/// would take for more than text.
pub fn one_line(text: &str, most: usize) -> String {
    inline::clipped(&inline::plain(text), most)
}

/// A sentence with names between backticks, as Markdown that links to nothing and calls nobody. What
/// is too long is cut.
pub fn markdown_sentence(text: &str) -> String {
    inline::markdown(text)
}

/// The surface of files.
///
/// # Errors
/// What keeps them from being read, which is a defect of whoever wrote them.
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
