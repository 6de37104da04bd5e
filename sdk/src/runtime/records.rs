//! Splits chunks of any size into lines or JSON texts.

use bytes::{Buf, Bytes, BytesMut};

use super::transport::TransportError;

/// The record separator before each JSON text of a sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1e;

/// A buffer from whose front complete parts are taken. Each byte is scanned once.
#[derive(Debug, Default)]
pub(super) struct Pending {
    bytes: BytesMut,
    /// How many bytes have been scanned.
    seen: usize,
}

impl Pending {
    pub(super) fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    /// The number of buffered bytes. They contain no end once they have been scanned.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes the bytes up to and including the first unscanned one that `is_end` accepts.
    fn take_until(&mut self, mut is_end: impl FnMut(u8) -> bool) -> Option<(Bytes, u8)> {
        let unseen = &self.bytes[self.seen..];
        let Some(at) = unseen.iter().position(|byte| is_end(*byte)) else {
            self.seen = self.bytes.len();
            return None;
        };
        let taken = self.bytes.split_to(self.seen + at).freeze();
        self.seen = 0;
        let end = self.bytes.get_u8();
        Some((taken, end))
    }

    fn take_all(&mut self) -> Bytes {
        self.seen = 0;
        self.bytes.split().freeze()
    }
}

/// Splits lines that end with CR, LF or CRLF, as in event streams.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) pending: Pending,
    /// Whether the last line ended with a CR, so that a following LF belongs to it.
    was_cr: bool,
}

impl Lines {
    /// The next line, without its end; `None` if it is not complete yet.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        if self.was_cr
            && let Some(first) = self.pending.bytes.first()
        {
            if *first == b'\n' {
                self.pending.bytes.advance(1);
            }
            self.was_cr = false;
        }
        let is_end = |byte| matches!(byte, b'\r' | b'\n');
        let (line, end) = self.pending.take_until(is_end)?;
        self.was_cr = end == b'\r';
        Some(line)
    }
}

/// Splits JSON texts: one per line, or each after a record separator.
#[derive(Debug, Default)]
pub(super) struct JsonTexts {
    pub(super) pending: Pending,
    /// The nesting depth after the scanned bytes, in sequences whose texts can span lines.
    nesting: Option<Nesting>,
}

#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl JsonTexts {
    /// The next text that is not blank; `None` if it is not complete yet. Longer ones than `limit`
    /// bytes, complete or not, are an error.
    pub(super) fn next(&mut self, limit: usize) -> Result<Option<Bytes>, TransportError> {
        loop {
            let Self { pending, nesting } = self;
            let taken = pending.take_until(|byte| match nesting {
                _ if byte == RECORD_SEPARATOR => true,
                None => byte == b'\n',
                Some(nesting) => nesting.is_end(byte),
            });
            let length = taken.as_ref().map_or(pending.len(), |(text, _)| text.len());
            if length > limit {
                return Err(TransportError::too_large());
            }
            let Some((text, end)) = taken else {
                return Ok(None);
            };
            if end == RECORD_SEPARATOR {
                // From now on a text ends with a line, but not every line ends a text.
                self.nesting = Some(Nesting::default());
            }
            if !text.trim_ascii().is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// The rest after the last end, once the stream has ended.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        let rest = self.pending.take_all();
        (!rest.trim_ascii().is_empty()).then_some(rest)
    }
}

impl Nesting {
    /// Scans one byte. Returns whether it ends a text.
    fn is_end(&mut self, byte: u8) -> bool {
        if self.is_escaped {
            self.is_escaped = false;
            return false;
        }
        match byte {
            b'\\' => self.is_escaped = self.in_string,
            b'"' => self.in_string = !self.in_string,
            b'{' | b'[' if !self.in_string => self.depth += 1,
            b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
            b'\n' => return self.depth == 0 && !self.in_string,
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests;
