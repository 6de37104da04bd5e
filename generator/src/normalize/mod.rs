//! Any supported dialect to one typed OpenAPI 3.0 document. Nothing after this stage knows that
//! there are dialects.

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    load::Document,
    pointer::Pointer,
};

/// A typed description and the document it came from.
#[derive(Debug)]
pub(crate) struct Normalized {
    /// The typed description.
    pub(crate) openapi: OpenAPI,
    /// The document, whose pointers are those of `openapi`.
    pub(crate) document: Document,
}

/// Makes a typed description of a document. `None` means that what is wrong is in the sink; the
/// document comes back so that its pointers can be placed.
pub(crate) fn normalize(document: Document, sink: &mut Sink) -> Result<Normalized, Document> {
    if let Err(diagnostic) = check_dialect(&document.root) {
        sink.at(&Pointer::root(), diagnostic);
        return Err(document);
    }
    match serde_path_to_error::deserialize::<_, OpenAPI>(&document.root) {
        Ok(openapi) => Ok(Normalized { openapi, document }),
        Err(error) => {
            let pointer = pointer_of(error.path());
            let message = format!("not what OpenAPI 3.0 says: {}", error.inner());
            sink.at(&pointer, Diagnostic::new(Code::Shape, message));
            Err(document)
        }
    }
}

fn check_dialect(root: &Value) -> Result<(), Diagnostic> {
    let refuse = |message: String| {
        Err(Diagnostic::new(Code::Dialect, message)
            .help("sdkgen reads OpenAPI 3.0 descriptions, which start with `openapi: 3.0.x`"))
    };
    match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), _) if version.starts_with("3.0.") => Ok(()),
        (Some(version), _) => refuse(format!("OpenAPI {version} is not supported")),
        (None, Some(version)) => refuse(format!("Swagger {version} is not supported")),
        (None, None) => refuse("the file has no `openapi` version".to_owned()),
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> Pointer {
    use serde_path_to_error::Segment;
    let mut pointer = Pointer::root();
    for segment in path {
        match segment {
            Segment::Map { key } => pointer.push(key.clone()),
            Segment::Seq { index } => pointer.push(index.to_string()),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Diagnostic {
        let mut sink = Sink::default();
        let document = crate::load::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
        let document = normalize(document, &mut sink).unwrap_err();
        sink.into_sorted(|pointer| document.place(pointer))
            .remove(0)
    }

    #[test]
    fn other_dialects_are_refused_by_name() {
        assert_eq!(
            refused("openapi: 3.1.0\n").message,
            "OpenAPI \"3.1.0\" is not supported"
        );
        assert_eq!(
            refused("swagger: '2.0'\n").message,
            "Swagger \"2.0\" is not supported"
        );
        assert_eq!(refused("- 1\n").code, Code::Dialect);
    }

    #[test]
    fn a_wrong_shape_is_placed() {
        let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      responses: {}\n      tags: nope\n";
        let diagnostic = refused(text);
        assert_eq!(diagnostic.code, Code::Shape);
        assert!(
            diagnostic
                .place
                .unwrap()
                .pointer
                .unwrap()
                .starts_with("#/paths")
        );
    }
}
