//! Events of bots and users, as they ask for them and as they are written down to be sent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod cost;
mod first_generation;
mod forms;
mod handlers;
mod hearing;
mod races;
mod reads;
mod support;
mod waiting;
