//! The answer of a request that was not awaited.
//~ the `?` operator can only be applied to values that implement `Try`

use genesys_cloud_users::{Client, Result, models::User};

pub async fn call(client: &Client) -> Result<User> {
    let user = client.users().get_user("u-1")?;
    Ok(user)
}
