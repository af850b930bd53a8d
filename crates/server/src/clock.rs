//! The system clock and the operating system's randomness. Everything else takes them as parameters.

use readmark_app::Random;
use readmark_model::Timestamp;

/// A wall clock.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn micros(&self) -> i64;

    /// The same as a portal timestamp, in milliseconds.
    fn now(&self) -> Timestamp {
        Timestamp(self.micros().div_euclid(1000))
    }
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn micros(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// Random bytes from the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place that draws random bytes; without them no secret is safe and nothing may go on"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives no random bytes");
    }
}

/// A random string of `length` hexadecimal digits.
#[must_use]
pub fn hex(random: &dyn Random, length: usize) -> String {
    let mut bytes = vec![0_u8; length.div_ceil(2)];
    random.fill(&mut bytes);
    let mut digits = hex::encode(bytes);
    digits.truncate(length);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_have_their_length_and_differ() {
        let (one, other) = (hex(&OsRandom, 7), hex(&OsRandom, 7));
        assert_eq!((one.len(), other.len()), (7, 7));
        assert_ne!(one, other);
    }
}
