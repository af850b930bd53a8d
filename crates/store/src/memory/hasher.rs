//! Hashing of keys that the database has assigned.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes an [`IdHasher`].
pub(super) type IdHashing = BuildHasherDefault<IdHasher>;

/// Hashes ids and hashes of secrets. Only keys of rows that exist are ever kept, so nobody chooses them, and a look-up can be a few
/// instructions.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // Fibonacci hashing: the upper bits depend on all lower ones.
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        // Tables take the place from the lower bits and a tag from the uppermost.
        self.0 ^ self.0 >> 32
    }
}
