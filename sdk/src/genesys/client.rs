use super::{Region, error::describe};
use crate::{Client, ClientBuilder};

impl Client {
    /// The settings of a client, starting from the default region, `us_east_1`.
    pub fn builder() -> ClientBuilder {
        let user_agent = concat!("genesys-cloud-users/", env!("CARGO_PKG_VERSION"), " (Rust)");
        ClientBuilder::new(Region::default().api_url(), user_agent, describe)
    }
}

impl ClientBuilder {
    /// The region the organization is in; replaces a base URL given before.
    pub fn region(self, region: Region) -> Self {
        self.base_url(region.api_url())
    }
}
