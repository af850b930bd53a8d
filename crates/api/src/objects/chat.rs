//! The chat object of the classic methods, and parts of it that other objects share.

use readmark_app::access::{Access, WORKGROUP};
use readmark_model::{
    DialogId, Permissions, Policy, UserId,
    chat::{Chat, Entity, wire_type},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    objects::{date, link},
    portal::context::PortalContext,
    wire::EmptyAsList,
};

/// The dialog id for `viewer`: the other user of a private chat. A viewer outside of the private chat, such as the bot of a command
/// that can be called everywhere, gets the chat itself.
#[must_use]
pub fn dialog_id(chat: &Chat, viewer: UserId) -> String {
    let is_in = |(low, high)| low == viewer || high == viewer;
    let dialog = match chat.peer_of(viewer) {
        Some(peer) if chat.pair.is_some_and(is_in) => DialogId::User(peer),
        _ => DialogId::Chat(chat.id),
    };
    dialog.to_string()
}

/// `permissions`: who may do what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermissionsObject {
    /// Add members.
    pub manage_users_add: &'static str,
    /// Remove members.
    pub manage_users_delete: &'static str,
    /// Change title, colour and avatar.
    pub manage_ui: &'static str,
    /// Change settings.
    pub manage_settings: &'static str,
    /// Manage messages.
    pub manage_messages: &'static str,
    /// Send messages.
    pub can_post: &'static str,
}

impl From<&Permissions> for PermissionsObject {
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

/// `restrictions`: what the caller may do, as every method enforces it.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "documented so")]
pub struct RestrictionsObject {
    /// Change the avatar.
    pub avatar: bool,
    /// Change the title.
    pub rename: bool,
    /// Add members.
    pub extend: bool,
    /// Call.
    pub call: bool,
    /// Mute.
    pub mute: bool,
    /// Leave.
    pub leave: bool,
    /// Leave as the owner.
    pub leave_owner: bool,
    /// Send messages.
    pub send: bool,
    /// See the members.
    pub user_list: bool,
}

impl From<Policy> for RestrictionsObject {
    fn from(policy: Policy) -> Self {
        Self {
            avatar: policy.avatar,
            rename: policy.rename,
            extend: policy.extend,
            call: policy.call,
            mute: policy.mute,
            leave: policy.leave,
            leave_owner: policy.leave_owner,
            send: policy.send,
            user_list: policy.user_list,
        }
    }
}

/// `entity_link`: the object that the chat belongs to; empty without one.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EntityLink {
    /// Type of the object.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path of its page in the portal, where its type has one.
    pub url: String,
    /// Its id, as in `entity_id`.
    pub id: String,
}

impl EntityLink {
    /// The link of an entity, for `viewer`.
    #[must_use]
    pub fn new(entity: &Entity, viewer: UserId) -> Self {
        let id = entity.id.as_str();
        let (kind, url) = match entity.kind.as_str() {
            "" => return Self::default(),
            "CRM" => {
                let (kind, number) = id.split_once('|').unwrap_or((id, ""));
                (kind.to_owned(), crm_path(kind, number))
            }
            "TASKS" | "TASKS_TASK" => (
                "TASKS".to_owned(),
                format!("/company/personal/user/{viewer}/tasks/task/view/{id}/"),
            ),
            WORKGROUP => (WORKGROUP.to_owned(), format!("/workgroups/group/{id}/")),
            "CALENDAR" => (
                "CALENDAR".to_owned(),
                format!("/company/personal/user/{viewer}/calendar/?EVENT_ID={id}"),
            ),
            other => (other.to_owned(), String::new()),
        };
        Self {
            kind,
            url,
            id: id.to_owned(),
        }
    }
}

fn crm_path(kind: &str, number: &str) -> String {
    match kind.strip_prefix("DYNAMIC_") {
        _ if number.is_empty() => String::new(),
        Some(dynamic_type) => format!("/crm/type/{dynamic_type}/details/{number}/"),
        None => format!("/crm/{}/details/{number}/", kind.to_lowercase()),
    }
}

/// `mute_list`: the caller's own entry if the caller muted the chat, else empty.
#[must_use]
pub fn mute_list(access: &Access) -> EmptyAsList<i64, bool> {
    let muted = access.member.as_ref().filter(|member| member.muted);
    muted
        .map(|member| (member.user.get(), true))
        .into_iter()
        .collect()
}

