use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::json;

use super::*;
use crate::runtime::{
    ApiKeyPlace, Client, HttpRequest, HttpResponse, RequestOptions, Transport, TransportContext,
    TransportFuture,
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
