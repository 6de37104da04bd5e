use serde_json::Value;

use super::*;
use crate::runtime::{
    Extra,
    record::{Members, Record, Writer, record},
};

#[derive(Clone, Default, PartialEq)]
struct Node {
    id: i32,
    size: Option<i32>,
    inner: Option<Box<Node>>,
    list: Option<Vec<Node>>,
    extra: Extra,
}

impl Record for Node {
    const NAME: &'static str = "Node";
    const REQUIRED: &'static [&'static str] = &["id"];

    fn read<'de, A: serde::de::MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut Members<A, A::Error>,
    ) {
        match name {
            "id" => members.required(name, &mut self.id),
            "size" => members.optional(name, &mut self.size),
            "inner" => members.optional(name, &mut self.inner),
            "list" => members.optional(name, &mut self.list),
            _ => members.keep(name),
        }
    }

    fn write<W: Writer>(&self, members: &mut W) {
        members.required("id", &self.id);
        members.optional("size", &self.size);
        members.optional("inner", &self.inner);
        members.optional("list", &self.list);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

record!(Node);

/// What is read, and the paths of what is left out.
fn read<T: DeserializeOwned>(keeps: bool, json: &str) -> (Result<T, String>, Vec<String>) {
    let (read, mismatches) = during(keeps, || from_slice(json.as_bytes()));
    let paths = mismatches.iter().map(|mismatch| mismatch.path.clone());
    (read.map_err(|error| error.to_string()), paths.collect())
}

/// The paths of what is left out of a text that survives a round trip.
fn left_out(json: &str) -> Vec<String> {
    let (read, paths) = read::<Vec<Node>>(true, json);
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let again = serde_json::to_string(&read.unwrap()).unwrap();
    assert_eq!(value(&again), value(json));
    paths
}

#[test]
fn one_odd_field_costs_that_field() {
    assert_eq!(left_out(r#"[{"id":1,"size":2}]"#), Vec::<String>::new());
    assert_eq!(left_out(r#"[{"id":1},{"id":2,"size":"x"}]"#), ["$[1].size"]);
    assert_eq!(
        left_out(r#"[{"id":1, "size": {"a":[1]}, "list": [{"id":2,"size":true},{"id":3}]}]"#),
        ["$[0].size", "$[0].list[0].size"]
    );
    // What cannot do without its field is left out as a whole, and nothing of it is listed.
    assert_eq!(
        left_out(r#"[{"id":1,"inner":{"size":"x","id":"y"}}]"#),
        ["$[0].inner"]
    );
    assert_eq!(left_out(r#"[{"id":1,"size":null}]"#), Vec::<String>::new());
}

#[test]
fn the_reason_does_not_quote_the_value() {
    let (node, mismatches) = during(true, || from_slice::<Node>(br#"{"id":1,"size":"hunter2"}"#));
    assert_eq!(
        node.unwrap().extra.get("size"),
        Some(&Value::from("hunter2"))
    );
    let shown = mismatches[0].to_string();
    assert!(
        shown.starts_with("$.size: ") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn an_empty_text_is_no_value() {
    for keeps in [false, true] {
        let (node, paths) = read::<Node>(keeps, r#"{"id":1,"size":""}"#);
        let node = node.unwrap();
        assert_eq!((node.size, paths.len()), (None, 0));
        assert_eq!(
            serde_json::to_string(&node).unwrap(),
            r#"{"id":1,"size":""}"#
        );
    }
}

#[test]
fn what_is_required_or_not_kept_is_an_error_with_its_place() {
    let (node, paths) = read::<Node>(false, r#"{"id":1,"size":"x"}"#);
    assert!(node.is_err() && paths.is_empty());
    for json in [r#"{"id":"x"}"#, r#"{"size":1}"#, r#"{"id":1,"#, "[]"] {
        let (node, paths) = read::<Node>(true, json);
        assert!(node.is_err() && paths.is_empty(), "{json}");
    }
    // The next one starts anew.
    assert!(!is_second());
    assert!(read::<Node>(false, r#"{"id":1}"#).0.is_ok());
    let json = r#"{"id":1,"inner":{"id":2,"inner":{"id":3,"size":"x"}}}"#;
    let error = from_slice::<Node>(json.as_bytes()).unwrap_err();
    let (path, _) = json_path::of_error(json.as_bytes(), &error);
    assert_eq!(path, "$.inner.inner.size");
}
