//! Members of chats, and the read state of each.

use readmark_model::{
    ChatId, ChatKind, ReadState, Role, Seq, Timestamp, UserId,
    chat::{Chat, Tail},
    member::Member,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    dialect::Dialect,
    memory::{ChatRow, ChatsOfUser, Listeners, MemberRow, Tables},
    params,
    repo::{counter::Bounds, hot, with_lock},
    sql::sql,
    tx::Param,
};

/// A member with the end of the chat.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The chat's kind.
    pub kind: ChatKind,
    /// The end of the chat.
    pub tail: Tail,
    /// The member.
    pub member: Member,
    /// The seqs after which every message counts.
    pub bounds: Bounds,
}

columns! {
    ReadState from "members m" {
        cursor: Seq = "m.cursor_seq",
        viewed: Seq = "m.viewed_seq",
        visible_from: Seq = "m.visible_from_seq",
        marked: Seq = "m.marked_seq",
        unread_flag: bool = "m.unread_flag",
    }
}

columns! {
    Member from "members m" {
        user: UserId = "m.user_id",
        chat: ChatId = "m.chat_id",
        role: Role = "m.role",
        read: ReadState = ReadState::COLUMNS,
        joined_at: Timestamp = "m.joined_at",
        muted: bool = "m.muted",
        pinned_at: Option<Timestamp> = "m.pinned_at",
        hidden_seq: Option<Seq> = "m.hidden_seq",
        changed_at: Timestamp = "m.changed_at",
    }
}

columns! {
    Membership from "members m JOIN chats c ON c.id = m.chat_id" {
        kind: ChatKind = "c.kind",
        tail: Tail = Tail::COLUMNS,
        member: Member = Member::COLUMNS,
        bounds: Bounds = Bounds::COLUMNS,
    }
}

/// The membership of user `?1` in chat `?2`.
const MEMBERSHIP: &str = sql!(
    Membership::SELECT,
    " WHERE m.user_id = ?1 AND m.chat_id = ?2"
);

/// A member of a chat with the chat's end.
pub fn find(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<Option<Membership>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, chat, user);
    }
    tx.find(MEMBERSHIP, params![user, chat], Membership::from_row)
}

fn known(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<Option<Membership>, StoreError> {
    let Some(row) = hot::find::<MemberRow>(tx, (chat, user))? else {
        return Ok(None);
    };
    let found = hot::find::<ChatRow>(tx, chat)?;
    Ok(found.map(|chat| Membership {
        kind: chat.chat.kind,
        tail: chat.chat.tail,
        member: row.member,
        bounds: Bounds {
            uncounted: chat.uncounted,
            own: row.own,
        },
    }))
}

/// Locks a member of a chat. The chat is locked shared, so that it neither gains nor loses messages meanwhile.
///
/// The chat is locked before the member, as everywhere: otherwise a user who reads and sends at the same time would deadlock,
/// which PostgreSQL detects only after a second.
pub fn lock_exclusive(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
) -> Result<Option<Membership>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, chat, user);
    }
    let sql = with_lock!(tx, MEMBERSHIP, "FOR KEY SHARE OF c FOR NO KEY UPDATE OF m");
    tx.find(sql, params![user, chat], Membership::from_row)
}

/// A chat, and the membership of a user where there is one.
pub fn find_with_chat(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
) -> Result<Option<(Chat, Option<Member>)>, StoreError> {
    if tx.memory().is_some() {
        let Some(found) = hot::find::<ChatRow>(tx, chat)? else {
            return Ok(None);
        };
        let row = hot::find::<MemberRow>(tx, (chat, user))?;
        return Ok(Some((Chat::clone(&found.chat), row.map(|row| row.member))));
    }
    tx.find(
        sql!(
            "SELECT ",
            Chat::COLUMNS,
            ", ",
            Member::COLUMNS,
            " FROM chats c LEFT JOIN members m ON m.user_id = ?2 AND m.chat_id = c.id WHERE c.id = ?1"
        ),
        params![chat, user],
        <(Chat, Option<Member>)>::from_row,
    )
}

