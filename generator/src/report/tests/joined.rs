//! What belongs together: which change of Rust comes from which finding, and what tells two changes
//! apart.

use super::*;

/// Gives `countItems` two arguments, in this order.
fn with_arguments(description: &mut Value, names: [&str; 2]) {
    let argument = |name: &str| json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}});
    counted(description)["parameters"] = names.map(argument).into_iter().collect();
}

fn counted(description: &mut Value) -> &mut Value {
    &mut description["paths"]["/items"]["get"]
}

/// What breaks when the arguments change places and something else is edited.
fn swapped(edit: impl FnOnce(&mut Value)) -> Report {
    let (mut old, mut new) = (shop(), shop());
    with_arguments(&mut old, ["a", "b"]);
    with_arguments(&mut new, ["b", "a"]);
    edit(&mut new);
    between(&old, &new, "")
}

fn breaking(report: &Report) -> Vec<&Entry> {
    let entries = report.entries.iter();
    let entries = entries.filter(|entry| entry.impact() == Impact::Breaking);
    entries.collect()
}

#[test]
fn nobody_accepts_a_break_with_a_change_of_words() {
    let alone = swapped(|_| ());
    let beside_words = swapped(|new| counted(new)["description"] = json!("Counts."));
    for report in [&alone, &beside_words] {
        let [entry] = breaking(report)[..] else {
            panic!("{:#?}", report.entries);
        };
        assert_eq!(entry.code(), "arguments-reordered");
        assert_eq!(entry.fingerprint, breaking(&alone)[0].fingerprint);
    }
    let words = beside_words.entries.iter();
    let words: Vec<_> = words
        .filter(|entry| entry.code() == "description-changed")
        .collect();
    // What is documented otherwise is the same words.
    assert_eq!(words.len(), 1);
    assert!(words[0].impact() == Impact::Docs && !words[0].rust.is_empty());
}

#[test]
fn what_is_graver_in_rust_is_part_of_the_fingerprint() {
    let deprecated = |new: &mut Value| counted(new)["deprecated"] = json!(true);
    let harmless = report_of(deprecated);
    let harmful = swapped(deprecated);
    let find = |report: &Report| {
        let mut entries = report.entries.iter();
        entries
            .find(|entry| entry.code() == "operation-deprecated")
            .cloned()
    };
    let (harmless, harmful) = (find(&harmless).unwrap(), find(&harmful).unwrap());
    assert!(harmless.impact() > Impact::Breaking);
    assert_eq!(harmful.impact(), Impact::Breaking);
    assert_ne!(harmless.fingerprint, harmful.fingerprint);
    // One that is no graver than the wire says is known by the finding alone.
    let finding = &harmless.wire.as_ref().unwrap().finding;
    assert_eq!(harmless.fingerprint, finding.fingerprint());
}

#[test]
fn two_arguments_of_a_method_are_two_changes() {
    let (mut old, mut new) = (shop(), shop());
    for (description, schema) in [
        (&mut old, json!({"type": "string", "enum": ["new", "used"]})),
        (&mut new, json!({"$ref": "#/components/schemas/State"})),
    ] {
        with_arguments(description, ["a", "b"]);
        let states = json!({"type": "string", "enum": ["new", "used"]});
        description["components"]["schemas"]["State"] = states;
        for index in 0..2 {
            counted(description)["parameters"][index]["schema"] = schema.clone();
        }
    }
    let report = between(&old, &new, "");
    let entries = report.entries.iter().flat_map(|entry| &entry.rust);
    let of_types: Vec<_> = entries
        .filter(|rust| rust.change.code == surface::ChangeCode::ParameterTypeChanged)
        .map(|rust| rust.change.message.as_str())
        .collect();
    assert_eq!(of_types.len(), 2, "{of_types:#?}");
    assert_ne!(of_types[0], of_types[1]);
    let mut known = std::collections::BTreeSet::new();
    let mut all = report.entries.iter();
    assert!(all.all(|entry| known.insert(&entry.fingerprint)));
}

#[test]
fn a_shared_parameter_is_one_change_whoever_uses_it() {
    let described = |required: bool| {
        let mut description = shop();
        let uses = json!([{"$ref": "#/components/parameters/A"}]);
        for method in ["get", "post"] {
            description["paths"]["/items"][method]["parameters"] = uses.clone();
        }
        let shared =
            json!({"name": "a", "in": "query", "required": required, "schema": {"type": "string"}});
        description["components"]["parameters"] = json!({"A": shared});
        description
    };
    let report = between(&described(false), &described(true), "");
    let [entry] = report.entries.as_slice() else {
        panic!("{:#?}", report.entries);
    };
    assert_eq!(entry.code(), "request-parameter-became-required");
    // Two setters are gone, and two methods take an argument more.
    let is_major = |rust: &&RustChange| rust.change.verdict == surface::Verdict::Major;
    assert_eq!(entry.rust.iter().filter(is_major).count(), 4);
}

#[test]
fn a_parameter_of_a_path_is_one_change_of_its_operation() {
    let described = |required: bool| {
        let mut description = shop();
        let own = json!([{"name": "a", "in": "query", "required": required, "schema": {"type": "string"}}]);
        description["paths"]["/items"]["parameters"] = own;
        description
    };
    let report = between(&described(false), &described(true), "");
    let mut about: Vec<_> = report.entries.iter().map(|it| it.about.as_str()).collect();
    about.sort_unstable();
    assert_eq!(about, ["operation `addItem`", "operation `countItems`"]);
    for entry in &report.entries {
        assert!(entry.rust.len() >= 2, "{entry:#?}");
        let wire = entry.wire.as_ref().unwrap();
        let owner = match wire.finding.operations[0].as_str() {
            "addItem" => "add_item",
            _ => "count_items",
        };
        let mut items = entry.rust.iter().map(|rust| rust.change.item.as_str());
        assert!(items.any(|item| item.ends_with(owner)), "{entry:#?}");
    }
}

#[test]
fn what_a_path_calls_its_parameters_and_how_headers_are_spelt_are_words() {
    let described = |id: &str, header: &str, other: &str| {
        let mut description = shop();
        let text = json!({"type": "string"});
        description["paths"][format!("/items/{{{id}}}/{{{other}}}")] = json!({"get": {
            "operationId": "getItem",
            "tags": ["Shop"],
            "parameters": [
                {"name": id, "in": "path", "required": true, "schema": text},
                {"name": other, "in": "path", "required": true,
                    "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": header, "in": "header", "schema": text},
                {"name": format!("{header}-List"), "in": "header",
                    "schema": {"type": "array", "items": {"type": "string"}}},
            ],
            "responses": {"204": {"description": "None."}},
        }});
        description
    };
    let old = described("id", "X-Trace", "parts");
    let report = between(&old, &described("itemId", "x-trace", "pieces"), "");
    assert_eq!(report.worst(), Some(Impact::Docs), "{:#?}", report.entries);
    // Another header, and another way, are something else.
    let other = between(&old, &described("id", "X-Other", "parts"), "");
    assert!(other.worst() < Some(Impact::Docs));
    let mut moved = described("id", "X-Trace", "parts");
    let paths = moved["paths"].as_object_mut().unwrap();
    let item = paths.remove("/items/{id}/{parts}").unwrap();
    paths.insert("/goods/{id}/{parts}".to_owned(), item);
    assert!(between(&old, &moved, "").worst() < Some(Impact::Docs));
}
