//! Joining and leaving (rules R5, R6).

use std::collections::BTreeSet;

use readmark_model::{ChatId, Event, ReadState, Role, UserId, chat::Chat};
use readmark_store::{
    StoreError,
    repo::{
        chat,
        member::{self, NewMember},
        user, view,
    },
};

use crate::Cx;

/// Adds users to a chat that is locked by [`chat::lock_exclusive`]: nothing is unread for them (rule R5), and views from an
/// earlier membership are kept. The history of an open chat is hidden only from those who could not see it before: extranet
/// users. Existing members, unknown and dismissed users are skipped; the first to join an empty chat becomes its owner.
/// Returns who was added.
pub fn add(
    cx: &mut Cx<'_>,
    chat: &Chat,
    users: &[UserId],
    history_shown: bool,
) -> Result<Vec<UserId>, StoreError> {
    let mut added = Vec::new();
    let mut extranet = 0;
    let mut named = BTreeSet::new();
    for &user in users.iter().filter(|user| named.insert(**user)) {
        let Some(found) = user::find(cx.tx, user)?.filter(|found| found.active) else {
            continue;
        };
        if member::find_role(cx.tx, chat.id, user)?.is_some() {
            continue;
        }
        let viewed =
            view::find_end(cx.tx, chat.id, user)?.map_or_else(Default::default, |(seq, _)| seq);
        let shown = history_shown || chat.kind.is_open() && !found.extranet;
        let read = ReadState::joined(chat.tail.last_seq, shown, viewed);
        member::insert(
            cx.tx,
            &NewMember {
                user,
                chat: chat.id,
                role: Role::Member,
                read,
                now: cx.now,
            },
        )?;
        cx.record(Event::MemberAdded {
            chat: chat.id,
            user,
            by: cx.user,
        });
        if chat.member_count == 0 && added.is_empty() {
            set_owner(cx, chat.id, user)?;
        }
        added.push(user);
        extranet += i64::from(found.extranet);
    }
    if !added.is_empty() {
        chat::count_members(
            cx.tx,
            chat.id,
            i64::try_from(added.len()).unwrap_or(i64::MAX),
            extranet,
        )?;
    }
    Ok(added)
}

/// Removes a member from a chat that is locked by [`chat::lock_exclusive`], and from every total in the same commit (rule
/// R6). If the owner leaves, the oldest manager becomes owner, else the oldest member. `false` when the user was not a
/// member.
pub fn remove(cx: &mut Cx<'_>, chat: &Chat, user: UserId) -> Result<bool, StoreError> {
    if !member::delete(cx.tx, chat.id, user)? {
        return Ok(false);
    }
    let extranet = user::find(cx.tx, user)?.is_some_and(|found| found.extranet);
    chat::count_members(cx.tx, chat.id, -1, -i64::from(extranet))?;
    cx.record(Event::MemberRemoved {
        chat: chat.id,
        user,
        by: cx.user,
    });
    if chat.owner == user
        && let Some(heir) = member::find_heir(cx.tx, chat.id, user)?
    {
        set_owner(cx, chat.id, heir)?;
    }
    Ok(true)
}

/// Makes a member the owner of a chat; the caller demotes the previous one.
pub fn set_owner(cx: &mut Cx<'_>, chat: ChatId, owner: UserId) -> Result<(), StoreError> {
    member::update_role(cx.tx, chat, owner, Role::Owner, cx.now)?;
    chat::update_owner(cx.tx, chat, owner)?;
    cx.record(Event::ChatUpdated { chat, by: cx.user });
    Ok(())
}
