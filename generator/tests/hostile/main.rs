//! Hostile text in every place of a description that has text, rendered to a whole crate: what comes
//! out is Rust, TOML and documentation that says the text and does nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod descriptions;
mod judge;

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use sdkgen::Job;
use serde_json::Value;

/// Texts that mean something to Markdown, rustdoc, Rust, TOML, terminals or file systems.
const HOSTILE: &[&str] = &[
    "```\nfn hostile() { panic!() }\n```\n~~~\nhostile(\n~~~\n\n    panic!(\"hostile\")\n\n\
     - a\n\n      hostile();\n1. ```rust\n   hostile()\n   ```\n> ~~~ no_run\n> hostile()",
    "``` unbalanced `hostile\n*/ /* \"#\" \\ \\u{7} {hostile} {{x}} {% x %} '\n//! hostile\n///\r#[hostile]\r\n",
    "<script>hostile()</script> <b [Hostile](Hostile) [`Hostile`] [x](javascript:hostile) ![x](y)\n\n[Hostile]: Hostile\n",
    "\u{202e}\u{2066}\u{200f}\u{feff}\u{0}\u{1b}[2J\u{9b}1m\u{2028}\u{2029}\u{85}hostile",
    "| hostile | b |\n|---|---|\n| `a|b` | c\n===\n---\n# Errors\n\"\"\"\n'''\n] = 1\n",
    "",
    "con",
];
/// Longer than any file's name can be.
const LONG: usize = 300;

struct Case {
    place: String,
    description: Value,
}

/// What holds names that authors choose, as keys.
const MAPS: &[&str] = &[
    "paths",
    "properties",
    "schemas",
    "securitySchemes",
    "responses",
    "content",
    "headers",
    "links",
    "callbacks",
    "variables",
    "scopes",
    "mapping",
    "examples",
    "encoding",
    "definitions",
    "securityDefinitions",
    "flows",
    "changed",
    "parameters",
];
/// What holds text that is free: whatever it is, nothing else in the description depends on it.
const FREE: &[&str] = &[
    "description",
    "summary",
    "example",
    "x-enum-descriptions",
    "termsOfService",
];

/// The description with each of its texts and names replaced in turn, and with all texts that are free
/// replaced at once.
fn cases(description: &Value, hostile: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut all_free = description.clone();
    let mut places = vec![String::new()];
    while let Some(place) = places.pop() {
        let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
        let steps: Vec<&str> = place.split('/').collect();
        let last = steps.last().copied().unwrap_or_default();
        match description.pointer(&place).unwrap() {
            Value::Object(members) => {
                for key in members.keys() {
                    places.push(format!("{place}/{}", escape(key)));
                    if !MAPS.contains(&last) {
                        continue;
                    }
                    let mut changed = description.clone();
                    let members = changed
                        .pointer_mut(&place)
                        .unwrap()
                        .as_object_mut()
                        .unwrap();
                    let renamed = members.iter().map(|(name, value)| match name == key {
                        true => (hostile.to_owned(), value.clone()),
                        false => (name.clone(), value.clone()),
                    });
                    *members = renamed.collect();
                    cases.push(Case {
                        place: format!("the key {place}/{}", escape(key)),
                        description: changed,
                    });
                }
            }
            Value::Array(items) => {
                places.extend((0..items.len()).map(|index| format!("{place}/{index}")));
            }
            Value::String(_) => {
                // A property may be called like a keyword; its schema is no text then.
                if steps.iter().rev().take(2).any(|step| FREE.contains(step)) {
                    *all_free.pointer_mut(&place).unwrap() = Value::from(hostile);
                    continue;
                }
                let mut changed = description.clone();
                *changed.pointer_mut(&place).unwrap() = Value::from(hostile);
                cases.push(Case {
                    place,
                    description: changed,
                });
            }
            _ => {}
        }
    }
    cases.push(Case {
        place: "all texts that are free".to_owned(),
        description: all_free,
    });
    cases
}

/// Looks at what rendering comes to, and says what is wrong with it.
struct Inspector {
    job: Job,
    config: String,
    /// What has been looked at already, by its hash.
    seen: HashSet<u64>,
}

