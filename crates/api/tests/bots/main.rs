//! Bots, on both stores: whose they are, what they send, and above all what they read.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of tests fails by panicking, as they do"
)]

mod chats;
mod lifecycle;
mod ownership;
mod races;
mod reading;
mod reading_refused;
mod rights;
mod sending;
mod support;
