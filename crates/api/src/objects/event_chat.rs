//! The chat object of events (sources: event objects): without anything that depends on the recipient, except the dialog id.

use readmark_model::{
    UserId,
    chat::{Chat, wire_type},
    file::chat_folder,
};
use serde::Serialize;

use super::{
    chat::dialog_id,
    link,
    v2_chat::{V2EntityLink, V2Permissions},
};
use crate::portal::context::PortalContext;

/// A chat in an event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventChat {
    id: i64,
    dialog_id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    message_type: &'static str,
    owner: i64,
    color: Option<String>,
    avatar: String,
    description: String,
    extranet: bool,
    contains_collaber: bool,
    entity_type: String,
    entity_id: String,
    #[serde(rename = "entityData1")]
    entity_data_1: String,
    #[serde(rename = "entityData2")]
    entity_data_2: String,
    #[serde(rename = "entityData3")]
    entity_data_3: String,
    entity_link: V2EntityLink,
    disk_folder_id: i64,
    permissions: V2Permissions,
    parent_chat_id: i64,
    parent_message_id: i64,
    is_new: bool,
    text_field_enabled: &'static str,
    background_id: Option<String>,
}

impl EventChat {
    /// The chat for `viewer`.
    #[must_use]
    pub fn new(chat: &Chat, viewer: UserId, portal: &PortalContext) -> Self {
        let [data_1, data_2, data_3] = chat.entity.data.clone();
        Self {
            id: chat.id.get(),
            dialog_id: dialog_id(chat, viewer),
            name: chat.title.clone(),
            kind: wire_type(chat.kind, &chat.entity.kind),
            message_type: chat.kind.message_type(),
            owner: chat.owner.get(),
            color: Some(chat.color.clone()).filter(|color| !color.is_empty()),
            avatar: link(&chat.avatar, portal),
            description: chat.description.clone(),
            extranet: chat.extranet_count > 0,
            contains_collaber: false,
            entity_type: chat.entity.kind.clone(),
            entity_id: chat.entity.id.clone(),
            entity_data_1: data_1,
            entity_data_2: data_2,
            entity_data_3: data_3,
            entity_link: V2EntityLink::new(&chat.entity, viewer),
            disk_folder_id: chat_folder(chat.id),
            permissions: V2Permissions::from(&chat.permissions),
            parent_chat_id: chat.parent_chat,
            parent_message_id: chat.parent_message,
            is_new: false,
            text_field_enabled: if chat.text_field_enabled { "Y" } else { "N" },
            background_id: chat.background.clone(),
        }
    }
}
