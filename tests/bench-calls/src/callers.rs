//! The three clients, each used as its authors mean it to be used.

use chrono::{DateTime, Utc};
use genesys_cloud_users::{Client, models};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    StatusCode,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
    redirect::Policy,
};

use crate::{
    CONNECT_TIMEOUT, Failure, TIMEOUT, TOKEN, USER_AGENT,
    sample::{ID, PAGE_SIZE},
};

/// A client that can be told to call.
pub(crate) trait Caller {
    type User;
    type Page;

    async fn user(&self) -> Result<Self::User, Failure>;

    async fn page(&self) -> Result<Self::Page, Failure>;

    fn entities(page: Self::Page) -> Vec<Self::User>;

    fn sketch(user: &Self::User) -> Sketch;
}

/// Enough of a user to see that all clients read the same: text, number, list, date, what is nested
/// deep, what closes a circle.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sketch {
    name: Option<String>,
    version: Option<i32>,
    phones: Vec<Option<String>>,
    routed_since: Option<DateTime<Utc>>,
    presence: Option<String>,
    manager: Option<String>,
    city: Option<String>,
    proficiency: Option<f64>,
}

/// The SDK's models and the hand-written structs are alike enough to be looked at alike.
macro_rules! sketch_of_options {
    ($user:ident) => {{
        let user = $user.clone();
        let presence = user.presence.and_then(|it| it.presence_definition);
        let locations = user.locations.unwrap_or_default();
        let definition = locations
            .first()
            .and_then(|it| it.location_definition.clone());
        Sketch {
            name: user.name,
            version: user.version,
            phones: user
                .addresses
                .into_iter()
                .flatten()
                .map(|it| it.display)
                .collect(),
            routed_since: user.routing_status.and_then(|it| it.start_time),
            presence: presence.and_then(|it| it.system_presence),
            manager: user.manager.and_then(|it| it.id),
            city: definition.and_then(|it| it.address?.city),
            proficiency: user
                .skills
                .unwrap_or_default()
                .first()
                .and_then(|it| it.proficiency),
        }
    }};
}

/// The SDK.
pub(crate) struct Sdk(Client);

impl Sdk {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let client = Client::builder()
            .base_url(url)
            .bearer_token(TOKEN)
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()?;
        Ok(Self(client))
    }
}

impl Caller for Sdk {
    type User = models::User;
    type Page = models::UserEntityListing;

    async fn user(&self) -> Result<Self::User, Failure> {
        Ok(self.0.users().get_user(ID).send().await?)
    }

    async fn page(&self) -> Result<Self::Page, Failure> {
        let request = self.0.users().get_users().page_size(PAGE_SIZE);
        Ok(request.send().await?)
    }

    fn entities(page: Self::Page) -> Vec<Self::User> {
        page.entities.unwrap_or_default()
    }

    fn sketch(user: &Self::User) -> Sketch {
        sketch_of_options!(user)
    }
}

/// What a careful person would write: structs of the properties, one client, a URL nothing can
/// break out of, a look at the status, the whole body.
pub(crate) struct Hand {
    http: reqwest::Client,
    base_url: String,
}

/// The structs, typed out by a script (`build/structs.rs`): a person would take a day for them.
#[allow(
    dead_code,
    missing_docs,
    reason = "most fields are only read from JSON"
)]
mod hand {
    include!(concat!(env!("OUT_DIR"), "/structs.rs"));
}

/// Everything but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Hand {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let mut headers = authorization()?;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(Self {
            http: http(headers)?,
            base_url: url.to_owned(),
        })
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, url: String) -> Result<T, Failure> {
        let response = self.http.get(url).send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        if status != StatusCode::OK {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Caller for Hand {
    type User = hand::User;
    type Page = hand::UserEntityListing;

    async fn user(&self) -> Result<Self::User, Failure> {
        let id = utf8_percent_encode(ID, SEGMENT);
        self.get(format!("{}/api/v2/users/{id}", self.base_url))
            .await
    }

    async fn page(&self) -> Result<Self::Page, Failure> {
        let base_url = &self.base_url;
        self.get(format!("{base_url}/api/v2/users?pageSize={PAGE_SIZE}"))
            .await
    }

    fn entities(page: Self::Page) -> Vec<Self::User> {
        page.entities.unwrap_or_default()
    }

    fn sketch(user: &Self::User) -> Sketch {
        sketch_of_options!(user)
    }
}

/// The client progenitor writes. It knows no login: the HTTP client it is given does.
pub(crate) struct Third(third::Client);

#[allow(
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "written by progenitor"
)]
mod third {
    include!(concat!(env!("OUT_DIR"), "/progenitor.rs"));
}

impl Third {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let http = http(authorization()?)?;
        Ok(Self(third::Client::new_with_client(url, http)))
    }
}

impl Caller for Third {
    type User = third::types::User;
    type Page = third::types::UserEntityListing;

    async fn user(&self) -> Result<Self::User, Failure> {
        Ok(self.0.get_user(ID, None, None, None).await?.into_inner())
    }

    async fn page(&self) -> Result<Self::Page, Failure> {
        let size = Some(PAGE_SIZE);
        let answer = self
            .0
            .get_users(None, None, None, None, None, size, None, None);
        Ok(answer.await?.into_inner())
    }

    fn entities(page: Self::Page) -> Vec<Self::User> {
        page.entities
    }

    fn sketch(user: &Self::User) -> Sketch {
        let user = user.clone();
        let presence = user.presence.and_then(|it| it.presence_definition);
        let definition = user
            .locations
            .first()
            .and_then(|it| it.location_definition.clone());
        Sketch {
            name: user.name,
            version: Some(user.version),
            phones: user.addresses.into_iter().map(|it| it.display).collect(),
            routed_since: user.routing_status.and_then(|it| it.start_time),
            presence: presence.and_then(|it| it.system_presence),
            manager: user.manager.and_then(|it| it.id),
            city: definition.and_then(|it| it.address?.city),
            proficiency: user.skills.first().and_then(|it| it.proficiency),
        }
    }
}

fn authorization() -> Result<HeaderMap, Failure> {
    let mut token = HeaderValue::try_from(format!("Bearer {TOKEN}"))?;
    token.set_sensitive(true);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, token)]))
}

/// The HTTP client of the two that bring none, with the SDK's settings: a token is not for whoever
/// a redirect leads to.
fn http(headers: HeaderMap) -> Result<reqwest::Client, Failure> {
    let client = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(headers)
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(Policy::none())
        .build()?;
    Ok(client)
}
