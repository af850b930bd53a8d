//! Bots, on both stores: whose they are, what they send, and above all what they read.

mod lifecycle;
mod ownership;
mod reading;
mod reading_refused;
mod sending;
mod support;
