//! What a change means for the people who call the SDK: on the wire and in Rust, side by side.
//!
//! Findings of [`diff`] and changes of [`surface`] that come from the
//! same node of the description are one entry, so that a reviewer reads each change once. A report
//! depends on its two sides alone: the same input gives the same bytes.

mod acknowledged;
mod annotations;
mod fold;
mod html;
mod inline;
mod join;
mod json;
mod markdown;
mod proposal;
mod text;

#[cfg(test)]
mod tests;

pub use crate::diff::Impact;
pub use acknowledged::Acknowledgements;
pub use proposal::{Level, Proposal};

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Compiled, Job, Refused,
    diagnostics::{Code, Diagnostic, Place},
    diff,
    output::RelativePath,
    pointer::Pointer,
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
}

/// A change of the rendered surface.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rust {
    /// What changed.
    pub change: surface::Change,
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
        let rendered = crate::render(job, compiled).map_err(refused)?;
        let mut surface = read_surface(&rendered.files).map_err(refused)?;
        surface.link(&surface::links(&compiled.api, &compiled.names));
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
        let stale = acknowledgements.apply(&mut entries);
        entries.sort_by(|one, other| one.order().cmp(&other.order()));
        entries.dedup_by(|one, other| one.fingerprint == other.fingerprint);
        let proposal = Proposal::of(&entries, version);
        Self {
            old: old.about.clone(),
            new: new.about.clone(),
            entries,
            proposal,
            stale,
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
        let in_rust = self.rust.iter().map(|rust| match rust.change.verdict {
            surface::Verdict::Major => Impact::Breaking,
            surface::Verdict::Behaviour => Impact::Risky,
            surface::Verdict::Minor => Impact::Compatible,
            surface::Verdict::Patch => Impact::Words,
        });
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
        name: job.spec.display().to_string(),
        version: compiled.api.version.clone(),
        hash: compiled.origin.description.clone(),
        generator: compiled.origin.generator.clone(),
    }
}
