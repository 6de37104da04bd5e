//! What is made to take all time or memory: it ends soon, with a diagnostic or a result.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// So long a run without optimization may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came of a run.
struct Ended {
    code: Option<i32>,
    /// What `--format json` prints.
    document: Value,
    /// The most memory it had, in MiB, where the system tells.
    peak: Option<u64>,
}

impl Ended {
    fn codes(&self) -> BTreeSet<String> {
        let said = self.document["diagnostics"].as_array().unwrap().iter();
        said.map(|said| said["code"].as_str().unwrap().to_owned())
            .collect()
    }

    fn messages(&self) -> String {
        let said = self.document["diagnostics"].as_array().unwrap().iter();
        said.map(|said| said["message"].as_str().unwrap().to_owned() + "\n")
            .collect()
    }

    /// That it was refused with a code, with no more memory than so many MiB.
    fn refused(&self, code: &str, most: u64) {
        assert_eq!(self.code, Some(1));
        assert!(self.codes().contains(code), "{:?}", self.codes());
        self.took_at_most(most);
    }

    /// That it was read, with no more memory than so many MiB.
    fn read(&self, most: u64) {
        assert_eq!(self.code, Some(0), "{}", self.messages());
        assert!(self.document["result"].is_object());
        self.took_at_most(most);
    }

    fn took_at_most(&self, most: u64) {
        if let Some(peak) = self.peak {
            assert!(peak < most, "{peak} MiB are more than {most}");
        }
    }
}

/// Runs a command on a file of this name and text.
fn run(command: &str, name: &str, text: &str) -> Ended {
    run_with(command, &[(name, text)], &[])
}

/// Runs a command on the first of some files.
fn run_with(command: &str, files: &[(&str, &str)], more: &[&str]) -> Ended {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(root.path().join(name), text).unwrap();
    }
    run_in(root.path(), command, files[0].0, more)
}

fn run_in(folder: &Path, command: &str, spec: &str, more: &[&str]) -> Ended {
    let printed = folder.join("printed");
    let child = Command::new(env!("CARGO_BIN_EXE_sdkgen"))
        .args([command, "--format", "json", "--spec", spec])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(File::create(&printed).unwrap())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let (code, peak) = watch(child);
    Ended {
        code,
        document: serde_json::from_str(&fs::read_to_string(printed).unwrap()).unwrap_or_default(),
        peak,
    }
}

/// Waits for a program and looks at its memory meanwhile.
fn watch(mut child: Child) -> (Option<i32>, Option<u64>) {
    let start = Instant::now();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = peak.max(kib.map(|kib| kib >> 10));
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), peak);
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it takes more than {PATIENCE:?}, and had {peak:?} MiB");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A description with these schemas, all of which an operation returns.
fn with_schemas(schemas: serde_json::Map<String, Value>) -> String {
    let reference = |name: &String| json!({"$ref": format!("#/components/schemas/{name}")});
    let all: serde_json::Map<String, Value> = schemas
        .keys()
        .enumerate()
        .map(|(at, name)| (format!("p{at}"), reference(name)))
        .collect();
    let schema = json!({"type": "object", "properties": all});
    let content = json!({"application/json": {"schema": schema}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "getA", "responses": {
            "200": {"description": "d", "content": content},
        }}}},
        "components": {"schemas": schemas},
    })
    .to_string()
}

#[test]
fn aliases_that_multiply() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (previous, name) in ('a'..).zip('b'..='j') {
        let aliases = vec![format!("*{previous}"); 9].join(", ");
        writeln!(text, "{name}: &{name} [{aliases}]").unwrap();
    }
    run("check", "a.yaml", &text).refused("E0102", 500);
}

#[test]
fn nesting() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for (name, text) in [
        ("a.json", deep("[", "]")),
        ("a.json", deep("{\"a\":", "}")),
        ("a.yaml", deep("[", "]")),
        ("a.yaml", deep("{a: ", "}")),
        ("a.yaml", deep("- ", "")),
        ("a.yaml", deep("? ", "")),
        ("a.yaml", format!("a: {}", deep("[\"]\", ", "]"))),
    ] {
        let ended = run("check", name, &text);
        ended.refused("E0102", 200);
        assert!(ended.messages().contains("nested too deeply"), "{name}");
    }
}

