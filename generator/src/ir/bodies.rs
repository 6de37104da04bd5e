//! Request bodies and responses to types.

use openapiv3::{Content, Operation as Declared, ReferenceOr, Response, StatusCode};

use super::{Body, Failure, Owner, Success, Type, lower::Lower, schema::Site};
use crate::pointer::Pointer;

impl<'a> Lower<'a> {
    pub(super) fn body(&mut self, id: &str, declared: &'a Declared, at: &Pointer) -> Option<Body> {
        let item = declared.request_body.as_ref()?;
        let (body, at) = self.follow(self.resolved.request_body(item, &at.join("requestBody")))?;
        if !body.content.is_empty() && !body.content.keys().any(|name| is_plain_json(name)) {
            let names: Vec<&str> = body.content.keys().map(String::as_str).collect();
            let what = format!(
                "a request body that is not application/json ({})",
                names.join(", ")
            );
            self.schemas.unsupported(&what, &at.join("content"));
            return None;
        }
        let ty = self.content(
            &body.content,
            &at,
            vec![id.to_owned(), "body".to_owned()],
            id,
        );
        Some(Body {
            ty: ty.unwrap_or(Type::Any),
            required: body.required,
            description: body.description.clone(),
        })
    }

    pub(super) fn responses(
        &mut self,
        id: &str,
        declared: &'a Declared,
        at: &Pointer,
    ) -> (Success, Vec<Failure>) {
        let at = at.join("responses");
        let mut successes: Vec<Success> = Vec::new();
        let mut failures = Vec::new();
        for (status, response) in &declared.responses.responses {
            let (name, is_success) = match status {
                StatusCode::Code(code) => (code.to_string(), (200..300).contains(code)),
                StatusCode::Range(range) => (format!("{range}XX"), *range == 2),
            };
            let found = self.response(id, &name, response, &at.join(name.as_str()));
            let Some((ty, description)) = found else {
                continue;
            };
            if is_success {
                successes.push(Success {
                    status: name,
                    ty,
                    description,
                });
            } else {
                failures.push(Failure {
                    status: name,
                    ty,
                    description,
                });
            }
        }
        successes.sort_by(|a, b| a.status.cmp(&b.status));
        failures.sort_by(|a, b| a.status.cmp(&b.status));
        if let Some(response) = &declared.responses.default
            && let Some((ty, description)) =
                self.response(id, "default", response, &at.join("default"))
        {
            failures.push(Failure {
                status: "default".to_owned(),
                ty,
                description,
            });
        }
        if let [first, rest @ ..] = successes.as_slice()
            && rest.iter().any(|other| other.ty != first.ty)
        {
            self.schemas
                .unsupported("more than one kind of success", &at);
        }
        if successes.is_empty()
            && let Some(default) = failures.pop_if(|failure| failure.status == "default")
        {
            successes.push(Success {
                status: default.status,
                ty: default.ty,
                description: default.description,
            });
        }
        let success = successes.into_iter().next().unwrap_or_else(|| Success {
            status: "2XX".to_owned(),
            ty: None,
            description: "Done; the description declares no success.".to_owned(),
        });
        (success, failures)
    }

    fn response(
        &mut self,
        id: &str,
        status: &str,
        item: &'a ReferenceOr<Response>,
        at: &Pointer,
    ) -> Option<(Option<Type>, String)> {
        let (response, at) = self.follow(self.resolved.response(item, at))?;
        // A name that no other response of the operation can have.
        let word = match status {
            "200" => "response".to_owned(),
            other => format!("response {other}"),
        };
        let ty = self.content(&response.content, &at, vec![id.to_owned(), word], id);
        Some((ty, response.description.clone()))
    }

    /// The type of JSON content; `None` if there is no content at all.
    fn content(
        &mut self,
        content: &'a Content,
        at: &Pointer,
        words: Vec<String>,
        operation: &str,
    ) -> Option<Type> {
        let at = at.join("content");
        // The plain one first, then by name: the order of a map means nothing.
        let mut names: Vec<&str> = content.keys().map(String::as_str).collect();
        names.sort_by_key(|name| (!is_plain_json(name), *name));
        let Some(name) = names.iter().find(|name| is_json(name)).copied() else {
            if !content.is_empty() {
                let what = format!("content that is not JSON ({})", names.join(", "));
                self.schemas.unsupported(&what, &at);
            }
            return None;
        };
        for other in names.iter().filter(|other| **other != name) {
            let what = format!("the media type `{other}` beside `{name}`");
            self.schemas.ignored(&what, &at.join(*other));
        }
        let media = &content[name];
        let Some(schema) = &media.schema else {
            return Some(Type::Any);
        };
        let tokens: Vec<&str> = at.tokens().take(3).collect();
        let (owner, words) = match tokens.as_slice() {
            ["components", _, shared] => (
                Owner::Component((*shared).to_owned()),
                vec![(*shared).to_owned()],
            ),
            _ => (Owner::Operation(operation.to_owned()), words),
        };
        let site = Site {
            at: at.join(name).join("schema"),
            words,
            owner,
        };
        Some(self.schemas.lower_value(schema, &site))
    }
}

fn is_plain_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}
