//! The contract: every operation, called through the SDK with all parameters and with only the
//! required ones, at a real HTTP server behind Prism, an independent validator.
//!
//! Prism rejects a request that does not fit the description, and a response that does not; the
//! server compares each request with the sample it was made from; the harness compares what the
//! SDK decoded with what the server sent.

#[rustfmt::skip]
#[path = "src/generated/calls.rs"]
mod calls;
mod harness;
mod prism;
mod upstream;

/// The names rendered types of parameters have in an SDK.
#[expect(
    dead_code,
    reason = "which of them are needed depends on the description"
)]
mod rt {
    pub(crate) type DateTime = genesys_cloud_users::DateTime;
    pub(crate) type Date = chrono::NaiveDate;
    pub(crate) type JsonObject = serde_json::Map<String, serde_json::Value>;
    pub(crate) type Map<V> = std::collections::BTreeMap<String, V>;
}

use std::process::ExitCode;

use genesys_cloud_users::Client;
use harness::{Extent, Samples};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("contract: cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<bool, Failure> {
    let samples = Samples::read()?;
    let upstream = upstream::start(samples.clone()).await?;
    let prism = prism::start(upstream.address()).await?;
    prove_that_prism_validates(&prism).await?;
    let client = Client::builder()
        .base_url(prism.url())
        .bearer_token("contract")
        .build()?;
    let (mut requests, mut rejected, mut passed) = (0, 0, 0);
    for call in calls::CALLS {
        let mut whole = true;
        for extent in [Extent::All, Extent::Required] {
            let case = samples.case(call.operation, extent)?;
            let answer = (call.run)(client.clone(), case.clone()).await;
            requests += 1;
            if let Err(message) = answer.and_then(|decoded| upstream.verify(&case, &decoded)) {
                eprintln!("{}: {message}", case.name());
                rejected += 1;
                whole = false;
            }
        }
        passed += usize::from(whole);
    }
    let operations = samples.count();
    println!(
        "contract: {passed}/{operations} operations, {requests} requests, {rejected} rejected"
    );
    Ok(passed == operations && rejected == 0)
}

/// A validator that lets everything pass would prove nothing: a request without a required
/// parameter and one without a token must be rejected, and must not reach the server.
async fn prove_that_prism_validates(prism: &prism::Prism) -> Result<(), Failure> {
    let url = format!("{}/api/v2/fieldconfig", prism.url());
    let http = reqwest::Client::new();
    let wrong = http
        .get(&url)
        .bearer_auth("contract")
        .send()
        .await?
        .status();
    let anonymous = http
        .get(format!("{url}?type=person"))
        .send()
        .await?
        .status();
    if wrong.as_u16() != 422 || anonymous.as_u16() != 401 {
        return Err(format!(
            "Prism answers {wrong} to a wrong request and {anonymous} to one without a token"
        )
        .into());
    }
    Ok(())
}
