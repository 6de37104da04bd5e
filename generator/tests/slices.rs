//! Slices of whole descriptions: what is rendered from a slice is what is rendered from its source.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sdkgen::{
    Code, Diagnostic, Job, Layout,
    slice::{self, Import, Syntax},
};
use serde_json::{Value, json};

#[path = "../../tests/dialects/convert.rs"]
mod convert;

/// Goldens of constructs that 3.0 cannot say: tuples.
const BEYOND: &[&str] = &["corners", "merged_recursion", "modern", "repairs"];

/// A golden whose configuration is about schemas that no operation uses, which no slice has.
const OF_UNUSED: &str = "names";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn render(job: &Job) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let compilation = sdkgen::compile(job);
    let diagnostics = compilation.diagnostics;
    let compiled = compilation
        .compiled
        .unwrap_or_else(|| panic!("{diagnostics:#?}"));
    let rendered = sdkgen::render(&compiled).unwrap();
    let files = rendered.files.into_iter();
    let files = files.map(|(path, text)| (path.to_string(), text)).collect();
    (files, diagnostics)
}

fn job(spec: &Path, config: Option<&Path>) -> Job {
    let job = Job::new(spec)
        .with_crate_name("sliced")
        .with_layout(Layout::Embedded);
    config.into_iter().fold(job, Job::with_config)
}

fn count(diagnostics: &[Diagnostic]) -> BTreeMap<Code, usize> {
    let mut count = BTreeMap::new();
    for diagnostic in diagnostics {
        *count.entry(diagnostic.code).or_default() += 1;
    }
    count
}

/// Renders what is selected of a description, and the slice of it, and gives what differs.
fn differences(spec: &Path, config: Option<&Path>, include: &[&str]) -> Vec<String> {
    let selected = |job: Job| include.iter().copied().fold(job, Job::with_include);
    let folder = tempfile::tempdir().unwrap();
    // Under the same name, which stands in the headers of rendered files.
    let sliced = folder.path().join(spec.file_name().unwrap());
    let slice = selected(Job::new(spec))
        .slice()
        .unwrap_or_else(|refused| panic!("{refused}"));
    fs::write(&sliced, slice.text(Syntax::Yaml)).unwrap();
    let again = Job::new(&sliced)
        .slice()
        .unwrap_or_else(|refused| panic!("{refused}"));
    let mut found = Vec::new();
    if again.text(Syntax::Yaml) != slice.text(Syntax::Yaml) {
        found.push("a slice of the slice".to_owned());
    }
    let (expected, said) = render(&selected(job(spec, config)));
    let (rendered, said_of_slice) = render(&job(&sliced, config));
    let said = count(&said);
    for (code, number) in count(&said_of_slice) {
        if number > said.get(&code).copied().unwrap_or_default() {
            found.push(format!("{}: {number}", code.as_str()));
        }
    }
    for path in expected.keys().chain(rendered.keys()) {
        if expected.get(path) != rendered.get(path) && !found.contains(path) {
            found.push(path.clone());
        }
    }
    found
}

#[test]
fn goldens_render_alike_from_their_slices() {
    let other = tempfile::tempdir().unwrap();
    let mut number = 0;
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join("tests/golden")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if name == OF_UNUSED {
            continue;
        }
        let own = fs::read_to_string(folder.join("sdkgen.toml")).unwrap();
        let config = other.path().join("sdkgen.toml");
        fs::write(&config, own.replace("unused_schemas = \"render\"", "")).unwrap();
        let found = differences(&folder.join("spec.yaml"), Some(&config), &[]);
        number += 1;
        if !found.is_empty() {
            all.push((name, found));
        }
    }
    assert!(number > 20);
    all.retain(|(name, _)| !BEYOND.contains(&name.as_str()));
    assert!(all.is_empty(), "{all:#?}");
}

/// Whether a description is read without an error or a code that its source has not.
fn new_codes(text: &str, source: &[Diagnostic]) -> Vec<Diagnostic> {
    let (known, severe) = (count(source), sdkgen::Severity::Error);
    let compilation = sdkgen::compile(&Job::from_text("slice.yaml", text));
    let mut found = compilation.diagnostics;
    // That nothing uses a schema is a matter of what is selected.
    found.retain(|said| {
        said.severity == severe
            || !known.contains_key(&said.code) && said.code != Code::UnusedSchemas
    });
    found
}

