//! Facts for the owner's memory: how each is loaded, and what is made of several.
//!
//! Where a transaction has a memory, look-ups by key go through here: what is known is answered from memory, the rest is loaded, one
//! statement a fact. Elsewhere the modules of the tables have statements that load more at once.

use std::sync::Arc;

use readmark_model::{
    ApplicationId, ChatId, MessageId, MessageKind, Scopes, SecretHash, Seq, Timestamp, UserId,
    bot::Bot, chat::Chat, member::Member, user::User,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{
        BotRow, ChatEnd, ChatRow, ChatsOfUser, Ended, Fact, Handle, Listeners, MemberRow, Placed,
        PrivateChat, RecentViews, Tables, TokenRow, Uncounted, UnreadNotifications, UserRow, View,
        WebhookRow, with_kinds,
    },
    params,
    sql::sql,
    tx::Param,
};

/// A fact that can be loaded.
pub(super) trait Load: Placed {
    /// Loads it; `None` when there is none, which is not remembered.
    fn load(tx: &mut dyn Tx, key: Self::Key) -> Result<Option<Self>, StoreError>;
}

/// A fact, from memory or loaded.
pub(super) fn find<F: Load>(tx: &mut dyn Tx, key: F::Key) -> Result<Option<F>, StoreError> {
    if let Some(known) = tx.memory().and_then(|memory| memory.find::<F>(key)) {
        return Ok(Some(known));
    }
    let loaded = F::load(tx, key)?;
    if let (Some(memory), Some(loaded)) = (tx.memory(), &loaded) {
        memory.keep(key, loaded.clone());
    }
    Ok(loaded)
}

/// Runs a statement that changes these tables as `tell` says, and nothing else that is known.
pub(super) fn execute<T>(
    tx: &mut dyn Tx,
    tables: Tables,
    run: impl FnOnce(&mut dyn Tx) -> Result<T, StoreError>,
    tell: impl FnOnce(&mut Handle, &T),
) -> Result<T, StoreError> {
    if let Some(memory) = tx.memory() {
        memory.tell(tables);
    }
    let done = run(tx)?;
    if let Some(memory) = tx.memory() {
        tell(memory, &done);
    }
    Ok(done)
}

/// Runs a statement that changes one row of a table that all of its facts are made of alone; it is known again when it is loaded.
pub(super) fn execute_on<F: Load>(
    tx: &mut dyn Tx,
    key: F::Key,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, StoreError> {
    execute(
        tx,
        F::TABLES,
        |tx| tx.execute(sql, params),
        |memory, _| memory.forget::<F>(key),
    )
}

/// Runs a statement that changes a user, or what a bot has in addition.
pub(super) fn execute_on_user(
    tx: &mut dyn Tx,
    user: UserId,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, StoreError> {
    execute(
        tx,
        UserRow::TABLES | BotRow::TABLES,
        |tx| tx.execute(sql, params),
        |memory, _| {
            memory.forget::<UserRow>(user);
            memory.forget::<BotRow>(user);
        },
    )
}

impl Load for UserRow {
    fn load(tx: &mut dyn Tx, key: UserId) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(User::SELECT, " WHERE u.id = ?1"),
            params![key],
            |row| User::from_row(row).map(|user| Self(Arc::new(user))),
        )
    }
}

impl Load for BotRow {
    fn load(tx: &mut dyn Tx, key: UserId) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(Bot::SELECT, " WHERE b.user_id = ?1"),
            params![key],
            |row| Bot::from_row(row).map(|bot| Self(Arc::new(bot))),
        )
    }
}

columns! {
    WebhookRow from "webhooks w" {
        id: i64 = "w.id",
        scopes: Scopes = "w.scopes",
        expires_at: Option<Timestamp> = "w.expires_at",
        revoked: bool = "CASE WHEN w.revoked_at IS NULL THEN 0 ELSE 1 END",
    }
}

impl Load for WebhookRow {
    fn load(
        tx: &mut dyn Tx,
        (user, secret): (UserId, SecretHash),
    ) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(
                WebhookRow::SELECT,
                " WHERE w.user_id = ?1 AND w.secret_hash = ?2"
            ),
            params![user, &secret],
            Self::from_row,
        )
    }
}

