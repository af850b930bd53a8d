//! Execution time of methods, by method and webhook or application (sources: limits).

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use readmark_model::Credential;

/// The length of a bucket, in seconds.
const BUCKET: i64 = 60;

/// The length of the window, in seconds.
const WINDOW: i64 = 600;

/// The time used by a method for one webhook or application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The time used within the window.
    pub operating: Duration,
    /// When the oldest bucket leaves the window: seconds since 1970.
    pub reset_at: i64,
}

impl Usage {
    /// Nothing used.
    #[must_use]
    pub const fn none(now: i64) -> Self {
        Self {
            operating: Duration::ZERO,
            reset_at: now + WINDOW,
        }
    }
}

/// The time used by a portal's methods within the last ten minutes.
#[derive(Debug, Default)]
pub struct Operating(Mutex<HashMap<(Credential, &'static str), Buckets>>);

/// Start and total of each bucket. A bucket starts at the first call after the previous one has ended.
#[derive(Debug, Default)]
struct Buckets(VecDeque<(i64, Duration)>);

impl Buckets {
    fn forget(&mut self, now: i64) {
        while self
            .0
            .front()
            .is_some_and(|(start, _)| start + WINDOW <= now)
        {
            self.0.pop_front();
        }
    }

    fn add(&mut self, now: i64, time: Duration) {
        match self.0.back_mut() {
            Some((start, total)) if now < *start + BUCKET => *total += time,
            _ => self.0.push_back((now, time)),
        }
    }

    fn usage(&self, now: i64) -> Usage {
        match self.0.front() {
            Some((start, _)) => Usage {
                operating: self.0.iter().map(|(_, time)| *time).sum(),
                reset_at: start + WINDOW,
            },
            None => Usage::none(now),
        }
    }
}

impl Operating {
    /// Adds a call at `now`, seconds since 1970, and answers the time used so far, including this call.
    pub fn record(
        &self,
        credential: &Credential,
        method: &'static str,
        now: i64,
        time: Duration,
    ) -> Usage {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = all.entry((credential.clone(), method)).or_default();
        buckets.forget(now);
        buckets.add(now, time);
        buckets.usage(now)
    }

    /// The time used so far.
    pub fn usage(&self, credential: &Credential, method: &'static str, now: i64) -> Usage {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(&(credential.clone(), method)) {
            Some(buckets) => {
                buckets.forget(now);
                buckets.usage(now)
            }
            None => Usage::none(now),
        }
    }

    /// Drops what has left the window.
    pub fn prune(&self, now: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, buckets| {
            buckets.forget(now);
            !buckets.0.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOOK: Credential = Credential::Webhook(1);
    const SECOND: Duration = Duration::from_secs(1);

    fn record(operating: &Operating, now: i64) -> (u64, i64) {
        let usage = operating.record(&HOOK, "im.chat.get", now, SECOND);
        (usage.operating.as_secs(), usage.reset_at)
    }

    #[test]
    fn calls_of_a_minute_leave_the_window_together() {
        let operating = Operating::default();
        assert_eq!(record(&operating, 1000), (1, 1600));
        assert_eq!(record(&operating, 1059), (2, 1600));
        assert_eq!(record(&operating, 1060), (3, 1600));
        assert_eq!(record(&operating, 1599), (4, 1600));
        // The bucket of 1000 has left; that of 1060 is the oldest now.
        assert_eq!(record(&operating, 1600), (3, 1660));
        assert_eq!(record(&operating, 9000), (1, 9600));
    }

    #[test]
    fn methods_and_credentials_are_counted_apart() {
        let operating = Operating::default();
        record(&operating, 1000);
        let application = Credential::Application("1".to_owned());
        assert_eq!(operating.usage(&HOOK, "profile", 1000), Usage::none(1000));
        assert_eq!(
            operating.usage(&Credential::Webhook(2), "im.chat.get", 1000),
            Usage::none(1000)
        );
        assert_eq!(
            operating.usage(&application, "im.chat.get", 1000),
            Usage::none(1000)
        );
        assert_eq!(
            operating.usage(&HOOK, "im.chat.get", 1000).operating,
            SECOND
        );
    }

    #[test]
    fn what_has_left_the_window_takes_no_memory() {
        let operating = Operating::default();
        record(&operating, 1000);
        operating.prune(1599);
        assert_eq!(operating.0.lock().unwrap().len(), 1);
        operating.prune(1600);
        assert!(operating.0.lock().unwrap().is_empty());
    }
}
