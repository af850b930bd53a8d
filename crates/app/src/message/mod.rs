//! Sending, changing and deleting messages (rules R4, R9).

pub mod delete;
pub mod send;
