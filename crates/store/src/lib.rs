//! Storage of readmark.
//!
//! A [`Store`] runs synchronous closures in transactions: [`Store::read`] sees one snapshot, [`Store::write`] answers
//! only when its changes are durable (rule R16). Every SQL statement is written once, under [`repo`], in the subset
//! that SQLite and PostgreSQL share; `dialect.rs` lists every exception. Only `backend/` knows a database driver, and only [`message_params`] knows JSON.

pub mod backend;
mod columns;
pub mod dialect;
pub mod error;
pub mod job;
pub mod memory;
pub mod message_params;
pub mod repo;
pub mod settings;
mod sql;
pub mod store;
pub mod tx;

pub use backend::{erase, postgres_schemas};
pub use error::StoreError;
pub use job::TxError;
pub use settings::{Claim, HotMemory, Settings};
pub use store::Store;
pub use tx::{Param, Row, Tx, TxExt, WithoutMemory};
