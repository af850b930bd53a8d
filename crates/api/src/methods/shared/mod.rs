//! Shared parts of methods of several families.

pub mod command;
pub mod content;
pub mod departments;
pub mod page;
pub mod people;
pub mod period;
pub mod read_content;
pub mod text;
pub mod upload;
