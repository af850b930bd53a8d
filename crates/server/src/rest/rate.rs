//! Rate limit: a leaky bucket per portal and address (sources: limits). Off by default.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError, RwLock},
    time::Instant,
};

/// The rate limit.
#[derive(Debug)]
pub struct RateLimit {
    rate: RwLock<Rate>,
    buckets: Mutex<HashMap<(String, IpAddr), Bucket>>,
}

/// How many requests are admitted.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Requests per second that leak out of a bucket; 0 for no limit.
    pub per_second: f64,
    /// The capacity of a bucket.
    pub burst: f64,
}

#[derive(Debug)]
struct Bucket {
    level: f64,
    since: Instant,
}

impl Bucket {
    fn leak(&mut self, now: Instant, per_second: f64) {
        let leaked = now.saturating_duration_since(self.since).as_secs_f64() * per_second;
        self.level = (self.level - leaked).max(0.0);
        self.since = now;
    }
}

impl RateLimit {
    /// Admits requests at a rate.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self {
            rate: RwLock::new(rate),
            buckets: Mutex::default(),
        }
    }

    fn rate(&self) -> Rate {
        *self.rate.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another rate, from now on.
    pub fn set(&self, rate: Rate) {
        *self.rate.write().unwrap_or_else(PoisonError::into_inner) = rate;
    }

    /// Counts a request; `false` when the limit is exceeded, in which case it is not counted.
    pub fn admit(&self, portal: &str, address: IpAddr, now: Instant) -> bool {
        let rate = self.rate();
        if rate.per_second <= 0.0 {
            return true;
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry((portal.to_owned(), address))
            .or_insert(Bucket {
                level: 0.0,
                since: now,
            });
        bucket.leak(now, rate.per_second);
        let admitted = bucket.level + 1.0 <= rate.burst;
        if admitted {
            bucket.level += 1.0;
        }
        admitted
    }

    /// Drops empty buckets.
    pub fn prune(&self, now: Instant) {
        let rate = self.rate();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.retain(|_, bucket| {
            bucket.leak(now, rate.per_second);
            rate.per_second > 0.0 && bucket.level > 0.0
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_burst_is_admitted_and_then_what_leaks() {
        let (limit, start) = (
            RateLimit::new(Rate {
                per_second: 2.0,
                burst: 3.0,
            }),
            Instant::now(),
        );
        let admitted = |limit: &RateLimit, at: Instant| {
            (0..10).filter(|_| limit.admit("acme", ADDRESS, at)).count()
        };
        assert_eq!(admitted(&limit, start), 3);
        assert_eq!(admitted(&limit, start + Duration::from_secs(1)), 2);
        assert_eq!(admitted(&limit, start + Duration::from_secs(60)), 3);
        assert!(limit.admit("other", ADDRESS, start));
        limit.prune(start + Duration::from_secs(120));
        assert!(limit.buckets.lock().unwrap().is_empty());
    }

    #[test]
    fn without_a_limit_everything_is_admitted_and_nothing_kept() {
        let limit = RateLimit::new(Rate {
            per_second: 0.0,
            burst: 1.0,
        });
        assert!((0..100).all(|_| limit.admit("acme", ADDRESS, Instant::now())));
        assert!(limit.buckets.lock().unwrap().is_empty());
    }
}
