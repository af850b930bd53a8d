//! An entry of the recent list: `im.recent.get` and `im.recent.list`.

use readmark_app::{Interrupt, recent::list::Item};
use readmark_model::{ChatKind, text::plain_preview};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::MethodCx,
    objects::{
        chat::{ChatObject, mute_list},
        date, link,
        user::ClassicUser,
    },
    wire::EmptyAsList,
};

/// `id` of an entry: a number for a user, `chatN` for a chat.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EntryId {
    /// A private chat, by the other user.
    User(i64),
    /// Any other chat.
    Chat(String),
}

/// `avatar` of an entry.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AvatarObject {
    /// Link, or empty.
    pub url: String,
    /// Colour.
    pub color: String,
}

/// `message` of an entry: the last message.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessagePreview {
    /// Its id, 0 for none.
    pub id: i64,
    /// Its text without BB codes and line breaks.
    pub text: String,
    /// Whether it has files.
    pub file: bool,
    /// Its author, 0 for the system.
    pub author_id: i64,
    /// Whether it has attachments.
    pub attach: bool,
    /// Its sticker: there are none here.
    pub sticker: Option<i64>,
    /// When it was sent.
    pub date: String,
    /// `delivered` when it is the caller's own and somebody viewed it, else `received`.
    pub status: &'static str,
    /// Its external id.
    pub uuid: Option<String>,
}

/// `user` of an entry: the other user, or the author of the last message.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EntryUser {
    /// Somebody.
    User(Box<ClassicUser>),
    /// The system.
    System {
        /// Always 0.
        id: i64,
    },
}

/// `chat` of an entry.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EntryChat {
    /// Of a group chat, open chat or channel.
    Chat(Box<ChatObject>),
    /// Of a private chat.
    Private {
        /// Whether an input field is shown.
        text_field_enabled: bool,
        /// Background, or null for the user's own.
        background_id: Option<String>,
        /// The caller's own entry where the caller muted the chat.
        mute_list: EmptyAsList<i64, bool>,
    },
}

/// An entry.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecentEntry {
    /// The dialog.
    pub id: EntryId,
    /// The chat's id.
    pub chat_id: i64,
    /// `user` or `chat`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Avatar and colour.
    pub avatar: AvatarObject,
    /// The other user's name, or the chat's title.
    pub title: String,
    /// The last message.
    pub message: MessagePreview,
    /// Unread messages.
    pub counter: i64,
    /// The last read message, 0 for none.
    pub last_id: i64,
    /// Whether the caller pinned the chat.
    pub pinned: bool,
    /// Whether the unread flag is set.
    pub unread: bool,
    /// Whether a reminder is set: there are none here.
    pub has_reminder: bool,
    /// When the entry last changed.
    pub date_update: String,
    /// When something was last sent.
    pub date_last_activity: String,
    /// The chat.
    pub chat: EntryChat,
    /// The user.
    pub user: EntryUser,
    /// Further options: none.
    pub options: [i64; 0],
}

impl RecentEntry {
    /// An entry for the caller. With `original` the last message's text is left unchanged.
    ///
    /// # Errors
    /// When the store fails.
    pub fn new(cx: &mut MethodCx<'_>, item: Item, original: bool) -> Result<Self, Interrupt> {
        let portal = cx.portal;
        let message = preview(&item, original, portal);
        let chat = &item.access.chat;
        let private = chat.kind == ChatKind::Private;
        let id = match chat.peer_of(cx.app.user).filter(|_| private) {
            Some(peer) => EntryId::User(peer.get()),
            None => EntryId::Chat(format!("chat{}", chat.id)),
        };
        let entry_chat = if private {
            EntryChat::Private {
                text_field_enabled: chat.text_field_enabled,
                background_id: chat.background.clone(),
                mute_list: mute_list(&item.access),
            }
        } else {
            let object = ChatObject::new(&item.access, &item.managers, cx.app.user, portal);
            EntryChat::Chat(Box::new(object))
        };
        let user = match &item.user {
            Some(user) => EntryUser::User(Box::new(ClassicUser::new(user, portal))),
            None => EntryUser::System { id: 0 },
        };
        Ok(Self {
            id,
            chat_id: chat.id.get(),
            kind: if private { "user" } else { "chat" },
            avatar: AvatarObject {
                url: link(&item.face.avatar, portal),
                color: item.face.color.clone(),
            },
            title: item.face.name.clone(),
            message,
            counter: item.counter,
            last_id: item.last_id.get(),
            pinned: item.pinned,
            unread: item.flagged,
            has_reminder: false,
            date_update: date(item.updated_at, portal),
            date_last_activity: date(item.active_at, portal),
            chat: entry_chat,
            user,
            options: [],
        })
    }
}

fn preview(
    item: &Item,
    original: bool,
    portal: &crate::portal::context::PortalContext,
) -> MessagePreview {
    let Some(message) = &item.message else {
        return MessagePreview {
            id: 0,
            text: String::new(),
            file: false,
            author_id: 0,
            attach: false,
            sticker: None,
            date: date(item.active_at, portal),
            status: "received",
            uuid: None,
        };
    };
    let attach = message.params.attach.is_some();
    let mut text = if original {
        message.text.clone()
    } else {
        plain_preview(&message.text)
    };
    let file = !message.params.files.is_empty();
    for (there, word) in [(file, "[File]"), (attach, "[Attachment]")] {
        if there && !original {
            text = format!("{text} {word}").trim_start().to_owned();
        }
    }
    MessagePreview {
        id: message.id.get(),
        text,
        file,
        author_id: message.shown_author().get(),
        attach,
        sticker: None,
        date: date(message.created_at, portal),
        status: if item.delivered {
            "delivered"
        } else {
            "received"
        },
        uuid: message.uuid.clone(),
    }
}
