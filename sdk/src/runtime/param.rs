use std::borrow::Cow;

use super::{Base64, Base64Url, OpenEnum, Secret, UnixTime, YearMonth};

/// A value that can stand in a path, a query or a header.
pub trait Param {
    /// The value as text, before any percent-encoding.
    fn to_text(&self) -> Cow<'_, str>;
}

macro_rules! texts {
    ($($type:ty),*) => {$(
        impl Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                Cow::Borrowed(self)
            }
        }
    )*};
}

texts!(&str, String, &String, Cow<'_, str>);

impl Param for &Secret {
    fn to_text(&self) -> Cow<'_, str> {
        self.expose().into()
    }
}

impl Param for Secret {
    fn to_text(&self) -> Cow<'_, str> {
        self.expose().into()
    }
}

impl<T: OpenEnum> Param for T {
    fn to_text(&self) -> Cow<'_, str> {
        self.to_wire().into()
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl Param for $type {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }

        impl Param for &$type {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }
    )*};
}

// `NaiveDate` displays as ISO 8601, which is RFC 3339's full-date.
displayed!(
    bool,
    i8,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    u64,
    f32,
    f64,
    chrono::NaiveDate,
    YearMonth,
    Base64,
    Base64Url,
    UnixTime
);

#[cfg(feature = "uuid")]
displayed!(uuid::Uuid);

impl Param for chrono::DateTime<chrono::Utc> {
    fn to_text(&self) -> Cow<'_, str> {
        self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_the_wire_wants_them() {
        let noon = chrono::DateTime::from_timestamp_millis(1_700_000_000_120).unwrap();
        assert_eq!(noon.to_text(), "2023-11-14T22:13:20.120Z");
        assert_eq!(noon.date_naive().to_text(), "2023-11-14");
        assert_eq!(true.to_text(), "true");
        assert_eq!((-1.5f64).to_text(), "-1.5");
        assert_eq!(i64::MIN.to_text(), "-9223372036854775808");
        assert_eq!("a b".to_text(), "a b");
        assert_eq!(UnixTime(noon).to_text(), "1700000000");
        assert_eq!(Base64(vec![0xff, 1]).to_text(), "/wE=");
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn a_uuid_is_written_with_hyphens() {
        assert_eq!(
            uuid::Uuid::nil().to_text(),
            "00000000-0000-0000-0000-000000000000"
        );
    }
}
