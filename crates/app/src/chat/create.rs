//! Creating a chat.

use std::collections::BTreeSet;

use readmark_model::{ChatId, ChatKind, Event, ReadState, Role, Seq, UserId, chat::Entity};
use readmark_store::{
    StoreError,
    repo::{
        chat::{self, NewChat},
        member::{self, NewMember},
        user,
    },
};

use crate::Cx;

/// A group chat, open chat or channel to create.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Any kind but a private chat, which is created on first mention.
    pub kind: ChatKind,
    /// Title.
    pub title: &'a str,
    /// Description.
    pub description: &'a str,
    /// Colour as `#rrggbb`.
    pub color: &'a str,
    /// Path of the avatar, or empty.
    pub avatar: &'a str,
    /// The external object.
    pub entity: &'a Entity,
    /// Owner and first manager; need not be the acting user.
    pub owner: UserId,
    /// Managers besides the owner.
    pub managers: &'a [UserId],
    /// Members besides owner and managers. Unknown and dismissed users are skipped.
    pub members: &'a [UserId],
}

/// Creates a chat with its first members, who see its whole history.
pub fn create(cx: &mut Cx<'_>, plan: &Plan<'_>) -> Result<ChatId, StoreError> {
    let made = chat::insert(
        cx.tx,
        &NewChat {
            kind: plan.kind,
            title: plan.title,
            description: plan.description,
            color: plan.color,
            avatar: plan.avatar,
            owner: plan.owner,
            pair: None,
            entity: plan.entity,
            now: cx.now,
        },
    )?;
    let id = made.ok_or(StoreError::Decode(
        "a chat that is not private was not made",
    ))?;
    let all: BTreeSet<UserId> = [plan.owner]
        .into_iter()
        .chain(plan.managers.iter().copied())
        .chain(plan.members.iter().copied())
        .collect();
    let read = ReadState::joined(Seq::ZERO, true, Seq::ZERO);
    let (mut members, mut extranet) = (0, 0);
    cx.record(Event::ChatAdded {
        chat: id,
        by: cx.user,
    });
    for user in all {
        let Some(found) = user::find(cx.tx, user)?.filter(|found| found.active) else {
            continue;
        };
        let role = if user == plan.owner {
            Role::Owner
        } else if plan.managers.contains(&user) {
            Role::Manager
        } else {
            Role::Member
        };
        member::insert(
            cx.tx,
            &NewMember {
                user,
                chat: id,
                role,
                read,
                now: cx.now,
            },
        )?;
        cx.record(Event::MemberAdded {
            chat: id,
            user,
            by: cx.user,
        });
        members += 1;
        extranet += i64::from(found.extranet);
    }
    chat::count_members(cx.tx, id, members, extranet)?;
    Ok(id)
}
