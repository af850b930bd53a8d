//! The text of a message on one line, without BB codes.

use super::bbcode::{Code, Piece, pieces};

/// The text as shown in the list of recent chats (`im.recent.get`, `message.text`): without BB codes and line breaks.
///
/// - Of a pair, the content is kept: `[URL=/a]report[/URL]` is `report`. Unpaired codes and brackets that are not BB codes
///   stay as they are.
/// - `[ICON=… title=smile]` becomes its title, `[TIMESTAMP=…]` the time in UTC, as the reader's time zone is not known here;
///   `[DISK=…]` and `[ATTACH=…]` are removed.
/// - Marks of quotes (`>>` at the beginning of a line, lines of dashes) are removed, the quoted text is kept.
/// - Runs of whitespace, including line breaks and `[BR]`, become one space; the ends are trimmed.
#[must_use]
pub fn plain_preview(text: &str) -> String {
    one_line(&without_codes(text))
}

/// The text without BB codes, keeping line breaks.
pub(super) fn without_codes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) | Piece::Literal(text) | Piece::Unclosed(_, _, text) => {
                plain.push_str(text);
            }
            Piece::Open(Code::Break, _) => plain.push('\n'),
            Piece::Open(Code::Icon, value) => plain.push_str(icon_title(value)),
            Piece::Open(Code::Timestamp, value) => plain.push_str(&utc_time(value)),
            // Separate blocks, so that words before and after do not run together.
            Piece::Open(Code::Quote | Code::Image | Code::Literal, _)
            | Piece::Close(Code::Quote | Code::Image | Code::Literal) => plain.push(' '),
            Piece::Open(..) | Piece::Close(_) => {}
        }
    }
    plain
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let words = text
        .split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .filter(|line| !is_fence(line))
        .flat_map(|line| line.strip_prefix(">>").unwrap_or(line).split_whitespace());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A line of dashes around a quoted message.
fn is_fence(line: &str) -> bool {
    const SHORTEST: usize = 6;
    let line = line.trim();
    line.len() >= SHORTEST && line.bytes().all(|byte| byte == b'-')
}

/// The title in `address size=20 title=Big smile`: everything after `title=`, up to the next attribute.
pub(super) fn icon_title(value: &str) -> &str {
    let Some((_, title)) = value.split_once(" title=") else {
        return "";
    };
    let end = [" size=", " width=", " height="]
        .into_iter()
        .filter_map(|attribute| title.find(attribute))
        .min();
    title[..end.unwrap_or(title.len())].trim()
}

/// `1645844720 format=…` as `2022-02-26 03:05 UTC`; anything but a time within four-digit years stays as it is.
pub(super) fn utc_time(value: &str) -> String {
    const LAST_SECOND_OF_9999: i64 = 253_402_300_799;
    let number = value.split_whitespace().next().unwrap_or_default();
    match number.parse::<i64>() {
        Ok(seconds) if (0..=LAST_SECOND_OF_9999).contains(&seconds) => {
            let (year, month, day) = civil_date(seconds / 86_400);
            let (hour, minute) = (seconds % 86_400 / 3_600, seconds % 3_600 / 60);
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
        }
        _ => number.to_owned(),
    }
}

