//! Who is in the portal, adding and changing people, and the status that they choose.

pub mod change;
pub mod look;
pub mod status;

use readmark_model::{UserId, UserKind, user::User};
use readmark_store::{StoreError, Tx, repo::user};

/// Why a user is nobody who can be acted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPerson {
    /// There is none with this id.
    Unknown,
    /// It is a bot.
    Bot,
    /// The person is dismissed.
    Dismissed,
}

/// A user or bot, a dismissed one too, as the operator sees it.
pub fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<User>, StoreError> {
    user::find(tx, id)
}

/// A person who is not dismissed, or why there is none.
pub fn find_person(tx: &mut dyn Tx, id: UserId) -> Result<Result<User, NoPerson>, StoreError> {
    Ok(match user::find(tx, id)? {
        None => Err(NoPerson::Unknown),
        Some(user) if user.kind == UserKind::Bot => Err(NoPerson::Bot),
        Some(user) if !user.active => Err(NoPerson::Dismissed),
        Some(user) => Ok(user),
    })
}

/// Every user and bot, dismissed ones too, in the order of ids, as the operator sees them.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<User>, StoreError> {
    user::list(tx)
}