impl Inspector {
    fn new(config: &str) -> Self {
        Self {
            job: Job::new("api.json").with_crate_name("hostile-api"),
            config: config.to_owned(),
            seen: HashSet::new(),
        }
    }

    /// What is wrong; `None` if the description was refused.
    fn inspect(&mut self, description: &Value) -> Option<Vec<String>> {
        let text = serde_json::to_string_pretty(description).unwrap();
        let job = self.job.clone().with_text(text);
        let compilation = sdkgen::compile(&job.with_config_text("sdkgen.toml", &self.config));
        let mut faults = Vec::new();
        for diagnostic in &compilation.diagnostics {
            if diagnostic.code.as_str().starts_with("E09") {
                faults.push(diagnostic.to_string());
            }
            if !judge::hidden(&diagnostic.to_string()).is_empty() {
                faults.push(format!(
                    "a diagnostic with a command: {:?}",
                    diagnostic.to_string()
                ));
            }
        }
        let Some(compiled) = compilation.compiled else {
            return if faults.is_empty() {
                None
            } else {
                Some(faults)
            };
        };
        let table = compiled.to_table();
        if !judge::hidden(&table).is_empty() {
            faults.push(format!("a table with a command: {table:?}"));
        }
        match sdkgen::render(&compiled) {
            Ok(rendered) => {
                let files: BTreeMap<String, &String> = rendered
                    .files
                    .iter()
                    .map(|(path, text)| (path.to_string(), text))
                    .collect();
                self.files(&files, &mut faults);
            }
            Err(diagnostic) => faults.push(diagnostic.to_string()),
        }
        Some(faults)
    }

    fn files(&mut self, files: &BTreeMap<String, &String>, faults: &mut Vec<String>) {
        let mut folded = HashSet::new();
        // The runtime is written as it is.
        let rendered = |path: &str| !path.starts_with("src/runtime/");
        for (path, text) in files.iter().filter(|(path, _)| rendered(path)) {
            if !folded.insert(path.to_lowercase()) {
                faults.push(format!("{path}: two files where case does not count"));
            }
            faults.extend(
                path.split('/')
                    .filter_map(|step| fault_of_name(step))
                    .map(|fault| format!("{path}: {fault}")),
            );
            let mut hasher = DefaultHasher::new();
            (path, text).hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) {
                continue;
            }
            let mut say = |fault: String| faults.push(format!("{path}: {fault}"));
            let hidden = judge::hidden(text);
            if !hidden.is_empty() {
                say(format!("holds {hidden:?}"));
            }
            let own = "use hostile_api::Client;";
            if path.ends_with(".rs") {
                if let Err(error) = syn::parse_file(text) {
                    say(error.to_string());
                }
                for comment in judge::comments(text) {
                    let all = judge::faults(&comment, Some(own)).into_iter();
                    all.for_each(|fault| say(format!("{fault} in\n{comment}")));
                }
            } else if path.ends_with(".md") {
                let all = judge::faults(text, Some(own)).into_iter();
                // The line for a manifest, which no one runs.
                all.filter(|fault| !fault.contains("default-features"))
                    .for_each(&mut say);
            } else if path.ends_with(".toml")
                && let Err(error) = text.parse::<toml::Table>()
            {
                say(error.to_string());
            }
        }
    }
}

/// What is wrong with a name of a file or folder, somewhere.
fn fault_of_name(name: &str) -> Option<&'static str> {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let port = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"));
    let is_port =
        port.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit());
    if DEVICES.contains(&stem.as_str()) || is_port {
        return Some("a device of Windows");
    }
    if name.len() > 120 {
        return Some("too long");
    }
    let is_odd = |one: char| !one.is_ascii_alphanumeric() && !"._-".contains(one);
    (name.contains(is_odd) || name.ends_with('.')).then_some("not a name everywhere")
}

