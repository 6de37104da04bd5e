//! Bodies of several parts, `multipart/form-data` (RFC 7578).

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderValue;

use super::{
    Body,
    body::{BodyStream, BoxError},
};

/// A file, or anything like one, within a body of several parts.
///
/// Without a name of its own it is called `blob`, as browsers have it: services tell files from other
/// parts by their having a name.
#[derive(Clone, Debug)]
#[must_use = "a part does nothing until a request is given it"]
pub struct FilePart {
    body: Body,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl FilePart {
    /// A file of these bytes, in memory or a stream.
    pub fn new(body: impl Into<Body>) -> Self {
        Self {
            body: body.into(),
            file_name: None,
            content_type: None,
        }
    }

    /// Names the file.
    pub fn with_file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Says what is in the file; `application/octet-stream` unless said.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Says what is in the file, unless that has been said.
    #[allow(
        dead_code,
        reason = "rendered only for parts with an encoding of their own"
    )]
    pub(crate) fn or_content_type(mut self, content_type: &'static str) -> Self {
        self.content_type
            .get_or_insert_with(|| content_type.to_owned());
        self
    }

    pub(super) fn into_part(self, name: &str) -> Result<Part, String> {
        let content_type = self.content_type;
        let content_type = content_type
            .as_deref()
            .unwrap_or("application/octet-stream");
        let file_name = self.file_name.as_deref().unwrap_or("blob");
        Part::new(name, Some(file_name), Some(content_type), self.body)
    }
}

impl<B: Into<Body>> From<B> for FilePart {
    fn from(body: B) -> Self {
        Self::new(body)
    }
}

/// A part, ready to be written.
#[derive(Clone)]
pub(super) struct Part {
    /// The headers, and the empty line after them.
    head: String,
    body: Body,
}

impl Part {
    /// A part that is a plain text.
    pub(super) fn text(name: &str, text: &str) -> Result<Self, String> {
        Self::new(name, None, None, text.to_owned().into())
    }

    /// A part of any type.
    pub(super) fn new(
        name: &str,
        file_name: Option<&str>,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Self, String> {
        let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(name));
        if let Some(file_name) = file_name {
            head.push_str("; filename=\"");
            head.push_str(&quoted(file_name));
            head.push('"');
        }
        if let Some(content_type) = content_type {
            if HeaderValue::try_from(content_type).is_err() {
                return Err(format!(
                    "the content type of the part `{name}` has characters a header cannot carry"
                ));
            }
            head.push_str("\r\nContent-Type: ");
            head.push_str(content_type);
        }
        head.push_str("\r\n\r\n");
        Ok(Self { head, body })
    }

    fn contains(&self, text: &str) -> bool {
        let is_there = |bytes: &[u8]| {
            let mut windows = bytes.windows(text.len());
            windows.any(|window| window == text.as_bytes())
        };
        is_there(self.head.as_bytes()) || self.body.as_bytes().is_some_and(|bytes| is_there(bytes))
    }
}

/// A name between double quotes, escaped as browsers do it.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

/// A body of several parts in the making.
#[derive(Clone)]
pub(super) struct Multipart {
    /// What stands between the parts, and nowhere in them.
    boundary: String,
    parts: Vec<Part>,
}

impl Default for Multipart {
    fn default() -> Self {
        Self {
            boundary: boundary(),
            parts: Vec::new(),
        }
    }
}

/// A text that nobody can have thought of before.
fn boundary() -> String {
    format!("part-{:032x}", fastrand::u128(..))
}

impl Multipart {
    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    pub(super) fn add(&mut self, part: Part) {
        let is_new = !part.contains(&self.boundary);
        self.parts.push(part);
        if is_new {
            return;
        }
        // Chance does not come to this; who knows the boundary, from another clone of the request,
        // can. What a stream holds cannot be known.
        self.boundary = boundary();
        while self.parts.iter().any(|part| part.contains(&self.boundary)) {
            self.boundary = boundary();
        }
    }

    /// Whether a part was a stream that has been read.
    pub(super) fn is_spent(&self) -> bool {
        self.parts.iter().any(|part| part.body.is_spent())
    }

    /// All of it: in memory, if all parts are, else a stream.
    pub(super) fn body(&self) -> Body {
        let boundary = &self.boundary;
        let mut segments = VecDeque::new();
        for (index, part) in self.parts.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\r\n" };
            let opening = format!("{line_break}--{boundary}\r\n{}", part.head);
            segments.push_back(Body::from(opening));
            segments.push_back(part.body.clone());
        }
        let line_break = if self.parts.is_empty() { "" } else { "\r\n" };
        let closing = format!("{line_break}--{boundary}--\r\n");
        segments.push_back(closing.into());
        join(segments)
    }
}

