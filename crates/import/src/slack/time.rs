//! Slack's times and dates.

use readmark_model::Timestamp;

/// The first second of the year 10000: times from then on are invalid.
const END_OF_TIME: i64 = 253_402_300_800;

/// Parses `1607450229.000100` to microseconds; the time of a message is its id within its channel.
pub(super) fn parse(ts: &str) -> Result<i64, String> {
    let wrong = || format!("ts {ts:?} is no time");
    let digits = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (seconds, fraction) = match ts.split_once('.') {
        Some((seconds, fraction)) if (1..=6).contains(&fraction.len()) => {
            let scale = 10_i64.pow(6 - u32::try_from(fraction.len()).unwrap_or(6));
            (seconds, digits(fraction).ok_or_else(wrong)? * scale)
        }
        Some(_) => return Err(wrong()),
        None => (ts, 0),
    };
    let seconds = digits(seconds)
        .filter(|seconds| (1..END_OF_TIME).contains(seconds))
        .ok_or_else(wrong)?;
    Ok(seconds * 1_000_000 + fraction)
}

/// Microseconds as a timestamp, truncated to milliseconds.
pub(super) fn to_timestamp(microseconds: i64) -> Timestamp {
    Timestamp(microseconds / 1_000)
}

/// Whole seconds as a timestamp; `None` if invalid.
pub(super) fn from_seconds(seconds: i64) -> Option<Timestamp> {
    (1..END_OF_TIME)
        .contains(&seconds)
        .then_some(Timestamp(seconds * 1_000))
}

/// Whether a file holds the messages of one day: `2020-12-08.json`.
pub(super) fn is_day_file(name: &str) -> bool {
    name.strip_suffix(".json").is_some_and(|date| {
        date.len() == 10
            && date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_microseconds() {
        assert_eq!(parse("1607450229.000171"), Ok(1_607_450_229_000_171));
        assert_eq!(parse("1607450229.5"), Ok(1_607_450_229_500_000));
        assert_eq!(parse("1607450229"), Ok(1_607_450_229_000_000));
        assert_eq!(
            to_timestamp(1_607_450_229_001_999),
            Timestamp(1_607_450_229_001)
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for ts in [
            "",
            ".",
            "1.",
            ".1",
            "-1.0",
            "+1.0",
            "1.0.0",
            "1.1234567",
            "0.000001",
            "1e9",
            " 1",
            "253402300800.000000",
            "99999999999999999999.0",
            "١٢٣",
        ] {
            assert!(parse(ts).is_err(), "{ts}");
        }
    }

    #[test]
    fn only_days_hold_messages() {
        assert!(is_day_file("2020-12-08.json"));
        for name in [
            "canvas.json",
            "2020-12-08.txt",
            "2020-12-8.json",
            "2020/12/08.json",
        ] {
            assert!(!is_day_file(name), "{name}");
        }
    }
}
