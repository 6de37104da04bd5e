//! A list of ids of which some may not be there.
//~ `Vec<Option<String>>` cannot be sent as the list of values of a parameter
//~ `list.into_iter().flatten()` leaves out what is `None`

use genesys_cloud_users::Client;

pub fn call(client: &Client, ids: Vec<Option<String>>) {
    let _ = client.users().get_users().id(ids);
}
