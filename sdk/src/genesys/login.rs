use super::Region;
use crate::runtime::query;
#[cfg(feature = "oauth")]
use crate::{AuthorizeUrl, Login, Secret};

impl Region {
    /// Starts to build the URL at which a user logs in with a browser; `.code()`, `.pkce()` or
    /// `.token()` completes it.
    ///
    /// The platform supports more parameters, added with
    /// [`with_parameter`](AuthorizeUrl::with_parameter): `org` and `provider` to go straight to an
    /// identity provider, `target`, `login_hint`, and `prompt=login` to log in anew.
    #[cfg(feature = "oauth")]
    pub fn authorize(
        self,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> AuthorizeUrl {
        let endpoint = format!("{}/oauth/authorize", self.login_url());
        AuthorizeUrl::new(endpoint, client_id, redirect_uri)
    }

    /// The URL at which a user's browser logs out of the platform. It redirects to `redirect_uri`.
    pub fn logout_url(self, client_id: &str, redirect_uri: &str) -> String {
        let query = query(&[("client_id", client_id), ("redirect_uri", redirect_uri)]);
        format!("{}/logout?{query}", self.login_url())
    }
}

#[cfg(feature = "oauth")]
impl Login {
    /// A login with a SAML 2 assertion of an identity provider, encoded in base64. `org_name` is
    /// the short name of the organization.
    pub fn genesys_saml2_bearer(
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
        org_name: impl Into<Secret>,
        assertion: impl Into<Secret>,
    ) -> Self {
        Self::saml2_bearer(client_id, secret, assertion).with_parameter("orgName", org_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "oauth")]
    #[test]
    fn a_login_starts_at_the_login_host() {
        let start = Region::EuWest1
            .authorize("c 1", "https://app.example.com/")
            .with_parameter("org", "acme")
            .code()
            .unwrap();
        let url = start.url;
        assert!(
            url.starts_with("https://login.mypurecloud.ie/oauth/authorize?"),
            "{url}"
        );
        assert!(url.contains("&org=acme"), "{url}");
    }

    #[test]
    fn a_logout_goes_to_the_login_host() {
        assert_eq!(
            Region::EuWest1.logout_url("c 1", "https://app.example.com/?a=b&c"),
            "https://login.mypurecloud.ie/logout?client_id=c%201\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2F%3Fa%3Db%26c"
        );
    }
}