/// The role of a user in a chat; `None` for those who are no members.
pub fn find_role(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<Option<Role>, StoreError> {
    if tx.memory().is_some() {
        let row = hot::find::<MemberRow>(tx, (chat, user))?;
        return Ok(row.map(|row| row.member.role));
    }
    tx.find(
        "SELECT role FROM members WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat],
        Role::from_row,
    )
}

/// Runs a statement that changes a member, where what is known of it is changed in the same way.
fn change(
    tx: &mut dyn Tx,
    (chat, user): (ChatId, UserId),
    sql: &'static str,
    params: &[Param<'_>],
    change: impl FnOnce(&mut MemberRow),
) -> Result<(), StoreError> {
    hot::execute(
        tx,
        Tables::MEMBERS,
        |tx| tx.execute(sql, params),
        |memory, _| memory.change((chat, user), change),
    )
    .map(drop)
}

/// Runs a statement by which a chat gains or loses a member.
fn execute_on(
    tx: &mut dyn Tx,
    (chat, user): (ChatId, UserId),
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, StoreError> {
    hot::execute(
        tx,
        Tables::MEMBERS,
        |tx| tx.execute(sql, params),
        |memory, _| {
            memory.forget::<MemberRow>((chat, user));
            memory.forget::<Listeners>(chat);
            memory.forget::<ChatsOfUser>(user);
        },
    )
}

/// A new member.
#[derive(Clone, Copy, Debug)]
pub struct NewMember {
    /// The user.
    pub user: UserId,
    /// The chat.
    pub chat: ChatId,
    /// The role.
    pub role: Role,
    /// The initial read state.
    pub read: ReadState,
    /// The time of joining.
    pub now: Timestamp,
}

/// Adds a member, who listens to the chat at the level of its stream. Locks the user shared, so that
/// [`stream::update_listens`](super::stream::update_listens) neither misses the new member nor is missed.
///
/// # Errors
/// [`StoreError::Conflict`] when the user is a member.
pub fn insert(tx: &mut dyn Tx, new: &NewMember) -> Result<(), StoreError> {
    if tx.dialect() == Dialect::Postgres {
        let lock = "SELECT id FROM users WHERE id = ?1 FOR KEY SHARE";
        tx.find(lock, params![new.user], |_| Ok(()))?;
    }
    execute_on(
        tx,
        (new.chat, new.user),
        "INSERT INTO members (user_id, chat_id, role, joined_at, visible_from_seq, cursor_seq, viewed_seq, marked_seq, \
         unread_flag, muted, changed_at, listens, own_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, ?4, \
         coalesce((SELECT s.subscribed FROM streams s WHERE s.user_id = ?1), 0), \
         coalesce((SELECT c.last_seq FROM chats c WHERE c.id = ?2), 0))",
        params![
            new.user,
            new.chat,
            new.role.code(),
            new.now,
            new.read.visible_from,
            new.read.cursor,
            new.read.viewed,
        ],
    )
    .map(drop)
}

/// Deletes a member (rule R6); `false` when there was none.
pub fn delete(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM members WHERE user_id = ?1 AND chat_id = ?2";
    Ok(execute_on(tx, (chat, user), sql, params![user, chat])? > 0)
}

/// Writes everything that reading, marking and sending change.
pub fn update_read(tx: &mut dyn Tx, member: &Member, now: Timestamp) -> Result<(), StoreError> {
    change(
        tx,
        (member.chat, member.user),
        "UPDATE members SET cursor_seq = ?3, viewed_seq = ?4, marked_seq = ?5, unread_flag = ?6, hidden_seq = ?7, \
         changed_at = ?8 WHERE user_id = ?1 AND chat_id = ?2",
        params![
            member.user,
            member.chat,
            member.read.cursor,
            member.read.viewed,
            member.read.marked,
            member.read.unread_flag,
            member.hidden_seq,
            now,
        ],
        |row| {
            row.member.read = ReadState {
                visible_from: row.member.read.visible_from,
                ..member.read
            };
            row.member.hidden_seq = member.hidden_seq;
            row.member.changed_at = now;
        },
    )
}

/// Updates the author of the message `seq`: the cursor moves there, flag and mark are cleared (rule R4).
pub fn update_sent(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    seq: Seq,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        tx,
        (chat, user),
        "UPDATE members SET cursor_seq = ?3, own_seq = ?3, marked_seq = 0, unread_flag = 0, changed_at = ?4 \
         WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat, seq, now],
        |row| {
            row.own = seq;
            row.member.read.cursor = seq;
            row.member.read.marked = Seq::ZERO;
            row.member.read.unread_flag = false;
            row.member.changed_at = now;
        },
    )
}

/// Sets the role.
pub fn update_role(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        tx,
        (chat, user),
        "UPDATE members SET role = ?3, changed_at = ?4 WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat, role.code(), now],
        |row| {
            row.member.role = role;
            row.member.changed_at = now;
        },
    )
}

/// Mutes or unmutes.
pub fn update_muted(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    muted: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        tx,
        (chat, user),
        "UPDATE members SET muted = ?3, changed_at = ?4 WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat, muted, now],
        |row| {
            row.member.muted = muted;
            row.member.changed_at = now;
        },
    )
}

