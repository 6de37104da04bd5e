//! Overlays (OpenAPI Overlay 1.0): changes to a description that stand in a file of their own.

mod effort;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    document::Document,
    openapi::Pointer,
};

/// Where something was added to the description, and where it stands in which of the overlays.
pub(crate) type Added = Vec<(Pointer, (usize, Pointer))>;

/// Applies overlays one after the other.
pub(crate) fn apply(description: &mut Document, overlays: &[Document], sink: &mut Sink) -> Added {
    let mut added = Added::new();
    // What one action adds the next may multiply.
    let texts = overlays.iter().map(|overlay| overlay.text.len());
    let mut budget = LITTLE + description.text.len() / 8 + texts.sum::<usize>();
    for (index, overlay) in overlays.iter().enumerate() {
        let mut application = Application {
            overlay,
            index,
            sink,
            added: &mut added,
            budget: &mut budget,
        };
        application.run(&mut description.root);
    }
    added
}

/// Overlays may add as many values to any description.
const LITTLE: usize = 200_000;

/// As deep as a description may nest.
const DEEPEST: usize = 128;

struct Application<'a> {
    overlay: &'a Document,
    index: usize,
    sink: &'a mut Sink,
    added: &'a mut Added,
    /// How many values may still be added.
    budget: &'a mut usize,
}

