//! Notifications: each has a read flag of its own, counted apart from messages.
//!
//! Rules R14, R16 and R17 hold: a recipient's row is locked before the recipient's notifications change, and every event
//! carries the counter of its own commit. Lock order: tags first, then recipients in id order.

pub mod add;
pub mod delete;
pub mod history;
pub mod list;
pub mod read;
