//! Chats.

use std::sync::Arc;

use readmark_model::{
    ChatId, ChatKind, MessageId, MessageKind, Permission, Permissions, Seq, Timestamp, UserId,
    chat::{Chat, Entity, Tail},
};

use super::{hot, name_word};
use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{ChatRow, PrivateChat, Tables},
    params,
    repo::with_lock,
    sql::sql,
    tx::Param,
};

columns! {
    Tail from "chats c" {
        last_seq: Seq = "c.last_seq",
        last_post_seq: Seq = "c.last_post_seq",
        last_message: MessageId = "c.last_message_id",
        last_message_seq: Seq = "c.last_message_seq",
        last_activity_at: Timestamp = "c.last_activity_at",
    }
}

columns! {
    Entity from "chats c" {
        kind: String = "c.entity_type",
        id: String = "c.entity_id",
        data: [String; 3] = "c.entity_data_1, c.entity_data_2, c.entity_data_3",
    }
}

columns! {
    Permissions from "chats c" {
        manage_users_add: Permission = "c.manage_users_add",
        manage_users_delete: Permission = "c.manage_users_delete",
        manage_ui: Permission = "c.manage_ui",
        manage_settings: Permission = "c.manage_settings",
        manage_messages: Permission = "c.manage_messages",
        can_post: Permission = "c.can_post",
    }
}

columns! {
    Chat from "chats c" {
        id: ChatId = "c.id",
        kind: ChatKind = "c.kind",
        title: String = "c.title",
        description: String = "c.description",
        color: String = "c.color",
        avatar: String = "c.avatar",
        owner: UserId = "c.owner_id",
        pair: Option<(UserId, UserId)> = "c.private_low, c.private_high",
        entity: Entity = Entity::COLUMNS,
        parent_chat: i64 = "c.parent_chat_id",
        parent_message: i64 = "c.parent_message_id",
        permissions: Permissions = Permissions::COLUMNS,
        text_field_enabled: bool = "c.text_field_enabled",
        background: Option<String> = "c.background_id",
        created_at: Timestamp = "c.created_at",
        indexed: Seq = "c.indexed_seq",
        tail: Tail = Tail::COLUMNS,
        message_count: i64 = "c.message_count",
        member_count: i64 = "c.member_count",
        extranet_count: i64 = "c.extranet_count",
    }
}

/// A chat by its id.
pub fn find(tx: &mut dyn Tx, id: ChatId) -> Result<Option<Chat>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, id);
    }
    tx.find(
        sql!(Chat::SELECT, " WHERE c.id = ?1"),
        params![id],
        Chat::from_row,
    )
}

fn known(tx: &mut dyn Tx, id: ChatId) -> Result<Option<Chat>, StoreError> {
    let found = hot::find::<ChatRow>(tx, id)?;
    Ok(found.map(|row| Chat::clone(&row.chat)))
}

/// Locks a chat, against those who lock it shared too (`FOR UPDATE`): meanwhile nobody else sends, edits, deletes or reads its
/// messages as a member, joins or leaves.
pub fn lock_exclusive(tx: &mut dyn Tx, id: ChatId) -> Result<Option<Chat>, StoreError> {
    if tx.memory().is_some() {
        return known(tx, id);
    }
    let sql = with_lock!(tx, sql!(Chat::SELECT, " WHERE c.id = ?1"), "FOR UPDATE");
    tx.find(sql, params![id], Chat::from_row)
}

/// The private chat of two users.
pub fn find_private(
    tx: &mut dyn Tx,
    one: UserId,
    other: UserId,
) -> Result<Option<ChatId>, StoreError> {
    let pair = (one.min(other), one.max(other));
    Ok(hot::find::<PrivateChat>(tx, pair)?.map(|PrivateChat(chat)| chat))
}

/// The oldest chat bound to an entity.
pub fn find_by_entity(
    tx: &mut dyn Tx,
    entity_type: &str,
    entity_id: &str,
) -> Result<Option<ChatId>, StoreError> {
    tx.find(
        "SELECT id FROM chats WHERE entity_type = ?1 AND entity_type <> '' AND entity_id = ?2 ORDER BY id LIMIT 1",
        params![entity_type, entity_id],
        |row| row.id(0),
    )
}

