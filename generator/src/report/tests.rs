//! Reports of small descriptions: what becomes one entry, what is counted, and that no text of a
//! description is taken for more than text.

mod joined;
mod shown;

use serde_json::{Value, json};

use super::*;

fn job() -> Job {
    Job::new("spec/api.json")
        .with_crate_name("shop")
        .with_layout(crate::job::Layout::Embedded)
}

fn side(description: &Value) -> Side {
    let job = job().with_text(format!("{description:#}"));
    let read = diff::Side::read(&job).unwrap_or_else(|refused| panic!("{refused}"));
    Side::of(&job, read).unwrap_or_else(|refused| panic!("{refused}"))
}

/// A schema that goes both ways, and an operation beside it.
fn shop() -> Value {
    let item = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/items": {
                "post": {
                    "operationId": "addItem",
                    "tags": ["Shop"],
                    "requestBody": {"content": item},
                    "responses": {"200": {"description": "It.", "content": item}},
                },
                "get": {
                    "operationId": "countItems",
                    "tags": ["Shop"],
                    "parameters": [{"name": "state", "in": "query", "schema": {"type": "string"}}],
                    "responses": {"204": {"description": "None."}},
                },
            },
        },
        "components": {"schemas": {"Item": {"type": "object", "properties": {
            "name": {"type": "string"},
            "size": {"type": "integer"},
            "state": {"type": "string", "enum": ["new", "used"]},
        }}}},
    })
}

fn properties(description: &mut Value) -> &mut serde_json::Map<String, Value> {
    let properties = &mut description["components"]["schemas"]["Item"]["properties"];
    properties.as_object_mut().unwrap()
}

fn report_of(edit: impl FnOnce(&mut Value)) -> Report {
    with(edit, "")
}

fn with(edit: impl FnOnce(&mut Value), acknowledged: &str) -> Report {
    let mut new = shop();
    edit(&mut new);
    between(&shop(), &new, acknowledged)
}

fn between(old: &Value, new: &Value, acknowledged: &str) -> Report {
    let acknowledgements = toml::from_str(acknowledged).unwrap();
    let version = Some("1.2.3");
    Report::new(&side(old), &side(new), None, &acknowledgements, version)
}

/// Changes of each impact but `docs`.
fn several(description: &mut Value) {
    properties(description).remove("name");
    properties(description)["state"]["enum"] = json!(["new", "used", "broken"]);
    properties(description).insert("color".to_owned(), json!({"type": "string"}));
}

/// Names that want to be Markdown, HTML, a table or a command.
const HOSTILE: [&str; 6] = [
    "a|b`c",
    "<script>alert(1)</script>",
    "</details><!--",
    "line\nbreak::error::x",
    "\u{1b}[31mred",
    "50%, a:b",
];

fn hostile() -> Report {
    let mut old = shop();
    for name in HOSTILE {
        properties(&mut old).insert(name.to_owned(), json!({"type": "string"}));
    }
    between(&old, &shop(), "")
}

#[test]
fn a_finding_and_what_it_does_in_rust_are_one_entry() {
    let report = report_of(|new| {
        properties(new).insert("size".to_owned(), json!({"type": "string"}));
    });
    let [entry] = report.entries.as_slice() else {
        panic!("{:#?}", report.entries);
    };
    assert_eq!(entry.about, "schema `Item`");
    assert_eq!(entry.impact(), Impact::Breaking);
    assert_eq!(entry.verdict(), Some(surface::Verdict::Major));
    let items: Vec<&str> = entry
        .rust
        .iter()
        .map(|it| it.change.item.as_str())
        .collect();
    assert!(items.contains(&"models::Item::size"), "{items:?}");
    let place = entry.wire.as_ref().unwrap().new.as_ref().unwrap();
    assert_eq!(place.file, "spec/api.json");
    assert!(place.line.is_some());
}

fn items_of(entry: &Entry) -> Vec<&str> {
    let last =
        |rust: &'_ RustChange| -> usize { rust.change.item.rfind("::").map_or(0, |at| at + 2) };
    let items = entry.rust.iter();
    items.map(|it| &it.change.item[last(it)..]).collect()
}

const SENDING: [&str; 3] = ["send", "send_blocking", "send_with_response"];

