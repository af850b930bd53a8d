//! What methods need from their portal.

use std::sync::Arc;

use jiff::tz::TimeZone;
use readmark_app::{Random, Rules, bus::Bus, presence::Presence, wakeup::Wakeup};
use readmark_store::Store;

use crate::portal::{file_link::LinkKey, upload::Blobs};

/// A portal that serves calls.
pub struct Portal {
    /// Its database.
    pub store: Store,
    /// Context of its methods.
    pub context: PortalContext,
    /// The bus of its events, published after each commit.
    pub bus: Bus,
    /// Woken after a commit that left a delivery to the handler of a bot.
    pub deliveries: Wakeup,
    /// Storage for the contents of files.
    pub blobs: Arc<dyn Blobs>,
}

/// What methods need to know about files.
#[derive(Clone, Debug)]
pub struct FileRules {
    /// Maximum size of a file, in bytes.
    pub most: usize,
    /// Key that signs links to files.
    pub link_key: LinkKey,
}

/// What a method needs to know about its portal.
pub struct PortalContext {
    /// Scheme, host and port that clients use, without a trailing slash: `https://localhost:8443`.
    pub base_url: String,
    /// The time zone of answers.
    pub time_zone: TimeZone,
    /// Settings that change the behaviour of operations.
    pub rules: Rules,
    /// Rules for files.
    pub files: FileRules,
    /// Source of random bytes.
    pub random: Arc<dyn Random>,
    /// Presence of users.
    pub presence: Presence,
}