#[test]
fn the_slice_of_each_operation_can_be_read() {
    let (mut number, mut found) = (0, Vec::new());
    for entry in fs::read_dir(root().join("tests/golden")).unwrap() {
        let spec = entry.unwrap().path().join("spec.yaml");
        let source = sdkgen::compile(&Job::new(&spec));
        let models = source.compiled.iter().map(sdkgen::measuring::api);
        for operation in models.flat_map(|api| &api.operations) {
            let selector = format!("operation:{}", operation.id);
            // An operation without an id, or with one that is a pattern, is selected in other ways.
            let Ok(slice) = Job::new(&spec).with_include(&selector).slice() else {
                continue;
            };
            number += 1;
            let new = new_codes(&slice.text(Syntax::Yaml), &source.diagnostics);
            found.extend(new.into_iter().map(|said| format!("{selector}: {said}")));
        }
    }
    assert!(number > 150, "{number}");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn names_that_a_reference_has_to_encode_can_be_read_again() {
    let names = [
        "a%20b",
        "a/b",
        "a~b",
        "a~1b",
        "100%",
        "%2F",
        "%2525",
        "x#y",
        "\u{e4} \u{f6}",
        "a\"b",
        "a'b",
        "~0",
        "A^B",
        "a.b/c.yaml",
    ];
    let escaped = |name: &str| {
        let name = name.replace('~', "~0").replace('/', "~1");
        name.replace('%', "%25")
    };
    let reference = |section: &str, name: &str| {
        let name = escaped(name);
        json!({"$ref": format!("#/components/{section}/{name}")})
    };
    let object = json!({"type": "object", "properties": {"v": {"type": "string"}}});
    let each = |value: Value| -> serde_json::Map<String, Value> {
        let members = names.iter().map(|name| ((*name).to_owned(), value.clone()));
        members.collect()
    };
    let mapping: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                reference("schemas", name)["$ref"].clone(),
            )
        })
        .collect();
    let all = |section: &str| -> Vec<Value> {
        names.iter().map(|name| reference(section, name)).collect()
    };
    let union = json!({
        "oneOf": all("schemas"), "discriminator": {"propertyName": "t", "mapping": mapping},
    });
    let mut schemas = each(object);
    schemas.insert("Union".to_owned(), union);
    let mut parameters = serde_json::Map::new();
    for (at, name) in names.iter().enumerate() {
        let parameter =
            json!({"name": format!("q{at}"), "in": "query", "schema": {"type": "string"}});
        parameters.insert((*name).to_owned(), parameter);
    }
    let mut statuses = serde_json::Map::new();
    for (at, name) in names.iter().enumerate() {
        statuses.insert((400 + at).to_string(), reference("responses", name));
    }
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Union"}}});
    statuses.insert(
        "200".to_owned(),
        json!({"description": "d", "content": content}),
    );
    let description = json!({
        "openapi": "3.0.3",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "a", "responses": statuses, "parameters": all("parameters"),
        }}},
        "components": {
            "schemas": schemas, "parameters": parameters,
            "responses": each(json!({"description": "d", "headers": {"X-H": reference("headers", "a%20b")}})),
            "headers": each(json!({"schema": {"type": "string"}})),
        },
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.yaml");
    fs::write(&path, description.to_string()).unwrap();
    let source = sdkgen::compile(&Job::new(&path));
    assert!(source.compiled.is_some(), "{:#?}", source.diagnostics);
    let slice = Job::new(&path).slice().unwrap();
    let text = slice.text(Syntax::Yaml);
    let new = new_codes(&text, &source.diagnostics);
    assert!(new.is_empty(), "{new:#?}");
    fs::write(&path, &text).unwrap();
    assert_eq!(Job::new(&path).slice().unwrap().text(Syntax::Yaml), text);
}

