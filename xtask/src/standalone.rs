//! Builds a rendered crate as its users would: outside of this workspace.

use std::{fs, path::PathBuf};

use xtask::root;

use xtask::process::{cargo, run};

/// Renders a description with several groups as a self-contained crate and builds it: with the default
/// features and the examples, without features, with each group alone, and its documentation.
pub(crate) fn standalone() -> bool {
    match rendered() {
        Ok((crate_folder, groups)) => {
            let build = |arguments: &[&str]| {
                let mut command = cargo();
                command
                    .current_dir(&crate_folder)
                    .env("CARGO_TARGET_DIR", root().join("target/standalone/target"))
                    .env("RUSTFLAGS", "-D warnings")
                    .env("RUSTDOCFLAGS", "-D warnings")
                    .args(arguments);
                run(&mut command)
            };
            build(&["test", "--doc"])
                && build(&["check", "--no-default-features"])
                && groups
                    .iter()
                    .all(|group| build(&["check", "--no-default-features", "--features", group]))
                && build(&["doc", "--no-deps"])
        }
        Err(error) => {
            eprintln!("{error}");
            false
        }
    }
}

/// The folder of the crate, and the features of its groups.
fn rendered() -> Result<(PathBuf, Vec<String>), Box<dyn std::error::Error>> {
    let out = root().join("target/standalone/collisions");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let job = sdkgen::Job::new(root().join("tests/golden/collisions/spec.yaml"))
        .with_crate_name("collisions");
    job.generate(&out)?;
    // The versions that the workspace is tested with; cargo removes the unneeded ones.
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))?;
    let listed = cargo()
        .current_dir(&out)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&listed.stdout)?;
    let groups = metadata["packages"][0]["features"]["all-operations"]
        .as_array()
        .ok_or("the crate has no feature for all operations")?
        .iter()
        .filter_map(|feature| Some(feature.as_str()?.to_owned()))
        .collect::<Vec<_>>();
    match groups.len() {
        0 | 1 => Err("the crate has no features of its groups".into()),
        _ => Ok((out, groups)),
    }
}