/// Pins or unpins; a pin brings a hidden chat back (rule R10).
pub fn update_pinned(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    pinned_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        tx,
        (chat, user),
        "UPDATE members SET pinned_at = ?3, hidden_seq = CASE WHEN ?4 = 1 THEN NULL ELSE hidden_seq END, \
         changed_at = ?5 WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat, pinned_at, pinned_at.is_some(), now],
        |row| {
            row.member.pinned_at = pinned_at;
            row.member.hidden_seq = row.member.hidden_seq.filter(|_| pinned_at.is_none());
            row.member.changed_at = now;
        },
    )
}

/// Hides the chat until something is sent after `seq`, and unpins it.
pub fn update_hidden(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    seq: Seq,
    now: Timestamp,
) -> Result<(), StoreError> {
    change(
        tx,
        (chat, user),
        "UPDATE members SET hidden_seq = ?3, pinned_at = NULL, changed_at = ?4 WHERE user_id = ?1 AND chat_id = ?2",
        params![user, chat, seq, now],
        |row| {
            row.member.hidden_seq = Some(seq);
            row.member.pinned_at = None;
            row.member.changed_at = now;
        },
    )
}

/// Reads every chat of a user that has something unread, a mark or a flag (rule R11), without recording views. Answers the
/// number of chats.
pub fn read_all(tx: &mut dyn Tx, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
    let chats: Vec<ChatId> = hot::execute(
        tx,
        Tables::MEMBERS,
        |tx| {
            tx.list(
                "UPDATE members SET cursor_seq = (SELECT c.last_seq FROM chats c WHERE c.id = members.chat_id), \
                 marked_seq = 0, unread_flag = 0, changed_at = ?2 WHERE user_id = ?1 AND (unread_flag = 1 OR marked_seq > 0 \
                 OR EXISTS (SELECT 1 FROM messages g WHERE g.chat_id = members.chat_id AND g.seq > members.cursor_seq AND \
                 g.author_id <> ?1 AND g.kind <> 2)) RETURNING chat_id",
                params![user, now],
                |row| row.id(0),
            )
        },
        |memory, chats| {
            for chat in chats {
                memory.forget::<MemberRow>((*chat, user));
            }
        },
    )?;
    Ok(chats.len() as u64)
}

/// The members of a chat, in the order of ids.
pub fn list(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Member>, StoreError> {
    tx.list(
        sql!(Member::SELECT, " WHERE m.chat_id = ?1 ORDER BY m.user_id"),
        params![chat],
        Member::from_row,
    )
}

/// The ids of a chat's members, ascending.
pub fn list_user_ids(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "SELECT user_id FROM members WHERE chat_id = ?1 ORDER BY user_id",
        params![chat],
        |row| row.id(0),
    )
}

/// How the members of a chat are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberOrder {
    /// By id.
    #[default]
    User,
    /// By the time of joining.
    Joined,
    /// By their last message in the chat; those without one come first.
    LastSent,
}

/// The seq of the last message of member `m`, 0 for none.
const LAST_SENT: &str = "COALESCE((SELECT max(g.seq) FROM messages g WHERE g.chat_id = m.chat_id AND \
     g.author_id = m.user_id AND g.kind <> 2), 0)";

