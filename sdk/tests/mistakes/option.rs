//! An id that may not be there.
//~ `Option<String>` cannot be sent as the value of a parameter
//~ the trait `Param` is not implemented for `Option<String>`
//~ expected a text, a number, a boolean, a date, a UUID or an enum of this crate
//~ unwrap an `Option` first, for example with `let Some(id) = id else { .. }` or `id.ok_or(..)?`

use genesys_cloud_users::{Client, models::User};

pub fn call(client: &Client, user: User) {
    let _ = client.users().get_user(user.id);
}
