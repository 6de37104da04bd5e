use http::Uri;

use crate::Region;

/// The host of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Host {
    /// A region.
    Region(Region),
    /// Another URL, without a trailing slash.
    Url(String),
}

impl Host {
    /// The URL of the API.
    pub fn api_url(&self) -> String {
        match self {
            Self::Region(region) => region.api_url(),
            Self::Url(url) => url.clone(),
        }
    }

    /// The URL of the login service. If the host begins with `api.`, that is replaced by `login.`,
    /// as in the official SDKs; any other URL is used as it is.
    pub fn login_url(&self) -> String {
        match self {
            Self::Region(region) => region.login_url(),
            Self::Url(url) => url.replacen("://api.", "://login.", 1),
        }
    }

    /// Parses a host as the official SDKs do: the API's URL, its host, or the domain. The error
    /// message does not quote the text.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let url = text.trim_end_matches('/');
        // The scheme is ignored: regions are only reachable through TLS.
        let host = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .unwrap_or(url);
        if let Ok(region) = host.strip_prefix("api.").unwrap_or(host).parse() {
            return Ok(Self::Region(region));
        }
        if !text.contains("://") {
            let known = Region::ALL.map(|region| format!("{region} ({})", region.domain()));
            return Err(format!(
                "is neither a URL nor a region, which are {}",
                known.join(", ")
            ));
        }
        if url.contains('@') {
            return Err("has a user name or a password, which a host does not take".to_owned());
        }
        let parsed: Uri = url.parse().map_err(|_| "is not a URL".to_owned())?;
        if !matches!(parsed.scheme_str(), Some("http" | "https"))
            || parsed.host().is_none_or(str::is_empty)
        {
            return Err("is not an absolute http or https URL".to_owned());
        }
        if parsed.query().is_some() || url.contains('#') {
            return Err("has a query or a fragment, which a host does not take".to_owned());
        }
        Ok(Self::Url(url.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_region_gives_the_region() {
        for text in [
            "mypurecloud.ie",
            "api.mypurecloud.ie",
            "https://api.mypurecloud.ie",
            "https://api.mypurecloud.ie/",
            "http://api.mypurecloud.ie",
            "https://mypurecloud.ie",
            "eu_west_1",
            "eu-west-1",
        ] {
            assert_eq!(
                Host::read(text),
                Ok(Host::Region(Region::EuWest1)),
                "{text}"
            );
        }
        let host = Host::Region(Region::EuWest1);
        assert_eq!(host.api_url(), "https://api.mypurecloud.ie");
        assert_eq!(host.login_url(), "https://login.mypurecloud.ie");
    }

    #[test]
    fn other_hosts_are_urls() {
        let host = Host::read("https://api.new1.pure.cloud/").unwrap();
        assert_eq!(host.api_url(), "https://api.new1.pure.cloud");
        assert_eq!(host.login_url(), "https://login.new1.pure.cloud");
        let host = Host::read("http://127.0.0.1:4010/v").unwrap();
        assert_eq!(host.api_url(), "http://127.0.0.1:4010/v");
        assert_eq!(host.login_url(), host.api_url());
    }

    #[test]
    fn what_is_neither_is_refused() {
        for (text, why) in [
            ("mypurecloud.ei", "neither a URL nor a region"),
            ("ftp://x", "not an absolute http"),
            ("https://", "not an absolute http"),
            ("https://a b", "not a URL"),
            ("https://x/?q=1", "a query"),
            ("https://x/#a", "a fragment"),
            ("https://u:p@x", "a user name"),
        ] {
            let error = Host::read(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        let error = Host::read("mars").unwrap_err();
        assert!(
            error.contains("eusc_de_east_1 (edee1.eusc-pure.cloud)"),
            "{error}"
        );
    }
}
