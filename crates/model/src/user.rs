//! Users and bots.

use crate::ids::{Timestamp, UserId};

/// The kind of a user.
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
    /// Available.
    Online,
    /// Available, but not to be disturbed.
    DoNotDisturb,
    /// Away.
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

/// A user as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Person or bot.
    pub kind: UserKind,
    /// Not dismissed.
    pub active: bool,
    /// Administers the portal.
    pub admin: bool,
    /// Is an extranet user.
    pub extranet: bool,
    /// Appears in no viewer list (rule R13).
    pub hide_receipts: bool,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Email, or empty.
    pub email: String,
    /// Position.
    pub work_position: String,
    /// `M`, `F` or empty.
    pub gender: String,
    /// `YYYY-MM-DD`, or empty.
    pub birthday: String,
    /// Colour as `#rrggbb`.
    pub color: String,
    /// Path of the photo, or empty.
    pub avatar: String,
    /// `default`, `bot`…
    pub external_auth_id: String,
    /// The chosen status, `online` by default.
    pub status: String,
    /// Time zone by name, or empty.
    pub time_zone: String,
    /// Ids of departments.
    pub departments: Vec<i64>,
    /// Further `PERSONAL_*`, `WORK_*` and `UF_*` fields as a JSON object; opaque here.
    pub profile: String,
    /// When the user was added.
    pub registered_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
    /// When the user last logged in.
    pub last_login_at: Option<Timestamp>,
    /// When the user was last active.
    pub last_activity_at: Option<Timestamp>,
    /// Since when the user is idle.
    pub idle_since: Option<Timestamp>,
    /// Until when the user is absent.
    pub absent_until: Option<Timestamp>,
    /// The public properties of a bot; `None` for a person. Never written with the user.
    pub bot: Option<BotTraits>,
}

/// The public properties of a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotTraits {
    /// Its code, unique for its owner.
    pub code: String,
    /// Its type: `bot`, `supervisor`…
    pub kind: String,
    /// Whether it is left out of the contact list.
    pub hidden: bool,
    /// Whether it serves open channels.
    pub openline: bool,
    /// The background of its chats.
    pub background_id: Option<String>,
}

/// Whether a text can be an email address: something, one `@`, and a host name with a dot or `localhost`. Deliverability is unknown.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let is_sane = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "@,;<>()\"".contains(c))
    };
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 254
        && is_sane(local)
        && local.len() <= 64
        && (host.contains('.') || host == "localhost")
        && host.split('.').all(is_label)
}

/// First and last name, joined by a space if there are both.
#[must_use]
pub fn full_name(name: &str, last_name: &str) -> String {
    match (name, last_name) {
        (name, "") => name.to_owned(),
        ("", last_name) => last_name.to_owned(),
        (name, last_name) => [name, " ", last_name].concat(),
    }
}

impl User {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.name, &self.last_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "ada@example.com",
            "a.b+c@mail.example.com",
            "o'neil@example.com",
            "jürgen@bücher.example",
            "me@localhost",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a b@example.com",
            "ada@example",
            "a@b@example.com",
            "ada@.com",
            "ada@-x.com",
            "a@x..com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_full_name_has_a_space_only_between_two_names() {
        assert_eq!(full_name("Nora", "Lind"), "Nora Lind");
        assert_eq!(full_name("Nora", ""), "Nora");
        assert_eq!(full_name("", "Lind"), "Lind");
        assert_eq!(full_name("", ""), "");
    }

    #[test]
    fn stored_kinds_never_change_and_no_others_are_read() {
        for (code, kind) in [(0, UserKind::Person), (1, UserKind::Bot)] {
            assert_eq!((kind.code(), UserKind::from_code(code)), (code, Some(kind)));
        }
        assert_eq!(
            (UserKind::from_code(-1), UserKind::from_code(2)),
            (None, None)
        );
    }

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
