use std::{fmt, str::FromStr};

/// A region of Genesys Cloud. Every organization is in one region.
///
/// Parses from its AWS name, with underscores or hyphens, or from its domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// US East (N. Virginia), `mypurecloud.com`: the default.
    #[default]
    UsEast1,
    /// US East (Ohio), FedRAMP, `use2.us-gov-pure.cloud`.
    UsEast2,
    /// US West (Oregon), `usw2.pure.cloud`.
    UsWest2,
    /// Canada (Central), `cac1.pure.cloud`.
    CaCentral1,
    /// Mexico (Central), `mxc1.pure.cloud`.
    MxCentral1,
    /// South America (São Paulo), `sae1.pure.cloud`.
    SaEast1,
    /// Europe (Ireland), `mypurecloud.ie`.
    EuWest1,
    /// Europe (London), `euw2.pure.cloud`.
    EuWest2,
    /// Europe (Frankfurt), `mypurecloud.de`.
    EuCentral1,
    /// Europe (Zurich), `euc2.pure.cloud`.
    EuCentral2,
    /// European Sovereign Cloud (Germany), `edee1.eusc-pure.cloud`.
    EuscDeEast1,
    /// Middle East (UAE), `mec1.pure.cloud`.
    MeCentral1,
    /// Asia Pacific (Mumbai), `aps1.pure.cloud`.
    ApSouth1,
    /// Asia Pacific (Tokyo), `mypurecloud.jp`.
    ApNortheast1,
    /// Asia Pacific (Seoul), `apne2.pure.cloud`.
    ApNortheast2,
    /// Asia Pacific (Osaka), `apne3.pure.cloud`.
    ApNortheast3,
    /// Asia Pacific (Singapore), `apse1.pure.cloud`.
    ApSoutheast1,
    /// Asia Pacific (Sydney), `mypurecloud.com.au`.
    ApSoutheast2,
}

impl Region {
    /// All regions that this version of the crate knows.
    pub const ALL: [Self; 18] = [
        Self::UsEast1,
        Self::UsEast2,
        Self::UsWest2,
        Self::CaCentral1,
        Self::MxCentral1,
        Self::SaEast1,
        Self::EuWest1,
        Self::EuWest2,
        Self::EuCentral1,
        Self::EuCentral2,
        Self::EuscDeEast1,
        Self::MeCentral1,
        Self::ApSouth1,
        Self::ApNortheast1,
        Self::ApNortheast2,
        Self::ApNortheast3,
        Self::ApSoutheast1,
        Self::ApSoutheast2,
    ];

    /// The platform's name of the region, an AWS name with underscores: `us_east_1`.
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// The domain: `mypurecloud.com`.
    pub fn domain(self) -> &'static str {
        self.facts().1
    }

    /// The URL of the API: `https://api.mypurecloud.com`.
    pub fn api_url(self) -> String {
        format!("https://api.{}", self.domain())
    }

    /// The URL of the login service: `https://login.mypurecloud.com`.
    pub fn login_url(self) -> String {
        format!("https://login.{}", self.domain())
    }

    fn facts(self) -> (&'static str, &'static str) {
        match self {
            Self::UsEast1 => ("us_east_1", "mypurecloud.com"),
            Self::UsEast2 => ("us_east_2", "use2.us-gov-pure.cloud"),
            Self::UsWest2 => ("us_west_2", "usw2.pure.cloud"),
            Self::CaCentral1 => ("ca_central_1", "cac1.pure.cloud"),
            Self::MxCentral1 => ("mx_central_1", "mxc1.pure.cloud"),
            Self::SaEast1 => ("sa_east_1", "sae1.pure.cloud"),
            Self::EuWest1 => ("eu_west_1", "mypurecloud.ie"),
            Self::EuWest2 => ("eu_west_2", "euw2.pure.cloud"),
            Self::EuCentral1 => ("eu_central_1", "mypurecloud.de"),
            Self::EuCentral2 => ("eu_central_2", "euc2.pure.cloud"),
            Self::EuscDeEast1 => ("eusc_de_east_1", "edee1.eusc-pure.cloud"),
            Self::MeCentral1 => ("me_central_1", "mec1.pure.cloud"),
            Self::ApSouth1 => ("ap_south_1", "aps1.pure.cloud"),
            Self::ApNortheast1 => ("ap_northeast_1", "mypurecloud.jp"),
            Self::ApNortheast2 => ("ap_northeast_2", "apne2.pure.cloud"),
            Self::ApNortheast3 => ("ap_northeast_3", "apne3.pure.cloud"),
            Self::ApSoutheast1 => ("ap_southeast_1", "apse1.pure.cloud"),
            Self::ApSoutheast2 => ("ap_southeast_2", "mypurecloud.com.au"),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text is not the name or domain of a known region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRegion(String);

impl fmt::Display for UnknownRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        write!(f, "{text:?} is no region of Genesys Cloud; known are")?;
        for (index, region) in Region::ALL.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma} {region} ({})", region.domain())?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownRegion {}

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|region| region.domain() == wanted || region.name() == wanted.replace('-', "_"))
            .ok_or_else(|| UnknownRegion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_parses_from_its_name_and_its_domain() {
        for region in Region::ALL {
            assert_eq!(region.name().parse(), Ok(region));
            assert_eq!(region.name().replace('_', "-").parse(), Ok(region));
            assert_eq!(region.domain().to_uppercase().parse(), Ok(region));
        }
    }

    #[test]
    fn names_and_domains_are_distinct() {
        let distinct = |facts: fn(Region) -> &'static str| {
            Region::ALL
                .map(facts)
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len()
        };
        assert_eq!(distinct(Region::name), 18);
        assert_eq!(distinct(Region::domain), 18);
    }

    #[test]
    fn an_unknown_region_is_told_the_known_ones() {
        let error = "mars_1".parse::<Region>().unwrap_err().to_string();
        assert!(
            error.contains("mars_1") && error.contains("eusc_de_east_1"),
            "{error}"
        );
    }
}