#[test]
fn methods_that_give_another_type_are_one_row() {
    let report = report_of(|new| {
        let operation = &mut new["paths"]["/items"]["post"];
        let text = json!({"application/json": {"schema": {"type": "string"}}});
        operation["responses"]["200"]["content"] = text;
        // What stands before the response, and what is graver, takes nothing from it.
        operation["callbacks"] = json!({"onAdded": {}});
        operation["deprecated"] = json!(true);
        operation["requestBody"]["required"] = json!(true);
    });
    let of_sending: Vec<&Entry> = report
        .entries
        .iter()
        .filter(|entry| items_of(entry).contains(&"send"))
        .collect();
    let [entry] = of_sending.as_slice() else {
        panic!("{of_sending:#?}");
    };
    let wire = entry.wire.as_ref().unwrap();
    assert_eq!(wire.finding.direction, Some(diff::Direction::Response));
    assert_eq!(items_of(entry), SENDING);
    assert_eq!(entry.rust_by_cause().len(), 1);
    let names = "::send</code>, <code>send_blocking</code>, <code>send_with_response</code>";
    assert!(report.markdown().contains(names), "{}", report.markdown());
    assert!(report.html().contains(names), "{}", report.html());
    let text = report.text(false);
    let names = "::send, send_blocking, send_with_response\n";
    assert!(text.contains(names), "{text}");
    // Programs are told of each.
    let json = report.json().to_string();
    assert_eq!(json.matches("return-type-changed").count(), 3, "{json}");
}

#[test]
fn methods_that_change_without_a_finding_of_theirs_are_one_row() {
    let shared = |schema: Value| {
        let mut description = shop();
        description["paths"]["/items"]["post"]["responses"]["200"] =
            json!({"$ref": "#/components/responses/It"});
        let content = json!({"application/json": {"schema": schema}});
        description["components"]["responses"] =
            json!({"It": {"description": "It.", "content": content}});
        description
    };
    let old = shared(json!({"$ref": "#/components/schemas/Item"}));
    let report = between(&old, &shared(json!({"type": "string"})), "");
    let alone: Vec<&Entry> = report
        .entries
        .iter()
        .filter(|entry| entry.wire.is_none() && items_of(entry).contains(&"send"))
        .collect();
    let [entry] = alone.as_slice() else {
        panic!("{:#?}", report.entries);
    };
    assert_eq!(items_of(entry), SENDING);
    let likewise = "; likewise `send_blocking`, `send_with_response`";
    assert!(entry.message().ends_with(likewise), "{}", entry.message());
    let first = &entry.rust[0].change;
    assert_eq!(entry.fingerprint, first.fingerprint());
    assert!(entry.message().starts_with(&first.message));
}

#[test]
fn what_goes_both_ways_is_said_once_as_the_graver_of_the_two() {
    let report = report_of(|new| {
        properties(new)["state"]["enum"] = json!(["new", "used", "broken"]);
    });
    let of_wire = report.entries.iter().filter_map(|it| it.wire.as_ref());
    let findings: Vec<_> = of_wire.map(|wire| &wire.finding).collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    // Sending it is something new; getting it is a surprise.
    assert_eq!(findings[0].impact, diff::Impact::Risky);
    assert_eq!(findings[0].direction, Some(diff::Direction::Response));
    assert_eq!(findings[0].operations, ["addItem"]);
}

#[test]
fn what_the_generator_changed_is_told_apart() {
    let old = side(&shop());
    let compiled = old.description.compiled().unwrap();
    let mut files = crate::job::render(compiled).unwrap().files;
    let models = RelativePath::new("src/generated/models/mod.rs").unwrap();
    files
        .get_mut(&models)
        .unwrap()
        .push_str("pub struct Extra;\n");
    let rendered = read_surface(&files).unwrap();
    let mut description = shop();
    properties(&mut description).remove("name");
    let new = side(&description);
    let report = Report::new(
        &old,
        &new,
        Some(&rendered),
        &Acknowledgements::default(),
        None,
    );
    let by_generator = report
        .entries
        .iter()
        .filter(|it| it.cause == Cause::Generator);
    let items: Vec<_> = by_generator.map(|it| it.about.as_str()).collect();
    assert_eq!(items, ["`models::Extra`"]);
    let of_description = report
        .entries
        .iter()
        .filter(|it| it.cause == Cause::Description);
    assert!(of_description.count() > 0);
    assert!(report.text(false).contains("caused by the generator"));
    assert!(
        report
            .markdown()
            .contains("**`models::Extra`**, caused by the generator")
    );
    let same = Report::new(
        &old,
        &old,
        Some(&old.surface),
        &Acknowledgements::default(),
        None,
    );
    assert!(same.entries.is_empty(), "{:#?}", same.entries);
}

