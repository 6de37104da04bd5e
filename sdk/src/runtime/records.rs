//! Texts in a row, cut out of pieces that the network cut anywhere.

use bytes::{Buf, Bytes, BytesMut};

use super::transport::TransportError;

/// What stands before each JSON text of a sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1e;

/// Bytes of which the beginning is taken off as soon as it is complete. None is looked at twice.
#[derive(Debug, Default)]
pub(super) struct Pending {
    bytes: BytesMut,
    /// How many of them have been looked at.
    seen: usize,
}

impl Pending {
    pub(super) fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    /// How many bytes wait for an end that has not come. There is none in them once that has been
    /// looked for.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes up to the first one not seen yet that `is_end`, and that one.
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

/// Lines that end with CR, LF or both, as those of event streams do.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) pending: Pending,
    /// Whether the last line ended with a CR, so that an LF is no end of another one.
    was_cr: bool,
}

impl Lines {
    /// The next line, without its end; `None` if it is not there yet.
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

/// JSON texts in a row: one a line, or each after a record separator.
#[derive(Debug, Default)]
pub(super) struct JsonTexts {
    pub(super) pending: Pending,
    /// How deep in objects and lists the bytes seen lead, where lines can be parts of texts.
    nesting: Option<Nesting>,
}

#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl JsonTexts {
    /// The next text, never a blank one; `None` if it is not there yet. No text, blank or not, may
    /// be longer than `limit` bytes, whether its end is there or not.
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

    /// What stands after the last end, once nothing more comes.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        let rest = self.pending.take_all();
        (!rest.trim_ascii().is_empty()).then_some(rest)
    }
}

impl Nesting {
    /// Goes one byte further; says whether that ends a text.
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
mod tests {
    use super::*;

    /// What comes out of `text` when it comes in pieces of `size` bytes.
    fn in_pieces(text: &str, size: usize, feed: impl FnMut(&[u8]) -> Vec<Bytes>) -> Vec<String> {
        let pieces = text.as_bytes().chunks(size);
        let found = pieces.flat_map(feed);
        found
            .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
            .collect()
    }

    fn lines(text: &str, size: usize) -> Vec<String> {
        let mut lines = Lines::default();
        in_pieces(text, size, |piece| {
            lines.pending.push(piece);
            std::iter::from_fn(|| lines.next()).collect()
        })
    }

    fn texts(text: &str, size: usize) -> (Vec<String>, Option<Bytes>) {
        let mut texts = JsonTexts::default();
        let found = in_pieces(text, size, |piece| {
            texts.pending.push(piece);
            std::iter::from_fn(|| texts.next(1000).unwrap()).collect()
        });
        (found, texts.rest())
    }

    #[test]
    fn lines_end_in_three_ways_wherever_they_are_cut() {
        for size in 1..12 {
            let found = lines("a\nb\r\nc\rd\r\r\n\n\u{fc}\n\rrest", size);
            let expected = ["a", "b", "c", "d", "", "", "\u{fc}", ""];
            assert_eq!(found, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn a_line_is_a_text() {
        for size in 1..12 {
            let (found, rest) = texts("{\"a\":\n\r\n\n 1\r\n[2]\n3", size);
            assert_eq!(found, ["{\"a\":", " 1\r", "[2]"], "in pieces of {size}");
            assert_eq!(rest.unwrap(), "3");
            assert_eq!(texts("1\n \n", size).1, None);
        }
    }

    #[test]
    fn a_text_after_a_separator_may_have_several_lines() {
        let text =
            "\u{1e}{\"a\":\n\"\\\"}\n\\\\\"}\n\u{1e}\u{1e}[1,\n[2]]\n\u{1e}[3\n\u{1e}4\n\u{1e}5";
        let expected = ["{\"a\":\n\"\\\"}\n\\\\\"}", "[1,\n[2]]", "[3\n", "4"];
        for size in 1..12 {
            let (found, rest) = texts(text, size);
            assert_eq!(found, expected, "in pieces of {size}");
            assert_eq!(rest.unwrap(), "5");
        }
    }
}
