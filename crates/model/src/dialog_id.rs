//! The dialog id of the API: `chat5`, `sg3` or `7`.

use std::fmt;

use crate::ids::{ChatId, UserId};

/// What a `DIALOG_ID` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DialogId {
    /// `chatN`: a chat by its id.
    Chat(ChatId),
    /// `N`: the private chat with user N.
    User(UserId),
    /// `sgN`: the chat of workgroup N.
    Workgroup(i64),
}

impl DialogId {
    /// Reads a dialog id: `chat` or `sg` in lower case and a positive decimal number, or the number alone.
    ///
    /// Signs, leading zeros, white space and numbers over 2^63-1 make it malformed, so that a dialog has one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(number) = text.strip_prefix("chat") {
            return positive(number).map(|id| Self::Chat(ChatId(id)));
        }
        if let Some(number) = text.strip_prefix("sg") {
            return positive(number).map(Self::Workgroup);
        }
        positive(text).map(|id| Self::User(UserId(id)))
    }
}

impl fmt::Display for DialogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chat(id) => write!(f, "chat{id}"),
            Self::User(id) => write!(f, "{id}"),
            Self::Workgroup(id) => write!(f, "sg{id}"),
        }
    }
}

fn positive(digits: &str) -> Option<i64> {
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read_and_written_alike() {
        for (text, id) in [
            ("chat5", DialogId::Chat(ChatId(5))),
            ("7", DialogId::User(UserId(7))),
            ("sg3", DialogId::Workgroup(3)),
            ("9223372036854775807", DialogId::User(UserId(i64::MAX))),
        ] {
            assert_eq!(DialogId::parse(text), Some(id));
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_malformed() {
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "07",
            " 7",
            "7 ",
            "chat",
            "chat0",
            "chat-1",
            "Chat5",
            "CHAT5",
            "sg",
            "sg0",
            "SG3",
            "chatsg3",
            "sgchat3",
            "5chat",
            "1.0",
            "1e3",
            "٣",
            "9223372036854775808",
            "chat 5",
            "user7",
        ] {
            assert_eq!(DialogId::parse(text), None, "{text:?}");
        }
    }
}