/// Why an overlay is not applied to its end.
struct TooMuch(&'static str);

impl Application<'_> {
    fn run(&mut self, description: &mut Value) {
        let root = &self.overlay.root;
        let version = root.get("overlay").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("1.")) {
            self.malformed("an overlay starts with `overlay: 1.0.0`".to_owned());
            return;
        }
        let Some(Value::Array(actions)) = root.get("actions") else {
            self.malformed("an overlay has a list of `actions`".to_owned());
            return;
        };
        self.unknown(
            root,
            "the overlay",
            &["overlay", "info", "actions", "extends"],
        );
        if root.get("extends").is_some() {
            let message =
                "`extends` is ignored: the overlay is applied to the description that is given";
            self.warn(Code::Ignored, message.to_owned());
        }
        for (number, action) in actions.iter().enumerate() {
            if let Err(TooMuch(what)) = self.action(description, number, action) {
                self.malformed(format!(
                    "action {number} {what}: it is not applied to its end"
                ));
                return;
            }
        }
    }

    /// Warns of keys that say nothing.
    fn unknown(&mut self, node: &Value, of: &str, known: &[&str]) {
        for key in node
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys())
        {
            if !known.contains(&key.as_str()) && !key.starts_with("x-") {
                let message = format!("unknown key `{key}` in {of}; it is ignored");
                self.warn(Code::UnknownKey, message);
            }
        }
    }

    fn action(
        &mut self,
        description: &mut Value,
        number: usize,
        action: &Value,
    ) -> Result<(), TooMuch> {
        let known = ["target", "description", "update", "remove"];
        self.unknown(action, &format!("action {number}"), &known);
        let Some(target) = action.get("target").and_then(Value::as_str) else {
            self.malformed(format!("action {number} has no `target`"));
            return Ok(());
        };
        if let Err(trouble) = effort::check(target, description) {
            self.malformed(format!(
                "the target of action {number} {trouble}: the action is not applied"
            ));
            return Ok(());
        }
        let path = match JsonPath::parse(target) {
            Ok(path) => path,
            Err(error) => {
                let message = format!(
                    "invalid JSONPath `{target}` as the target of action {number}: {error}"
                );
                self.malformed(message);
                return Ok(());
            }
        };
        let found: Vec<Pointer> = path
            .query_located(description)
            .dedup()
            .locations()
            .filter_map(|location| Pointer::parse(&location.to_json_pointer()))
            .collect();
        if found.is_empty() {
            let message = format!("the target `{target}` of action {number} matches nothing");
            self.warn(Code::OverlayUnused, message);
            return Ok(());
        }
        if action.get("remove") == Some(&Value::Bool(true)) {
            // The last first, so that the places of the others stay what they are.
            for at in found.iter().rev() {
                remove(description, at);
            }
            return Ok(());
        }
        if let Some(other) = action.get("remove").filter(|remove| !remove.is_boolean()) {
            let message = format!(
                "expected a boolean, found {other} as `remove` of action {number}; it is ignored"
            );
            self.warn(Code::WrongShape, message);
        }
        let Some(update) = action.get("update") else {
            self.malformed(format!(
                "action {number} has neither `update` nor `remove: true`"
            ));
            return Ok(());
        };
        let origin = Pointer::root().join_all(["actions", &number.to_string(), "update"]);
        for at in found {
            if let Some(node) = at_mut(description, &at) {
                self.merge(node, update, at, origin.clone())?;
            }
        }
        Ok(())
    }

    /// Mappings are merged, lists are added to, all else is replaced.
    fn merge(
        &mut self,
        node: &mut Value,
        update: &Value,
        at: Pointer,
        origin: Pointer,
    ) -> Result<(), TooMuch> {
        match (node, update) {
            (Value::Object(members), Value::Object(update)) => {
                for (key, value) in update {
                    let at = at.join(key.as_str());
                    let origin = origin.join(key.as_str());
                    match members.get_mut(key) {
                        Some(member) => self.merge(member, value, at, origin)?,
                        None => {
                            members.insert(key.clone(), self.copy(value, &at)?);
                            self.note(at, origin);
                        }
                    }
                }
            }
            (Value::Array(items), Value::Array(update)) => {
                for (index, value) in update.iter().enumerate() {
                    let at = at.join(items.len().to_string());
                    items.push(self.copy(value, &at)?);
                    self.note(at, origin.join(index.to_string()));
                }
            }
            (Value::Array(items), update) => {
                let at = at.join(items.len().to_string());
                items.push(self.copy(update, &at)?);
                self.note(at, origin);
            }
            (node, update) => {
                *node = self.copy(update, &at)?;
                self.note(at, origin);
            }
        }
        Ok(())
    }

    /// A value of the overlay for a place of the description.
    fn copy(&mut self, value: &Value, at: &Pointer) -> Result<Value, TooMuch> {
        let mut open = vec![(value, at.tokens().len())];
        while let Some((node, depth)) = open.pop() {
            let left = self.budget.checked_sub(1);
            *self.budget = left.ok_or(TooMuch("makes much too much of the description"))?;
            if depth > DEEPEST {
                return Err(TooMuch("nests the description too deeply"));
            }
            match node {
                Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
                Value::Object(members) => {
                    open.extend(members.values().map(|member| (member, depth + 1)));
                }
                _ => {}
            }
        }
        Ok(value.clone())
    }

    fn note(&mut self, at: Pointer, origin: Pointer) {
        self.added.push((at.in_source(0), (self.index, origin)));
    }

    fn malformed(&mut self, message: String) {
        self.warn(Code::Overlay, message);
    }

    fn warn(&mut self, code: Code, message: String) {
        let file = self.overlay.path.display().to_string();
        self.sink.push(Diagnostic::new(code, message).in_file(file));
    }
}

fn at_mut<'v>(root: &'v mut Value, pointer: &Pointer) -> Option<&'v mut Value> {
    pointer.tokens().try_fold(root, |node, token| match node {
        Value::Object(members) => members.get_mut(token),
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
        _ => None,
    })
}

