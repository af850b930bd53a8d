//! Empties the tables of a portal, which is faster than creating them.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use readmark_store::{Store, StoreError, Tx, TxExt, params};

use crate::StoreKind;

/// Deletes every row and restarts ids at 1; the schema, its history and its owner stay.
pub(crate) fn wipe(store: &Store, kind: StoreKind) {
    let wiped: Result<(), StoreError> = store.write(move |tx| {
        for statement in statements(tx, kind)? {
            tx.execute(statement, params![])?;
        }
        Ok(())
    });
    wiped.expect("the tables can be emptied");
}

/// The statements that empty the tables of any portal of a store kind: all have the same tables.
fn statements(tx: &mut dyn Tx, kind: StoreKind) -> Result<Vec<&'static str>, StoreError> {
    static KNOWN: OnceLock<Mutex<HashMap<bool, Vec<&'static str>>>> = OnceLock::new();
    let mut known = KNOWN
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(statements) = known.get(&(kind == StoreKind::Sqlite)) {
        return Ok(statements.clone());
    }
    let names = match kind {
        StoreKind::Sqlite => {
            "SELECT 'DELETE FROM ' || name FROM sqlite_master WHERE type = 'table' AND \
             name NOT IN ('refinery_schema_history', 'ownership') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             ORDER BY sql NOT LIKE '%REFERENCES%'"
        }
        // Referring tables come first.
        StoreKind::Postgres => {
            "SELECT 'DELETE FROM ' || c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND \
             c.relkind = 'r' AND c.relname NOT IN ('refinery_schema_history', 'ownership') ORDER BY NOT EXISTS (SELECT 1 FROM pg_constraint k \
             WHERE k.conrelid = c.oid AND k.contype = 'f')"
        }
    };
    let sequences = match kind {
        StoreKind::Sqlite => "SELECT 'DELETE FROM sqlite_sequence'",
        StoreKind::Postgres => {
            "SELECT 'ALTER SEQUENCE ' || relname || ' RESTART' FROM pg_class WHERE relkind = 'S' AND \
             relnamespace = current_schema()::regnamespace"
        }
    };
    let mut statements: Vec<&'static str> = Vec::new();
    for list in [names, sequences] {
        // Leaked: statements must be static, and there is only one per table.
        let texts = tx.list(list, params![], |row| row.string(0))?;
        statements.extend(texts.into_iter().map(|text| &*text.leak()));
    }
    known.insert(kind == StoreKind::Sqlite, statements.clone());
    Ok(statements)
}
