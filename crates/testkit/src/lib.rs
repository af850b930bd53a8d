//! Test helpers.

#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test helper fails by panicking"
)]

pub mod blobs;
pub mod bucket;
pub mod golden;
pub mod naive;
pub mod people;
pub mod portal;
pub mod postgres_server;
pub mod rows;
pub mod store_kind;
mod wipe;

pub use portal::{Answered, TestPortal, for_each_store};
pub use store_kind::StoreKind;
