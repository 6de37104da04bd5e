//! The version of a rendered crate.

/// The API's version where it can be a crate's.
pub(super) fn crate_version(version: &str) -> &str {
    let is_number = |part: &str| {
        let has_no_zero = part == "0" || !part.starts_with('0');
        has_no_zero && part.parse::<u32>().is_ok() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts = version.split('.').count();
    match parts == 3 && version.split('.').all(is_number) {
        true => version,
        false => "0.1.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_that_cargo_takes_are_taken() {
        for version in ["1.2.3", "0.0.0"] {
            assert_eq!(crate_version(version), version);
        }
        for version in [
            "1",
            "v1.2.3",
            "1.02.3",
            "1.2.+3",
            "2024-01-01",
            "",
            "1.2.3.4",
        ] {
            assert_eq!(crate_version(version), "0.1.0", "{version}");
        }
    }
}
