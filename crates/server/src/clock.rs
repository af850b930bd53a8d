//! The one home of the system clock and of the operating system's randomness. Everything else takes them as parameters.

use readmark_app::Random;
use readmark_model::Timestamp;

/// The time of day.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn micros(&self) -> i64;

    /// The same as a point in time of the portal, in milliseconds.
    fn now(&self) -> Timestamp {
        Timestamp(self.micros().div_euclid(1000))
    }
}

/// The clock of the machine.
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

/// Random bytes of the operating system.
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

/// Letters and digits as they stand in the secrets of webhooks.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A random text of `length` letters and digits, about 5.17 bits each.
#[must_use]
pub fn secret(random: &dyn Random, length: usize) -> String {
    // The greatest multiple of 36 in a byte: bytes from here on would favour the first letters.
    const FAIR: u8 = 252;
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while text.len() < length {
        random.fill(&mut bytes);
        let fair = bytes.iter().filter(|&&byte| byte < FAIR);
        let letters = fair.map(|&byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        text.extend(letters.take(length - text.len()));
    }
    text
}

/// A random text of `length` hexadecimal digits.
#[must_use]
pub fn hex(random: &dyn Random, length: usize) -> String {
    let mut bytes = vec![0_u8; length.div_ceil(2)];
    random.fill(&mut bytes);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_their_length_and_alphabet_and_differ() {
        let (one, other) = (secret(&OsRandom, 32), secret(&OsRandom, 32));
        assert_eq!((one.len(), other.len()), (32, 32));
        assert_ne!(one, other);
        assert!(one.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(hex(&OsRandom, 7).len(), 7);
    }

    #[test]
    fn bytes_that_would_favour_some_letters_are_drawn_again() {
        struct Falling(std::sync::atomic::AtomicU8);
        impl Random for Falling {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed));
            }
        }
        // 255 to 252 are passed over; 251 is the last letter of the alphabet.
        assert_eq!(secret(&Falling(255.into()), 3), "999");
    }
}
