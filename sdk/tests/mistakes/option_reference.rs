//! The same, borrowed.
//~ `Option<String>` cannot be sent as the value of a parameter
//~ unwrap an `Option` first

use genesys_cloud_users::{Client, models::User};

pub fn call(client: &Client, user: &User) {
    let _ = client.users().get_user(&user.id);
}
