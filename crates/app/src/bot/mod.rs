//! Bots: whose they are, registering and changing them, and what they do in chats.
//!
//! A bot is a user of its own. After [`access::authorise`] and [`Cx::act_as`](crate::Cx::act_as) it does what people do with
//! the use cases of people; only what is a bot's alone is here.

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
