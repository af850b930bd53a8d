//! Prepared statements of one connection.

use std::collections::HashMap;

/// Finds a prepared statement by its SQL.
///
/// The key is the address of the text, not the text: it is `&'static`, so that nothing else ever has this address,
/// and a look-up costs the same for any length. The same text at two addresses is merely prepared twice.
pub(super) struct StatementCache<S> {
    positions: HashMap<(usize, usize), usize>,
    statements: Vec<S>,
}

impl<S> StatementCache<S> {
    pub(super) fn new() -> Self {
        Self {
            positions: HashMap::new(),
            statements: Vec::new(),
        }
    }

    fn key(sql: &'static str) -> (usize, usize) {
        (sql.as_ptr().addr(), sql.len())
    }

    /// The statement of this SQL, prepared by `prepare` when it is new.
    pub(super) fn get_or_prepare<E>(
        &mut self,
        sql: &'static str,
        prepare: impl FnOnce() -> Result<S, E>,
    ) -> Result<&mut S, E> {
        let position = match self.positions.get(&Self::key(sql)) {
            Some(&position) => position,
            None => {
                self.statements.push(prepare()?);
                let position = self.statements.len() - 1;
                self.positions.insert(Self::key(sql), position);
                position
            }
        };
        Ok(&mut self.statements[position])
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
