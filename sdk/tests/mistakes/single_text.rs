//! One text where a list is taken.
//~ `&str` cannot be sent as the list of values of a parameter
//~ expected a list of texts or other values: `[a, b]`, a `Vec` or an iterator
//~ put a single value in brackets: `[value]`

use genesys_cloud_users::Client;

pub fn call(client: &Client) {
    let _ = client.users().get_users().id("u-1");
}
