//! The recent list of a user: one statement for a page, with everything that is shown of its chats.

use readmark_model::{
    ChatKind, MessageId, Timestamp, UserId, chat::Chat, member::Member, message::Message,
    user::User,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::counter::COUNTED,
    sql::sql,
};

/// Which chats to list.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a filter of its own")]
pub struct RecentFilter {
    /// Private chats are left out.
    pub skip_private: bool,
    /// All other chats are left out.
    pub skip_groups: bool,
    /// Only chats with unread messages or the unread flag.
    pub unread_only: bool,
    /// Only channels.
    pub channels_only: bool,
    /// Only chats whose messages the user may manage.
    pub manageable_only: bool,
    /// Only chats whose last activity was at or before this time.
    pub active_until: Timestamp,
    /// Only chats in which anything, including the user's membership, changed at or after this time.
    pub changed_since: Timestamp,
    /// The number of chats to skip.
    pub offset: i64,
    /// The greatest number of chats.
    pub limit: i64,
}

impl RecentFilter {
    /// Every chat.
    pub const ALL: Self = Self {
        skip_private: false,
        skip_groups: false,
        unread_only: false,
        channels_only: false,
        manageable_only: false,
        active_until: Timestamp(i64::MAX),
        changed_since: Timestamp(i64::MIN),
        offset: 0,
        limit: i64::MAX,
    };
}

/// A chat in the recent list of a user.
#[derive(Clone, Debug)]
pub struct RecentRow {
    /// The chat.
    pub chat: Chat,
    /// The membership.
    pub member: Member,
    /// The number of messages after the cursor that count.
    pub counter: i64,
    /// When something was last sent, or when the user joined if that is later or nothing was.
    pub active_at: Timestamp,
    /// The last message, if the user can see it.
    pub message: Option<Message>,
    /// The other user of a private chat, else the author of the last message if that is a post.
    pub user: Option<User>,
    /// The last message at or before the cursor, 0 for none.
    pub last_id: MessageId,
}

/// When something was last sent to `c`, or when member `m` joined if that is later or nothing was.
const ACTIVE: &str = "CASE WHEN c.message_count > 0 OR c.last_activity_at > m.joined_at THEN c.last_activity_at \
     ELSE m.joined_at END";

/// The page, and what is shown of its chats.
const PAGE: &str = sql!(
    "(SELECT m.chat_id AS chat_id, CASE WHEN m.pinned_at IS NULL THEN 1 ELSE 0 END AS unpinned, ",
    ACTIVE,
    " AS active FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1 AND \
     (m.hidden_seq IS NULL OR c.last_post_seq > m.hidden_seq) AND (c.kind <> 1 OR c.message_count > 0) AND \
     (?2 = 0 OR c.kind <> 1) AND (?3 = 0 OR c.kind = 1) AND (?4 = 0 OR m.unread_flag = 1 OR EXISTS (SELECT 1 \
     FROM messages x WHERE x.chat_id = m.chat_id AND x.seq > m.cursor_seq AND x.author_id <> ?1 AND \
     x.kind <> 2)) AND (?5 = 0 OR c.kind IN (4, 5)) AND (?6 = 0 OR c.manage_messages <= m.role) AND ",
    ACTIVE,
    " <= ?7 AND (m.changed_at >= ?8 OR ",
    ACTIVE,
    " >= ?8) ORDER BY unpinned, active DESC, chat_id DESC LIMIT ?9 OFFSET ?10) p \
     JOIN chats c ON c.id = p.chat_id JOIN members m ON m.user_id = ?1 AND m.chat_id = p.chat_id \
     LEFT JOIN messages g ON g.chat_id = c.id AND g.seq = c.last_message_seq AND g.seq >= m.visible_from_seq \
     LEFT JOIN users u ON u.id = CASE WHEN c.private_low IS NULL THEN CASE WHEN g.kind = 0 THEN g.author_id END \
     WHEN c.private_low = ?1 THEN c.private_high ELSE c.private_low END \
     LEFT JOIN bots b ON b.user_id = u.id"
);

columns! {
    RecentRow from PAGE {
        chat: Chat = Chat::COLUMNS,
        member: Member = Member::COLUMNS,
        counter: i64 = COUNTED,
        active_at: Timestamp = "p.active",
        message: Option<Message> = Message::COLUMNS,
        user: Option<User> = User::COLUMNS,
        last_id: MessageId = "CASE WHEN m.cursor_seq >= c.last_message_seq THEN c.last_message_id ELSE coalesce(\
             (SELECT l.id FROM messages l WHERE l.chat_id = c.id AND l.seq <= m.cursor_seq ORDER BY l.seq DESC LIMIT 1), \
             0) END",
    }
}

/// The chats of a user that are not hidden (rule R10), pinned ones first, then by their last activity. Private chats without a
/// message are left out.
pub fn list(
    tx: &mut dyn Tx,
    user: UserId,
    filter: &RecentFilter,
) -> Result<Vec<RecentRow>, StoreError> {
    tx.list(
        sql!(
            RecentRow::SELECT,
            " ORDER BY p.unpinned, p.active DESC, c.id DESC"
        ),
        params![
            user,
            filter.skip_private,
            filter.skip_groups,
            filter.unread_only,
            filter.channels_only,
            filter.manageable_only,
            filter.active_until,
            filter.changed_since,
            filter.limit,
            filter.offset,
        ],
        RecentRow::from_row,
    )
}

// The statement has the codes of kinds of chats.
const _: () = assert!(
    ChatKind::Private.code() == 1
        && ChatKind::Channel.code() == 4
        && ChatKind::OpenChannel.code() == 5
);
