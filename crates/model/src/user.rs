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

/// The status that a user chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There.
    Online,
    /// There, and not to be disturbed.
    DoNotDisturb,
    /// Elsewhere.
    Away,
    /// On a break.
    Break,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Online, Self::DoNotDisturb, Self::Away, Self::Break];

    /// As on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::DoNotDisturb => "dnd",
            Self::Away => "away",
            Self::Break => "break",
        }
    }

    /// Reads a status, in lower case only.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_in_lower_case_only() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
            assert_eq!(Status::parse(&status.as_str().to_uppercase()), None);
        }
        assert_eq!(Status::parse("idle"), None);
        assert_eq!(Status::parse(""), None);
    }
}
