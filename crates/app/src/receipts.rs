//! Hiding read receipts, a setting of each user (rule R13).

use readmark_model::{Event, UserId};
use readmark_store::{StoreError, repo::user};

use crate::Cx;

/// Hides a user's receipts from everybody, or shows them again. `false` when there is no such user.
pub fn set_hidden(cx: &mut Cx<'_>, user: UserId, hidden: bool) -> Result<bool, StoreError> {
    let Some(mut found) = user::lock_exclusive(cx.tx, user)? else {
        return Ok(false);
    };
    if found.hide_receipts != hidden {
        found.hide_receipts = hidden;
        found.updated_at = cx.now;
        user::update(cx.tx, &found)?;
        cx.record(Event::UserUpdated { user });
    }
    Ok(true)
}
