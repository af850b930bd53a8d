//! Users of the portal, changes to people, and their status.

pub mod change;
pub mod look;
pub mod status;

use readmark_model::{UserId, UserKind, user::User};
use readmark_store::{StoreError, Tx, repo::user};

/// Why a user is not an active person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPerson {
    /// There is none with this id.
    Unknown,
    /// It is a bot.
    Bot,
    /// The person is dismissed.
    Dismissed,
}

/// A user or bot, including dismissed ones, as the operator sees it.
pub fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<User>, StoreError> {
    user::find(tx, id)
}

/// A person who is not dismissed, or why the user is not one.
pub fn find_person(tx: &mut dyn Tx, id: UserId) -> Result<Result<User, NoPerson>, StoreError> {
    Ok(match user::find(tx, id)? {
        None => Err(NoPerson::Unknown),
        Some(user) if user.kind == UserKind::Bot => Err(NoPerson::Bot),
        Some(user) if !user.active => Err(NoPerson::Dismissed),
        Some(user) => Ok(user),
    })
}

/// Every user and bot, including dismissed ones, in id order, as the operator sees them.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<User>, StoreError> {
    user::list(tx)
}
