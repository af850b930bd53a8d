//! The door of a server: a Unix socket in the data folder, at which commands have operations carried out.
//!
//! Both sides first say which program they are. Then a command asks one thing at a time. Only the user whom the server runs as is let in,
//! and the superuser.

mod frame;
mod host;
mod path;
mod visit;

use serde::{Deserialize, Serialize};

pub use self::{
    host::{Desk, Door},
    visit::{Answer, Visit},
};
use crate::{
    operator::{Operation, Outcome},
    version,
};

/// The version of what is said at the door.
const PROTOCOL: u32 = 1;

/// The first thing that either side says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Hello {
    version: String,
    commit: String,
    protocol: u32,
}

impl Hello {
    fn ours() -> Self {
        Self {
            version: version::VERSION.to_owned(),
            commit: version::COMMIT.to_owned(),
            protocol: PROTOCOL,
        }
    }

    /// Whether the two understand each other. Commits may differ: what only one of them knows is refused when it is asked for.
    fn agrees(&self, other: &Self) -> bool {
        (&self.version, self.protocol) == (&other.version, other.protocol)
    }

    fn named(&self) -> String {
        match self.commit.as_str() {
            "" => format!("readmark {}", self.version),
            commit => format!("readmark {} (commit {commit})", self.version),
        }
    }
}

/// What a command asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    portal: String,
    operation: Operation,
}

/// What a server answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// It is done, durably.
    Done(Outcome),
    /// It is not done, for this reason.
    Refused(String),
    /// The portal is not served here, and the command may own it.
    NotServed,
}
