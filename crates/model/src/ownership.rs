//! Who owns a portal: one process at a time, which alone changes it.

use crate::ids::Timestamp;

/// The process that owns a portal, or owned it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Number of the ownership: each has a greater one than those before it.
    pub epoch: i64,
    /// Name and version of the program.
    pub program: String,
    /// The machine that it runs on.
    pub host: String,
    /// Path of the socket at which a server takes the operations of the command line; empty for a command, which has none.
    pub door: String,
    /// When it became the owner.
    pub taken_at: Timestamp,
}

/// The place of a commit among all of a portal's: by epoch, then by its number within the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitNumber {
    /// [`Holder::epoch`] of the ownership.
    pub epoch: i64,
    /// Number of commits of this ownership up to this one.
    pub count: u64,
}
