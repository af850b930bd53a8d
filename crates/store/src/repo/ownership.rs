//! Who owns the portal: one row, written by whoever becomes the owner.

use readmark_model::{Timestamp, ownership::Holder};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    sql::sql,
};

columns! {
    Holder from "ownership" {
        epoch: i64 = "epoch",
        program: String = "program",
        host: String = "host",
        door: String = "door",
        taken_at: Timestamp = "taken_at",
    }
}

/// The present owner, or the last one; `None` before the first.
pub fn find(tx: &mut dyn Tx) -> Result<Option<Holder>, StoreError> {
    tx.find(
        sql!(Holder::SELECT, " WHERE id = 1"),
        params![],
        Holder::from_row,
    )
}

/// Writes a new owner, whose epoch is the next one, and answers the epoch.
pub fn update(
    tx: &mut dyn Tx,
    program: &str,
    host: &str,
    door: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let epoch = tx.find(
        "INSERT INTO ownership (id, epoch, program, host, door, taken_at) VALUES (1, 1, ?1, ?2, ?3, ?4) \
         ON CONFLICT (id) DO UPDATE SET epoch = ownership.epoch + 1, program = excluded.program, \
         host = excluded.host, door = excluded.door, taken_at = excluded.taken_at RETURNING epoch",
        params![program, host, door, now],
        |row| row.int(0),
    )?;
    epoch.ok_or(StoreError::Decode("an owner without an epoch"))
}
