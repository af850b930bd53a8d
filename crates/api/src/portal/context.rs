//! What a portal is to its methods.

use std::sync::Arc;

use jiff::tz::TimeZone;
use readmark_app::{Random, Rules, bus::Bus, presence::Presence, wakeup::Wakeup};
use readmark_store::Store;

use crate::portal::{file_link::LinkKey, upload::Blobs};

/// A portal that serves calls.
pub struct Portal {
    /// Its database.
    pub store: Store,
    /// What its methods need to know.
    pub context: PortalContext,
    /// What happens in it, published after each commit.
    pub bus: Bus,
    /// Woken after a commit that left something to be sent to the handler of a bot.
    pub deliveries: Wakeup,
    /// Where the contents of its files are kept.
    pub blobs: Arc<dyn Blobs>,
}

/// What methods need to know of files.
#[derive(Clone, Debug)]
pub struct FileRules {
    /// The largest file, in bytes.
    pub most: usize,
    /// What links to files are signed with.
    pub link_key: LinkKey,
}

/// What a method needs to know of its portal.
pub struct PortalContext {
    /// Scheme, host and port that clients use, without a slash at the end: `https://localhost:8443`.
    pub base_url: String,
    /// The zone in which times are written.
    pub time_zone: TimeZone,
    /// Settings that change what operations do.
    pub rules: Rules,
    /// Files.
    pub files: FileRules,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Who is there.
    pub presence: Presence,
}
