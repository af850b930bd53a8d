//! Making chats, and who is in them (rules R5, R6).

pub mod create;
pub mod members;
