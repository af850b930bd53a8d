//! Periods to search in.

use readmark_model::Timestamp;

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;
/// A second, in milliseconds: the precision of times that clients see.
const SECOND: i64 = 1000;

/// A period, given by up to three parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The beginning.
    pub from: Option<Timestamp>,
    /// The end.
    pub to: Option<Timestamp>,
    /// The beginning of 24 hours.
    pub day: Option<Timestamp>,
}

impl Period {
    /// The period without a start that has no end, and vice versa.
    #[must_use]
    pub fn paired(self) -> Self {
        if [self.from, self.to].contains(&None) {
            return Self {
                from: None,
                to: None,
                ..self
            };
        }
        self
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_absent(self) -> bool {
        let given = [self.from, self.to, self.day];
        given.iter().all(Option::is_none)
    }

    /// Start and end.
    #[must_use]
    pub fn bounds(self) -> (Option<Timestamp>, Option<Timestamp>) {
        let [from, to, day] = [self.from, self.to, self.day].map(|time| time.map(Timestamp::get));
        // A time as clients see it includes its whole second.
        let end = to.map(|to| {
            to.saturating_sub(to.rem_euclid(SECOND))
                .saturating_add(SECOND)
        });
        let end_of_day = day.map(|day| day.saturating_add(DAY));
        let since = from.into_iter().chain(day).max();
        let until = end.into_iter().chain(end_of_day).min();
        (since.map(Timestamp), until.map(Timestamp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Period = Period {
        from: None,
        to: None,
        day: None,
    };

    fn at(millis: i64) -> Option<Timestamp> {
        Some(Timestamp(millis))
    }

    #[test]
    fn all_limits_hold() {
        assert_eq!(NOTHING.bounds(), (None, None));
        let period = Period {
            from: at(5_500),
            to: at(9_400),
            day: at(7_000),
        };
        assert_eq!(
            period.bounds(),
            (Some(Timestamp(7_000)), Some(Timestamp(10_000)))
        );
        let day = Period {
            day: at(1),
            ..NOTHING
        };
        assert_eq!(
            day.bounds(),
            (Some(Timestamp(1)), Some(Timestamp(86_400_001)))
        );
    }

    #[test]
    fn a_beginning_without_an_end_is_none_where_they_are_paired() {
        let half = Period {
            from: at(5),
            day: at(7),
            ..NOTHING
        };
        let day = Period {
            day: at(7),
            ..NOTHING
        };
        assert_eq!(half.paired(), day);
        let whole = Period { to: at(9), ..half };
        assert_eq!(whole.paired(), whole);
        assert!(!day.is_absent() && NOTHING.is_absent());
    }
}
