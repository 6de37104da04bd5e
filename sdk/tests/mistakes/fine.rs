//! Everything here is meant to compile.

use std::{borrow::Cow, rc::Rc, sync::Arc};

use genesys_cloud_users::{Client, Param, Result, models::UserExpand};

pub async fn pointers(client: &Client, ids: &[&str], own: &String) -> Result<()> {
    for id in ids {
        client.users().get_user(id).await?;
    }
    client.users().get_user(own).await?;
    client.users().get_user(&own).await?;
    client
        .users()
        .get_user(own.chars().next().unwrap_or('x'))
        .await?;
    client.users().get_user(Arc::<str>::from("u-1")).await?;
    client.users().get_user(&Arc::new(own.clone())).await?;
    client.users().get_user(Box::<str>::from("u-1")).await?;
    client.users().get_user(Cow::Borrowed("u-1")).await?;
    client.users().get_user(7usize).await?;
    Ok(())
}

pub fn shared(client: &Client, id: Rc<str>) {
    let _ = client.users().get_user(id);
}

pub async fn lists(client: &Client, ids: &Vec<String>, wanted: Vec<UserExpand>) -> Result<()> {
    let users = client.users();
    users.get_users().id(ids).expand(wanted).send().await?;
    users
        .get_users()
        .id(["u-1"])
        .expand([UserExpand::Presence])
        .await?;
    users.get_users().id(ids.iter().take(2)).await?;
    users
        .get_users()
        .expand(["presence"].map(Into::into))
        .await?;
    users
        .get_users()
        .expand(["presence"].into_iter().map(UserExpand::from))
        .await?;
    Ok(())
}

pub fn generic<P: Param>(client: &Client, id: P) {
    let _ = client.users().get_user(&id).expand([UserExpand::Station]);
}

pub fn tasks(
    client: &Client,
) -> impl Future<Output = Result<genesys_cloud_users::models::User>> + Send {
    client.users().get_user("u-1").into_future()
}
