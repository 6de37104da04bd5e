//! A type that this crate knows nothing of.
//~ `Id` cannot be sent as the value of a parameter
//~ a value of any other type can be sent as text: `&value.to_string()`

use genesys_cloud_users::Client;

pub struct Id(u64);

pub fn call(client: &Client) {
    let _ = client.users().get_user(Id(1));
}
