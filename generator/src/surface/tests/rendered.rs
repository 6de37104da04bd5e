//! Everything that is rendered in this repository.

use std::collections::BTreeMap;

use super::{folder, runtime};
use crate::{
    output::RelativePath,
    surface::{ChangeCode, Kind, Surface, compare},
};

fn read(files: &BTreeMap<String, String>) -> Surface {
    let files = files
        .iter()
        .map(|(path, text)| (RelativePath::new(path.clone()).unwrap(), text.clone()));
    Surface::of(&files.collect()).unwrap()
}

fn sdk() -> BTreeMap<String, String> {
    let files = folder("sdk/src/generated").into_iter();
    let below = files.map(|(path, text)| (format!("src/generated/{path}"), text));
    below.collect()
}

#[test]
fn all_of_the_sdk_is_found() {
    let files = sdk();
    let surface = read(&files);
    let count = |start: &str| {
        let lines = files.values().flat_map(|text| text.lines());
        lines.filter(|line| line.starts_with(start)).count()
    };
    let of_kind = |kind| surface.items().filter(|item| item.kind == kind).count();
    assert_eq!(of_kind(Kind::Struct), count("pub struct "));
    assert_eq!(of_kind(Kind::Enum), count("pub enum "));
    assert_eq!(of_kind(Kind::Alias), count("pub type "));
    // Macros declare the rest.
    let calls = |name: &str| count(&format!("rt::{name}!("));
    let declared = calls("open_enum") + 4 * calls("request") + 2 * calls("paged");
    assert_eq!(of_kind(Kind::Method), count("    pub fn ") + declared);
    assert_eq!(of_kind(Kind::Module), 2);
    let method = surface.get("users::Users::get_user_queues").unwrap();
    assert_eq!(
        method.signature,
        "fn get_user_queues(&self, user_id: impl Param) -> users::GetUserQueues"
    );
    assert_eq!(method.wire.as_deref(), Some("\"getUserQueues\""));
    let field = surface
        .get("models::UserStations::associated_station")
        .unwrap();
    assert_eq!(
        field.signature,
        "associated_station: Option<models::UserStation>"
    );
    assert_eq!(field.wire.as_deref(), Some("\"associatedStation\""));
    assert_eq!(
        (field.file.as_str(), field.line),
        ("src/generated/models/user_stations.rs", 13)
    );
    assert_eq!(
        surface.get("users::GetUserQueues::send").unwrap().signature,
        "fn send(self) -> impl Future<Output = Result<models::UserQueueEntityListing>> + Send"
    );
    assert!(surface.get("models::SortOrder: Hash").is_some());
    assert_eq!(
        surface
            .get("models::SortOrder::Asc")
            .unwrap()
            .wire
            .as_deref(),
        Some("\"ASC\"")
    );
    assert_eq!(
        surface.get("Client::users").unwrap().signature,
        "fn users(&self) -> users::Users"
    );
    assert_eq!(compare(&surface, &surface), []);
}

#[test]
fn one_edit_is_one_change() {
    let files = sdk();
    let old = read(&files);
    let edit = |path: &str, from: &str, to: &str| -> Vec<(ChangeCode, String)> {
        let mut files = files.clone();
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replace(from, to);
        let changes = compare(&old, &read(&files)).into_iter();
        changes.map(|change| (change.code, change.item)).collect()
    };
    let queues = "src/generated/users/get_user_queues.rs";
    for (path, from, to, code, item) in [
        (
            queues,
            "/users/{userId}/queues",
            "/users/{userId}/q",
            ChangeCode::PathChanged,
            "users::Users::get_user_queues",
        ),
        (
            queues,
            "\"pageSize\"",
            "\"size\"",
            ChangeCode::WireNameChanged,
            "users::GetUserQueues::page_size",
        ),
        (
            queues,
            "parameter: \"pageNumber\"",
            "parameter: \"page\"",
            ChangeCode::PagingChanged,
            "users::GetUserQueues::pages",
        ),
        (
            "src/generated/models/user_stations.rs",
            "\"defaultStation\"",
            "\"default\"",
            ChangeCode::WireNameChanged,
            "models::UserStations::default_station",
        ),
        (
            "src/generated/models/sort_order.rs",
            "\"ASC\"",
            "\"A\"",
            ChangeCode::WireNameChanged,
            "models::SortOrder::Asc",
        ),
    ] {
        let mut found = edit(path, from, to);
        found.retain(|(code, _)| *code != ChangeCode::DocsChanged);
        assert_eq!(found, [(code, item.to_owned())], "{from}");
    }
}

#[test]
fn every_golden_has_a_surface() {
    let mut goldens: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, text) in folder("tests/golden") {
        if let Some((name, path)) = path.split_once("/expected/") {
            let of_golden = goldens.entry(name.to_owned()).or_default();
            of_golden.insert(path.to_owned(), text);
        }
    }
    assert!(goldens.len() > 20);
    for (name, files) in &goldens {
        let surface = read(files);
        assert!(surface.items().count() > 5, "{name}");
        assert_eq!(compare(&surface, &surface), [], "{name}");
        for item in surface.items() {
            let text = format!("{} {}", item.path, item.signature);
            for word in ["rt::", "super::", "crate::", "generated::", "runtime::"] {
                assert!(!text.contains(word), "{name}: {text}");
            }
            assert!(!item.file.is_empty() && item.line > 0, "{name}: {text}");
        }
    }
}

#[test]
fn a_whole_crate_hands_on_its_runtime() {
    let mut files = BTreeMap::new();
    for (path, text) in folder("tests/golden/security/expected") {
        files.insert(path, text);
    }
    for (path, text) in runtime() {
        files.insert(format!("src/runtime/{path}"), text);
    }
    let surface = read(&files);
    for (path, signature) in [
        ("Client::vault", "fn vault(&self) -> vault::Vault"),
        ("Client::builder", "fn builder() -> ClientBuilder"),
        (
            "ClientBuilder::basic_credential",
            "fn basic_credential(self, user: impl Into<String>, password: impl Into<Secret>) -> ClientBuilder",
        ),
        ("String: Param", "impl Param for String"),
        ("external::bytes", "use bytes"),
        (
            "vault::GetBoth::send_blocking",
            "fn send_blocking(self) -> Result<()>",
        ),
    ] {
        let item = surface
            .get(path)
            .unwrap_or_else(|| panic!("{path} is not there"));
        assert_eq!(item.signature.replace("Self", "ClientBuilder"), signature);
    }
    assert_eq!(
        surface.get("external::uuid").unwrap().gate.to_string(),
        "uuid"
    );
    assert_eq!(surface.get("Login").unwrap().gate.to_string(), "oauth");
    assert!(
        surface.get("Call").is_none(),
        "what is of the crate alone is not seen"
    );
    assert_eq!(surface.package.features["default"].len(), 4);
    assert_eq!(compare(&surface, &surface), []);
}
