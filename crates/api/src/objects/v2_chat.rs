//! The chat object in answers of `imbot.v2.*`, and parts that it shares with that of events.

use readmark_app::{access::Access, dialog::detail::Detail};
use readmark_model::{
    MessageId, Permissions, UserId,
    chat::{Entity, wire_type},
    file::chat_folder,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{
    chat::{EntityLink, dialog_id},
    date, link,
};
use crate::portal::context::PortalContext;

/// A chat as a bot sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct V2Chat {
    /// The chat's id.
    pub id: i64,
    /// `chatN`, or the id of the other user of a private chat.
    pub dialog_id: String,
    /// Title; of a private chat the other user's name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Kind, or the entity's type in camel case.
    #[serde(rename = "type")]
    pub kind: String,
    /// Kind as a letter.
    pub message_type: &'static str,
    /// Owner.
    pub owner: i64,
    /// Colour.
    pub color: String,
    /// Link to the avatar, or empty.
    pub avatar: String,
    /// Whether an extranet user is a member.
    pub extranet: bool,
    /// Whether a guest of a collaboration is a member: there are none here.
    pub contains_collaber: bool,
    /// External object: type.
    pub entity_type: String,
    /// External object: id.
    pub entity_id: String,
    /// External data 1.
    pub entity_data1: String,
    /// External data 2.
    pub entity_data2: String,
    /// External data 3.
    pub entity_data3: String,
    /// The external object's page; empty without one.
    pub entity_link: V2EntityLink,
    /// The chat's folder for files.
    pub disk_folder_id: i64,
    /// What the bot is there.
    pub role: &'static str,
    /// Who may do what.
    pub permissions: V2Permissions,
    /// Who muted the chat: the bot alone, if it did.
    pub mute_list: Vec<i64>,
    /// The chat that it is a thread of, or null.
    pub parent_chat_id: Option<i64>,
    /// The message that it is a thread about, or null.
    pub parent_message_id: Option<i64>,
    /// Whether nothing was ever sent; true in the answer of the method that makes a chat.
    pub is_new: bool,
    /// `Y` where members see an input field, else `N`.
    pub text_field_enabled: &'static str,
    /// Background, or null for the user's own.
    pub background_id: Option<String>,
    /// When the chat was made.
    pub date_create: String,
    /// The last message, or null.
    pub last_message_id: Option<i64>,
    /// Who viewed the last message, as JSON text: `messageId`, `firstViewers`, `countOfViewers`; `{}` without a message.
    pub last_message_views: String,
    /// The last read message, or null.
    pub last_id: Option<i64>,
    /// Owner and managers.
    pub manager_list: Vec<i64>,
    /// The message marked as unread, or null.
    pub marked_id: Option<i64>,
    /// Number of messages, tombstones and notices included.
    pub message_count: i64,
    /// Public access: there is none here.
    pub public: &'static str,
    /// The first unread message, or null.
    pub unread_id: Option<i64>,
    /// Number of members.
    pub user_counter: i64,
}

/// `entityLink`; a chat without an external object has an empty one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct V2EntityLink {
    /// Type, path and id.
    #[serde(flatten)]
    pub link: Option<EntityLink>,
}

impl V2EntityLink {
    /// The link of an entity, for `viewer`.
    #[must_use]
    pub fn new(entity: &Entity, viewer: UserId) -> Self {
        let bound = !entity.kind.is_empty();
        Self {
            link: bound.then(|| EntityLink::new(entity, viewer)),
        }
    }
}

/// `permissions`: who may do what.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct V2Permissions {
    /// Add members.
    pub manage_users_add: &'static str,
    /// Remove members.
    pub manage_users_delete: &'static str,
    /// Change title, colour and avatar.
    #[serde(rename = "manageUI")]
    pub manage_ui: &'static str,
    /// Change settings.
    pub manage_settings: &'static str,
    /// Manage messages.
    pub manage_messages: &'static str,
    /// Send messages.
    pub can_post: &'static str,
}

impl From<&Permissions> for V2Permissions {
    fn from(permissions: &Permissions) -> Self {
        Self {
            manage_users_add: permissions.manage_users_add.as_str(),
            manage_users_delete: permissions.manage_users_delete.as_str(),
            manage_ui: permissions.manage_ui.as_str(),
            manage_settings: permissions.manage_settings.as_str(),
            manage_messages: permissions.manage_messages.as_str(),
            can_post: permissions.can_post.as_str(),
        }
    }
}

impl V2Chat {
    /// A chat for `viewer`.
    #[must_use]
    pub fn new(detail: &Detail, viewer: UserId, portal: &PortalContext) -> Self {
        let Access { chat, member } = &detail.access;
        let muted = member.as_ref().is_some_and(|member| member.muted);
        let [data_1, data_2, data_3] = chat.entity.data.clone();
        let some = |id: i64| (id != 0).then_some(id);
        Self {
            id: chat.id.get(),
            dialog_id: dialog_id(chat, viewer),
            name: detail.face.name.clone(),
            description: chat.description.clone(),
            kind: wire_type(chat.kind, &chat.entity.kind),
            message_type: chat.kind.message_type(),
            owner: chat.owner.get(),
            color: detail.face.color.clone(),
            avatar: link(&detail.face.avatar, portal),
            extranet: chat.extranet_count > 0,
            contains_collaber: false,
            entity_type: chat.entity.kind.clone(),
            entity_id: chat.entity.id.clone(),
            entity_data1: data_1,
            entity_data2: data_2,
            entity_data3: data_3,
            entity_link: V2EntityLink::new(&chat.entity, viewer),
            disk_folder_id: chat_folder(chat.id),
            role: detail.access.role().as_str(),
            permissions: V2Permissions::from(&chat.permissions),
            mute_list: muted.then(|| viewer.get()).into_iter().collect(),
            parent_chat_id: some(chat.parent_chat),
            parent_message_id: some(chat.parent_message),
            is_new: chat.tail.last_seq.get() == 0,
            text_field_enabled: if chat.text_field_enabled { "Y" } else { "N" },
            background_id: chat.background.clone(),
            date_create: date(chat.created_at, portal),
            last_message_id: some(chat.tail.last_message.get()),
            last_message_views: last_message_views(detail, portal),
            last_id: some(detail.position.last_id.get()),
            manager_list: detail.managers.iter().map(|user| user.get()).collect(),
            marked_id: some(detail.position.marked_id.get()),
            message_count: chat.message_count,
            public: "",
            unread_id: some(detail.position.unread_id.get()),
            user_counter: chat.member_count,
        }
    }
}

fn last_message_views(detail: &Detail, portal: &PortalContext) -> String {
    let last = detail.access.chat.tail.last_message;
    if last == MessageId(0) {
        return "{}".to_owned();
    }
    let first: Vec<_> = detail
        .first_viewers
        .iter()
        .map(|viewer| {
            json!({"userId": viewer.user.get(), "userName": viewer.name, "date": date(viewer.at, portal)})
        })
        .collect();
    json!({"messageId": last.get(), "firstViewers": first, "countOfViewers": detail.viewer_count})
        .to_string()
}
