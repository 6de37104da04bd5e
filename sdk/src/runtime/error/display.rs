//! `Display` and `Debug` of errors, without headers and bodies.

use std::{error::Error as StdError, fmt};

use super::{super::printable::Printable, Error, Kind};

impl fmt::Display for Error {
    /// One line; control characters in the service's texts are escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        match &self.0.kind {
            Kind::Config(message) | Kind::Request(message) => f.write_str(message)?,
            Kind::Page(message) => Printable(message).fmt(f)?,
            Kind::Login(error, _) => error.fmt(f)?,
            Kind::Transport(error) => error.fmt(f)?,
            Kind::Status(answer) => answer.fmt(f)?,
            Kind::Decode(answer, failure) => write!(
                f,
                "the body of the {} response does not match the API description, at {}",
                answer.status,
                Printable(failure.path())
            )?,
        }
        if let Some(id) = self.correlation_id() {
            write!(f, " (correlation id {})", Printable(id))?;
        }
        let login_note = match &self.0.kind {
            Kind::Login(error, _) => error.note(),
            _ => None,
        };
        if let Some(note) = login_note {
            write!(f, "; {note}")?;
        }
        if let Some(wait) = self.next_login_in() {
            let seconds = wait.as_secs_f64();
            write!(f, "; the next login is possible in {seconds:.1} s")?;
        }
        if let Some(note) = &self.0.note {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// Omits headers and body: they can contain secrets and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "Error", self)
    }
}

/// Shows the message of an error and those of its causes.
pub(in super::super) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    error: &(dyn StdError + 'static),
) -> fmt::Result {
    let mut debug = f.debug_struct(name);
    debug.field("message", &error.to_string());
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    if !causes.is_empty() {
        debug.field("causes", &causes);
    }
    debug.finish_non_exhaustive()
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Login(error, _) => error.source(),
            Kind::Transport(error) => error.source(),
            Kind::Decode(_, error) => Some(error),
            Kind::Config(_) | Kind::Request(_) | Kind::Status(_) | Kind::Page(_) => None,
        }
    }
}
