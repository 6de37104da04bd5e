//! What the server has to tell: one made-up user, with every part that `expand` can ask for.

use serde_json::{Value, json};

/// The id of the user that is asked for.
pub(crate) const ID: &str = "2f4c1b0e-6a57-4d0c-9c3e-7b1d90a4e812";
/// How many users a page has: what the service sends unless told otherwise.
pub(crate) const PAGE_SIZE: i32 = 25;

/// The user, as the service would write it.
pub(crate) fn user() -> serde_json::Result<Value> {
    serde_json::from_str(include_str!("../user.json"))
}

/// A page of such users, each with a name of its own.
pub(crate) fn page() -> serde_json::Result<Value> {
    let mut users = Vec::new();
    for index in 0..PAGE_SIZE {
        let mut user = user()?;
        user["name"] = json!(format!("Marit Solheim {index}"));
        users.push(user);
    }
    Ok(json!({
        "entities": users,
        "pageSize": PAGE_SIZE,
        "pageNumber": 1,
        "total": 203,
        "pageCount": 9,
        "firstUri": "/api/v2/users?pageSize=25&pageNumber=1",
        "nextUri": "/api/v2/users?pageSize=25&pageNumber=2",
        "lastUri": "/api/v2/users?pageSize=25&pageNumber=9",
        "selfUri": "/api/v2/users?pageSize=25&pageNumber=1",
    }))
}
