//! Writes two of the three clients out of the description the SDK is rendered from, so that all
//! three know the same operations and the same properties.

mod slice;
mod structs;

use std::{env, error::Error, fs, path::PathBuf};

use serde_json::Value;

const DESCRIPTION: &str = "../../spec/users-api.yaml";
const PATHS: [&str; 2] = ["/api/v2/users/{userId}", "/api/v2/users"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let description: Value = serde_yaml::from_str(&fs::read_to_string(DESCRIPTION)?)?;
    let mut slice = slice::cut(&description, &PATHS)?;
    let structs = structs::write(&slice, &["User", "UserEntityListing"])?;
    fs::write(out.join("structs.rs"), structs)?;
    name_the_failures(&mut slice);
    let document: openapiv3::OpenAPI = serde_json::from_value(slice)?;
    let client = progenitor::Generator::default().generate_tokens(&document)?;
    fs::write(out.join("progenitor.rs"), client.to_string())?;
    Ok(())
}

/// Says `4XX` and `5XX` where the description says `default`, which progenitor takes for a success
/// as well and then refuses, because a success has another body.
fn name_the_failures(slice: &mut Value) {
    for path in PATHS {
        let Some(responses) = slice["paths"][path]["get"]["responses"].as_object_mut() else {
            continue;
        };
        // Two arms for one status would make the compiler complain.
        responses.remove("429");
        if let Some(failure) = responses.remove("default") {
            responses.insert("4XX".to_owned(), failure.clone());
            responses.insert("5XX".to_owned(), failure);
        }
    }
}