/// The oldest chat bound to an entity that a user is a member of or, with `open`, that is open.
pub fn find_seen_by_entity(
    tx: &mut dyn Tx,
    entity: &Entity,
    user: UserId,
    open: bool,
) -> Result<Option<ChatId>, StoreError> {
    tx.find(
        "SELECT c.id FROM chats c WHERE c.entity_type = ?1 AND c.entity_type <> '' AND c.entity_id = ?2 AND \
         ((?4 = 1 AND c.kind IN (3, 5)) OR EXISTS (SELECT 1 FROM members m WHERE m.user_id = ?3 AND m.chat_id = c.id)) \
         ORDER BY c.id LIMIT 1",
        params![&entity.kind, &entity.id, user, open],
        |row| row.id(0),
    )
}

/// A chat to be created, without members and messages.
#[derive(Clone, Debug)]
pub struct NewChat<'a> {
    /// Kind.
    pub kind: ChatKind,
    /// Title.
    pub title: &'a str,
    /// Description.
    pub description: &'a str,
    /// Colour as `#rrggbb`.
    pub color: &'a str,
    /// Path of the avatar, or empty.
    pub avatar: &'a str,
    /// Owner.
    pub owner: UserId,
    /// The two users of a private chat, the smaller id first.
    pub pair: Option<(UserId, UserId)>,
    /// The external object.
    pub entity: &'a Entity,
    /// When.
    pub now: Timestamp,
}

/// Creates a chat; `None` when it would be the second private chat of two users.
pub fn insert(tx: &mut dyn Tx, new: &NewChat<'_>) -> Result<Option<ChatId>, StoreError> {
    let rights = Permissions::default_of(new.kind);
    let made = tx.find(
        "INSERT INTO chats (kind, title, description, color, avatar, owner_id, private_low, private_high, entity_type, \
         entity_id, entity_data_1, entity_data_2, entity_data_3, parent_chat_id, parent_message_id, manage_users_add, \
         manage_users_delete, manage_ui, manage_settings, manage_messages, can_post, text_field_enabled, created_at, \
         last_seq, last_post_seq, last_message_id, last_message_seq, last_activity_at, message_count, member_count, \
         extranet_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0, ?14, ?15, ?16, ?17, ?18, \
         ?19, 1, ?20, 0, 0, 0, 0, ?20, 0, 0, 0) ON CONFLICT DO NOTHING RETURNING id",
        params![
            new.kind.code(),
            new.title,
            new.description,
            new.color,
            new.avatar,
            new.owner,
            new.pair.map(|pair| pair.0),
            new.pair.map(|pair| pair.1),
            &new.entity.kind,
            &new.entity.id,
            &new.entity.data[0],
            &new.entity.data[1],
            &new.entity.data[2],
            rights.manage_users_add.code(),
            rights.manage_users_delete.code(),
            rights.manage_ui.code(),
            rights.manage_settings.code(),
            rights.manage_messages.code(),
            rights.can_post.code(),
            new.now,
        ],
        |row| row.id(0),
    )?;
    if let Some(id) = made {
        name_word::insert_chat(tx, id, new.title)?;
    }
    Ok(made)
}

/// Reserves a chat id, which no chat will have.
pub(super) fn take_id(tx: &mut dyn Tx) -> Result<ChatId, StoreError> {
    let id = insert(
        tx,
        &NewChat {
            kind: ChatKind::Group,
            title: "",
            description: "",
            color: "",
            avatar: "",
            owner: UserId(0),
            pair: None,
            entity: &Entity::default(),
            now: Timestamp(0),
        },
    )?
    .ok_or(StoreError::Decode("a chat was not created"))?;
    // Ids are never reused, so it is enough that a chat had it.
    execute_on(tx, id, "DELETE FROM chats WHERE id = ?1", params![id])?;
    Ok(id)
}

