//! A text where one value of an enum is taken.
//~ expected `GetUserAccountState`, found `&str`
//~ call `Into::into` on this expression

use genesys_cloud_users::Client;

pub fn call(client: &Client) {
    let _ = client.users().get_user("u-1").state("deleted");
}
