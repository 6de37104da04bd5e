//! `kill -9` at any moment leaves each file old or new, and the next run heals the rest.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A description of many models; `kind` is in the documentation of every second one.
fn description(kind: &str) -> String {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: Many, version: '1'}\npaths:\n  /a:\n    get: {operationId: getA, summary: KIND, responses: {'204': {description: Gone.}}}\ncomponents:\n  schemas:\n",
    );
    text = text.replace("KIND", kind);
    for index in 0..400 {
        let kind = if index % 2 == 0 { kind } else { "same" };
        writeln!(text, "    Model{index}: {{type: object, description: Of the {kind} kind., properties: {{id: {{type: string}}}}}}").unwrap();
    }
    // A model that only one of the two has.
    writeln!(
        text,
        "    Only{kind}: {{type: object, properties: {{id: {{type: string}}}}}}"
    )
    .unwrap();
    text
}

fn generate(spec: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sdkgen"));
    command
        .args(["generate", "--embedded"])
        .arg("--spec")
        .arg(spec)
        .arg("--out")
        .arg(out)
        .arg("--config")
        .arg(spec.with_file_name("sdkgen.toml"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

fn is_writing(out: &Path) -> bool {
    let entries = fs::read_dir(out.join("src/generated/models")).unwrap();
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    names
        .into_iter()
        .any(|name| name.to_string_lossy().starts_with(".sdkgen-"))
}

#[test]
fn a_killed_run_leaves_every_file_old_or_new() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("api.yaml");
    let out = folder.path().join("out");
    let config = "unused_schemas = \"render\"\n";
    fs::write(folder.path().join("sdkgen.toml"), config).unwrap();
    let whole = |kind: &str| {
        fs::write(&spec, description(kind)).unwrap();
        let start = Instant::now();
        assert!(generate(&spec, &out).status().unwrap().success());
        (tree(&out), start.elapsed())
    };
    let (new, _) = whole("new");
    let (old, duration) = whole("old");
    let (mut mixed, mut untouched) = (0, 0);
    let rounds = 24;
    for round in 0..rounds {
        fs::write(&spec, description("new")).unwrap();
        let mut child = generate(&spec, &out).spawn().unwrap();
        if round % 3 == 0 {
            thread::sleep(duration * round / rounds);
        } else {
            // From the first file under a temporary name on, it writes.
            while !is_writing(&out) && child.try_wait().unwrap().is_none() {}
            thread::sleep(Duration::from_micros(900) * round);
        }
        let _ = child.kill();
        child.wait().unwrap();
        let found = tree(&out);
        for (name, bytes) in &found {
            let is_whole = Some(bytes) == old.get(name) || Some(bytes) == new.get(name);
            let is_ours_alone = name.contains(".sdkgen-") || name.ends_with("manifest.json");
            assert!(is_whole || is_ours_alone, "{name} is neither old nor new");
        }
        let changed = found
            .iter()
            .filter(|(name, bytes)| *name != ".sdkgen-lock" && old.get(*name) != Some(bytes))
            .count();
        mixed += usize::from(changed > 0 && found != new);
        untouched += usize::from(changed == 0);
        let (healed, _) = whole("old");
        assert_eq!(
            healed.keys().collect::<Vec<_>>(),
            old.keys().collect::<Vec<_>>()
        );
        assert!(healed == old, "the next run heals");
    }
    // Otherwise the kills came too early or too late to prove anything.
    assert!(untouched > 0, "no run was killed before it wrote");
    assert!(mixed > 0, "no run was killed while it wrote");
    println!("{mixed} of {rounds} runs were killed while writing");
}
