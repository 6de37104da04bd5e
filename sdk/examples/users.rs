//! Prints all users of an organization. Reads the configuration file and the environment:
//! `GENESYSCLOUD_REGION` (a name such as `eu_west_1`, or a domain), `GENESYSCLOUD_OAUTHCLIENT_ID` and
//! `GENESYSCLOUD_OAUTHCLIENT_SECRET`, or `GENESYSCLOUD_ACCESS_TOKEN`.

use genesys_cloud_users::{Client, Result, models::UserExpand};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let client = Client::configured()?.build()?;
    let request = client.users().get_users().page_size(100);
    let mut users = request.expand([UserExpand::Presence]).items().look_ahead();
    while let Some(user) = users.try_next().await? {
        println!(
            "{} <{}>",
            user.name.unwrap_or_default(),
            user.email.unwrap_or_default()
        );
    }
    Ok(())
}
