//! Multipart bodies, `multipart/form-data` (RFC 7578).

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

/// A file part of a multipart body.
///
/// A file without a name is sent as `blob`, as browsers do: services recognize files by having a
/// name.
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

    /// Sets the content type. Default: `application/octet-stream`.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Sets the content type, unless it is set.
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
    /// A plain text part.
    pub(super) fn text(name: &str, text: &str) -> Result<Self, String> {
        Self::new(name, None, None, text.to_owned().into())
    }

    /// A part of any content type.
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

/// Escapes a name for double quotes, as browsers do.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

/// A multipart body under construction.
#[derive(Clone)]
pub(super) struct Multipart {
    /// The boundary, which occurs in no part.
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

/// A random boundary.
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
        // This cannot happen by chance, but somebody who knows the boundary from a clone of the
        // request can cause it. The content of streams cannot be checked.
        self.boundary = boundary();
        while self.parts.iter().any(|part| part.contains(&self.boundary)) {
            self.boundary = boundary();
        }
    }

    /// Whether a part is a stream that has been read.
    pub(super) fn is_spent(&self) -> bool {
        self.parts.iter().any(|part| part.body.is_spent())
    }

    /// The whole body: in memory if all parts are, otherwise a stream.
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

/// Concatenates bodies.
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
mod tests;