#[test]
fn counts_say_what_is_accepted() {
    let report = report_of(several);
    let counts = report.counts();
    assert_eq!(
        (counts.breaking, counts.risky, counts.compatible),
        (1, 1, 1)
    );
    assert_eq!(
        (counts.acknowledged, report.worst()),
        (0, Some(Impact::Breaking))
    );
    assert_eq!(report.proposal.to.as_deref(), Some("2.0.0"));
    let fingerprint = &report.entries[0].fingerprint;
    let acknowledged = format!(
        "[[acknowledged]]\nfingerprint = '{fingerprint}'\nreason = 'Nobody | reads it.'\n\
         [[acknowledged]]\nfingerprint = 'gone'\nreason = 'Long ago.'\n"
    );
    let accepted = with(several, &acknowledged);
    assert_eq!(accepted.counts().acknowledged, 1);
    assert_eq!(accepted.worst(), Some(Impact::Risky));
    assert_eq!(accepted.stale, ["gone"]);
    // It breaks callers all the same.
    assert_eq!(accepted.proposal.level, Level::Major);
    let reason = accepted.entries[0].acknowledged.as_deref();
    assert_eq!(reason, Some("Nobody | reads it."));
    for text in [accepted.text(false), accepted.markdown(), accepted.html()] {
        assert!(
            text.contains("reads it.") && text.contains("all acknowledged"),
            "{text}"
        );
    }
    assert!(
        accepted
            .markdown()
            .contains("no longer present: <code>gone</code>")
    );
    assert_eq!(accepted.annotations("").matches("::error").count(), 0);
    assert!(
        report
            .annotations("")
            .contains("::error file=spec/api.json,line=")
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let all = |report: &Report| {
        let texts = [report.text(true), report.markdown(), report.html()];
        (texts, report.json().to_string(), report.annotations("sdk"))
    };
    assert_eq!(all(&report_of(several)), all(&report_of(several)));
}

#[test]
fn nothing_is_said_of_nothing() {
    let report = report_of(|_| ());
    assert!(report.entries.is_empty() && report.worst().is_none());
    assert!(report.markdown().contains("Nothing changes for callers"));
    assert_eq!(report.annotations("sdk"), "");
    assert_eq!(report.proposal.level, Level::None);
}

#[test]
fn colours_are_for_terminals() {
    let report = hostile();
    let text = report.text(false);
    assert!(!text.contains('\u{1b}'), "{text}");
    let is_control = |letter: char| letter.is_control() && letter != '\n';
    assert!(!text.contains(is_control), "{text}");
    assert!(report.text(true).contains("\u{1b}[1;31m"));
}

#[test]
fn tables_hold_whatever_names_are_made_of() {
    let text = hostile().markdown();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > HOSTILE.len());
    for row in rows.iter().filter(|row| row.contains("<br>")) {
        assert_eq!(row.matches('|').count(), 4, "{row}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
    // What comes after stands in a fence.
    let (tables, _) = text.split_once("<summary>Changelog").unwrap();
    for bad in ["<!--", "<script", "</details><"] {
        assert!(!tables.contains(bad), "{tables}");
    }
}

#[test]
fn a_comment_is_no_longer_than_may_be() {
    let mut old = shop();
    for number in 0..1500 {
        let name = format!("property{number:04}");
        properties(&mut old).insert(name, json!({"type": "string"}));
    }
    let report = between(&old, &shop(), "");
    assert_eq!(report.counts().breaking, 1500);
    let text = report.markdown();
    assert!(text.len() < 60_000, "{}", text.len());
    // What is cut is the end of the list, not the list.
    assert!(text.contains("property0100") && !text.contains("property1499"));
    assert!(text.contains("do not fit here"));
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
    assert!(text.ends_with("</sub>\n"));
    let annotations = report.annotations("sdk");
    assert_eq!(annotations.matches("::error").count(), 10);
    assert!(annotations.contains("::notice::"));
}

#[test]
fn annotations_are_one_to_a_line() {
    let text = hostile().annotations("sdk/");
    assert!(!text.is_empty());
    for line in text.lines() {
        assert!(
            line.starts_with("::error file=") || line.starts_with("::notice::"),
            "{line}"
        );
        assert!(!line.contains('\u{1b}'), "{line}");
    }
    assert!(text.contains("50%25, a:b"), "{text}");
    assert!(text.contains("line%0Abreak"), "{text}");
    let new = report_of(|new| {
        properties(new).insert("size".to_owned(), json!({"type": "string"}));
    });
    let text = new.annotations("sdk/");
    assert!(
        text.contains("file=sdk/src/generated/models/item.rs,line="),
        "{text}"
    );
}

#[test]
fn a_page_shows_names_and_runs_none() {
    let page = hostile().html();
    assert!(page.starts_with("<!doctype html>"));
    assert!(
        !page.contains("<script") && !page.contains("<!--"),
        "{page}"
    );
    assert!(
        page.contains("script&#62;") || page.contains("script&gt;"),
        "{page}"
    );
    assert_eq!(
        page.matches("<details").count(),
        page.matches("</details>").count()
    );
    // Nothing is loaded from anywhere.
    for word in ["http://", "https://", "src=", "@import"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn files_are_named_below_a_folder() {
    let folder = Path::new("spec");
    let old = side(&shop()).below(folder);
    let mut description = shop();
    properties(&mut description).remove("name");
    let new = side(&description).below(folder);
    assert_eq!(old.about().name, "api.json");
    let report = Report::new(&old, &new, None, &Acknowledgements::default(), None);
    let wire = report.entries[0].wire.as_ref().unwrap();
    assert_eq!(wire.old.as_ref().unwrap().file, "api.json");
}
