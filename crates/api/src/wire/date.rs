//! Times on the wire: ATOM on output, the usual variants of ISO 8601 on input (sources: types).

use jiff::{
    civil::DateTime,
    fmt::temporal::DateTimeParser,
    tz::{Offset, TimeZone},
};
use readmark_model::Timestamp;
use serde_json::Value;

use super::{Field, IntField};

/// First and last time that can be written with a four-digit year in every zone: year 1 to the end of 9999. Others are clamped.
const WRITABLE: (i64, i64) = (-62_135_596_800_000, 253_402_207_200_000);

const PARSER: DateTimeParser = DateTimeParser::new();

/// A time as `YYYY-MM-DDThh:mm:ss±hh:mm` in `zone`; never with `Z`, which Python before 3.11 cannot read.
#[must_use]
pub fn format_atom(time: Timestamp, zone: &TimeZone) -> String {
    let mut out = String::with_capacity("2000-01-01T00:00:00+00:00".len());
    write_atom(&mut out, time, zone);
    out
}

/// Appends what [`format_atom`] returns.
pub fn write_atom(out: &mut String, time: Timestamp, zone: &TimeZone) {
    let millis = time.get().clamp(WRITABLE.0, WRITABLE.1);
    // Cannot fail, as the time was clamped above; the epoch is never used.
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    // Some zones were once off by seconds. The local time follows the offset as written, so that together they give the right
    // instant.
    let minutes = zone.to_offset(instant).seconds().div_euclid(60);
    let offset = Offset::from_seconds(minutes * 60).unwrap_or(Offset::UTC);
    let minutes = offset.seconds() / 60;
    push_local(out, offset.to_datetime(instant));
    out.push(if minutes < 0 { '-' } else { '+' });
    let minutes = minutes.unsigned_abs();
    push_two(out, minutes / 60);
    out.push(':');
    push_two(out, minutes % 60);
}

fn push_local(out: &mut String, local: DateTime) {
    let two = |out: &mut String, number: i8| push_two(out, u32::from(number.unsigned_abs()));
    let year = u32::from(local.year().unsigned_abs());
    push_two(out, year / 100);
    push_two(out, year % 100);
    out.push('-');
    two(out, local.month());
    out.push('-');
    two(out, local.day());
    out.push('T');
    two(out, local.hour());
    out.push(':');
    two(out, local.minute());
    out.push(':');
    two(out, local.second());
}

/// Two decimal digits of a number below 100.
fn push_two(out: &mut String, number: u32) {
    for digit in [number / 10, number % 10] {
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// A field read as a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateField {
    /// Missing, null or an empty text.
    Absent,
    /// The time.
    Valid(Timestamp),
    /// Anything else.
    Malformed,
}

impl Field<'_> {
    /// The value as a time: what [`parse_date`] takes, or a number of seconds since 1970.
    #[must_use]
    pub fn as_date(self, zone: &TimeZone) -> DateField {
        let time = match (self.raw(), self.as_int()) {
            (_, IntField::Absent) => return DateField::Absent,
            (_, IntField::Valid(seconds)) => from_seconds(seconds),
            (Some(Value::String(text)), IntField::Malformed) => parse_date(text, zone),
            (_, IntField::Malformed) => None,
        };
        time.map_or(DateField::Malformed, DateField::Valid)
    }
}

/// Parses a time:
///
/// - ISO 8601 with `Z` or an offset, with or without a fraction of a second, with `T` or a blank before the time; also if a form has
///   turned the `+` of the offset into a blank;
/// - a date, or a date and time, without an offset: it is in `zone`, a date alone at midnight. A local time skipped by a clock change
///   moves forward; of one that occurs twice the first is used;
/// - a decimal number: seconds since 1970.
#[must_use]
pub fn parse_date(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim_ascii();
    if let IntField::Valid(seconds) = Field::from(&Value::from(text)).as_int() {
        return from_seconds(seconds);
    }
    let instant = PARSER
        .parse_timestamp(text)
        .or_else(|_| {
            PARSER
                .parse_datetime(text)
                .and_then(|local| zone.to_timestamp(local))
        })
        .or_else(|error| match with_plus(text) {
            Some(repaired) => PARSER.parse_timestamp(repaired),
            None => Err(error),
        });
    instant
        .ok()
        .map(|instant| Timestamp(instant.as_millisecond()))
}

fn from_seconds(seconds: i64) -> Option<Timestamp> {
    seconds.checked_mul(1000).map(Timestamp)
}

