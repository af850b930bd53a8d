//! Users and bots.

/// What a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// A person.
    Person,
    /// A chat bot.
    Bot,
}

impl UserKind {
    /// The number stored in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Person => 0,
            Self::Bot => 1,
        }
    }

    /// The reverse of [`UserKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::Person),
            1 => Some(Self::Bot),
            _ => None,
        }
    }
}
