//! The contract.

pub mod content;
