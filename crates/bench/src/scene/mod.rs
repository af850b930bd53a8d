//! The scenes: each prepares its portal, sends requests and adds to the report.

pub(crate) mod footprint;
pub(crate) mod growth_chats;
pub(crate) mod growth_members;
pub(crate) mod growth_messages;
pub(crate) mod hot;
pub(crate) mod importing;
pub(crate) mod instructions;
pub(crate) mod postgres;
pub(crate) mod throughput;
