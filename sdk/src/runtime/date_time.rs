use std::{
    borrow::Cow,
    cell::Cell,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
    str::FromStr,
};

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Param, printable::Printable};

/// A point in time, the value of `format: date-time`.
///
/// It is the instant in UTC, to which it dereferences, and it remembers the text that it was read from: what was
/// received goes back as it came, with its offset and its digits. Values compare by their instants.
///
/// Besides RFC 3339 it reads what services send instead: offsets such as `+0200`, ` UTC` or ` GMT`, a space in
/// place of `T`, fractions of any length (of which nanoseconds count), `Sun, 06 Nov 1994 08:49:37 GMT`, and a
/// date alone, which is its midnight in UTC. A time without a zone is not an instant, unless the client
/// [assumes UTC](super::ClientBuilder::assume_utc).
#[derive(Clone)]
pub struct DateTime {
    instant: chrono::DateTime<Utc>,
    /// The text that was received, if the instant is usually written otherwise.
    text: Option<Box<str>>,
}

impl DateTime {
    /// The instant.
    pub fn instant(&self) -> chrono::DateTime<Utc> {
        self.instant
    }

    /// The instant with the offset that was received; in UTC if it was not received.
    pub fn with_offset(&self) -> chrono::DateTime<FixedOffset> {
        let received = self.text.as_deref().and_then(|text| parse(text).ok());
        match received {
            Some(Read::Instant(received)) => received,
            _ => self.instant.fixed_offset(),
        }
    }

    fn to_wire(&self) -> Cow<'_, str> {
        match &self.text {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(canonical(&self.instant)),
        }
    }
}

fn canonical(instant: &chrono::DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

thread_local! {
    /// Whether times without a zone are in UTC, while a response is decoded.
    static ASSUMES_UTC: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder, for which times without a zone are in UTC or nothing.
pub(super) fn assuming_utc<R>(assumes: bool, decode: impl FnOnce() -> R) -> R {
    struct Reset(bool);

    impl Drop for Reset {
        fn drop(&mut self) {
            ASSUMES_UTC.set(self.0);
        }
    }

    let _reset = Reset(ASSUMES_UTC.replace(assumes));
    decode()
}

impl FromStr for DateTime {
    type Err = InvalidDateTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |reason| InvalidDateTime {
            text: text.chars().take(60).collect(),
            reason,
        };
        let instant = match parse(text).map_err(invalid)? {
            Read::Instant(instant) => instant.to_utc(),
            Read::WithoutZone(time) if ASSUMES_UTC.get() => time.and_utc(),
            Read::WithoutZone(_) => return Err(invalid("has no time zone")),
        };
        let text = (canonical(&instant) != text).then(|| text.into());
        Ok(Self { instant, text })
    }
}

/// The text is not a date and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDateTime {
    text: String,
    reason: &'static str,
}

impl fmt::Display for InvalidDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, reason } = self;
        write!(f, "the date and time '{}' {reason}", Printable(text))
    }
}

impl std::error::Error for InvalidDateTime {}

/// What a text says.
#[derive(Debug, PartialEq)]
enum Read {
    Instant(chrono::DateTime<FixedOffset>),
    WithoutZone(NaiveDateTime),
}

/// Reads a text, or says what is wrong with it.
fn parse(text: &str) -> Result<Read, &'static str> {
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Read::Instant(instant));
    }
    let text = text.trim();
    if let Ok(instant) = chrono::DateTime::parse_from_rfc2822(text) {
        return Ok(Read::Instant(instant));
    }
    let (date, rest) = match text.split_at_checked(10) {
        Some(parts) if text.is_ascii() => parts,
        _ => return Err("does not begin with a date such as 2026-01-31"),
    };
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d")
        .map_err(|_| "does not begin with a date such as 2026-01-31")?;
    if rest.is_empty() {
        return Ok(Read::Instant(
            date.and_time(NaiveTime::MIN).and_utc().into(),
        ));
    }
    let clock = rest.trim_start_matches(['T', 't', ' ']);
    let end = clock.find(|it: char| !it.is_ascii_digit() && !matches!(it, ':' | '.' | ','));
    let (clock, zone) = clock.split_at(end.unwrap_or(clock.len()));
    let time = time(clock).ok_or("has no time such as 12:30:00 after the date")?;
    let local = date.and_time(time);
    let zone = zone.trim();
    if zone.is_empty() {
        return Ok(Read::WithoutZone(local));
    }
    let offset = offset(zone).ok_or("has an unknown time zone")?;
    let instant = offset.from_local_datetime(&local).single();
    instant.map(Read::Instant).ok_or("is out of range")
}

/// The time of a clock: hours and minutes, perhaps seconds and a fraction.
fn time(clock: &str) -> Option<NaiveTime> {
    let (whole, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut parts = whole.split(':');
    let mut next = || {
        let part = parts.next().filter(|part| part.len() == 2);
        part.map(str::parse::<u32>)
    };
    let hour = next()?.ok()?;
    let minute = next()?.ok()?;
    let second = next().transpose().ok()?.unwrap_or(0);
    if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let nanosecond: u32 = digits.parse().ok()?;
    match second {
        // A leap second, as chrono has it.
        60 => NaiveTime::from_hms_nano_opt(hour, minute, 59, nanosecond + 1_000_000_000),
        _ => NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond),
    }
}

/// The offset of a zone: `Z`, `UTC`, `GMT`, `+02`, `+0200`, `+02:00`.
fn offset(zone: &str) -> Option<FixedOffset> {
    if ["z", "utc", "gmt"]
        .iter()
        .any(|name| zone.eq_ignore_ascii_case(name))
    {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let digits = digits.replacen(':', "", 1);
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

impl Deref for DateTime {
    type Target = chrono::DateTime<Utc>;

    fn deref(&self) -> &Self::Target {
        &self.instant
    }
}

impl<Z: TimeZone> From<chrono::DateTime<Z>> for DateTime {
    fn from(instant: chrono::DateTime<Z>) -> Self {
        Self {
            instant: instant.to_utc(),
            text: None,
        }
    }
}

impl From<DateTime> for chrono::DateTime<Utc> {
    fn from(time: DateTime) -> Self {
        time.instant
    }
}

impl Default for DateTime {
    /// The beginning of 1970, in UTC.
    fn default() -> Self {
        chrono::DateTime::UNIX_EPOCH.into()
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for DateTime {}

impl<Z: TimeZone> PartialEq<chrono::DateTime<Z>> for DateTime {
    fn eq(&self, other: &chrono::DateTime<Z>) -> bool {
        self.instant == *other
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl fmt::Display for DateTime {
    /// Writes the text that is sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_wire())
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_wire())
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_wire())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = DateTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[diagnostic::do_not_recommend]
impl Param for DateTime {
    fn to_text(&self) -> Cow<'_, str> {
        self.to_wire()
    }
}

/// A point in time as the value of a parameter: a [`DateTime`], a `chrono::DateTime` of any zone, or a
/// reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a point in time",
    label = "expected a `DateTime`, of this crate or of chrono",
    note = "`text.parse::<DateTime>()?` reads a text"
)]
pub trait Time: Param {}

impl Time for DateTime {}

#[diagnostic::do_not_recommend]
impl<Z: TimeZone> Time for chrono::DateTime<Z> {}

#[diagnostic::do_not_recommend]
impl<T: Time + ?Sized> Time for &T {}

#[cfg(test)]
mod tests;
