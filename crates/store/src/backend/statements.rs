//! Prepared statements of one connection.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Finds a prepared statement by its SQL.
///
/// The key is the address of the text, not the text: it is `&'static`, so that nothing else ever has this address,
/// and a look-up costs the same for any length. The same text at two addresses is merely prepared twice.
pub(super) struct StatementCache<S> {
    positions: HashMap<(usize, usize), usize, BuildHasherDefault<AddressHasher>>,
    statements: Vec<S>,
}

/// Hashes addresses and lengths of the program's own texts. No attacker chooses them, so a look-up can be a few instructions in
/// place of a few hundred: eight per request were a fortieth of its cost.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(usize::from(byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        // Fibonacci hashing: the upper bits depend on all lower ones.
        self.0 = (self.0.rotate_left(5) ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(32)
    }
}

/// The position of a statement, valid until [`StatementCache::clear`].
#[derive(Clone, Copy)]
pub(super) struct Position(usize);

impl<S> StatementCache<S> {
    pub(super) fn new() -> Self {
        Self {
            positions: HashMap::default(),
            statements: Vec::new(),
        }
    }

    fn key(sql: &'static str) -> (usize, usize) {
        (sql.as_ptr().addr(), sql.len())
    }

    /// The position of the statement with this SQL, prepared by `prepare` if it is new.
    pub(super) fn find_or_prepare<E>(
        &mut self,
        sql: &'static str,
        prepare: impl FnOnce() -> Result<S, E>,
    ) -> Result<Position, E> {
        if let Some(&position) = self.positions.get(&Self::key(sql)) {
            return Ok(Position(position));
        }
        self.statements.push(prepare()?);
        let position = self.statements.len() - 1;
        self.positions.insert(Self::key(sql), position);
        Ok(Position(position))
    }

    /// The statement at a position.
    pub(super) fn at(&mut self, Position(position): Position) -> &mut S {
        &mut self.statements[position]
    }

    /// The statement with this SQL, prepared by `prepare` if it is new.
    pub(super) fn get_or_prepare<E>(
        &mut self,
        sql: &'static str,
        prepare: impl FnOnce() -> Result<S, E>,
    ) -> Result<&mut S, E> {
        self.find_or_prepare(sql, prepare)
            .map(|position| self.at(position))
    }

    /// Forgets all statements.
    pub(super) fn clear(&mut self) {
        self.positions.clear();
        self.statements.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_prepared_once() {
        let mut cache = StatementCache::new();
        let mut prepared = 0;
        for sql in ["SELECT 1", "SELECT 22", "SELECT 1"] {
            let length = cache.get_or_prepare(sql, || {
                prepared += 1;
                Ok::<_, ()>(sql.len())
            });
            assert_eq!(*length.unwrap(), sql.len());
        }
        assert_eq!(prepared, 2);
        cache.clear();
        assert_eq!(
            cache.get_or_prepare("SELECT 1", || Err("again")),
            Err("again")
        );
        assert_eq!(
            cache.get_or_prepare("SELECT 1", || Ok::<_, ()>(7)),
            Ok(&mut 7)
        );
    }
}
