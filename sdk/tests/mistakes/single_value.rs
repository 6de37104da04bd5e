//! One value where a list is taken.
//~ `&str` is not a list of `UserExpand`
//~ expected a list of `UserExpand`: `[a, b]`, a `Vec` or an iterator
//~ put a single value in brackets: `[value]`
//~ a text becomes a value of an enum of this crate with `.into()`

use genesys_cloud_users::Client;

pub fn call(client: &Client) {
    let _ = client.users().get_user("u-1").expand("presence");
}
