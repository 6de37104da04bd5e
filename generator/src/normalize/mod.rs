//! Any supported dialect to one typed OpenAPI 3.0 document. Nothing after this stage knows that
//! there are dialects.

mod shape;
mod uniform;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    load::Document,
    pointer::Pointer,
    resolve,
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
    if let Err((key, diagnostic)) = check_dialect(&document.root) {
        let at = key.map_or(Pointer::root(), |key| Pointer::root().join(key));
        sink.at(&at, diagnostic);
        return Err(document);
    }
    shape::check(&document.root, sink);
    if sink.has_errors() {
        // The next stage will not come, and what it would say should be said at once.
        resolve::check_references(&document.root, sink);
        return Err(document);
    }
    match serde_path_to_error::deserialize::<_, OpenAPI>(&document.root) {
        Ok(mut openapi) => {
            uniform::all(&mut openapi);
            Ok(Normalized { openapi, document })
        }
        // Each piece could be read alone, so this is about how they stand together.
        Err(error) => {
            let message = format!("not what OpenAPI 3.0 says: {error}");
            sink.at(&Pointer::root(), Diagnostic::new(Code::Shape, message));
            Err(document)
        }
    }
}

type Refusal = (Option<&'static str>, Diagnostic);

fn check_dialect(root: &Value) -> Result<(), Refusal> {
    let refuse = |key, message: String| {
        let diagnostic = Diagnostic::new(Code::Dialect, message)
            .help("sdkgen reads OpenAPI 3.0 descriptions, which start with `openapi: 3.0.x`");
        Err((key, diagnostic))
    };
    match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), _) if version.starts_with("3.0.") => Ok(()),
        (Some(version), _) => refuse(
            Some("openapi"),
            format!("OpenAPI {version} is not supported"),
        ),
        (None, Some(version)) => refuse(
            Some("swagger"),
            format!("Swagger {version} is not supported"),
        ),
        (None, None) => refuse(None, "the file has no `openapi` version".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Diagnostic {
        let mut sink = Sink::default();
        let document = crate::load::parse("a.yaml".as_ref(), text.to_owned(), &mut sink).unwrap();
        let document = normalize(document, &mut sink).unwrap_err();
        sink.into_sorted(|pointers| document.places(pointers))
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