/// Runs a statement that changes a chat, though not whose private chat it is.
fn execute_on(
    tx: &mut dyn Tx,
    id: ChatId,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<(), StoreError> {
    hot::execute_on::<ChatRow>(tx, id, sql, params).map(drop)
}

/// The same, where what is known of it is changed in the same way.
fn change(
    tx: &mut dyn Tx,
    id: ChatId,
    sql: &'static str,
    params: &[Param<'_>],
    change: impl FnOnce(&mut Chat, &mut Seq),
) -> Result<(), StoreError> {
    hot::execute(
        tx,
        Tables::CHATS,
        |tx| tx.execute(sql, params),
        |memory, _| {
            memory.change::<ChatRow>(id, |row| {
                change(Arc::make_mut(&mut row.chat), &mut row.uncounted);
            });
        },
    )
    .map(drop)
}

/// Records a new message at the end of a chat.
pub fn append(
    tx: &mut dyn Tx,
    id: ChatId,
    seq: Seq,
    message: MessageId,
    kind: MessageKind,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = if kind == MessageKind::Notice {
        "UPDATE chats SET last_seq = ?2, last_message_id = ?3, last_message_seq = ?2, last_activity_at = ?4, \
         message_count = message_count + 1, uncounted_seq = ?2 WHERE id = ?1"
    } else {
        "UPDATE chats SET last_seq = ?2, last_post_seq = ?2, last_message_id = ?3, last_message_seq = ?2, \
         last_activity_at = ?4, message_count = message_count + 1 WHERE id = ?1"
    };
    change(
        tx,
        id,
        sql,
        params![id, seq, message, at],
        |chat, uncounted| {
            let tail = &mut chat.tail;
            tail.last_seq = seq;
            tail.last_message = message;
            tail.last_message_seq = seq;
            tail.last_activity_at = at;
            chat.message_count += 1;
            if kind == MessageKind::Notice {
                *uncounted = seq;
            } else {
                tail.last_post_seq = seq;
            }
        },
    )
}

/// Records that the words of the messages up to `seq` are indexed.
pub fn update_indexed(tx: &mut dyn Tx, id: ChatId, seq: Seq) -> Result<(), StoreError> {
    change(
        tx,
        id,
        "UPDATE chats SET indexed_seq = ?2 WHERE id = ?1",
        params![id, seq],
        |chat, _| chat.indexed = seq,
    )
}

/// Updates a chat after the message at `gone` was deleted completely: there is one fewer, and `last` is the last one left.
pub fn shrink(
    tx: &mut dyn Tx,
    id: ChatId,
    gone: Seq,
    last: Option<(MessageId, Seq)>,
) -> Result<(), StoreError> {
    let (message, seq) = last.unwrap_or_default();
    change(
        tx,
        id,
        "UPDATE chats SET last_message_id = ?2, last_message_seq = ?3, message_count = message_count - 1, \
         uncounted_seq = CASE WHEN uncounted_seq < ?4 THEN ?4 ELSE uncounted_seq END WHERE id = ?1",
        params![id, message, seq, gone],
        |chat, uncounted| {
            chat.tail.last_message = message;
            chat.tail.last_message_seq = seq;
            chat.message_count -= 1;
            *uncounted = gone.max(*uncounted);
        },
    )
}

/// Adds to the numbers of members and of extranet members.
pub fn count_members(
    tx: &mut dyn Tx,
    id: ChatId,
    members: i64,
    extranet: i64,
) -> Result<(), StoreError> {
    change(
        tx,
        id,
        "UPDATE chats SET member_count = member_count + ?2, extranet_count = extranet_count + ?3 WHERE id = ?1",
        params![id, members, extranet],
        |chat, _| {
            chat.member_count += members;
            chat.extranet_count += extranet;
        },
    )
}

/// Sets the title.
pub fn update_title(tx: &mut dyn Tx, id: ChatId, title: &str) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET title = ?2 WHERE id = ?1",
        params![id, title],
    )?;
    name_word::replace_chat(tx, id, title)
}

/// Sets the colour, as `#rrggbb`.
pub fn update_color(tx: &mut dyn Tx, id: ChatId, color: &str) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET color = ?2 WHERE id = ?1",
        params![id, color],
    )
}

/// Sets the path of the avatar.
pub fn update_avatar(tx: &mut dyn Tx, id: ChatId, avatar: &str) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET avatar = ?2 WHERE id = ?1",
        params![id, avatar],
    )
}

/// Sets the description.
pub fn update_description(
    tx: &mut dyn Tx,
    id: ChatId,
    description: &str,
) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET description = ?2 WHERE id = ?1",
        params![id, description],
    )
}

/// Sets whether members see an input field.
pub fn update_text_field(tx: &mut dyn Tx, id: ChatId, enabled: bool) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET text_field_enabled = ?2 WHERE id = ?1",
        params![id, enabled],
    )
}

/// Sets the owner.
pub fn update_owner(tx: &mut dyn Tx, id: ChatId, owner: UserId) -> Result<(), StoreError> {
    execute_on(
        tx,
        id,
        "UPDATE chats SET owner_id = ?2 WHERE id = ?1",
        params![id, owner],
    )
}

/// The ids of all chats, ascending.
pub fn list_ids(tx: &mut dyn Tx) -> Result<Vec<ChatId>, StoreError> {
    tx.list("SELECT id FROM chats ORDER BY id", params![], |row| {
        row.id(0)
    })
}
