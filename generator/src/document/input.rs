//! The text of a file from outside: reading it is bounded in size, and never blocks.

use std::{
    fs::{self, File},
    io::{Error, ErrorKind, Read, Result},
    path::Path,
};

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;

/// Reads a regular file: a pipe may block forever, and a device may have no end.
///
/// What a shell hands over as `/dev/stdin` or `/dev/fd/63` may be a pipe where the caller named it.
///
/// # Errors
/// The file is not there, is something else, is too large or not UTF-8.
pub(crate) fn read_text(path: &Path, is_named_by_caller: bool) -> Result<String> {
    // Follows links; those that lead in a circle are an error.
    let metadata = fs::metadata(path)?;
    let is_handed_over =
        is_named_by_caller && (path.starts_with("/dev/fd") || path == Path::new("/dev/stdin"));
    if !metadata.is_file() && !is_handed_over {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            match metadata.is_dir() {
                true => "it is a folder",
                false => "it is a pipe, a socket or a device",
            },
        ));
    }
    let too_large = || Error::new(ErrorKind::FileTooLarge, "it is larger than 1 GiB");
    if metadata.len() > LARGEST {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}