fn join(segments: VecDeque<Body>) -> Body {
    let in_memory: Option<Vec<&Bytes>> = segments.iter().map(Body::as_bytes).collect();
    if let Some(pieces) = in_memory {
        let mut whole = Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum());
        for piece in pieces {
            whole.extend_from_slice(piece);
        }
        return whole.into();
    }
    let length: Option<u64> = segments.iter().map(Body::length).sum();
    let body = Body::stream(Chain {
        current: None,
        rest: segments,
    });
    match length {
        Some(length) => body.with_length(length),
        None => body,
    }
}

/// Bodies one after the other.
struct Chain {
    current: Option<BodyStream>,
    rest: VecDeque<Body>,
}

impl Stream for Chain {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(current) = &mut self.current {
                match ready!(Pin::new(current).poll_next(context)) {
                    Some(chunk) => return Poll::Ready(Some(chunk)),
                    None => self.current = None,
                }
            }
            match self.rest.pop_front() {
                Some(next) => self.current = Some(next.into_stream()),
                None => return Poll::Ready(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::body::tests::{read, stream_of},
        *,
    };

    fn of(parts: Vec<Part>) -> Multipart {
        let mut multipart = Multipart {
            boundary: "b".repeat(9),
            parts: Vec::new(),
        };
        parts.into_iter().for_each(|part| multipart.add(part));
        multipart
    }

    fn file(body: impl Into<Body>) -> Part {
        let file = FilePart::new(body).with_file_name("a.txt");
        file.with_content_type("text/plain")
            .into_part("file")
            .unwrap()
    }

    const WRITTEN: &str = "--bbbbbbbbb\r\n\
        Content-Disposition: form-data; name=\"note\"\r\n\r\n\
        two\nlines\r\n\
        --bbbbbbbbb\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
        Content-Type: text/plain\r\n\r\n\
        abc\r\n\
        --bbbbbbbbb--\r\n";

    #[test]
    fn parts_are_written_as_the_standard_has_it() {
        let multipart = of(vec![Part::text("note", "two\nlines").unwrap(), file("abc")]);
        let expected = "multipart/form-data; boundary=bbbbbbbbb";
        assert_eq!(multipart.content_type(), expected);
        let body = multipart.body();
        assert_eq!(body.as_bytes().unwrap(), WRITTEN);
        assert_eq!(
            of(Vec::new()).body().as_bytes().unwrap(),
            "--bbbbbbbbb--\r\n"
        );
    }

    #[test]
    fn a_stream_stays_one() {
        let parts = |body| vec![Part::text("note", "two\nlines").unwrap(), file(body)];
        let multipart = of(parts(stream_of(&["a", "bc"]).with_length(3)));
        let body = multipart.body();
        assert_eq!(body.as_bytes(), None);
        assert_eq!(body.length(), Some(WRITTEN.len() as u64));
        assert!(!multipart.is_spent());
        assert_eq!(read(body).unwrap(), WRITTEN);
        assert!(multipart.is_spent());
        assert_eq!(of(parts(stream_of(&["abc"]))).body().length(), None);
    }

    #[test]
    fn names_cannot_break_out_of_their_quotes() {
        let file = FilePart::new("x").with_file_name("a\"b\r\nX: y\\");
        let part = file.into_part("na\"me\u{fc}").unwrap();
        assert_eq!(
            part.head,
            "Content-Disposition: form-data; name=\"na%22me\u{fc}\"; \
             filename=\"a%22b%0D%0AX: y\\\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let file = FilePart::new("x").with_content_type("text/plain\r\nX: y");
        assert!(file.into_part("f").is_err());
        let unnamed = FilePart::from("x").into_part("f").unwrap();
        assert!(unnamed.head.contains("filename=\"blob\""));
    }

    #[test]
    fn the_boundary_stands_in_no_part() {
        let mut multipart = Multipart::default();
        let first = multipart.boundary.clone();
        assert_eq!(first.len(), "part-".len() + 32);
        assert_ne!(first, Multipart::default().boundary);
        multipart.add(Part::text("a", "harmless").unwrap());
        assert_eq!(multipart.boundary, first);
        multipart.add(Part::text("b", &format!("\r\n--{first}--")).unwrap());
        assert_ne!(multipart.boundary, first);
        let body = multipart.body();
        let text = std::str::from_utf8(body.as_bytes().unwrap()).unwrap();
        assert_eq!(text.matches(&multipart.boundary).count(), 3);
        assert!(multipart.content_type().ends_with(&multipart.boundary));
    }
}