#[test]
fn references_in_a_row() {
    let chain = |last: Value| {
        let one = |at: usize| {
            let next = format!("#/components/schemas/A{}", at + 1);
            (format!("A{at}"), json!({"$ref": next}))
        };
        let mut schemas: serde_json::Map<String, Value> = (0..100_000).map(one).collect();
        schemas.insert("A100000".to_owned(), last);
        let mut description: Value =
            serde_json::from_str(&with_schemas(serde_json::Map::default())).unwrap();
        description["components"]["schemas"] = schemas.into();
        let first = json!({"$ref": "#/components/schemas/A0"});
        let get = &mut description["paths"]["/a"]["get"]["responses"]["200"];
        get["content"]["application/json"]["schema"] = first;
        description.to_string()
    };
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    run("check", "a.json", &chain(object)).read(1000);
    let circle = json!({"$ref": "#/components/schemas/A0"});
    let ended = run("check", "a.json", &chain(circle));
    ended.refused("E0202", 1000);
    assert!(ended.messages().len() < 2000, "a circle is told in short");
}

#[test]
fn names_that_casing_makes_alike() {
    let name = |at: usize| -> String {
        let separator = |bit: usize| if at >> bit & 1 == 0 { '-' } else { '_' };
        (0..15)
            .flat_map(|bit| ['x', separator(bit)])
            .chain(['x'])
            .collect()
    };
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let schemas = (0..10_000).map(|at| (name(at), object.clone())).collect();
    let ended = run("inspect", "a.json", &with_schemas(schemas));
    ended.read(1500);
    assert!(ended.codes().contains("W0601"));
    let types = ended.document["result"]["types"].as_array().unwrap();
    let names: BTreeSet<&str> = types
        .iter()
        .map(|declared| declared["rust"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), types.len());
    assert!(names.len() > 10_000);
}

#[test]
fn overlays_that_multiply() {
    let mut actions = vec![json!({"target": "$.info", "update": {"x-d": {}}})];
    for at in 0..40 {
        let update = json!({format!("k{at}"): {"m": 1}, format!("j{at}"): {"m": 1}});
        actions.push(json!({"target": "$.info..*", "update": update}));
    }
    let overlay = json!({"overlay": "1.0.0", "actions": actions}).to_string();
    let description = with_schemas(serde_json::Map::default());
    let files = [
        ("a.json", description.as_str()),
        ("o.json", overlay.as_str()),
    ];
    run_with("check", &files, &["--overlay", "o.json"]).refused("E0106", 1000);
}

#[test]
fn media_types_times_responses() {
    let types: Vec<String> = (0..1500).map(|at| format!("a/x{at}")).collect();
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let operation = |at: usize| {
        let responses = json!({"200": {"description": "d", "schema": schema}});
        let parameters = json!([{"in": "body", "name": "b", "schema": schema}]);
        let get = json!({"operationId": format!("o{at}"), "parameters": parameters, "responses": responses});
        (format!("/p{at}"), json!({"post": get}))
    };
    let paths: serde_json::Map<String, Value> = (0..1500).map(operation).collect();
    let text = json!({
        "swagger": "2.0",
        "info": {"title": "A", "version": "1"},
        "produces": types,
        "consumes": types,
        "paths": paths,
    });
    run("check", "a.json", &text.to_string()).read(1500);
}

#[test]
fn names_that_are_long_and_alike() {
    // As many letters of each kind, in other orders: whatever compares them has much to do.
    let name = |at: usize, length: usize| -> String {
        let letter = |step: usize| char::from(b'a' + (step * (at % 89 + 2) % 97 % 10) as u8);
        (0..length).map(letter).collect()
    };
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    for length in [100, 1000] {
        let schemas = (0..400).map(|at| (format!("{}{at}", name(at, length)), object.clone()));
        let mut schemas: serde_json::Map<String, Value> = schemas.collect();
        let wanted = |at: usize| {
            let reference = format!("#/components/schemas/{}", name(at * 7 + 1, length));
            (format!("p{at}"), json!({"$ref": reference}))
        };
        let properties: serde_json::Map<String, Value> = (0..1000).map(wanted).collect();
        schemas.insert(
            "Z".to_owned(),
            json!({"type": "object", "properties": properties}),
        );
        let ended = run("check", "a.json", &with_schemas(schemas));
        ended.read(1000);
        assert!(ended.codes().contains("W0709"));
    }
}

#[test]
fn references_of_a_thousand_steps() {
    let steps = "/a".repeat(1000);
    let wanted = |at: usize| {
        let reference = format!("#/components/schemas/x{at}{steps}");
        (
            format!("A{at}"),
            json!({"type": "object", "properties": {"a": {"$ref": reference}}}),
        )
    };
    let schemas = (0..1000).map(wanted).collect();
    let ended = run("check", "a.json", &with_schemas(schemas));
    ended.read(1000);
    assert!(ended.codes().contains("W0709"));
}

