//! The recent list: `im.recent.get` and `im.recent.list`.

use std::collections::HashMap;

use readmark_model::{
    ChatId, ChatKind, MessageId, Timestamp, UserId, message::Message, user::User,
};
use readmark_store::repo::{
    member,
    recent::{self, RecentFilter, RecentRow},
    view,
};

use crate::{Cx, Interrupt, access::Access, dialog::detail::Face};

/// Which chats to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Private chats are left out.
    pub skip_private: bool,
    /// All other chats are left out.
    pub skip_groups: bool,
    /// Only chats with unread messages or the unread flag.
    pub unread_only: bool,
    /// Only channels.
    pub channels_only: bool,
    /// Only chats whose messages the caller may manage.
    pub manageable_only: bool,
    /// Only chats with the last activity up to this time.
    pub active_until: Option<Timestamp>,
    /// Only chats that changed from this time on, including the caller's own marks.
    pub changed_since: Option<Timestamp>,
    /// How many to skip.
    pub offset: usize,
    /// The most to return.
    pub limit: usize,
}

/// A chat in the recent list.
#[derive(Clone, Debug)]
pub struct Item {
    /// The chat and the membership.
    pub access: Access,
    /// Its appearance.
    pub face: Face,
    /// Owner and managers; not loaded for private chats.
    pub managers: Vec<UserId>,
    /// The last message.
    pub message: Option<Message>,
    /// Whether the last message is the caller's own and was viewed.
    pub delivered: bool,
    /// The other user of a private chat, else the author of the last message, `None` for the system.
    pub user: Option<User>,
    /// Unread messages.
    pub counter: i64,
    /// The last read message, 0 for none.
    pub last_id: MessageId,
    /// Pinned.
    pub pinned: bool,
    /// The unread flag.
    pub flagged: bool,
    /// When the last message was sent; without messages, when the caller joined.
    pub active_at: Timestamp,
    /// When that, or anything of the caller's membership, last changed.
    pub updated_at: Timestamp,
}

/// A page of the recent list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Pinned chats first, then by their last activity.
    pub items: Vec<Item>,
    /// Whether more follow.
    pub has_more: bool,
}

/// Lists the recent chats of the acting user. Hidden chats are left out (rule R10).
pub fn list(cx: &mut Cx<'_>, filter: &Filter) -> Result<Page, Interrupt> {
    let wanted = i64::try_from(filter.limit).unwrap_or(i64::MAX);
    let mut rows = recent::list(
        cx.tx,
        cx.user,
        &RecentFilter {
            skip_private: filter.skip_private,
            skip_groups: filter.skip_groups,
            unread_only: filter.unread_only,
            channels_only: filter.channels_only,
            manageable_only: filter.manageable_only,
            active_until: filter.active_until.unwrap_or(Timestamp(i64::MAX)),
            changed_since: filter.changed_since.unwrap_or(Timestamp(i64::MIN)),
            offset: i64::try_from(filter.offset).unwrap_or(i64::MAX),
            // One more, to tell whether more follow.
            limit: wanted.saturating_add(1),
        },
    )?;
    let has_more = rows.len() > filter.limit;
    rows.truncate(filter.limit);
    // Not loaded for private chats.
    let groups: Vec<ChatId> = rows
        .iter()
        .filter(|row| row.chat.kind != ChatKind::Private)
        .map(|row| row.chat.id)
        .collect();
    let mut managers: HashMap<ChatId, Vec<UserId>> = HashMap::new();
    for (chat, user) in member::list_managers(cx.tx, &groups)? {
        managers.entry(chat).or_default().push(user);
    }
    let items = rows
        .into_iter()
        .map(|row| {
            let managers = managers.remove(&row.chat.id).unwrap_or_default();
            item(cx, row, managers)
        })
        .collect::<Result<_, Interrupt>>()?;
    Ok(Page { items, has_more })
}

fn item(cx: &mut Cx<'_>, row: RecentRow, managers: Vec<UserId>) -> Result<Item, Interrupt> {
    let delivered = match &row.message {
        Some(last) if last.author == cx.user => view::exists(cx.tx, last.as_viewed())?,
        _ => false,
    };
    let private = row.chat.kind == ChatKind::Private;
    Ok(Item {
        face: Face::new(&row.chat, row.user.as_ref().filter(|_| private)),
        managers,
        message: row.message,
        delivered,
        user: row.user,
        counter: cx.rules.cap(row.counter),
        last_id: row.last_id,
        pinned: row.member.pinned_at.is_some(),
        flagged: row.member.read.unread_flag,
        active_at: row.active_at,
        updated_at: row.active_at.max(row.member.changed_at),
        access: Access {
            chat: row.chat,
            member: Some(row.member),
        },
    })
}
