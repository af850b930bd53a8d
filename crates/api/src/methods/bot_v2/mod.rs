//! `imbot.v2.*`: second-generation bots.

pub mod auth;
pub mod bot;
pub mod chat;
pub mod command;
pub mod event;
pub mod fields;
pub mod file;
pub mod message_fields;
pub mod revision_get;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[Entry::of::<revision_get::ImbotV2RevisionGet>()];