fn remove(root: &mut Value, pointer: &Pointer) {
    let (Some(parent), Some(last)) = (pointer.parent(), pointer.tokens().next_back()) else {
        *root = Value::Null;
        return;
    };
    match at_mut(root, &parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(last);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = last.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(overlay: Value) -> (Value, Added, Vec<Code>) {
        let root = json!({
            "a": {"list": [{"n": 1}, {"n": 2}, {"n": 3}], "text": "x"},
            "b": {"text": "y"},
        });
        let document = Document {
            path: "overlay.yaml".into(),
            text: String::new(),
            root: overlay,
        };
        let mut sink = Sink::default();
        let mut description = Document {
            path: "a.yaml".into(),
            text: String::new(),
            root,
        };
        let added = apply(&mut description, &[document], &mut sink);
        let root = description.root;
        let said = sink.into_sorted(|_| unreachable!("overlays are named by file"));
        (root, added, said.iter().map(|said| said.code).collect())
    }

    fn actions(actions: Value) -> Value {
        json!({"overlay": "1.0.0", "actions": actions})
    }

    #[test]
    fn what_is_there_is_merged_and_what_is_new_is_noted() {
        let overlay = actions(json!([
            {"target": "$.*", "update": {"text": "z", "new": {"deep": 1}}},
            {"target": "$.a.list", "update": {"n": 4}},
        ]));
        let (root, added, said) = applied(overlay);
        assert!(said.is_empty());
        assert_eq!(root["a"]["text"], "z");
        assert_eq!(root["b"]["new"]["deep"], 1);
        assert_eq!(root["a"]["list"][3]["n"], 4);
        let wanted = Pointer::parse("/b/new").unwrap().in_source(0);
        let origin = Pointer::parse("/actions/0/update/new").unwrap();
        assert!(added.contains(&(wanted, (0, origin))), "{added:?}");
    }

    #[test]
    fn what_grows_without_end_is_stopped() {
        let mut doubling = vec![json!({"target": "$.a", "update": {"d": {}}})];
        for at in 0..40 {
            let update = json!({format!("k{at}"): {"m": 1}, format!("j{at}"): {"m": 1}});
            doubling.push(json!({"target": "$.a..*", "update": update}));
        }
        let mut nested = json!({"leaf": {}});
        for _ in 0..60 {
            nested = json!({"a": nested});
        }
        let deeper = json!({"target": "$..leaf", "update": nested});
        let mut deepening = vec![json!({"target": "$.a", "update": {"leaf": {}}})];
        deepening.extend(vec![deeper; 5]);
        for bomb in [doubling, deepening] {
            let (root, added, said) = applied(actions(Value::from(bomb)));
            assert_eq!(said, [Code::Overlay]);
            assert!(added.len() <= LITTLE);
            drop(root);
        }
    }

    #[test]
    fn what_an_overlay_says_in_vain_is_told() {
        let (root, _, said) = applied(json!({
            "overlay": "1.0.0",
            "extends": "other.yaml",
            "action": [],
            "x-mine": 1,
            "actions": [{"target": "$.a", "update": {"n": 1}, "remove": "true", "updates": {}}],
        }));
        assert_eq!(root["a"]["n"], 1);
        assert_eq!(
            said,
            [
                Code::UnknownKey,
                Code::UnknownKey,
                Code::Ignored,
                Code::WrongShape
            ]
        );
    }

    #[test]
    fn items_are_removed_from_the_last_on() {
        let (root, _, _) = applied(actions(json!([
            {"target": "$.a.list[?@.n < 3]", "remove": true},
            {"target": "$.b", "remove": true},
        ])));
        assert_eq!(root, json!({"a": {"list": [{"n": 3}], "text": "x"}}));
    }

    #[test]
    fn what_is_wrong_with_an_overlay_is_said() {
        let none = actions(json!([{"target": "$.nowhere", "update": {}}]));
        assert_eq!(applied(none).2, [Code::OverlayUnused]);
        for malformed in [
            json!({}),
            json!({"overlay": "1.0.0"}),
            actions(json!([{"update": {}}])),
            actions(json!([{"target": "a[", "update": {}}])),
            actions(json!([{"target": "$.a"}])),
        ] {
            assert_eq!(applied(malformed).2, [Code::Overlay]);
        }
    }
}
