//! Parameters that are more than a text in the path, the query or a header: those with a style,
//! cookies, and bodies that are forms.

use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::Value;

use super::{
    Param,
    call::Call,
    encode,
    exchange::Exchange,
    multipart::Part,
    style::{self, Parameter, Place, Style},
};

#[allow(
    dead_code,
    reason = "rendered only for parameters with a style, cookies and forms"
)]
impl<T> Call<T> {
    /// Adds a parameter in its style. A value of null adds nothing, but is refused in a path.
    pub(crate) fn parameter(mut self, parameter: Parameter, value: impl Serialize) -> Self {
        // By way of a text, so that values are compiled for one kind of encoder, the one of bodies;
        // and floats keep the digits they have.
        let text = serde_json::to_vec(&value);
        let value = text.and_then(|text| serde_json::from_slice(&text));
        self.exchange.add_parameter(&parameter, value);
        self
    }

    /// Adds pairs that the description has in its path already: `/things?kind=old`.
    pub(crate) fn fixed_query(mut self, pairs: &'static [(&'static str, &'static str)]) -> Self {
        for (name, value) in pairs {
            self.exchange.add_query(name, value);
        }
        self
    }

    /// Adds a cookie. Characters that a cookie cannot have are percent-encoded.
    pub(crate) fn cookie(mut self, name: &'static str, value: impl Param) -> Self {
        let parameter = Parameter {
            name,
            place: Place::Cookie,
            style: Style::Form,
            explode: false,
            allow_reserved: false,
        };
        let value = Value::String(value.to_text().into_owned());
        self.exchange.add_parameter(&parameter, Ok(value));
        self
    }

    /// Declares that the body is a form (`application/x-www-form-urlencoded`), be it an empty one.
    pub(crate) fn form(mut self) -> Self {
        self.exchange.form();
        self
    }

    /// Adds a pair to the body, which is a form then.
    pub(crate) fn form_field(mut self, name: &'static str, value: impl Param) -> Self {
        encode::append(self.exchange.form(), name, &value.to_text());
        self
    }

    /// Writes an object as a body that is a form: its lists repeat their names (`a=1&a=2`), objects
    /// inside it go as `a[b]=1`, with an index for items of lists there. See [`style`](super::style).
    pub(crate) fn form_body<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        let text = serde_json::to_vec(body);
        let value = text.and_then(|text| serde_json::from_slice(&text));
        self.exchange.set_form(value);
        self
    }
}

impl Exchange {
    fn add_parameter(&mut self, parameter: &Parameter, value: serde_json::Result<Value>) {
        if let Err(defect) = self.try_parameter(parameter, value) {
            self.refuse(defect);
        }
    }

    fn try_parameter(
        &mut self,
        parameter: &Parameter,
        value: serde_json::Result<Value>,
    ) -> Result<(), String> {
        let name = parameter.name;
        // What serde_json says could quote the value.
        let value =
            value.map_err(|_| format!("the parameter `{name}` cannot be written as JSON"))?;
        match parameter.place {
            Place::Path => {
                let text = style::text(parameter, &value)?.unwrap_or_default();
                encode::fill_encoded(&mut self.path, name, &text)?;
            }
            Place::Header => {
                if let Some(text) = style::text(parameter, &value)? {
                    self.add_header(name, &text);
                }
            }
            Place::Query => {
                for (name, value) in style::pairs(parameter, &value)? {
                    encode::append_encoded(&mut self.query, &name, &value);
                }
            }
            Place::Form => {
                let form = self.form();
                for (name, value) in style::pairs(parameter, &value)? {
                    encode::append_encoded(form, &name, &value);
                }
            }
            Place::Cookie => {
                for (name, value) in style::pairs(parameter, &value)? {
                    self.add_cookie(&name, &value);
                }
            }
            Place::Part => self.add_parts_of(name, &value),
        }
        Ok(())
    }

