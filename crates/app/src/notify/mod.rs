//! Notifications: each has a read flag of its own, counted apart from messages.
//!
//! Rules R14, R16 and R17 hold: a recipient's row is locked before the recipient's notifications change, and every event
//! says the counter of its own commit. Who needs several locks takes the tag's first, then those of the recipients in the
//! order of ids.

pub mod add;
pub mod delete;
pub mod history;
pub mod list;
pub mod read;
