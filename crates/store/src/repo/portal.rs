//! The portal itself: one row.

use readmark_model::{Timestamp, portal::PortalInfo};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::department,
    sql::sql,
};

columns! {
    PortalInfo from "portal" {
        name: String = "name",
        host: String = "host",
        member_id: String = "member_id",
        time_zone: String = "time_zone",
        created_at: Timestamp = "created_at",
    }
}

/// The portal, or `None` in a new database.
pub fn find(tx: &mut dyn Tx) -> Result<Option<PortalInfo>, StoreError> {
    tx.find(
        sql!(PortalInfo::SELECT, " WHERE id = 1"),
        params![],
        PortalInfo::from_row,
    )
}

/// Creates the portal and the root of its departments; `false` when there is a portal already.
pub fn insert(tx: &mut dyn Tx, portal: &PortalInfo) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO portal (id, name, host, member_id, time_zone, created_at) VALUES (1, ?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT DO NOTHING",
        params![&portal.name, &portal.host, &portal.member_id, &portal.time_zone, portal.created_at],
    )?;
    if rows > 0 {
        department::insert_root(tx, &portal.name)?;
    }
    Ok(rows > 0)
}