    /// Adds a part for each value of a list, or one for any other value: text where it is a scalar,
    /// JSON where it is none.
    fn add_parts_of(&mut self, name: &'static str, value: &Value) {
        let values = match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for value in values {
            self.add_part(match value {
                Value::Null => continue,
                Value::String(text) => Part::text(name, text),
                Value::Array(_) | Value::Object(_) => {
                    let json = value.to_string().into();
                    Part::new(name, None, Some("application/json"), json)
                }
                scalar => Part::text(name, &scalar.to_string()),
            });
        }
    }

    /// Adds a cookie whose name and value are encoded. All cookies share one header.
    fn add_cookie(&mut self, name: &str, value: &str) {
        let mut pair = format!("{name}={value}").into_bytes();
        if let Some(before) = self.headers.get(header::COOKIE) {
            pair = [before.as_bytes(), &pair].join(b"; ".as_slice());
        }
        match HeaderValue::try_from(pair) {
            Ok(cookies) => self.set_header(header::COOKIE, cookies),
            Err(_) => self.refuse(format!("the cookie `{name}` cannot carry the value given")),
        }
    }

    fn set_form(&mut self, body: serde_json::Result<Value>) {
        let pairs = body.ok().as_ref().and_then(style::form);
        let Some(pairs) = pairs else {
            self.refuse("the body cannot be written as a form: it is no object");
            return;
        };
        let form = self.form();
        form.clear();
        for (name, value) in pairs {
            encode::append_encoded(form, &name, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::runtime::{
        ApiKeyPlace, Client, HttpRequest, HttpResponse, RequestOptions, Transport,
        TransportContext, TransportFuture,
        operation::Operation,
        service::{self, Service},
    };

    static SERVICE: Service = service::tests::SERVICE;

    static OPERATION: Operation = Operation {
        id: "putThing",
        method: http::Method::PUT,
        path: "/things/{id}/parts{color}",
        idempotent: true,
    };

    /// Keeps what it is sent and answers 503 once, then 204.
    #[derive(Clone, Default)]
    struct Recorder(Arc<Mutex<Vec<HttpRequest>>>);

    impl Transport for Recorder {
        fn send(&self, request: HttpRequest, _: TransportContext) -> TransportFuture<'_> {
            let mut requests = self.0.lock().unwrap();
            requests.push(request);
            let mut response = HttpResponse::default();
            *response.status_mut() = match requests.len() {
                1 => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::NO_CONTENT,
            };
            Box::pin(std::future::ready(Ok(response)))
        }
    }

    impl Recorder {
        /// A call of a client that sends a cookie of its own.
        fn call(&self) -> Call<()> {
            let builder = Client::for_service(&SERVICE).transport(self.clone());
            let client = builder.api_key(ApiKeyPlace::Cookie, "sid", "k3y").build();
            Call::empty(&client.unwrap(), &OPERATION)
        }

        /// The second request, which is the first one again.
        fn sent(&self) -> HttpRequest {
            let requests = self.0.lock().unwrap();
            assert_eq!(requests.len(), 2);
            assert_eq!(requests[0].body().as_bytes(), requests[1].body().as_bytes());
            assert_eq!(requests[0].headers(), requests[1].headers());
            requests[1].clone()
        }
    }

    fn styled(name: &'static str, place: Place, style: Style) -> Parameter {
        Parameter {
            name,
            place,
            style,
            explode: true,
            allow_reserved: false,
        }
    }

    fn path(call: Call<()>) -> Call<()> {
        call.path("id", "t 1")
            .parameter(styled("color", Place::Path, Style::Matrix), ["red", "x/y"])
    }

    #[tokio::test(start_paused = true)]
    async fn each_parameter_reaches_its_place() {
        let recorder = Recorder::default();
        let call = path(recorder.call())
            .fixed_query(&[("action", "paint"), ("a b", "")])
            .query("plain", 1)
            .parameter(
                styled("filter", Place::Query, Style::DeepObject),
                json!({"size": {"min": 1}}),
            )
            .parameter(styled("none", Place::Query, Style::Form), None::<i32>)
            .parameter(styled("tenth", Place::Query, Style::Form), 0.1f32)
            .parameter(styled("X-Ids", Place::Header, Style::Simple), [1, 2])
            .parameter(styled("X-None", Place::Header, Style::Simple), [0; 0])
            .cookie("lang", "en; de")
            .parameter(styled("ids", Place::Cookie, Style::Form), [1, 2]);
        call.send().await.unwrap();
        let sent = recorder.sent();
        assert_eq!(
            sent.uri().to_string(),
            "http://api.localhost/things/t%201/parts;color=red;color=x%2Fy\
             ?action=paint&a%20b=&plain=1&filter%5Bsize%5D%5Bmin%5D=1&tenth=0.1"
        );
        assert_eq!(sent.headers()["x-ids"], "1,2");
        assert!(!sent.headers().contains_key("x-none"));
        let cookies = &sent.headers()["cookie"];
        assert_eq!(cookies, "sid=k3y; lang=en%3B%20de; ids=1; ids=2");
        assert!(cookies.is_sensitive());
    }

    #[tokio::test(start_paused = true)]
    async fn a_cookie_header_of_the_caller_replaces_all_cookies() {
        let recorder = Recorder::default();
        let options =
            RequestOptions::new().with_header(header::COOKIE, HeaderValue::from_static("own=1"));
        let call = path(recorder.call()).cookie("lang", "en").options(options);
        call.send().await.unwrap();
        assert_eq!(recorder.sent().headers()["cookie"], "own=1");
    }

    #[tokio::test(start_paused = true)]
    async fn forms_are_sent_and_sent_again() {
        for (fill, body) in [
            ((|call| call.form()) as fn(Call<()>) -> Call<()>, ""),
            (
                |call| {
                    call.form_field("grant type", "a&b").parameter(
                        styled("list", Place::Form, Style::DeepObject),
                        [Some("x"), None],
                    )
                },
                "grant%20type=a%26b&list%5B0%5D=x&list%5B1%5D=",
            ),
            (
                |call| call.form_body(&json!({"a": [1, 2], "b": {"c": [true]}, "d": null})),
                "a=1&a=2&b%5Bc%5D%5B0%5D=true",
            ),
        ] {
            let recorder = Recorder::default();
            fill(path(recorder.call())).send().await.unwrap();
            let sent = recorder.sent();
            assert_eq!(sent.body().as_bytes().unwrap(), body);
            let content_type = &sent.headers()["content-type"];
            assert_eq!(content_type, "application/x-www-form-urlencoded");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_refused_unsent() {
        let color = |style| styled("color", Place::Path, style);
        for fill in [
            (|call, it| call.parameter(it, "")) as fn(Call<()>, Parameter) -> Call<()>,
            |call, it| {
                call.parameter(
                    Parameter {
                        style: Style::Simple,
                        ..it
                    },
                    "..",
                )
            },
            |call, it| call.parameter(it, None::<i32>),
            |call, it| call.parameter(it, "a").parameter(it, "b"),
            |call, it| call.parameter(it, "a").form_body(&[1]),
            |call, it| {
                let header = styled("X-Line", Place::Header, Style::Simple);
                call.parameter(it, "a").parameter(header, "s3cr3t\n")
            },
            |call, it| {
                let header = styled("X-List", Place::Header, Style::Simple);
                call.parameter(it, "a").parameter(header, ["s3cr3t,"])
            },
        ] {
            let recorder = Recorder::default();
            let call = fill(recorder.call().path("id", 1), color(Style::Label));
            let error = call.send().await.unwrap_err();
            assert!(error.is_request(), "{error}");
            assert!(!format!("{error:?} {error}").contains("s3cr3t"), "{error}");
            assert!(recorder.0.lock().unwrap().is_empty());
        }
    }
}
