//! Bodies of rendered requests other than JSON.

#![allow(
    dead_code,
    reason = "rendered only for bodies of types other than application/json"
)]

use http::HeaderValue;
use serde::Serialize;

use super::{
    Body, Param,
    call::Call,
    multipart::{FilePart, Part},
};

impl<T> Call<T> {
    /// Sets a body of any type, in memory or a stream.
    pub(crate) fn bytes(mut self, content_type: &'static str, body: impl Into<Body>) -> Self {
        self.set_content(content_type, body.into());
        self
    }

    /// Sets a text body.
    pub(crate) fn text(mut self, content_type: &'static str, text: impl Into<String>) -> Self {
        self.set_content(content_type, text.into().into());
        self
    }

    /// Sets a JSON body with another media type, such as `application/merge-patch+json`.
    pub(crate) fn json_as<B: Serialize + ?Sized>(
        mut self,
        content_type: &'static str,
        body: &B,
    ) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.set_content(content_type, body.into()),
            Err(error) => {
                let defect = format!("the body cannot be written as JSON: {error}");
                self.exchange.refuse(defect);
            }
        }
        self
    }

    /// Makes the body `multipart/form-data`, even if no part is added.
    pub(crate) fn multipart(mut self) -> Self {
        self.exchange.set_multipart();
        self
    }

    /// Adds a plain text part.
    pub(crate) fn part(mut self, name: &str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        self.exchange.add_part(Part::text(name, &value.to_text()));
        self
    }

    /// Adds a text part with a content type.
    pub(crate) fn part_as(mut self, name: &str, content_type: &str, value: impl Param) -> Self {
        self.exchange.check(name, &value);
        let text = value.to_text().into_owned();
        let part = Part::new(name, None, Some(content_type), text.into());
        self.exchange.add_part(part);
        self
    }

    /// Adds a JSON part.
    pub(crate) fn part_json<B: Serialize + ?Sized>(mut self, name: &str, value: &B) -> Self {
        let part = serde_json::to_vec(value)
            .map_err(|error| format!("the part `{name}` cannot be written as JSON: {error}"))
            .and_then(|json| Part::new(name, None, Some("application/json"), json.into()));
        self.exchange.add_part(part);
        self
    }

    /// Adds a file part.
    pub(crate) fn file(mut self, name: &str, file: impl Into<FilePart>) -> Self {
        self.exchange.add_part(file.into().into_part(name));
        self
    }

    /// Adds a file part, of this content type unless the file has its own.
    pub(crate) fn file_as(
        self,
        name: &str,
        content_type: &'static str,
        file: impl Into<FilePart>,
    ) -> Self {
        self.file(name, file.into().or_content_type(content_type))
    }

    /// Adds a part for each file, all with one name, and of this content type unless a file has its
    /// own.
    pub(crate) fn files_as<F: Into<FilePart>>(
        self,
        name: &str,
        content_type: &'static str,
        files: impl IntoIterator<Item = F>,
    ) -> Self {
        let typed = |file: F| file.into().or_content_type(content_type);
        self.files(name, files.into_iter().map(typed))
    }

    /// Adds a part for each file, all with one name.
    pub(crate) fn files<F: Into<FilePart>>(
        mut self,
        name: &str,
        files: impl IntoIterator<Item = F>,
    ) -> Self {
        for file in files {
            self.exchange.add_part(file.into().into_part(name));
        }
        self
    }

    fn set_content(&mut self, content_type: &'static str, body: Body) {
        match HeaderValue::try_from(content_type) {
            Ok(value) => self.exchange.set_content(value, body),
            Err(_) => {
                let defect = format!("no header can carry the content type {content_type:?}");
                self.exchange.refuse(defect);
            }
        }
    }
}
