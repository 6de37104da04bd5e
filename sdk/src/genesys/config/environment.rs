use std::ffi::OsString;

use super::{Config, Host};
use crate::{Error, Region, Result, Secret};

impl Config {
    /// Reads variables through a function, so that tests need not change those of the process.
    pub(super) fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let text = |name: &str| match variable(name).map(OsString::into_string) {
            Some(Ok(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            // The message does not quote the value: it can be a secret.
            Some(Err(_)) => Err(Error::config(format!("{name}: not Unicode text"))),
            None => Ok(None),
        };
        let region = |text: String| {
            text.parse::<Region>()
                .map_err(|error| Error::config(format!("GENESYSCLOUD_REGION: {error}")))
        };
        Ok(Self {
            host: text("GENESYSCLOUD_REGION")?
                .map(region)
                .transpose()?
                .map(Host::Region),
            access_token: text("GENESYSCLOUD_ACCESS_TOKEN")?.map(Secret::new),
            client_id: text("GENESYSCLOUD_OAUTHCLIENT_ID")?,
            client_secret: text("GENESYSCLOUD_OAUTHCLIENT_SECRET")?.map(Secret::new),
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Config> {
        Config::from_variables(|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(value.into())
        })
    }

    #[test]
    fn reads_the_four_variables() {
        let config = from(&[
            ("GENESYSCLOUD_REGION", "eu-central-1"),
            ("GENESYSCLOUD_ACCESS_TOKEN", "t0ken"),
            ("GENESYSCLOUD_OAUTHCLIENT_ID", "id-1"),
            ("GENESYSCLOUD_OAUTHCLIENT_SECRET", "s3cret\n"),
        ])
        .unwrap();
        assert_eq!(
            config,
            Config {
                host: Some(Host::Region(Region::EuCentral1)),
                access_token: Some("t0ken".into()),
                client_id: Some("id-1".to_owned()),
                client_secret: Some("s3cret".into()),
                ..Config::default()
            }
        );
        let shown = format!("{config:?}");
        assert!(
            !shown.contains("t0ken") && !shown.contains("s3cret"),
            "{shown}"
        );
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let config = from(&[
            ("GENESYSCLOUD_REGION", ""),
            ("GENESYSCLOUD_ACCESS_TOKEN", " "),
            ("GENESYSCLOUD_OAUTHCLIENT_ID", "\t"),
        ]);
        assert_eq!(config.unwrap(), Config::default());
    }

    #[test]
    fn an_unknown_region_is_told_with_the_variable_and_the_known_ones() {
        let error = from(&[("GENESYSCLOUD_REGION", "mars")]).unwrap_err();
        let text = error.to_string();
        assert!(error.is_config(), "{text}");
        assert!(
            text.starts_with("GENESYSCLOUD_REGION: \"mars\" is no region"),
            "{text}"
        );
        assert!(text.contains("mypurecloud.com.au"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_no_text_is_refused_by_name() {
        use std::os::unix::ffi::OsStringExt;

        let error = Config::from_variables(|name| {
            (name == "GENESYSCLOUD_ACCESS_TOKEN").then(|| OsString::from_vec(b"t0\xff".to_vec()))
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "GENESYSCLOUD_ACCESS_TOKEN: not Unicode text"
        );
    }
}
