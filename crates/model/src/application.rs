//! Local applications, which an administrator registers, and the rules about who may use one.

use crate::{
    auth::Scopes,
    ids::{ApplicationId, GrantId, Timestamp, UserId},
    user::UserKind,
};

/// Who may use an application. Administrators, who manage it, always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every user.
    Everyone,
    /// Administrators.
    Admins,
    /// The users who were chosen.
    Chosen,
}

impl Audience {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Admins => "admins",
            Self::Chosen => "chosen",
        }
    }

    /// Reads what [`Audience::as_str`] writes; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Everyone, Self::Admins, Self::Chosen]
            .into_iter()
            .find(|audience| audience.as_str() == text)
    }
}

/// A local application, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its number in the portal.
    pub id: ApplicationId,
    /// Its name to the outside: `local.`, 14 hexadecimal digits, a point and 8 digits.
    pub client_id: String,
    /// Its name for people.
    pub name: String,
    /// Where it is opened, where users return to with a code, and, without an install address, where it is installed.
    pub handler_url: String,
    /// The address that installs it, or empty.
    pub install_url: String,
    /// The most that its tokens may be used for.
    pub scopes: Scopes,
    /// Whether it is opened in the portal; others only call methods.
    pub has_ui: bool,
    /// Who may use it.
    pub audience: Audience,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When its installation was finished; `None` until then.
    pub installed_at: Option<Timestamp>,
}

/// What decides whether somebody may use an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its installation is finished.
    pub installed: bool,
    /// Who may use it.
    pub audience: Audience,
    /// Its scopes.
    pub scopes: Scopes,
}

/// Somebody who wants to use an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Person or bot. A bot acts for the application that it belongs to.
    pub kind: UserKind,
    /// Administers the portal.
    pub admin: bool,
    /// Is among the chosen users of the application.
    pub chosen: bool,
}

/// Why somebody may not use an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// It is not installed yet, and only administrators install.
    NotInstalled,
    /// It is for others.
    NotChosen,
}

impl Standing {
    /// Whether a visitor may use the application.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&self, visitor: Visitor) -> Result<(), Barred> {
        if visitor.admin {
            return Ok(());
        }
        if !self.installed {
            return Err(Barred::NotInstalled);
        }
        let admitted = visitor.kind == UserKind::Bot
            || match self.audience {
                Audience::Everyone => true,
                Audience::Admins => false,
                Audience::Chosen => visitor.chosen,
            };
        if admitted {
            Ok(())
        } else {
            Err(Barred::NotChosen)
        }
    }
}

impl Application {
    /// What decides who may use it.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        Standing {
            installed: self.installed_at.is_some(),
            audience: self.audience,
            scopes: self.scopes,
        }
    }

    /// Whether it counts as installed as soon as it is registered: nobody has to go through pages of an installer.
    #[must_use]
    pub fn installs_itself(&self) -> bool {
        !self.has_ui || self.install_url.is_empty()
    }
}

/// What an application was granted once, by a user or at its installation: the family of all tokens that come from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its number.
    pub id: GrantId,
    /// The application.
    pub application: ApplicationId,
    /// The user whose rights the tokens have.
    pub user: UserId,
    /// The most that the tokens may be used for.
    pub scopes: Scopes,
}

/// A code that an application exchanges for its first tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// The application that it was made for.
    pub application: ApplicationId,
    /// The user who authorised.
    pub user: UserId,
    /// What was granted.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The grant that it was exchanged for, once it was.
    pub grant: Option<GrantId>,
}

/// A refresh token, without the token itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant that it continues.
    pub grant: GrantId,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was first used, which replaced it by another one.
    pub replaced_at: Option<Timestamp>,
    /// How often it was used.
    pub uses: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Visitor = Visitor {
        kind: UserKind::Person,
        admin: false,
        chosen: false,
    };

    fn standing(installed: bool, audience: Audience) -> Standing {
        Standing {
            installed,
            audience,
            scopes: Scopes::all(),
        }
    }

    #[test]
    fn until_an_application_is_installed_only_administrators_use_it() {
        let admin = Visitor {
            admin: true,
            ..PERSON
        };
        let bot = Visitor {
            kind: UserKind::Bot,
            ..PERSON
        };
        let raw = standing(false, Audience::Everyone);
        assert_eq!(raw.admit(admin), Ok(()));
        assert_eq!(raw.admit(PERSON), Err(Barred::NotInstalled));
        assert_eq!(raw.admit(bot), Err(Barred::NotInstalled));
    }

    #[test]
    fn an_installed_application_is_for_its_audience_and_its_bots() {
        let chosen = Visitor {
            chosen: true,
            ..PERSON
        };
        let bot = Visitor {
            kind: UserKind::Bot,
            ..PERSON
        };
        let not = Err(Barred::NotChosen);
        for (audience, person, of_chosen) in [
            (Audience::Everyone, Ok(()), Ok(())),
            (Audience::Admins, not, not),
            (Audience::Chosen, not, Ok(())),
        ] {
            let standing = standing(true, audience);
            assert_eq!(standing.admit(PERSON), person, "{audience:?}");
            assert_eq!(standing.admit(chosen), of_chosen, "{audience:?}");
            assert_eq!(standing.admit(bot), Ok(()), "{audience:?}");
            assert_eq!(Audience::parse(audience.as_str()), Some(audience));
        }
        assert_eq!(Audience::parse("nobody"), None);
    }
}
