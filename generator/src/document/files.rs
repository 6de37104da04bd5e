//! The other files a description refers to.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use super::{Document, parse_source, read};
use crate::diagnostics::{Code, Diagnostic, Sink};

/// The files of a description: the first is the description itself.
#[derive(Debug)]
pub(crate) struct Files {
    documents: Vec<Document>,
    /// The attempts to read files, the description itself first.
    attempts: Vec<Attempt>,
    known: HashMap<PathBuf, usize>,
    /// The same by canonical path: symbolic links may give a file endlessly many paths.
    known_real: HashMap<PathBuf, usize>,
    /// The folder that references must not leave; `None` if they may lead anywhere.
    fence: Option<PathBuf>,
    /// Whether there is a file system to read from: not for a description that came as a text.
    on_disk: bool,
}

/// An attempt to read a file.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// The number of the document, or why there is none.
    pub(crate) found: Result<usize, Diagnostic>,
    /// The problems of the text itself, which matter only where the file is used.
    pub(crate) problems: Sink,
}

impl Files {
    /// The files around a description that is a file.
    pub(crate) fn of_file(document: Document, allow_outside: bool) -> Self {
        let folder = document.path.parent().unwrap_or(Path::new("")).to_owned();
        let real = document.path.canonicalize();
        Self {
            known_real: real.into_iter().map(|real| (real, 0)).collect(),
            fence: (!allow_outside).then_some(folder),
            on_disk: true,
            ..Self::of_text(document)
        }
    }

    /// A description that came as a text: it has no files around it.
    pub(crate) fn of_text(document: Document) -> Self {
        let own = normal(&document.path);
        Self {
            documents: vec![document],
            attempts: vec![Attempt {
                found: Ok(0),
                problems: Sink::default(),
            }],
            known: HashMap::from([(own, 0)]),
            known_real: HashMap::new(),
            fence: None,
            on_disk: false,
        }
    }

    /// The documents read so far.
    pub(crate) fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The description itself, to be changed by overlays.
    pub(crate) fn description_mut(&mut self) -> &mut Document {
        &mut self.documents[0]
    }

    /// All documents, and the attempts to read them.
    pub(crate) fn into_parts(self) -> (Vec<Document>, Vec<Attempt>) {
        (self.documents, self.attempts)
    }

    /// The number of the attempt at the file that a reference in the file `from` names, which is read
    /// if it was not before.
    pub(crate) fn open(&mut self, from: usize, relative: &str) -> usize {
        let folder = self.documents[from].path.parent();
        let path = normal(&folder.unwrap_or(Path::new("")).join(relative));
        if let Some(found) = self.known.get(&path) {
            return *found;
        }
        let real = path.canonicalize().ok().filter(|_| self.on_disk);
        if let Some(found) = real.as_ref().and_then(|real| self.known_real.get(real)) {
            self.known.insert(path, *found);
            return *found;
        }
        let mut problems = Sink::default();
        let found = self.read(&path, relative, &mut problems);
        let attempt = self.attempts.len();
        self.attempts.push(Attempt { found, problems });
        self.known.insert(path, attempt);
        self.known_real.extend(real.map(|real| (real, attempt)));
        attempt
    }

    fn read(&mut self, path: &Path, relative: &str, sink: &mut Sink) -> Result<usize, Diagnostic> {
        if !self.on_disk {
            let message = format!(
                "`{relative}` is another file, but the description was not read from a file"
            );
            return Err(Diagnostic::new(Code::ForeignRef, message)
                .help("pass the description as a file, or merge all of it into one document"));
        }
        if let Some(fence) = &self.fence
            && !is_within(path, fence)
        {
            let message = format!("`{relative}` is outside the folder of the description");
            return Err(Diagnostic::new(Code::ForeignRef, message)
                .help("move the file into the folder, or allow files outside it"));
        }
        let text = read(path, false).map_err(|error| {
            let message = error
                .message
                .replace("the description", &format!("`{relative}`"));
            Diagnostic::new(Code::FileNotRead, message)
                .help("the path is relative to the folder of the file that refers to it")
        })?;
        let index = self.documents.len();
        match parse_source(path, text, index, sink) {
            Some(document) => {
                self.documents.push(document);
                Ok(index)
            }
            None => Err(Diagnostic::new(
                Code::FileNotRead,
                format!("`{relative}` cannot be read as YAML or JSON"),
            )),
        }
    }
}

/// Whether a file is in a folder, links followed.
fn is_within(path: &Path, folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        // A missing file is judged by its spelling, and reported as missing if that is inside.
        _ => normal(path).starts_with(normal(folder)),
    }
}

/// The path without `.` and, where the step before it is known, without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if normal
                    .components()
                    .next_back()
                    .is_some_and(|last| matches!(last, Component::Normal(_))) =>
            {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: &Path) -> Files {
        let document = Document {
            path: root.join("api/a.yaml"),
            text: String::new(),
            root: serde_json::Value::Null,
        };
        Files::of_file(document, false)
    }

    fn found(files: &mut Files, from: usize, relative: &str) -> Result<usize, Diagnostic> {
        let attempt = files.open(from, relative);
        files.attempts[attempt].found.clone()
    }

    #[test]
    fn files_are_read_once_and_only_inside_the_folder() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("api/b")).unwrap();
        std::fs::write(root.path().join("api/b/c.yaml"), "a: 1").unwrap();
        std::fs::write(root.path().join("out.yaml"), "a: 1").unwrap();
        let mut files = files(root.path());
        assert_eq!(found(&mut files, 0, "./b/c.yaml"), Ok(1));
        assert_eq!(found(&mut files, 0, "b/../b/c.yaml"), Ok(1));
        assert_eq!(found(&mut files, 1, "../a.yaml"), Ok(0));
        let outside = found(&mut files, 0, "../out.yaml").unwrap_err();
        assert_eq!(outside.code, Code::ForeignRef);
        let missing = found(&mut files, 1, "d.yaml").unwrap_err();
        assert_eq!(missing.code, Code::FileNotRead);
        let mut files = Files {
            fence: None,
            ..files
        };
        files.known.clear();
        files.known_real.clear();
        assert_eq!(found(&mut files, 1, "../../out.yaml"), Ok(2));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_one_document_however_it_is_reached() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("api");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.yaml"), "a: 1").unwrap();
        std::fs::write(folder.join("b.yaml"), "a: 1").unwrap();
        for link in ["x", "y"] {
            std::os::unix::fs::symlink(".", folder.join(link)).unwrap();
        }
        let mut files = files(root.path());
        assert_eq!(found(&mut files, 0, "x/b.yaml"), Ok(1));
        assert_eq!(found(&mut files, 1, "y/b.yaml"), Ok(1));
        assert_eq!(found(&mut files, 1, "x/y/x/a.yaml"), Ok(0));
        // A file that is refused once is refused under any name.
        std::fs::write(folder.join("bad"), "[").unwrap();
        assert_eq!(
            found(&mut files, 0, "bad").is_err(),
            found(&mut files, 0, "x/bad").is_err()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_the_folder() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("api")).unwrap();
        std::fs::write(root.path().join("out.yaml"), "a: 1").unwrap();
        let link = root.path().join("api/link.yaml");
        std::os::unix::fs::symlink(root.path().join("out.yaml"), link).unwrap();
        let refused = found(&mut files(root.path()), 0, "link.yaml");
        assert_eq!(refused.unwrap_err().code, Code::ForeignRef);
    }
}