#[test]
fn values_in_values_by_reference() {
    let next = |at: usize| json!({"$ref": format!("#/components/schemas/A{}", at + 1)});
    let shapes: [&dyn Fn(usize) -> Value; 2] = [
        &|at| json!({"type": "array", "items": next(at)}),
        &|at| json!({"type": "object", "properties": {"n": next(at)}}),
    ];
    for shape in shapes {
        let mut schemas: serde_json::Map<String, Value> = (0..10_000)
            .map(|at| (format!("A{at}"), shape(at)))
            .collect();
        schemas.insert(
            "A10000".to_owned(),
            json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        );
        run("inspect", "a.json", &with_schemas(schemas)).read(2000);
    }
}

#[test]
fn targets_of_overlays() {
    let description = with_schemas(serde_json::Map::default());
    for target in [
        "$".to_owned() + &"[?(".repeat(100_000),
        "$".to_owned() + &"[?@".repeat(25) + &"]".repeat(25),
        "$".to_owned() + &"[*,*,*,*]".repeat(40),
    ] {
        let actions = json!([{"target": target, "update": {}}]);
        let overlay = json!({"overlay": "1.0.0", "actions": actions}).to_string();
        let files = [
            ("a.json", description.as_str()),
            ("o.json", overlay.as_str()),
        ];
        run_with("check", &files, &["--overlay", "o.json"]).refused("E0106", 300);
    }
}

/// Pipes that nobody writes to, devices without an end, folders, links in circles.
#[cfg(unix)]
#[test]
fn what_is_no_file() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    let description = with_schemas(serde_json::Map::default());
    fs::write(folder.join("a.json"), &description).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(folder.join("pipe"))
            .status()
            .unwrap()
            .success()
    );
    symlink("/dev/zero", folder.join("zero")).unwrap();
    symlink("circle", folder.join("circle")).unwrap();
    fs::create_dir(folder.join("folder")).unwrap();
    for (number, other) in ["pipe", "zero", "circle", "folder"].into_iter().enumerate() {
        run_in(folder, "check", other, &[]).refused("E0101", 200);
        run_in(folder, "check", "a.json", &["--overlay", other]).refused("E0101", 200);
        run_in(folder, "check", "a.json", &["--config", other]).refused("E0101", 200);
        let to = description.replace(r#""type":"object""#, &format!(r#""$ref":"{other}#/A""#));
        let name = format!("r{number}.json");
        fs::write(folder.join(&name), to).unwrap();
        run_in(folder, "check", &name, &["--allow-outside"]).refused("E0101", 200);
    }
}

/// A folder that holds itself under two names holds a file under any number of them.
#[cfg(unix)]
#[test]
fn links_in_circles() {
    let root = tempfile::tempdir().unwrap();
    let description: Value =
        serde_json::from_str(&with_schemas(serde_json::Map::default())).unwrap();
    let mut description = description;
    description["components"]["schemas"] = json!({"A": {"$ref": "x/b.json#/B"}});
    let properties = json!({"a": {"$ref": "x/b.json#/B"}, "b": {"$ref": "y/b.json#/B"}});
    let other = json!({"B": {"type": "object", "properties": properties}});
    fs::write(root.path().join("a.json"), description.to_string()).unwrap();
    fs::write(root.path().join("b.json"), other.to_string()).unwrap();
    for link in ["x", "y"] {
        std::os::unix::fs::symlink(".", root.path().join(link)).unwrap();
    }
    run_in(root.path(), "check", "a.json", &[]).read(200);
}

/// `cargo test --release -p sdkgen --test bounds -- --ignored` takes a minute and some GiB.
#[test]
#[ignore = "takes much memory, and too long without optimization"]
fn a_hundred_megabytes() {
    let root = tempfile::tempdir().unwrap();
    let mut file = std::io::BufWriter::new(File::create(root.path().join("a.json")).unwrap());
    let head = with_schemas(serde_json::Map::default());
    let head = head.strip_suffix("{}}}").unwrap();
    write!(file, "{head}{{").unwrap();
    let description = "words ".repeat(150);
    for at in 0..100_000 {
        let comma = if at == 0 { "" } else { "," };
        write!(
            file,
            r#"{comma}"A{at}":{{"type":"object","description":"{description}","properties":{{"a":{{"type":"string"}},"b":{{"$ref":"A{at}"}}}}}}"#
        )
        .unwrap();
    }
    write!(file, "}}}}}}").unwrap();
    drop(file);
    assert!(fs::metadata(root.path().join("a.json")).unwrap().len() > 100 << 20);
    run_in(root.path(), "check", "a.json", &[]).read(6000);
}
