//! When a failed delivery is retried.

use std::time::Duration;

use readmark_app::{Random, delivery::Verdict};
use readmark_model::{Timestamp, delivery::Delivery};

/// The retry policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    /// The pause after the first failure; it doubles with each one.
    pub(super) first: Duration,
    /// The maximum pause.
    pub(super) longest: Duration,
    /// The age at which an event is given up.
    pub(super) give_up: Duration,
    /// Whether it is given up after the first attempt.
    pub(super) once: bool,
}

impl Retry {
    /// What happens to an event whose attempt failed. The last attempt is at the time of giving up. Unless it was the only one,
    /// all events of that age are given up too: a lane whose events each had to fail on their own would never catch up.
    pub(super) fn after(
        &self,
        delivery: &Delivery,
        now: Timestamp,
        random: &dyn Random,
    ) -> Verdict {
        let begun = delivery.created_at.max(delivery.replayed_at);
        let end = begun.get().saturating_add(millis(self.give_up));
        if self.once || now.get() >= end {
            let old = now.get().saturating_sub(millis(self.give_up));
            let failing = !self.once && delivery.attempts > 1;
            return Verdict::GivenUp {
                with_older_than: failing.then_some(Timestamp(old)),
            };
        }
        let pause = self.pause(delivery.attempts, random);
        Verdict::Again(Timestamp(now.get().saturating_add(millis(pause)).min(end)))
    }

    fn pause(&self, attempts: i64, random: &dyn Random) -> Duration {
        let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(30);
        spread(
            self.first.saturating_mul(1 << doublings).min(self.longest),
            random,
        )
    }
}

/// A random duration between half of a pause and all of it, so that simultaneous failures do not retry simultaneously.
pub(super) fn spread(pause: Duration, random: &dyn Random) -> Duration {
    let mut bytes = [0_u8; 2];
    random.fill(&mut bytes);
    pause.mul_f64(0.5 + f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX) / 2.0)
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use readmark_model::UserId;

    use super::*;

    struct Always(u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    const RETRY: Retry = Retry {
        first: Duration::from_secs(5),
        longest: Duration::from_secs(60),
        give_up: Duration::from_secs(3600),
        once: false,
    };

    fn delivery(attempts: i64, replayed_at: i64) -> Delivery {
        Delivery {
            id: 1,
            bot: UserId(1),
            url: String::new(),
            handler: 1,
            event: String::new(),
            data: String::new(),
            snapshot: String::new(),
            acting_user: None,
            created_at: Timestamp(0),
            given_up: false,
            attempts,
            next_attempt_at: Timestamp(0),
            replayed_at: Timestamp(replayed_at),
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_differ_by_half() {
        for (attempts, longest) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (500, 60)] {
            let pause = |byte| RETRY.pause(attempts, &Always(byte));
            assert_eq!(pause(255), Duration::from_secs(longest));
            assert_eq!(pause(0), Duration::from_secs(longest) / 2);
        }
    }

    #[test]
    fn an_event_is_given_up_at_its_age_and_not_before_a_last_attempt() {
        let after = |delivery: &Delivery, now| RETRY.after(delivery, Timestamp(now), &Always(255));
        assert_eq!(
            after(&delivery(1, 0), 1_000),
            Verdict::Again(Timestamp(6_000))
        );
        assert_eq!(
            after(&delivery(9, 0), 3_599_000),
            Verdict::Again(Timestamp(3_600_000))
        );
        let given_up = |older: Option<i64>| Verdict::GivenUp {
            with_older_than: older.map(Timestamp),
        };
        assert_eq!(after(&delivery(10, 0), 3_700_000), given_up(Some(100_000)));
        // The server was down and made no attempts: the next events get their own attempt.
        assert_eq!(after(&delivery(1, 0), 3_600_000), given_up(None));
        // A replayed event is as old as its replay.
        assert_eq!(
            after(&delivery(1, 3_000_000), 3_600_000),
            Verdict::Again(Timestamp(3_605_000))
        );
        let once = Retry {
            once: true,
            ..RETRY
        };
        assert_eq!(
            once.after(&delivery(1, 0), Timestamp(1), &Always(0)),
            given_up(None)
        );
    }
}
