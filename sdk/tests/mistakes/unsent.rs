//! A request that is neither sent nor awaited.
#![deny(unused_must_use)]
//~ unused `GetUser` that must be used
//~ a request does nothing until it is sent

use genesys_cloud_users::Client;

pub fn call(client: &Client) {
    client.users().get_user("u-1");
}
