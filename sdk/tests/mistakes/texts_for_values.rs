//! Texts where values of an enum are taken.
//~ `[&str; 1]` is not a list of `UserExpand`
//~ a text becomes a value of an enum of this crate with `.into()`

use genesys_cloud_users::Client;

pub fn call(client: &Client) {
    let _ = client.users().get_user("u-1").expand(["presence"]);
}
