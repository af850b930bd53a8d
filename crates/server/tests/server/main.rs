//! The server over real sockets: what clients send, and what they get.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod authorisation;
mod batch;
mod bot_tail;
mod bucket;
mod client;
mod command_line;
mod delivery;
mod departments;
mod early_answers;
mod files;
mod first_steps;
mod forms;
mod fresh_demo;
mod handler;
mod limits;
mod neighbours;
mod oauth;
mod ownership;
mod pages;
mod portal;
mod postgres;
mod reload;
mod secrets;
mod shutdown;
mod slow_clients;
mod tls;
mod uploads;
