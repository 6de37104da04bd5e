//! What a rendered call is given and what it answers.

use std::{collections::BTreeSet, fmt, fs, path::Path, pin::Pin, sync::Arc};

use genesys_cloud_users::{Client, RequestOptions, Response};
use http::{HeaderName, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::Failure;

/// The header that tells the server which case a request belongs to.
pub(crate) const CASE: HeaderName = HeaderName::from_static("x-contract-case");

/// The decoded body of a success, written as JSON again, or what went wrong.
pub(crate) type Answer = Result<Value, String>;

/// A call of one operation.
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) run: fn(Client, Case) -> Running,
}

/// A call on its way.
pub(crate) type Running = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// How much a request holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    All,
    Required,
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Required => "required",
        })
    }
}

/// The rendered samples, by operation.
#[derive(Clone)]
pub(crate) struct Samples(Arc<Map<String, Value>>);

impl Samples {
    pub(crate) fn read() -> Result<Self, Failure> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(here.join("contract/src/generated/samples.json"))?;
        Ok(Self(Arc::new(serde_json::from_str(&text)?)))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn case(&self, operation: &str, extent: Extent) -> Result<Case, Failure> {
        let sample = self
            .0
            .get(operation)
            .ok_or(format!("no sample of {operation}"))?;
        Ok(Case {
            operation: operation.to_owned(),
            extent,
            sample: sample.clone(),
        })
    }

    /// The case that a request's header names.
    pub(crate) fn named(&self, name: &str) -> Option<Case> {
        let (operation, extent) = name.split_once('/')?;
        let extent = match extent {
            "all" => Extent::All,
            "required" => Extent::Required,
            _ => return None,
        };
        self.case(operation, extent).ok()
    }
}

/// One operation to call, and with how much.
#[derive(Clone)]
pub(crate) struct Case {
    operation: String,
    extent: Extent,
    sample: Value,
}

impl Case {
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.operation, self.extent)
    }

    pub(crate) fn method(&self) -> &str {
        self.sample["method"].as_str().unwrap_or_default()
    }

    /// The path template.
    pub(crate) fn path(&self) -> &str {
        self.sample["path"].as_str().unwrap_or_default()
    }

    pub(crate) fn status(&self) -> u16 {
        let status = self.sample["status"]
            .as_u64()
            .and_then(|status| status.try_into().ok());
        status.unwrap_or_default()
    }

    /// The parameters to send: name, place, value.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let parameters = self.side()["parameters"].as_object();
        parameters.into_iter().flatten().map(|(name, parameter)| {
            (
                name.as_str(),
                parameter["in"].as_str().unwrap_or_default(),
                &parameter["value"],
            )
        })
    }

    /// The body to send; null if there is none.
    pub(crate) fn request_body(&self) -> &Value {
        &self.side()["body"]
    }

    /// The body to answer with; null if there is none.
    pub(crate) fn response_body(&self) -> &Value {
        &self.side()["response"]
    }

    /// The value of a parameter that must be there.
    pub(crate) fn required<T: DeserializeOwned>(&self, name: &str) -> T {
        self.optional(name)
            .unwrap_or_else(|| panic!("{}: no sample of `{name}`", self.name()))
    }

    /// The value of a parameter that can be left out. The empty name is the body's.
    pub(crate) fn optional<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let value = match name {
            "" => Some(self.request_body()).filter(|body| !body.is_null()),
            _ => self.side()["parameters"]
                .get(name)
                .map(|parameter| &parameter["value"]),
        }?;
        Some(self.decode(value))
    }

    /// The body of a request that must have one.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> T {
        if let Err(message) = prove_typed::<T>(self.request_body()) {
            panic!("{}: the request body: {message}", self.name());
        }
        self.decode(self.request_body())
    }

    pub(crate) fn options(&self) -> RequestOptions {
        let name = HeaderValue::try_from(self.name());
        RequestOptions::new().with_header(CASE, name.expect("operation ids are plain text"))
    }

    pub(crate) fn answer<T: Serialize + DeserializeOwned>(
        &self,
        result: genesys_cloud_users::Result<Response<T>>,
    ) -> Answer {
        let response = result.map_err(|error| {
            let body = error
                .body()
                .map(|body| String::from_utf8_lossy(body).into_owned());
            format!("{error}\n{}", body.unwrap_or_default())
        })?;
        if response.status() != self.status() {
            return Err(format!(
                "status {} instead of {}",
                response.status(),
                self.status()
            ));
        }
        if let Some(violations) = response.headers().get("sl-violations") {
            return Err(format!(
                "Prism: {}",
                String::from_utf8_lossy(violations.as_bytes())
            ));
        }
        prove_typed::<T>(self.response_body())?;
        serde_json::to_value(response.body()).map_err(|error| error.to_string())
    }

    fn side(&self) -> &Value {
        &self.sample[self.extent.to_string()]
    }

    fn decode<T: DeserializeOwned>(&self, value: &Value) -> T {
        T::deserialize(value).unwrap_or_else(|error| panic!("{}: {error}: {value}", self.name()))
    }
}

/// A model that knew none of the properties would keep them all in its `extra` and still give back
/// what it was given. So each scalar of the sample is replaced by an object in turn: only where the
/// description leaves the form free may that decode.
fn prove_typed<T: DeserializeOwned>(sample: &Value) -> Result<(), String> {
    let mut pointers = Vec::new();
    scalars(sample, String::new(), &mut pointers);
    // The same property of the same kind of parent says the same wherever it stands.
    let mut seen = BTreeSet::new();
    for pointer in pointers {
        let steps: Vec<&str> = pointer
            .split('/')
            .filter(|step| step.parse::<usize>().is_err())
            .collect();
        let is_free = steps.contains(&"free");
        if is_free || !seen.insert(steps[steps.len().saturating_sub(2)..].join("/")) {
            continue;
        }
        let mut wrong = sample.clone();
        if let Some(place) = wrong.pointer_mut(&pointer) {
            *place = json!({"no": "scalar"});
        }
        if T::deserialize(&wrong).is_ok() {
            return Err(format!("{pointer} has no field: any value is taken for it"));
        }
    }
    Ok(())
}

fn scalars(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                scalars(member, format!("{at}/{name}"), pointers);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                scalars(item, format!("{at}/{index}"), pointers);
            }
        }
        _ => pointers.push(at),
    }
}
