//! The recent list: `im.recent.get` and `im.recent.list`.

use readmark_model::{ChatKind, MessageId, Role, Seq, Timestamp, UserId};
use readmark_store::repo::{
    member::{self, RecentRow},
    message::{self, Message},
    user::{self, User},
    view::{self, Viewed},
};

use crate::{
    Cx, Fault,
    access::Access,
    dialog::{
        detail::{self, Face},
        last_read_id,
    },
};

/// Which chats are wanted.
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
    /// Only chats with the last activity from this time on.
    pub active_since: Option<Timestamp>,
    /// Only chats of which anything, the caller's own marks too, changed from this time on.
    pub changed_since: Option<Timestamp>,
    /// So many are passed over.
    pub offset: usize,
    /// So many are wanted.
    pub limit: usize,
}

/// A chat in the recent list.
#[derive(Clone, Debug)]
pub struct Item {
    /// The chat and the membership.
    pub access: Access,
    /// How it looks.
    pub face: Face,
    /// Owner and managers; not asked for private chats.
    pub managers: Vec<UserId>,
    /// The last message.
    pub message: Option<Message>,
    /// Whether somebody viewed the last message, which is the caller's own.
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
    /// When something was last sent; without messages when the caller joined.
    pub active_at: Timestamp,
    /// When that, or anything of the caller's own, last changed.
    pub updated_at: Timestamp,
}

/// A part of the recent list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Pinned chats first, then by their last activity.
    pub items: Vec<Item>,
    /// Whether more follow.
    pub has_more: bool,
}

/// Lists the recent chats of the one who acts. Hidden chats are left out (rule R10).
///
/// # Errors
/// When the store fails.
pub fn list(cx: &mut Cx<'_>, filter: &Filter) -> Result<Page, Fault> {
    let mut rows = member::list_recent(cx.tx, cx.user)?;
    rows.retain(|row| matches(row, filter));
    let has_more = rows.len() > filter.offset.saturating_add(filter.limit);
    let wanted = rows.into_iter().skip(filter.offset).take(filter.limit);
    let items = wanted
        .map(|row| item(cx, row))
        .collect::<Result<_, Fault>>()?;
    Ok(Page { items, has_more })
}

fn active_at(row: &RecentRow) -> Timestamp {
    if row.chat.message_count > 0 {
        row.chat.tail.last_activity_at
    } else {
        row.chat.tail.last_activity_at.max(row.member.joined_at)
    }
}

fn matches(row: &RecentRow, filter: &Filter) -> bool {
    let private = row.chat.kind == ChatKind::Private;
    let active = active_at(row);
    let changed = active.max(row.member.changed_at);
    !(private && filter.skip_private
        || !private && filter.skip_groups
        || filter.unread_only && row.counter == 0 && !row.member.read.unread_flag
        || filter.channels_only && !row.chat.kind.is_channel()
        || filter.manageable_only && !row.chat.permissions.manage_messages.allows(row.member.role)
        || filter.active_until.is_some_and(|until| active > until)
        || filter.active_since.is_some_and(|since| active < since)
        || filter.changed_since.is_some_and(|since| changed < since))
}

fn item(cx: &mut Cx<'_>, row: RecentRow) -> Result<Item, Fault> {
    let RecentRow {
        chat,
        member,
        counter,
    } = row;
    let active_at = active_at(&RecentRow {
        chat: chat.clone(),
        member: member.clone(),
        counter,
    });
    let message = match chat.tail.last_message_seq {
        Seq::ZERO => None,
        seq => message::find_by_seq(cx.tx, chat.id, seq)?
            .filter(|last| last.seq >= member.read.visible_from),
    };
    let delivered = match &message {
        Some(last) if last.author == cx.user => view::exists(
            cx.tx,
            Viewed {
                chat: chat.id,
                seq: last.seq,
                author: last.author,
                created_at: last.created_at,
            },
        )?,
        _ => false,
    };
    let shown = match chat.peer_of(cx.user) {
        Some(peer) => Some(peer),
        None => message
            .as_ref()
            .map(Message::shown_author)
            .filter(|author| author.get() > 0),
    };
    let user = match shown {
        Some(id) => user::find(cx.tx, id)?,
        None => None,
    };
    let managers = if chat.kind == ChatKind::Private {
        Vec::new()
    } else {
        member::list_manager_ids(cx.tx, chat.id)?
    };
    let last_id = last_read_id(cx, chat.id, member.read.cursor, &chat.tail)?;
    let counter = cx.rules.cap(counter);
    let (pinned, flagged) = (member.pinned_at.is_some(), member.read.unread_flag);
    let updated_at = active_at.max(member.changed_at);
    debug_assert!(
        member.role >= Role::Member,
        "only members have a recent list"
    );
    let access = Access {
        chat,
        member: Some(member),
    };
    let face = detail::face(cx, &access)?;
    Ok(Item {
        access,
        face,
        managers,
        message,
        delivered,
        user,
        counter,
        last_id,
        pinned,
        flagged,
        active_at,
        updated_at,
    })
}
