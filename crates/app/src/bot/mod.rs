//! Bots: ownership, registration, changes, and what they do in chats.
//!
//! A bot has its own user. After [`access::authorise`] and [`Cx::act_as`](crate::Cx::act_as) it uses the same use cases as
//! people; only what is specific to bots is here.

pub mod access;
pub mod apps;
pub mod chat;
pub mod context;
pub mod details;
mod handlers;
pub mod hearing;
pub mod profile;
pub mod read;
pub mod register;
pub mod send;
pub mod unregister;
pub mod update;
