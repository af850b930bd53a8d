//! Callers, their credentials and scopes.

use std::fmt;

use crate::ids::{Timestamp, UserId};

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// A right that a webhook or token carries.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Scope {
            $($(#[$doc])* $name,)+
        }

        impl Scope {
            /// Every scope, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// As on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

scopes! {
    /// Chats and messages.
    Im = "im",
    /// Bots.
    Imbot = "imbot",
    /// All of a user's data, adding and changing users.
    User = "user",
    /// A user's data without the administrative fields.
    UserBasic = "user_basic",
    /// A user's public data.
    UserBrief = "user_brief",
    /// Departments.
    Department = "department",
    /// Files.
    Disk = "disk",
    /// Push to clients.
    Pull = "pull",
    /// Push channels.
    PullChannel = "pull_channel",
}

impl Scope {
    /// Reads a scope's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|scope| scope.as_str() == text)
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u32);

impl Scopes {
    /// All scopes.
    #[must_use]
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// Whether `scope` is in the set.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether everything in this set is in `other` too.
    #[must_use]
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The scopes of the set.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .iter()
            .copied()
            .filter(move |scope| self.has(*scope))
    }

    /// Reads a list separated by commas; `None` when a name is unknown. White space around names is ignored.
    #[must_use]
    pub fn parse(list: &str) -> Option<Self> {
        list.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(Scope::parse)
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .fold(0, |bits, scope| bits | 1 << scope as u8),
        )
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

/// How a caller proved who it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// An incoming webhook, by its row.
    Webhook(i64),
    /// An access token of an application, by its client id.
    Application(String),
    /// A signed link to a file, which acts for the user it was created for.
    FileLink,
    /// The operator's command line.
    Operator,
}

/// A caller whose credentials were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user whose rights the call has.
    pub user: UserId,
    /// Whether the user administers the portal.
    pub admin: bool,
    /// Whether the user is an external one, who sees only users of shared chats.
    pub extranet: bool,
    /// What the webhook or token may be used for.
    pub scopes: Scopes,
    /// How the caller was authorised.
    pub credential: Credential,
    /// When that ends, if ever.
    pub expires_at: Option<Timestamp>,
}

/// An incoming webhook, without its secret.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its id.
    pub id: i64,
    /// The user whose rights it has.
    pub user: UserId,
    /// Its scopes.
    pub scopes: Scopes,
    /// A description by its creator.
    pub title: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl Caller {
    /// The operator of the server: not a user, with an administrator's rights.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            user: UserId(0),
            admin: true,
            extranet: false,
            scopes: Scopes::all(),
            credential: Credential::Operator,
            expires_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_scopes_are_every_one_and_a_scope_named_twice_is_had() {
        assert_eq!(Scopes::all().iter().collect::<Vec<_>>(), Scope::ALL);
        let twice: Scopes = [Scope::Disk, Scope::Im, Scope::Disk].into_iter().collect();
        assert_eq!(twice.to_string(), "im,disk");
    }

    #[test]
    fn a_list_of_scopes_is_read_and_written() {
        let scopes = Scopes::parse("imbot, im,").unwrap();
        assert!(scopes.has(Scope::Im) && scopes.has(Scope::Imbot) && !scopes.has(Scope::User));
        assert_eq!(scopes.to_string(), "im,imbot");
        assert_eq!(Scopes::parse("im,crm"), None);
        assert_eq!(Scopes::parse(""), Some(Scopes::default()));
    }

    #[test]
    fn sets_of_scopes_are_compared() {
        let [small, large, other] =
            ["im", "im,user", "user,disk"].map(|list| Scopes::parse(list).unwrap());
        assert!(small.within(large) && !large.within(small) && !other.within(large));
        assert_eq!(large.and(other).to_string(), "user");
        assert!(Scopes::default().within(small));
    }
}