fn none_does_harm(description: &str, config: &str) {
    let description: Value = serde_json::from_str(description).unwrap();
    let faults = Inspector::new(config).inspect(&description);
    assert_eq!(faults, Some(Vec::new()), "the description as it is");
    let long = "x".repeat(LONG);
    let texts = HOSTILE.iter().copied().chain([long.as_str()]);
    let all: Vec<(&str, Vec<Case>)> = texts
        .map(|text| (text, cases(&description, text)))
        .collect();
    let (rendered, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut found: Vec<String> = std::thread::scope(|scope| {
        let threads = all.iter().map(|(text, cases)| {
            let (rendered, refused) = (&rendered, &refused);
            scope.spawn(move || {
                let mut inspector = Inspector::new(config);
                let mut found = Vec::new();
                for case in cases {
                    let faults = inspector.inspect(&case.description);
                    match faults.is_some() {
                        true => rendered.fetch_add(1, Ordering::Relaxed),
                        false => refused.fetch_add(1, Ordering::Relaxed),
                    };
                    let faults = faults.into_iter().flatten();
                    found
                        .extend(faults.map(|fault| format!("{text:?} as {}: {fault}", case.place)));
                }
                found
            })
        });
        let threads: Vec<_> = threads.collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let (rendered, refused) = (rendered.into_inner(), refused.into_inner());
    println!("{rendered} rendered, {refused} refused");
    assert!(rendered > refused, "{rendered} rendered, {refused} refused");
    let count = found.len();
    found.truncate(20);
    assert!(found.is_empty(), "{count} faults:\n{}", found.join("\n"));
}

#[test]
fn openapi_3_does_no_harm() {
    let config = "permissions_extension = \"x-permissions\"\n";
    none_does_harm(descriptions::OPENAPI_3, config);
}

#[test]
fn swagger_2_does_no_harm() {
    none_does_harm(descriptions::SWAGGER_2, "");
}

/// The documentation of what a description renders to, as items of a file of its own.
fn documentation(description: &str) -> String {
    let job = Job::from_text("api.yaml", description).with_crate_name("hostile-api");
    let rendered = sdkgen::render(&sdkgen::compile(&job).compiled.unwrap()).unwrap();
    let mut items = String::new();
    let all = rendered.files.iter();
    let own = all.filter(|(path, _)| !path.to_string().starts_with("src/runtime/"));
    let comments = own.flat_map(|(path, text)| match path.to_string() {
        rust if rust.ends_with(".rs") => judge::comments(text),
        page if page.ends_with(".md") => vec![text.clone()],
        _ => Vec::new(),
    });
    for (index, comment) in comments.enumerate() {
        // Our own examples need the crate they are about.
        let mut parts = comment.split("\n```no_run\nuse hostile_api::Client;");
        let mut comment = parts.next().unwrap().to_owned();
        for part in parts {
            comment.push_str(part.split_once("\n```").unwrap().1);
        }
        if let Some((before, after)) = comment.split_once("\n```rust\nuse hostile_api::Client;") {
            comment = format!("{before}{}", after.split_once("\n```").unwrap().1);
        }
        for line in comment.lines() {
            items.push_str(&format!("/// {line}\n"));
        }
        items.push_str(&format!("pub struct Item{index};\n\n"));
    }
    items
}

fn rustdoc(arguments: &[&str], file: &Path) -> (bool, String) {
    let rustdoc = std::env::var("RUSTDOC").unwrap_or_else(|_| "rustdoc".to_owned());
    let mut command = Command::new(rustdoc);
    command
        .args(["--edition", "2024", "--crate-name", "documentation"])
        .args(arguments)
        .arg(file);
    let output = command
        .current_dir(file.parent().unwrap())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// rustdoc itself is the last judge.
#[test]
fn rustdoc_finds_nothing_to_run_and_no_html() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("documentation.rs");
    std::fs::write(&file, documentation(descriptions::DOCUMENTED)).unwrap();
    let (_, said) = rustdoc(&["--test"], &file);
    assert!(said.contains("running 0 tests"), "{said}");
    let denied = [
        "-Drustdoc::invalid_html_tags",
        "-Drustdoc::bare_urls",
        "-Drustdoc::invalid_codeblock_attributes",
        "-Dtext_direction_codepoint_in_comment",
        "-Arustdoc::broken_intra_doc_links",
        "-oout",
    ];
    let (succeeded, said) = rustdoc(&denied, &file);
    assert!(succeeded, "{said}");
}
