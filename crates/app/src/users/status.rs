//! The status that users choose for themselves, whether they are idle, and until when they are absent.

use readmark_model::{Event, Status, Timestamp, UserId};
use readmark_store::{StoreError, repo::user};

use crate::{Cx, Interrupt};

/// Milliseconds of a minute.
const MINUTE: i64 = 60 * 1000;

/// The status that the acting user has chosen, `online` by default; `None` if it cannot be chosen.
pub fn get(cx: &mut Cx<'_>) -> Result<Option<Status>, Interrupt> {
    let me = user::find(cx.tx, cx.user)?;
    Ok(me.and_then(|me| Status::parse(&me.status)))
}

/// Sets the acting user's status, and ends idling.
pub fn set(cx: &mut Cx<'_>, status: Status) -> Result<(), StoreError> {
    let changed = user::update_status(cx.tx, cx.user, status.as_str())?;
    record(cx, changed);
    Ok(())
}

/// Records that the acting user has been idle for some minutes.
pub fn start_idle(cx: &mut Cx<'_>, minutes: i64) -> Result<(), StoreError> {
    let since = cx.now.get().saturating_sub(minutes.saturating_mul(MINUTE));
    let changed = user::update_idle(cx.tx, cx.user, Timestamp(since.max(0)))?;
    record(cx, changed);
    Ok(())
}

/// Ends the acting user's idling.
pub fn end_idle(cx: &mut Cx<'_>) -> Result<(), StoreError> {
    let changed = user::clear_idle(cx.tx, cx.user)?;
    record(cx, changed);
    Ok(())
}

/// Sets until when a user is absent, or ends the absence. `false` when there is no such user.
pub fn set_absence(
    cx: &mut Cx<'_>,
    user: UserId,
    until: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let Some(mut found) = user::lock_exclusive(cx.tx, user)? else {
        return Ok(false);
    };
    if found.absent_until != until {
        found.absent_until = until;
        user::update(cx.tx, &found)?;
        cx.record(Event::UserUpdated { user });
    }
    Ok(true)
}

fn record(cx: &mut Cx<'_>, changed: bool) {
    if changed {
        cx.record(Event::UserUpdated { user: cx.user });
    }
}
