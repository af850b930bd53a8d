//! Every SQL statement, once, grouped by what it is about.
//!
//! Verbs are fixed: `find` may answer `None`, `get` may not, `list` answers rows in a stated order, `insert`, `update` and
//! `delete` change rows. Nothing here decides anything: rules live in `readmark_model`, use cases in `readmark_app`.
//!
//! # Locks
//! `lock_exclusive` and `lock_shared` lock the rows that they find on PostgreSQL, until the transaction ends. On SQLite, where
//! one transaction writes at a time, they only find them.
//!
//! - `lock_exclusive`: nobody else locks the row exclusively or changes it (`FOR NO KEY UPDATE`); where it says so, nobody
//!   locks it shared either (`FOR UPDATE`).
//! - `lock_shared`: the row stays, and many can have it locked so at the same time (`FOR KEY SHARE`); where it says so, it
//!   does not change either (`FOR SHARE`).
//!
//! What follows the verb names what is locked where that is not the module's own row: `lock_exclusive_tag`. The order in which
//! rows are locked is in `ARCHITECTURE.md`.
//!
//! # Errors
//! Every function fails with a [`StoreError`](crate::StoreError) when the database does. Only what a caller may want to tell
//! apart is named at the function.

pub mod application;
pub mod audit;
pub mod auth;
pub mod bot;
pub mod chat;
pub mod chat_app;
pub mod command;
pub mod counter;
pub mod delivery;
pub mod department;
pub mod disk;
pub mod event_handler;
pub mod file;
pub mod grant;
pub(crate) mod hot;
pub mod import;
pub mod member;
pub mod mention;
pub mod message;
pub mod name_word;
pub mod notification;
pub mod notification_word;
pub mod ownership;
pub mod portal;
pub mod reaction;
pub mod reading;
pub mod recent;
pub mod search_pick;
pub mod sign_in;
mod split;
pub mod stream;
pub mod user;
pub mod view;
pub mod word;
pub mod words_due;

/// A query that locks the rows that it finds: `with_lock!(tx, "SELECT …", "FOR UPDATE")`.
macro_rules! with_lock {
    ($tx:expr, $sql:expr, $clause:literal) => {
        $tx.dialect()
            .pick($sql, $crate::sql::sql!($sql, " ", $clause))
    };
}
pub(crate) use with_lock;