columns! {
    TokenRow from "tokens t" {
        client_id: String = "t.client_id" => |text| Ok(Arc::from(text)),
        user: UserId = "t.user_id",
        scopes: Scopes = "t.scopes",
        expires_at: Timestamp = "t.expires_at",
        revoked: bool = "CASE WHEN t.revoked_at IS NULL THEN 0 ELSE 1 END",
        application: Option<ApplicationId> = "t.application_id",
    }
}

impl Load for TokenRow {
    fn load(tx: &mut dyn Tx, secret: SecretHash) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(TokenRow::SELECT, " WHERE t.token_hash = ?1"),
            params![&secret],
            Self::from_row,
        )
    }
}

columns! {
    ChatRow from "chats c" {
        chat: Chat = Chat::COLUMNS => |chat| Ok(Arc::new(chat)),
        uncounted: Seq = "c.uncounted_seq",
    }
}

impl Load for ChatRow {
    fn load(tx: &mut dyn Tx, chat: ChatId) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(ChatRow::SELECT, " WHERE c.id = ?1"),
            params![chat],
            Self::from_row,
        )
    }
}

impl Load for PrivateChat {
    fn load(tx: &mut dyn Tx, (low, high): (UserId, UserId)) -> Result<Option<Self>, StoreError> {
        tx.find(
            "SELECT id FROM chats WHERE private_low = ?1 AND private_high = ?2",
            params![low, high],
            |row| row.id(0).map(Self),
        )
    }
}

columns! {
    MemberRow from "members m" {
        member: Member = Member::COLUMNS,
        own: Seq = "m.own_seq",
    }
}

impl Load for MemberRow {
    fn load(tx: &mut dyn Tx, (chat, user): (ChatId, UserId)) -> Result<Option<Self>, StoreError> {
        tx.find(
            sql!(
                MemberRow::SELECT,
                " WHERE m.user_id = ?1 AND m.chat_id = ?2"
            ),
            params![user, chat],
            Self::from_row,
        )
    }
}

/// A user of more chats is not kept in memory.
const MOST_CHATS: usize = 10_000;

/// So many missing memberships of a user are loaded one by one, more of them all at once.
const FEW: usize = 16;

/// Every membership of a user with the chat, in the order of chats, where there is a memory; they are remembered. `None` for a user of
/// too many chats for that.
pub(super) fn find_chats_of(
    tx: &mut dyn Tx,
    user: UserId,
) -> Result<Option<Vec<(MemberRow, ChatRow)>>, StoreError> {
    let Some(ChatsOfUser(chats)) = find::<ChatsOfUser>(tx, user)? else {
        return Ok(None);
    };
    if chats.len() > MOST_CHATS {
        return Ok(None);
    }
    let look_up = |view: &View<'_>, chat: &ChatId| {
        let member = view.find::<MemberRow>(&(*chat, user))?;
        Some((member.clone(), view.find::<ChatRow>(chat)?.clone()))
    };
    let known: Vec<_> = match tx.memory() {
        Some(memory) => memory.view(|view| chats.iter().map(|chat| look_up(view, chat)).collect()),
        None => return Ok(None),
    };
    if known.iter().filter(|row| row.is_none()).count() > FEW {
        return load_chats_of(tx, user).map(Some);
    }
    let mut rows = Vec::with_capacity(known.len());
    for (row, chat) in known.into_iter().zip(chats.iter()) {
        if let Some(row) = row {
            rows.push(row);
        } else if let Some(member) = find::<MemberRow>(tx, (*chat, user))?
            && let Some(chat) = find::<ChatRow>(tx, *chat)?
        {
            rows.push((member, chat));
        }
    }
    Ok(Some(rows))
}

fn load_chats_of(tx: &mut dyn Tx, user: UserId) -> Result<Vec<(MemberRow, ChatRow)>, StoreError> {
    let rows = tx.list(
        sql!(
            "SELECT ",
            MemberRow::COLUMNS,
            ", ",
            ChatRow::COLUMNS,
            " FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1 ORDER BY m.chat_id"
        ),
        params![user],
        <(MemberRow, ChatRow)>::from_row,
    )?;
    if let Some(memory) = tx.memory() {
        let chats = rows.iter().map(|(row, _)| row.member.chat).collect();
        memory.keep(user, ChatsOfUser(Arc::new(chats)));
        for (member, chat) in &rows {
            memory.keep((member.member.chat, user), member.clone());
            memory.keep(member.member.chat, chat.clone());
        }
    }
    Ok(rows)
}

