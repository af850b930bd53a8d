//! Messages.

/// What a message is, which decides whether it counts (rule R2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Written by a user or bot.
    Post,
    /// Sent with `SYSTEM=Y`: counts, except for its sender, and shows no author on the wire.
    System,
    /// An automatic notice (joined, left, renamed): never counts, is never viewed.
    Notice,
}

impl MessageKind {
    /// What somebody sends: a system message where that is asked for.
    #[must_use]
    pub const fn sent(system: bool) -> Self {
        if system { Self::System } else { Self::Post }
    }

    /// The number stored in the database. Indexes of the schema name 2, the notice.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Post => 0,
            Self::System => 1,
            Self::Notice => 2,
        }
    }

    /// The reverse of [`MessageKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::Post),
            1 => Some(Self::System),
            2 => Some(Self::Notice),
            _ => None,
        }
    }
}
