//! `imbot.*`: first-generation bots.

pub mod app;
pub mod auth;
pub mod bot;
pub mod call;
pub mod chat;
pub mod command;
pub mod dialog;
pub mod message;
pub mod properties;
