//! The methods of chats: making them, who is in them, who may do what (rules R5, R6, R7), on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../message_support/mod.rs"]
mod message_support;

mod make;
mod membership;
mod owners;
mod people;
mod races;
mod rights;
mod support;