/// The ids of the first `limit` members of a chat in an order, or in the reverse of it. Any order but that of ids costs a look-up
/// per member.
pub fn list_ordered_ids(
    tx: &mut dyn Tx,
    chat: ChatId,
    order: MemberOrder,
    descending: bool,
    limit: i64,
) -> Result<Vec<UserId>, StoreError> {
    macro_rules! ordered_by {
        ($($order:expr),+) => {
            sql!("SELECT m.user_id FROM members m WHERE m.chat_id = ?1 ORDER BY ", $($order),+, " LIMIT ?2")
        };
    }
    let sql = match (order, descending) {
        (MemberOrder::User, false) => ordered_by!("m.user_id"),
        (MemberOrder::User, true) => ordered_by!("m.user_id DESC"),
        (MemberOrder::Joined, false) => ordered_by!("m.joined_at, m.user_id"),
        (MemberOrder::Joined, true) => ordered_by!("m.joined_at DESC, m.user_id DESC"),
        (MemberOrder::LastSent, false) => ordered_by!(LAST_SENT, ", m.user_id"),
        (MemberOrder::LastSent, true) => ordered_by!(LAST_SENT, " DESC, m.user_id DESC"),
    };
    tx.list(sql, params![chat, limit], |row| row.id(0))
}

// With a plus SQLite sorts these few rows, instead of reading all members of the chat, which it would find sorted.

/// The ids of a chat's owner and managers, ascending.
pub fn list_manager_ids(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "SELECT user_id FROM members WHERE chat_id = ?1 AND role >= 2 ORDER BY +user_id",
        params![chat],
        |row| row.id(0),
    )
}

/// How many chats one statement asks for.
const CHATS_AT_ONCE: usize = 16;

/// The ids of the owners and managers of chats, ascending for each chat. One statement for sixteen chats.
pub fn list_managers(
    tx: &mut dyn Tx,
    chats: &[ChatId],
) -> Result<Vec<(ChatId, UserId)>, StoreError> {
    let mut managers = Vec::new();
    for some in chats.chunks(CHATS_AT_ONCE) {
        // Unused parameters repeat the first chat, whose managers are found once all the same.
        let mut values = [Param::from(some[0]); CHATS_AT_ONCE];
        for (value, chat) in values.iter_mut().zip(some) {
            *value = Param::from(*chat);
        }
        managers.extend(tx.list(
            "SELECT chat_id, user_id FROM members WHERE chat_id IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
             ?13, ?14, ?15, ?16) AND role >= 2 ORDER BY +chat_id, +user_id",
            &values,
            |row| Ok((row.id(0)?, row.id(1)?)),
        )?);
    }
    Ok(managers)
}

/// The member who becomes owner when the owner leaves: the longest-serving manager, else the longest-serving member.
pub fn find_heir(
    tx: &mut dyn Tx,
    chat: ChatId,
    leaving: UserId,
) -> Result<Option<UserId>, StoreError> {
    let manager = tx.find(
        "SELECT user_id FROM members WHERE chat_id = ?1 AND role >= 2 AND user_id <> ?2 ORDER BY joined_at, user_id LIMIT 1",
        params![chat, leaving],
        |row| row.id(0),
    )?;
    if manager.is_some() {
        return Ok(manager);
    }
    tx.find(
        "SELECT user_id FROM members WHERE chat_id = ?1 AND user_id <> ?2 ORDER BY joined_at, user_id LIMIT 1",
        params![chat, leaving],
        |row| row.id(0),
    )
}

/// Whether two users share a chat, which lets an extranet user see the other one. Private chats without a message do not
/// count.
pub fn share_chat(tx: &mut dyn Tx, one: UserId, other: UserId) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            "SELECT 1 FROM members a JOIN members b ON b.chat_id = a.chat_id AND b.user_id = ?2 \
             JOIN chats c ON c.id = a.chat_id WHERE a.user_id = ?1 AND (c.kind <> 1 OR c.message_count > 0) LIMIT 1",
            params![one, other],
            |_| Ok(()),
        )?
        .is_some())
}

/// Every chat of a user with the membership, in no particular order.
pub fn list_chats(tx: &mut dyn Tx, user: UserId) -> Result<Vec<(Member, Chat)>, StoreError> {
    tx.list(
        sql!(
            "SELECT ",
            Member::COLUMNS,
            ", ",
            Chat::COLUMNS,
            " FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1"
        ),
        params![user],
        <(Member, Chat)>::from_row,
    )
}
