//! What is hot, in the memory of the one who owns a portal.
//!
//! Rows and what is derived from them are kept by key, as *facts* (`Fact`), so that hot calls look nothing up in SQL. What
//! is in memory equals what the database says, always:
//!
//! - Only the writing thread changes facts. A job's changes are an overlay over those of its batch, over what is published. A job
//!   that is undone throws its overlay away; what a batch changed is published in one step when its commit is durable.
//! - A statement that changes a table makes everything forgotten that is made of that table, unless the function with the statement
//!   tells what it changes (`Handle::tell`). So a new statement can be slow, but not wrong.
//! - Whoever writes the file beside this process is found out at the beginning of each batch, and everything is forgotten.
//!
//! - A read is first tried on the caller's thread with what is published alone, all of it of one version. If anything is missing, it runs
//!   on a reading thread, which offers what it has loaded. That is taken if it was not changed since.
//!
//! Memory is bounded by bytes. What was not used for longest is evicted, by a sample: it costs a look at a few entries.
//!
//! Facts are loaded by `repo::hot`, which is the only place with their statements. A test mode ([`HotMemory::compared`](crate::settings::HotMemory::compared)) loads
//! everything that is known again after each job that changed something, and fails the job when anything differs.

mod ending;
mod fact;
mod handle;
mod hasher;
mod overlay;
mod published;
mod rows;
mod shelf;
mod tables;
mod uncounted;

pub(crate) use ending::{ChatEnd, Ended};
pub(crate) use fact::Fact;
pub use handle::Handle;
pub(crate) use handle::View;
pub(crate) use published::{Memory, Placed};
pub(crate) use rows::{
    BotRow, ChatRow, ChatsOfUser, Listeners, MemberRow, PrivateChat, RecentViews, TokenRow,
    UnreadNotifications, UserRow, WebhookRow, with_kinds,
};
pub(crate) use tables::Tables;
pub(crate) use uncounted::Uncounted;
