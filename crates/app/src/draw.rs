//! Drawing secrets.

use crate::Random;

/// The alphabet of secrets that people copy.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Letters and digits, each as likely as any other: 5.17 bits each.
#[must_use]
pub(crate) fn letters(random: &dyn Random, length: usize) -> String {
    // The greatest multiple of 36 in a byte: bytes from here on would favour the first letters.
    const FAIR: u8 = 252;
    let mut drawn = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while drawn.len() < length {
        random.fill(&mut bytes);
        let fair = bytes.iter().filter(|&&byte| byte < FAIR);
        let letters = fair.map(|&byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        drawn.extend(letters.take(length - drawn.len()));
    }
    drawn
}

/// This many random bytes in hexadecimal digits.
#[must_use]
pub(crate) fn hex<const BYTES: usize>(random: &dyn Random) -> String {
    let mut bytes = [0_u8; BYTES];
    random.fill(&mut bytes);
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn bytes_that_would_favour_some_letters_are_drawn_again() {
        struct Falling(AtomicU8);
        impl Random for Falling {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(self.0.fetch_sub(1, Ordering::Relaxed));
            }
        }
        // 255 to 252 are drawn again; 251 is the last letter of the alphabet.
        assert_eq!(letters(&Falling(255.into()), 32), "9".repeat(32));
    }

    #[test]
    fn letters_have_their_number_and_alphabet() {
        struct Counting(AtomicU8);
        impl Random for Counting {
            fn fill(&self, bytes: &mut [u8]) {
                for byte in bytes {
                    *byte = self.0.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let random = Counting(0.into());
        let (one, other) = (letters(&random, 32), letters(&random, 50));
        assert_eq!(one, "abcdefghijklmnopqrstuvwxyz012345");
        assert_eq!(other.len(), 50);
        assert_ne!(one, other[..32]);
        assert_eq!(hex::<2>(&Counting(10.into())), "0a0b");
    }
}
