//! Attempts to sign in, slowed down by account and by network where many fail.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::clients::network::Network;

/// How many accounts and networks are remembered.
const REMEMBERED: usize = 10_000;

/// How long one is remembered after its last attempt.
const FORGOTTEN: Duration = Duration::from_secs(15 * 60);

/// How many attempts are free, and the longest pause after that.
struct Patience {
    free: u32,
    longest: Duration,
}

const ACCOUNT: Patience = Patience {
    free: 5,
    longest: Duration::from_secs(60),
};

const NETWORK: Patience = Patience {
    free: 30,
    longest: Duration::from_secs(30),
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Account(String, String),
    Network(Network),
}

#[derive(Clone, Copy, Debug)]
struct Record {
    failures: u32,
    last: Instant,
    /// When the next attempt may be made.
    next: Instant,
}

/// Remembers attempts.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Holder, Record>>);

/// One attempt, which counts as failed unless it is told otherwise.
#[derive(Debug)]
pub(crate) struct Attempt {
    holders: [Holder; 2],
}

impl Attempts {
    /// Begins an attempt.
    ///
    /// # Errors
    /// How long to wait before the next one.
    pub(crate) fn begin(
        &self,
        portal: &str,
        login: &str,
        network: Network,
        now: Instant,
    ) -> Result<Attempt, Duration> {
        let login = login.trim().to_lowercase();
        // Long ones are no account's.
        let login = login.chars().take(100).collect();
        let holders = [
            Holder::Account(portal.to_owned(), login),
            Holder::Network(network),
        ];
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = holders.iter().filter_map(|holder| records.get(holder));
        let next = waits.map(|record| record.next).max();
        if let Some(wait) = next.and_then(|next| next.checked_duration_since(now))
            && !wait.is_zero()
        {
            return Err(wait);
        }
        make_room(&mut records, now);
        for holder in &holders {
            let patience = match holder {
                Holder::Account(..) => &ACCOUNT,
                Holder::Network(_) => &NETWORK,
            };
            let record = records.entry(holder.clone()).or_insert(Record {
                failures: 0,
                last: now,
                next: now,
            });
            if now.saturating_duration_since(record.last) > FORGOTTEN {
                record.failures = 0;
            }
            record.failures = record.failures.saturating_add(1);
            record.last = now;
            record.next = now + pause(patience, record.failures);
        }
        Ok(Attempt { holders })
    }

    /// Forgets the failures of an account that was signed in to, and that this was one of its network.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [account, network] = &attempt.holders;
        records.remove(account);
        if let Some(record) = records.get_mut(network) {
            record.failures = record.failures.saturating_sub(1);
            record.next = record.last;
        }
    }
}

/// The pause after so many failures: it doubles.
fn pause(patience: &Patience, failures: u32) -> Duration {
    match failures.checked_sub(patience.free) {
        None => Duration::ZERO,
        Some(beyond) => {
            let doubled = Duration::from_secs(1).checked_mul(1 << beyond.min(20));
            doubled.map_or(patience.longest, |pause| pause.min(patience.longest))
        }
    }
}

fn make_room(records: &mut HashMap<Holder, Record>, now: Instant) {
    if records.len() + 2 <= REMEMBERED {
        return;
    }
    records.retain(|_, record| now.saturating_duration_since(record.last) <= FORGOTTEN);
    if records.len() + 2 <= REMEMBERED {
        return;
    }
    // Those with the fewest failures go first: whoever fills the memory does not get others forgotten who are slowed down.
    let mut failures: Vec<u32> = records.values().map(|record| record.failures).collect();
    let (_, middle, _) = failures.select_nth_unstable(REMEMBERED / 2);
    let least = *middle;
    records.retain(|_, record| record.failures > least);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(last: u8) -> Network {
        Network::of([192, 0, 2, last].into())
    }

    #[test]
    fn attempts_on_one_account_are_slowed_down_from_wherever_they_come() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for number in 1..=5 {
            let begun = attempts.begin("demo", "ada@example.com", network(number), now);
            assert!(begun.is_ok(), "{number}");
        }
        let again = attempts.begin("demo", " ADA@example.com ", network(9), now);
        assert_eq!(again.unwrap_err(), Duration::from_secs(1));
        assert!(
            attempts
                .begin("acme", "ada@example.com", network(9), now)
                .is_ok()
        );
        assert!(
            attempts
                .begin("demo", "ben@example.com", network(9), now)
                .is_ok()
        );
        let mut at = now;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            at += Duration::from_secs(wait);
            let begun = attempts.begin("demo", "ada@example.com", network(9), at);
            let attempt = begun.unwrap_or_else(|more| panic!("{more:?} after {wait}"));
            if wait == 60
                && attempts
                    .begin("demo", "ada@example.com", network(9), at)
                    .is_ok()
            {
                panic!("it is not slowed down");
            }
            drop(attempt);
        }
    }

    #[test]
    fn success_forgets_the_failures_of_an_account() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for _ in 0..20 {
            let attempt = attempts.begin("demo", "ada@example.com", network(1), now);
            attempts.succeeded(&attempt.unwrap());
        }
    }

    #[test]
    fn attempts_from_one_network_are_slowed_down_whatever_the_account() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for number in 0..30 {
            let login = number.to_string();
            assert!(attempts.begin("demo", &login, network(1), now).is_ok());
        }
        assert!(attempts.begin("demo", "another", network(1), now).is_err());
        assert!(attempts.begin("demo", "another", network(2), now).is_ok());
        let later = now + FORGOTTEN + Duration::from_secs(1);
        for number in 0..29 {
            let login = number.to_string();
            assert!(attempts.begin("demo", &login, network(1), later).is_ok());
        }
    }

    #[test]
    fn the_memory_is_bounded_and_keeps_those_who_failed_most() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for number in 1..=5 {
            attempts.begin("demo", "ada", network(number), now).unwrap();
        }
        for number in 0..3 * REMEMBERED {
            let address = std::net::Ipv4Addr::from(0x0a00_0000 + u32::try_from(number).unwrap());
            let network = Network::of(address.into());
            let _ = attempts.begin("demo", &number.to_string(), network, now);
        }
        assert!(attempts.0.lock().unwrap().len() <= REMEMBERED);
        assert!(attempts.begin("demo", "ada", network(9), now).is_err());
    }
}
