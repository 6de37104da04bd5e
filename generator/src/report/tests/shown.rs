//! What a report shows on GitHub: lines for what is gone, and no mention of anybody.

use super::*;

#[test]
fn what_is_gone_is_shown_where_it_was_part_of() {
    let report = report_of(|new| {
        let item = new["paths"]["/items"].as_object_mut().unwrap();
        item.remove("get");
    });
    let text = report.annotations("sdk/");
    let line = |start: &str| text.lines().any(|line| line.starts_with(start));
    // The path that the operation was of, and the type that its method was of.
    assert!(line("::error file=spec/api.json,line="), "{text}");
    assert!(line("::error file=sdk/src/generated/"), "{text}");

    let report = report_of(|new| properties(new)["state"]["enum"] = json!(["new"]));
    let text = report.annotations("sdk/");
    assert!(text.contains("file=spec/api.json,line="), "{text}");
    let model = "file=sdk/src/generated/models/item.rs,line=";
    assert!(text.contains(model), "{text}");
}

#[test]
fn each_change_has_a_line_before_any_has_two() {
    let mut old = shop();
    for number in 0..9 {
        properties(&mut old).insert(format!("p{number}"), json!({"type": "string"}));
    }
    let text = between(&old, &shop(), "").annotations("");
    for number in 0..9 {
        assert!(text.contains(&format!("Item.p{number}")), "{text}");
    }
}

/// The text of a comment outside of code.
fn words_of(text: &str) -> String {
    let (tables, _) = text.split_once("<summary>Changelog").unwrap();
    let tables = tables.replace("</code>", "<code>");
    let mut words = String::new();
    for line in tables.lines() {
        let outside = line.split("<code>").step_by(2).collect::<String>();
        words.extend(outside.split('`').step_by(2));
        words.push('\n');
    }
    words
}

#[test]
fn nobody_is_called_and_nothing_is_linked() {
    let hostile = "x` @octocat `y #1 https://evil.test";
    let mut old = shop();
    properties(&mut old)["state"]["enum"] = json!(["new", "used", hostile]);
    old["servers"] = json!([{"url": "https://x.test/@octocat/#1"}]);
    let text = between(&old, &shop(), "").markdown();
    let words = words_of(&text);
    for bad in ["@", "://", "#1"] {
        assert!(!words.contains(bad), "{bad}: {words}");
    }
    // Of a name with backticks nobody knows where it ends: all of the sentence is words.
    let (tables, _) = text.split_once("<summary>Changelog").unwrap();
    assert!(!tables.contains("`y #1"), "{tables}");
    assert!(
        words.contains("octocat") && words.contains("evil.test"),
        "{words}"
    );
}

#[test]
fn what_is_newly_ignored_is_told() {
    let without_id = |new: &mut Value| {
        let operation = new["paths"]["/items"]["get"].as_object_mut().unwrap();
        operation.remove("operationId");
    };
    let report = report_of(without_id);
    let codes: Vec<Code> = report.warnings.iter().map(|it| it.code).collect();
    assert_eq!(codes, [Code::MissingOperationId]);
    assert_eq!(report.json()["warnings"][0]["code"], "W0301");
    // What was said of the old one is no news.
    let mut same = shop();
    without_id(&mut same);
    assert!(between(&same, &same, "").warnings.is_empty());
}
