//! Every SQL statement, once, grouped by what it is about.
//!
//! Verbs are fixed: `find` may answer `None`, `get` may not, `list` answers rows in a stated order, `insert`, `update` and
//! `delete` change rows. Nothing here decides anything: rules live in `readmark_model`, use cases in `readmark_app`.

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
pub mod import;
pub mod member;
pub mod mention;
pub mod message;
pub mod name_word;
pub mod notification;
pub mod notification_word;
pub mod portal;
pub mod reaction;
pub mod reading;
pub mod recent;
pub mod search_pick;
mod split;
pub mod stream;
pub mod user;
pub mod view;
pub mod word;
pub mod words_due;

/// A statement whose rows PostgreSQL locks; SQLite has one writer and needs no lock.
macro_rules! locking {
    ($tx:expr, $lock:expr, $sql:expr, $clause:literal) => {
        if $lock {
            $tx.dialect().pick($sql, concat!($sql, " ", $clause))
        } else {
            $sql
        }
    };
}
pub(crate) use locking;