#[test]
fn a_slice_does_not_replace_what_it_is_cut_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    fs::copy(root().join("spec/users-api.yaml"), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sdkgen"));
    command
        .arg("slice")
        .arg(&path)
        .args(["--tag", "Users", "--out"]);
    let refused = command.arg(&path).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn the_users_api_renders_alike_from_its_slice() {
    let spec = root().join("spec/users-api.yaml");
    let config = root().join("spec/sdkgen.toml");
    assert_eq!(differences(&spec, Some(&config), &[]), [""; 0]);
    let include = ["path:/api/v2/users/**", "getAnalytics*"];
    assert_eq!(differences(&spec, None, &include), [""; 0]);
}

#[test]
fn the_command_writes_what_is_selected() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("slice.json");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_sdkgen"))
            .arg("slice")
            .arg(root().join("spec/users-api.yaml"))
            .args(arguments)
            .output()
            .unwrap()
    };
    let path = out.to_str().unwrap();
    let arguments = ["--tag", "Users", "--exclude", "deleteUser", "--out", path];
    let first = run(&arguments);
    assert!(first.status.success(), "{first:?}");
    assert!(
        String::from_utf8(first.stdout)
            .unwrap()
            .starts_with("wrote ")
    );
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.starts_with("{\n  \"openapi\": \"3.0.3\""));
    assert!(text.contains("\"getUser\"") && !text.contains("\"deleteUser\""));
    let again = run(&arguments);
    assert!(
        String::from_utf8(again.stdout)
            .unwrap()
            .ends_with(" is up to date\n")
    );
    let shown = run(&["--include", "operation:getUser"]);
    assert!(
        String::from_utf8(shown.stdout)
            .unwrap()
            .starts_with("openapi: 3.0.3\n")
    );
    let refused = run(&["--tag", "User"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("did you mean `Users`?")
    );
}

fn users_api() -> Value {
    let path = root().join("spec/users-api.yaml");
    sdkgen::measuring::tree(&path).unwrap()
}

/// What comes of bringing the Users API up to date with a description.
fn import(description: &Value) -> Import {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.json");
    fs::write(&path, description.to_string()).unwrap();
    let job = Job::new(path).with_include("tag:Users");
    let file = root().join("spec/users-api.yaml");
    slice::import(&file, &job).unwrap_or_else(|refused| panic!("{refused}"))
}

#[test]
fn the_users_api_in_another_dialect_brings_nothing_new() {
    let text = fs::read_to_string(root().join("spec/users-api.yaml")).unwrap();
    for other in [
        users_api(),
        convert::modern(users_api()),
        convert::swagger(&users_api()),
    ] {
        let done = import(&other);
        assert_eq!(done.to_string(), "nothing changed\n");
        assert!(done.text == text);
    }
}

#[test]
fn what_is_new_in_the_users_api_changes_its_lines_alone() {
    let mut other = convert::swagger(&users_api());
    let schemas = &mut other["definitions"];
    schemas["Badge"] = json!({
        "type": "object", "description": "In the words of others.",
        "properties": {"id": {"type": "string", "title": "Others"}, "color": {"type": "string"}},
    });
    schemas["Verifier"]["properties"]["type"]["enum"] = json!(["TOTP"]);
    let name = &mut schemas["WritableDivision"]["properties"]["name"];
    name["type"] = json!("integer");
    name["format"] = json!("int32");
    other["paths"]["/api/v2/users/{userId}/badges"]["get"] = json!({
        "operationId": "getUserBadges", "tags": ["Users"], "summary": "In the words of others.",
        "parameters": [{"name": "userId", "in": "path", "required": true, "type": "string"}],
        "responses": {
            "200": {"description": "Others", "schema": {"$ref": "#/definitions/Badge"}},
            "404": {"description": "Others", "schema": {"$ref": "#/definitions/ErrorBody"}},
        },
    });
    let done = import(&other);
    let text = fs::read_to_string(root().join("spec/users-api.yaml")).unwrap();
    let changes = similar::TextDiff::from_lines(&text, &done.text);
    let changes = changes.iter_all_changes();
    let lines: String = changes
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{change}", change.tag()))
        .collect();
    let expected = "\
+  /api/v2/users/{userId}/badges:
+    get:
+      operationId: getUserBadges
+      tags: [Users]
+      parameters:
+        - $ref: '#/components/parameters/UserId'
+      responses:
+        '200':
+          description: ''
+          content:
+            application/json:
+              schema:
+                $ref: '#/components/schemas/Badge'
+        default:
+          $ref: '#/components/responses/Failure'
+    Badge:
+      type: object
+      properties:
+        color:
+          type: string
+        id:
+          type: string
-            - WEBAUTHN
-          type: string
+          type: integer
+          format: int32
";
    assert_eq!(lines, expected);
    let report = "\
added:
  operation getUserBadges (GET /api/v2/users/{userId}/badges)
  schema Badge
changed:
  schema Verifier
    - properties / type / enum / WEBAUTHN
  schema WritableDivision
    ~ properties / name / type: string -> integer
    + properties / name / format
needs a description:
  #/paths/~1api~1v2~1users~1{userId}~1badges/get
  #/paths/~1api~1v2~1users~1{userId}~1badges/get/responses/200
  #/components/schemas/Badge
  #/components/schemas/Badge/properties/id
";
    assert_eq!(done.to_string(), report);
}
