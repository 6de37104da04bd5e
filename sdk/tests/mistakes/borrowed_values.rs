//! A list of values that is borrowed.
//~ is not a list of `UserExpand`
//~ a reference to a value becomes one with `.cloned()` on the iterator

use genesys_cloud_users::{Client, models::UserExpand};

pub fn call(client: &Client, wanted: &[UserExpand]) {
    let _ = client.users().get_user("u-1").expand(wanted);
}
