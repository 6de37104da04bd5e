//! The server behind Prism: answers with samples and keeps what it was asked.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    Failure,
    harness::{CASE, Case, Samples},
};

/// A request as it arrived.
#[derive(Clone, Debug)]
struct Arrival {
    method: Method,
    uri: Uri,
    body: Bytes,
}

#[derive(Clone)]
struct Shared {
    samples: Samples,
    arrivals: Arc<Mutex<HashMap<String, Arrival>>>,
}

/// The running server.
pub(crate) struct Upstream {
    address: SocketAddr,
    shared: Shared,
}

/// Starts the server on a free port of the loopback interface.
pub(crate) async fn start(samples: Samples) -> Result<Upstream, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let shared = Shared {
        samples,
        arrivals: Arc::default(),
    };
    let router = Router::new().fallback(answer).with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(Upstream { address, shared })
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let name = headers
        .get(CASE)
        .and_then(|name| name.to_str().ok())
        .unwrap_or_default();
    let Some(case) = shared.samples.named(name) else {
        return (StatusCode::BAD_REQUEST, "no such case").into_response();
    };
    let arrival = Arrival { method, uri, body };
    let mut arrivals = shared
        .arrivals
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    arrivals.insert(case.name(), arrival);
    let status = StatusCode::from_u16(case.status()).unwrap_or(StatusCode::OK);
    match case.response_body() {
        Value::Null => status.into_response(),
        body => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (status, content_type, body.to_string()).into_response()
        }
    }
}

impl Upstream {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Compares what arrived with the sample it was made from, and what the SDK decoded with the
    /// sample that was answered.
    pub(crate) fn verify(&self, case: &Case, decoded: &Value) -> Result<(), String> {
        let arrivals = self
            .shared
            .arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let arrival = arrivals
            .get(&case.name())
            .ok_or("the request did not arrive")?;
        expect("method", &case.method(), &arrival.method.as_str())?;
        expect("path", &expected_path(case), &arrival.uri.path().to_owned())?;
        expect("query", &expected_query(case), &query(&arrival.uri))?;
        let body = match arrival.body.as_ref() {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).map_err(|error| error.to_string())?,
        };
        expect("body", case.request_body(), &body)?;
        expect("decoded response", case.response_body(), decoded)
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, found: &T) -> Result<(), String> {
    if wanted == found {
        Ok(())
    } else {
        Err(format!(
            "the {what} is\n  {found:?}\ninstead of\n  {wanted:?}"
        ))
    }
}

fn expected_path(case: &Case) -> String {
    let mut path = case.path().to_owned();
    for (name, place, value) in case.parameters() {
        if place == "path" {
            path = path.replace(&format!("{{{name}}}"), &encode(&text(value)));
        }
    }
    path
}

/// The pairs, sorted: the order of different parameters means nothing.
fn expected_query(case: &Case) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, place, value) in case.parameters() {
        if place == "query" {
            match value {
                Value::Array(items) => {
                    pairs.extend(items.iter().map(|item| (name.to_owned(), text(item))));
                }
                value => pairs.push((name.to_owned(), text(value))),
            }
        }
    }
    pairs.sort();
    pairs
}

fn query(uri: &Uri) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect();
    pairs.sort();
    pairs
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encode(text: &str) -> String {
    let set = percent_encoding::NON_ALPHANUMERIC;
    percent_encoding::utf8_percent_encode(text, set).to_string()
}