/// Restores `…+03:00` from `…T10:00:00 03:00`, which results from decoding a form that did not encode it.
fn with_plus(text: &str) -> Option<String> {
    let (local, offset) = text.rsplit_once(' ')?;
    local.contains(':').then(|| format!("{local}+{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::offset;
    use proptest::prelude::*;
    use serde_json::json;

    fn east(hours: i8) -> TimeZone {
        TimeZone::fixed(offset(hours))
    }

    /// 2026-03-04 05:06:07.089 in UTC.
    const SAMPLE: Timestamp = Timestamp(1_772_600_767_089);

    #[test]
    fn times_are_written_with_a_numeric_offset() {
        assert_eq!(
            format_atom(SAMPLE, &TimeZone::UTC),
            "2026-03-04T05:06:07+00:00"
        );
        assert_eq!(format_atom(SAMPLE, &east(3)), "2026-03-04T08:06:07+03:00");
        assert_eq!(format_atom(SAMPLE, &east(-7)), "2026-03-03T22:06:07-07:00");
        let half = TimeZone::fixed(Offset::from_seconds(-(3 * 60 + 30) * 60).unwrap());
        assert_eq!(format_atom(SAMPLE, &half), "2026-03-04T01:36:07-03:30");
    }

    #[test]
    fn summer_time_has_its_own_offset() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(format_atom(SAMPLE, &zone), "2026-03-04T06:06:07+01:00");
        assert_eq!(
            format_atom(Timestamp(1_783_000_000_000), &zone),
            "2026-07-02T15:46:40+02:00"
        );
    }

    #[test]
    fn offsets_with_seconds_still_give_the_right_instant() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let before_1911 = Timestamp(-2_000_000_000_000);
        let text = format_atom(before_1911, &zone);
        assert_eq!(text, "1906-08-16T20:35:40+00:09");
        assert_eq!(parse_date(&text, &zone), Some(before_1911));
    }

    #[test]
    fn times_beyond_what_can_be_written_are_moved_to_the_nearer_end() {
        assert_eq!(
            format_atom(Timestamp(i64::MAX), &east(14)),
            "9999-12-31T12:00:00+14:00"
        );
        assert_eq!(
            format_atom(Timestamp(i64::MIN), &east(-12)),
            "0000-12-31T12:00:00-12:00"
        );
    }

    #[test]
    fn iso_8601_is_read_in_its_variants() {
        for text in [
            "2026-03-04T05:06:07+00:00",
            "2026-03-04T05:06:07Z",
            "2026-03-04T08:06:07+03:00",
            "2026-03-04T08:06:07+0300",
            "2026-03-04t08:06:07+03",
            "2026-03-04 08:06:07+03:00",
            "2026-03-04T08:06:07 03:00",
            " 2026-03-03T22:06:07-07:00\n",
            "1772600767",
        ] {
            assert_eq!(
                parse_date(text, &east(9)),
                Some(Timestamp(1_772_600_767_000)),
                "{text}"
            );
        }
        assert_eq!(
            parse_date("2026-03-04T05:06:07.089123Z", &east(9)),
            Some(SAMPLE)
        );
    }

    #[test]
    fn a_time_without_an_offset_is_in_the_zone() {
        let zone = east(3);
        let midnight = Timestamp(1_772_571_600_000);
        for text in [
            "2026-03-04",
            "2026-03-04 00:00:00",
            "2026-03-04T00:00:00",
            "2026-03-04T00:00",
        ] {
            assert_eq!(parse_date(text, &zone), Some(midnight), "{text}");
        }
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let written = |text| parse_date(text, &berlin).map(|time| format_atom(time, &berlin));
        assert_eq!(
            written("2026-03-29 02:30:00").as_deref(),
            Some("2026-03-29T03:30:00+02:00")
        );
        assert_eq!(
            written("2026-10-25 02:30:00").as_deref(),
            Some("2026-10-25T02:30:00+02:00")
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            " ",
            "today",
            "2026-13-01",
            "2026-02-30",
            "04.03.2026",
            "10:00",
            "2026-03-04T25:00:00Z",
        ] {
            assert_eq!(parse_date(text, &TimeZone::UTC), None, "{text}");
        }
        assert_eq!(parse_date("9223372036854775807", &TimeZone::UTC), None);
    }

    #[test]
    fn fields_are_read_as_times() {
        let read = |value: Value| Field::from(&value).as_date(&TimeZone::UTC);
        assert_eq!(
            read(json!("2026-03-04T05:06:07.089Z")),
            DateField::Valid(SAMPLE)
        );
        assert_eq!(
            read(json!(1_772_600_767)),
            DateField::Valid(Timestamp(1_772_600_767_000))
        );
        assert_eq!(read(json!("")), DateField::Absent);
        assert_eq!(read(json!(null)), DateField::Absent);
        assert_eq!(read(json!(true)), DateField::Malformed);
        assert_eq!(read(json!(["2026-03-04"])), DateField::Malformed);
        assert_eq!(read(json!("soon")), DateField::Malformed);
        assert_eq!(Field::new(None).as_date(&TimeZone::UTC), DateField::Absent);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            seconds in -62_000_000_000_i64..253_000_000_000,
            minutes in -14 * 60..14 * 60,
        ) {
            let zone = TimeZone::fixed(Offset::from_seconds(minutes * 60).unwrap());
            let time = Timestamp(seconds * 1000);
            let text = format_atom(time, &zone);
            prop_assert_eq!(text.len(), 25);
            prop_assert_eq!(parse_date(&text, &TimeZone::UTC), Some(time));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*", digits in "[0-9TZ :+.-]{0,30}") {
            let _ = parse_date(&text, &TimeZone::UTC);
            let _ = parse_date(&digits, &TimeZone::UTC);
        }
    }
}