/// The chat object of the recent list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChatObject {
    /// The chat's id.
    pub id: i64,
    /// The chat that it is a thread of, 0 for none.
    pub parent_chat_id: i64,
    /// The message that it is a thread about, 0 for none.
    pub parent_message_id: i64,
    /// Title.
    pub name: String,
    /// Owner.
    pub owner: i64,
    /// Whether an extranet user is a member.
    pub extranet: bool,
    /// Whether a guest of a collaboration is a member: there are none here.
    pub contains_collaber: bool,
    /// Link to the avatar, or empty.
    pub avatar: String,
    /// Colour.
    pub color: String,
    /// Kind, or the entity's type in camel case.
    #[serde(rename = "type")]
    pub kind: String,
    /// External object: type.
    pub entity_type: String,
    /// External object: id.
    pub entity_id: String,
    /// External data 1.
    pub entity_data_1: String,
    /// External data 2.
    pub entity_data_2: String,
    /// External data 3.
    pub entity_data_3: String,
    /// Who muted it: the caller's own entry only.
    pub mute_list: EmptyAsList<i64, bool>,
    /// Owner and managers.
    pub manager_list: Vec<i64>,
    /// When it was made.
    pub date_create: String,
    /// Kind as a letter.
    pub message_type: &'static str,
    /// Number of members.
    pub user_counter: i64,
    /// What the caller may do.
    pub restrictions: RestrictionsObject,
    /// The caller's role, in upper case.
    pub role: String,
    /// Whether members see an input field.
    pub text_field_enabled: bool,
    /// Background, or null for the user's own.
    pub background_id: Option<String>,
    /// The external object's page.
    pub entity_link: EntityLink,
    /// Who may do what.
    pub permissions: PermissionsObject,
    /// Public access: there is none here.
    pub public: &'static str,
}

impl ChatObject {
    /// A group chat, open chat or channel in the recent list of `viewer`.
    #[must_use]
    pub fn new(
        access: &Access,
        managers: &[UserId],
        viewer: UserId,
        portal: &PortalContext,
    ) -> Self {
        let chat = &access.chat;
        let role = access.role();
        let [data_1, data_2, data_3] = chat.entity.data.clone();
        Self {
            id: chat.id.get(),
            parent_chat_id: chat.parent_chat,
            parent_message_id: chat.parent_message,
            name: chat.title.clone(),
            owner: chat.owner.get(),
            extranet: chat.extranet_count > 0,
            contains_collaber: false,
            avatar: link(&chat.avatar, portal),
            color: chat.color.clone(),
            kind: wire_type(chat.kind, &chat.entity.kind),
            entity_type: chat.entity.kind.clone(),
            entity_id: chat.entity.id.clone(),
            entity_data_1: data_1,
            entity_data_2: data_2,
            entity_data_3: data_3,
            mute_list: mute_list(access),
            manager_list: managers.iter().map(|user| user.get()).collect(),
            date_create: date(chat.created_at, portal),
            message_type: chat.kind.message_type(),
            user_counter: chat.member_count,
            restrictions: Policy::of(chat.kind, &chat.entity.kind)
                .for_role(&chat.permissions, role)
                .into(),
            role: role.as_str().to_uppercase(),
            text_field_enabled: chat.text_field_enabled,
            background_id: chat.background.clone(),
            entity_link: EntityLink::new(&chat.entity, viewer),
            permissions: PermissionsObject::from(&chat.permissions),
            public: "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(kind: &str, id: &str) -> (String, String) {
        let entity = Entity {
            kind: kind.into(),
            id: id.into(),
            ..Entity::default()
        };
        let link = EntityLink::new(&entity, UserId(7));
        (link.kind, link.url)
    }

    #[test]
    fn an_entity_leads_to_its_page() {
        assert_eq!(
            link("CRM", "LEAD|13"),
            ("LEAD".into(), "/crm/lead/details/13/".into())
        );
        assert_eq!(
            link("CRM", "DYNAMIC_140|2"),
            ("DYNAMIC_140".into(), "/crm/type/140/details/2/".into())
        );
        assert_eq!(link("CRM", "odd"), ("odd".into(), String::new()));
        assert_eq!(
            link("TASKS", "9").1,
            "/company/personal/user/7/tasks/task/view/9/"
        );
        assert_eq!(link("SONET_GROUP", "3").1, "/workgroups/group/3/");
        assert_eq!(link("VIDEOCONF", "1"), ("VIDEOCONF".into(), String::new()));
        assert_eq!(link("", ""), (String::new(), String::new()));
    }
}
