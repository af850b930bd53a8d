//! Use cases of readmark: one function per operation, run in one transaction.
//!
//! A use case gets a [`Cx`], decides with the rules of `readmark_model`, changes rows through the queries of
//! `readmark_store::repo` and records what happened. It knows no JSON, no HTTP and no database driver, and touches nothing
//! but its context, as it may be retried after a conflict.
//!
//! # Errors
//! Every use case fails with a [`StoreError`](readmark_store::StoreError) when the store does, as it is or in a [`Interrupt`]. Only
//! the other reasons are named at the functions.

pub mod access;
pub mod application;
pub mod auth;
pub mod bot;
pub mod bus;
pub mod chat;
pub mod command;
pub mod counters;
pub mod cx;
pub mod delivery;
pub mod departments;
pub mod dialog;
pub mod disk;
mod draw;
pub mod events;
pub mod file;
pub mod find;
pub mod import;
pub mod message;
pub mod notify;
pub mod oauth;
pub mod page;
pub mod portal;
pub mod presence;
pub mod pruning;
pub mod receipts;
pub mod recent;
pub mod refused;
pub mod sign_in;
pub mod stream;
pub mod token;
pub mod users;
pub mod verify;
pub mod viewers;
pub mod wakeup;
pub mod webhook;

pub use cx::{Cx, Random, Rules};
pub use refused::{Interrupt, Refused, Rerun};