/// Year, month and day of a day counted from 1970-01-01 on.
///
/// Counts in cycles of 400 Gregorian years, and in years that begin in March, so that the leap day comes last.
fn civil_date(days_since_1970: i64) -> (i64, i64, i64) {
    const DAYS_FROM_MARCH_0000_TO_1970: i64 = 719_468;
    const DAYS_OF_400_YEARS: i64 = 146_097;
    let days = days_since_1970 + DAYS_FROM_MARCH_0000_TO_1970;
    let (cycle, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let months_after_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * months_after_march + 2) / 5 + 1;
    let month = (months_after_march + 2) % 12 + 1;
    let year = year + cycle * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_go_and_what_they_enclose_stays() {
        let text = "[B]Hi[/B] [USER=7]Ann Lee[/USER], see [url=https://example.org/a]the [i]plan[/i][/url]: \
                    [SEND=/start]start[/SEND] or [put]stop[/put] or [call]+4930123[/call]";
        assert_eq!(
            plain_preview(text),
            "Hi Ann Lee, see the plan: start or stop or +4930123"
        );
    }

    #[test]
    fn a_code_within_a_word_leaves_one_word() {
        assert_eq!(
            plain_preview("[b]re[/b]mark[color=#f00]able[/color]"),
            "remarkable"
        );
    }

    #[test]
    fn lines_become_one() {
        assert_eq!(
            plain_preview(" one\r\ntwo[br]three\n\n    four\t "),
            "one two three four"
        );
    }

    #[test]
    fn brackets_that_are_no_codes_stay() {
        let text = "a[i] = [draft] [b]";
        assert_eq!(plain_preview(text), text);
    }

    #[test]
    fn marks_of_quotes_go_and_the_quoted_text_stays() {
        let text = ">>said before\n------------\nAnn [12:30]\nfirst\n------------\n[quote]second[/quote]third";
        assert_eq!(
            plain_preview(text),
            "said before Ann [12:30] first second third"
        );
    }

    #[test]
    fn codes_in_code_are_shown() {
        assert_eq!(
            plain_preview("run [code]x[b]1[/b]\ny[/code]now"),
            "run x[b]1[/b] y now"
        );
    }

    #[test]
    fn an_icon_is_its_title_and_a_file_is_nothing() {
        let text = "so [icon=https://example.org/i.png title=big smile size=20][disk=5][attach=9][icon=/x.png]!";
        assert_eq!(plain_preview(text), "so big smile!");
    }

    #[test]
    fn a_timestamp_is_a_time_in_utc() {
        for (seconds, shown) in [
            ("0", "1970-01-01 00:00 UTC"),
            ("951782399", "2000-02-28 23:59 UTC"),
            ("951782400", "2000-02-29 00:00 UTC"),
            ("1709251199", "2024-02-29 23:59 UTC"),
            ("1735689599", "2024-12-31 23:59 UTC"),
            ("4107542400", "2100-03-01 00:00 UTC"),
            ("253402300799", "9999-12-31 23:59 UTC"),
            ("253402300800", "253402300800"),
            ("-1", "-1"),
            ("soon", "soon"),
        ] {
            let text = format!("[timestamp={seconds} format=SHORT_TIME_FORMAT]");
            assert_eq!(plain_preview(&text), shown);
        }
    }

    #[test]
    fn every_day_until_the_end_of_the_calendar_follows_on_the_one_before() {
        let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let mut day = 0;
        for year in 1970..10_000 {
            let february = if is_leap(year) { 29 } else { 28 };
            let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, length) in (1..).zip(lengths) {
                for day_of_month in 1..=length {
                    assert_eq!(civil_date(day), (year, month, day_of_month));
                    day += 1;
                }
            }
        }
        assert_eq!(day, 2_932_897);
    }

    #[test]
    fn a_line_of_six_dashes_is_a_mark_and_a_shorter_or_another_one_is_text() {
        assert_eq!(plain_preview("a\n ------ \nb"), "a b");
        assert_eq!(plain_preview("a\n-----\nb"), "a ----- b");
        assert_eq!(plain_preview("a\n---+---\nb"), "a ---+--- b");
    }

    #[test]
    fn times_of_day_are_in_hours_and_minutes() {
        for (seconds, shown) in [
            (59, "1970-01-01 00:00 UTC"),
            (60, "1970-01-01 00:01 UTC"),
            (3_599, "1970-01-01 00:59 UTC"),
            (3_600, "1970-01-01 01:00 UTC"),
            (45_296, "1970-01-01 12:34 UTC"),
            (86_399, "1970-01-01 23:59 UTC"),
            (86_400, "1970-01-02 00:00 UTC"),
        ] {
            assert_eq!(utc_time(&seconds.to_string()), shown);
        }
    }

    proptest! {
        #[test]
        fn a_preview_is_one_line_without_blanks_at_the_ends(text in "(\\[/?(b|br|url|quote)(=x)?\\]|[ a\n\r\t>-]|.){0,60}") {
            let preview = plain_preview(&text);
            prop_assert!(!preview.contains(['\n', '\r']));
            prop_assert!(!preview.contains("  "));
            prop_assert_eq!(preview.trim(), preview.as_str());
        }
    }
}
