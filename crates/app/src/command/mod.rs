//! Slash commands of bots: registering them, calling them, answering calls.

pub mod answer;
pub mod call;
pub mod change;
pub mod find;
pub mod register;

/// The language in which a portal shows commands.
pub const LANGUAGE: &str = "en";
