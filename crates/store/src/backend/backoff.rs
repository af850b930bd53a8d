//! Pauses between attempts.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

/// The number of times that a transaction that loses races is run before its caller gets an error.
pub(super) const ATTEMPTS: u32 = 20;

const LONGEST: Duration = Duration::from_millis(64);

/// The pause after the failed attempt number `attempt` (from 1): a random part of a time that doubles up to 64 ms,
/// so that two transactions that collided do not collide again.
pub(super) fn pause(attempt: u32) -> Duration {
    let limit = Duration::from_millis(1 << attempt.min(6)).min(LONGEST);
    // The seed of the standard hasher is the only randomness needed here: it decides nothing but a pause.
    let random = RandomState::new().build_hasher().finish();
    let limit_micros = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(limit_micros / 4 + random % limit_micros.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_short() {
        for attempt in [1, 2, 7, 20, u32::MAX] {
            let pause = pause(attempt);
            assert!(pause <= LONGEST + LONGEST / 4, "{pause:?}");
            assert!(pause >= Duration::from_micros(500), "{pause:?}");
        }
    }
}
