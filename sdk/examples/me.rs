//! Prints the user that the access token belongs to. Reads `GENESYSCLOUD_REGION` (a name such as `eu_west_1`, or a domain) and
//! `GENESYSCLOUD_ACCESS_TOKEN`.

use std::{env, error::Error};

use genesys_cloud_users::{Client, users::GetUsersMeExpand};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let region = env::var("GENESYSCLOUD_REGION").unwrap_or_else(|_| "us_east_1".to_owned());
    let client = Client::builder()
        .region(region.parse()?)
        .bearer_token(env::var("GENESYSCLOUD_ACCESS_TOKEN")?)
        .build()?;
    let me = client
        .users()
        .get_users_me()
        .expand([GetUsersMeExpand::Presence])
        .send()
        .await?;
    println!(
        "{} <{}>",
        me.name.unwrap_or_default(),
        me.email.unwrap_or_default()
    );
    Ok(())
}