impl Load for ChatsOfUser {
    fn load(tx: &mut dyn Tx, user: UserId) -> Result<Option<Self>, StoreError> {
        let chats = tx.list(
            "SELECT chat_id FROM members WHERE user_id = ?1 ORDER BY chat_id",
            params![user],
            |row| row.id(0),
        )?;
        Ok(Some(Self(Arc::new(chats))))
    }
}

impl Load for Uncounted {
    fn load(tx: &mut dyn Tx, chat: ChatId) -> Result<Option<Self>, StoreError> {
        let greatest = tx.list(
            "SELECT seq FROM uncounted WHERE chat_id = ?1 ORDER BY seq DESC LIMIT ?2",
            params![chat, Self::LOADED as i64 + 1],
            |row| row.id(0),
        )?;
        Ok(Some(Self::of_greatest(greatest)))
    }
}

impl Load for UnreadNotifications {
    fn load(tx: &mut dyn Tx, user: UserId) -> Result<Option<Self>, StoreError> {
        let unread = tx.get(
            "SELECT COUNT(*) FROM notifications WHERE user_id = ?1 AND is_read = 0",
            params![user],
            |row| row.int(0),
        )?;
        Ok(Some(Self(unread)))
    }
}

impl Load for RecentViews {
    fn load(tx: &mut dyn Tx, (): ()) -> Result<Option<Self>, StoreError> {
        // Ids begin with 1 in an empty table, and rows are removed all at once: the greatest id is the number of rows.
        let rows = tx.get(
            "SELECT coalesce(max(id), 0) FROM recent_views",
            params![],
            |row| row.int(0),
        )?;
        Ok(Some(Self(rows)))
    }
}

impl Load for Listeners {
    fn load(tx: &mut dyn Tx, chat: ChatId) -> Result<Option<Self>, StoreError> {
        let listeners = tx.list(
            "SELECT user_id, listens FROM members WHERE chat_id = ?1 AND listens >= 1 ORDER BY user_id",
            params![chat],
            |row| Ok((row.id(0)?, row.int(1)?)),
        )?;
        Ok(Some(Self(Arc::new(listeners))))
    }
}

columns! {
    Ended from "messages g" {
        id: MessageId = "g.id",
        seq: Seq = "g.seq",
        author: UserId = "g.author_id",
        notice: MessageKind = "g.kind" => |kind| Ok(kind == MessageKind::Notice),
        deleted: bool = "g.deleted",
    }
}

impl Load for ChatEnd {
    fn load(tx: &mut dyn Tx, chat: ChatId) -> Result<Option<Self>, StoreError> {
        let newest = tx.list(
            sql!(
                Ended::SELECT,
                " WHERE g.chat_id = ?1 ORDER BY g.seq DESC LIMIT ?2"
            ),
            params![chat, Self::LOADED as i64 + 1],
            Ended::from_row,
        )?;
        Ok(Some(Self::of_newest(newest)))
    }
}

/// The end of a chat, where there is a memory; `None` where there is none.
pub(super) fn end(tx: &mut dyn Tx, chat: ChatId) -> Result<Option<ChatEnd>, StoreError> {
    if tx.memory().is_some() {
        find::<ChatEnd>(tx, chat)
    } else {
        Ok(None)
    }
}

/// Everything in memory that the database says otherwise, in words. For tests.
pub(crate) fn differences(tx: &mut dyn Tx) -> Result<Vec<String>, StoreError> {
    fn compare<F: Load>(tx: &mut dyn Tx, found: &mut Vec<String>) -> Result<(), StoreError> {
        let known = tx.memory().map(|memory| memory.known::<F>());
        for (key, known) in known.unwrap_or_default() {
            let loaded = F::load(tx, key)?;
            if !loaded
                .as_ref()
                .is_some_and(|loaded| known.agrees_with(loaded))
            {
                found.push(format!(
                    "{key:?} is {known:?} in memory and {loaded:?} in the database"
                ));
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    macro_rules! compare_all {
        ($($field:ident: $fact:ty),+ $(,)?) => {
            $(compare::<$fact>(tx, &mut found)?;)+
        };
    }
    with_kinds!(compare_all);
    Ok(found)
}
