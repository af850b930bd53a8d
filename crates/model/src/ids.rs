//! Identifiers and timestamps, as distinct types.

use std::fmt;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The number itself.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

id_type! {
    /// A user or bot of a portal; positive. On the wire the author `0` stands for "the system".
    UserId
}
id_type! {
    /// A chat of a portal: private, group, open or channel; positive.
    ChatId
}
id_type! {
    /// A message; unique in its portal and ascending, so that within a chat ids and [`Seq`]s have the same order.
    MessageId
}
id_type! {
    /// A notification; unique in its portal, and ascending for each recipient.
    NotificationId
}
id_type! {
    /// A file; unique in its portal.
    FileId
}
id_type! {
    /// A local application; unique in its portal, never used again.
    ApplicationId
}
id_type! {
    /// What an application was granted once; unique in its portal, never used again.
    GrantId
}
id_type! {
    /// The dense number of a message within its chat: 1, 2, 3…; 0 is before the first message.
    Seq
}
id_type! {
    /// A point in time: milliseconds since 1970-01-01T00:00:00Z.
    Timestamp
}

impl Seq {
    /// Before the first message of a chat.
    pub const ZERO: Self = Self(0);

    /// The next number.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The number before; 0 stays 0.
    #[must_use]
    pub const fn prev(self) -> Self {
        Self(if self.0 > 0 { self.0 - 1 } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_number() {
        assert_eq!(
            (UserId::from(7), i64::from(UserId(7)), UserId(7).get()),
            (UserId(7), 7, 7)
        );
        assert_eq!(ChatId(12).to_string(), "12");
    }

    #[test]
    fn nothing_is_before_the_place_before_the_first_message() {
        assert_eq!(Seq::ZERO.next(), Seq(1));
        assert_eq!(
            (Seq(2).prev(), Seq(1).prev(), Seq::ZERO.prev()),
            (Seq(1), Seq::ZERO, Seq::ZERO)
        );
    }
}
