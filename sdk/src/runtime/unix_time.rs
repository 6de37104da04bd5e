use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time that travels as the number of seconds since 1970-01-01T00:00:00Z, the value of
/// `format: unix-time`.
///
/// Written as an integer, a fraction of a second cut off; read from integers, from numbers with a
/// fraction (kept to the microsecond) and from integers in a text. The default is the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub DateTime<Utc>);

impl fmt::Display for UnixTime {
    /// The number of seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.timestamp().fmt(f)
    }
}

impl From<DateTime<Utc>> for UnixTime {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time)
    }
}

impl From<UnixTime> for DateTime<Utc> {
    fn from(time: UnixTime) -> Self {
        time.0
    }
}

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.timestamp())
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnixTimeVisitor)
    }
}

struct UnixTimeVisitor;

impl de::Visitor<'_> for UnixTimeVisitor {
    type Value = UnixTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds since 1970")
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<UnixTime, E> {
        let time = DateTime::from_timestamp(seconds, 0);
        time.map(UnixTime).ok_or_else(out_of_range)
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<UnixTime, E> {
        let seconds = i64::try_from(seconds).map_err(|_| out_of_range())?;
        self.visit_i64(seconds)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<UnixTime, E> {
        // A double holds the microseconds of this millennium and no more. The cast stops at the
        // ends of `i64`, which are beyond what `DateTime` holds.
        let micros = (seconds * 1e6).round() as i64;
        let time = DateTime::from_timestamp_micros(micros);
        time.map(UnixTime).ok_or_else(out_of_range)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<UnixTime, E> {
        match text.parse() {
            Ok(seconds) => self.visit_i64(seconds),
            Err(_) => Err(E::custom("the text is no number of seconds since 1970")),
        }
    }
}

fn out_of_range<E: de::Error>() -> E {
    E::custom("the number of seconds is beyond the times there are")
}

#[cfg(test)]
mod tests;
