//! The version of a rendered crate.

use semver::Version;

/// The crate version to use when the API's version is not one that Cargo accepts.
const FALLBACK: &str = "0.1.0";

/// Returns the API's version if it is three plain numbers, and [`FALLBACK`] otherwise.
///
/// Pre-releases and build metadata are not taken over: Cargo resolves `1.0.0-beta` only for those
/// who ask for it, so that a dependency on `1` would find nothing.
pub(super) fn crate_version(version: &str) -> &str {
    let fits = |number: u64| u32::try_from(number).is_ok();
    let is_plain = Version::parse(version).is_ok_and(|parsed| {
        parsed.pre.is_empty()
            && parsed.build.is_empty()
            && [parsed.major, parsed.minor, parsed.patch]
                .into_iter()
                .all(fits)
    });
    if is_plain { version } else { FALLBACK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_plain_numbers_become_a_crate_version() {
        for version in ["1.2.3", "0.0.0", "4294967295.0.0"] {
            assert_eq!(crate_version(version), version);
        }
        for version in [
            "1",
            "v1.2.3",
            "1.02.3",
            "1.2.+3",
            "1.2.3-beta.1",
            "1.2.3+build",
            " 1.2.3",
            "4294967296.0.0",
            "2024-01-01",
            "",
            "1.2.3.4",
        ] {
            assert_eq!(crate_version(version), FALLBACK, "{version}");
        }
    }
}
