//! Results of searches for chats and users, and the user's recent picks among them.

use readmark_app::{
    access::{Access, WORKGROUP},
    find::{chats::Item, picks::Picked},
};
use readmark_model::{Policy, UserId, chat::wire_type, file::chat_folder, user::User};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    OrFalse,
    chat::{EntityLink, PermissionsObject, RestrictionsObject, mute_list},
    date, link,
    recent::{AvatarObject, EntryId},
    user::{ClassicUser, DateOrFalse, Phones},
};
use crate::{portal::context::PortalContext, wire::EmptyAsList};

/// A user of `im.search.user.list`: a [`ClassicUser`] with fewer fields.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "documented so")]
pub struct FoundUser {
    /// The user's id.
    pub id: i64,
    /// First and last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Position.
    pub work_position: String,
    /// Colour as `#rrggbb`.
    pub color: String,
    /// Link to the photo, or empty.
    pub avatar: String,
    /// `M`, `F` or empty.
    pub gender: String,
    /// `DD-MM`, or `false`.
    pub birthday: OrFalse<String>,
    /// An extranet user.
    pub extranet: bool,
    /// From another portal; never here.
    pub network: bool,
    /// A bot.
    pub bot: bool,
    /// From an open channel.
    pub connector: bool,
    /// How the user logs in: `default`, `bot`…
    pub external_auth_id: String,
    /// The chosen status.
    pub status: String,
    /// Since when the user is away from the computer.
    pub idle: DateOrFalse,
    /// When the user last did something.
    pub last_activity_date: DateOrFalse,
    /// Of the mobile app, which there is none of: `false`.
    pub mobile_last_date: DateOrFalse,
    /// Ids of the departments.
    pub departments: Vec<i64>,
    /// Until when the user is absent.
    pub absent: DateOrFalse,
    /// Phone numbers.
    pub phones: OrFalse<Phones>,
}

impl FoundUser {
    /// The object of a user.
    #[must_use]
    pub fn new(user: &User, portal: &PortalContext) -> Self {
        let user = ClassicUser::new(user, portal);
        Self {
            id: user.id,
            name: user.name,
            first_name: user.first_name,
            last_name: user.last_name,
            work_position: user.work_position,
            color: user.color,
            avatar: user.avatar,
            gender: user.gender,
            birthday: Some(user.birthday).filter(|day| !day.is_empty()).into(),
            extranet: user.extranet,
            network: user.network,
            bot: user.bot,
            connector: user.connector,
            external_auth_id: user.external_auth_id,
            status: user.status,
            idle: user.idle,
            last_activity_date: user.last_activity_date,
            mobile_last_date: user.mobile_last_date,
            departments: user.departments,
            absent: user.absent,
            phones: user.phones,
        }
    }
}

/// `restrictions` of a chat that was found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FoundRestrictions {
    /// What the caller may do.
    #[serde(flatten)]
    pub rights: RestrictionsObject,
    /// The form of the path of the page that stands for the chat: of a workgroup's chat alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'static str>,
    /// The link's text, beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_title: Option<&'static str>,
}

/// A chat of `im.search.chat.list`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FoundChat {
    /// The chat's id.
    pub id: i64,
    /// The chat that it is a thread of, 0 for none.
    pub parent_chat_id: i64,
    /// The message that it is a thread about, 0 for none.
    pub parent_message_id: i64,
    /// Title.
    pub name: String,
    /// Description, or null.
    pub description: Option<String>,
    /// Owner.
    pub owner: i64,
    /// Whether an extranet user is a member.
    pub extranet: bool,
    /// Link to the avatar, or empty.
    pub avatar: String,
    /// Colour.
    pub color: String,
    /// Kind, or the entity's type in camel case.
    #[serde(rename = "type")]
    pub kind: String,
    /// Unread messages.
    pub counter: i64,
    /// Number of members.
    pub user_counter: i64,
    /// Number of messages, tombstones and notices included.
    pub message_count: i64,
    /// The first unread message, 0 for none.
    pub unread_id: i64,
    /// What the caller may do.
    pub restrictions: FoundRestrictions,
    /// The last message, 0 for none.
    pub last_message_id: i64,
    /// The last read message, 0 for none.
    pub last_id: i64,
    /// The message marked by `im.dialog.unread`, 0 for none.
    pub marked_id: i64,
    /// The chat's folder for files.
    pub disk_folder_id: i64,
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
    /// Who muted the chat: the caller's own entry only.
    pub mute_list: EmptyAsList<i64, bool>,
    /// When the chat was made.
    pub date_create: String,
    /// Kind as a letter.
    pub message_type: &'static str,
    /// Public access: there is none here.
    pub public: &'static str,
    /// The caller's role, in lower case.
    pub role: &'static str,
    /// The external object's page.
    pub entity_link: EntityLink,
    /// Whether members see an input field.
    pub text_field_enabled: bool,
    /// Background, or null for the user's own.
    pub background_id: Option<String>,
    /// Who may do what.
    pub permissions: PermissionsObject,
    /// Whether nothing was ever sent.
    pub is_new: bool,
}

impl FoundChat {
    /// A chat for `viewer`.
    #[must_use]
    pub fn new(item: Item, viewer: UserId, portal: &PortalContext) -> Self {
        let Item { access, position } = item;
        let mute_list = mute_list(&access);
        let role = access.role();
        let chat = access.chat;
        let rights = Policy::of(chat.kind, &chat.entity.kind).for_role(&chat.permissions, role);
        let workgroup = chat.entity.kind == WORKGROUP;
        let entity_link = EntityLink::new(&chat.entity, viewer);
        let [entity_data_1, entity_data_2, entity_data_3] = chat.entity.data;
        Self {
            id: chat.id.get(),
            parent_chat_id: chat.parent_chat,
            parent_message_id: chat.parent_message,
            name: chat.title,
            description: Some(chat.description).filter(|text| !text.is_empty()),
            owner: chat.owner.get(),
            extranet: chat.extranet_count > 0,
            avatar: link(&chat.avatar, portal),
            color: chat.color,
            kind: wire_type(chat.kind, &chat.entity.kind),
            counter: position.counter,
            user_counter: chat.member_count,
            message_count: chat.message_count,
            unread_id: position.unread_id.get(),
            restrictions: FoundRestrictions {
                rights: rights.into(),
                path: workgroup.then_some("/workgroups/group/#ID#/"),
                path_title: workgroup.then_some("Open the workgroup"),
            },
            last_message_id: chat.tail.last_message.get(),
            last_id: position.last_id.get(),
            marked_id: position.marked_id.get(),
            disk_folder_id: chat_folder(chat.id),
            entity_type: chat.entity.kind,
            entity_id: chat.entity.id,
            entity_data_1,
            entity_data_2,
            entity_data_3,
            mute_list,
            date_create: date(chat.created_at, portal),
            message_type: chat.kind.message_type(),
            public: "",
            role: role.as_str(),
            entity_link,
            text_field_enabled: chat.text_field_enabled,
            background_id: chat.background,
            permissions: PermissionsObject::from(&chat.permissions),
            is_new: chat.tail.last_seq.get() == 0,
        }
    }
}

/// A chat of `im.search.last.get`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PickedChat {
    /// The chat's id.
    pub id: i64,
    /// Title.
    pub name: String,
    /// Owner.
    pub owner: i64,
    /// Whether an extranet user is a member.
    pub extranet: bool,
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
    /// When it was made.
    pub date_create: String,
    /// Kind as a letter.
    pub message_type: &'static str,
}

/// An entry of `im.search.last.get`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PickObject {
    /// A number for a user, `chatN` for a chat.
    pub id: EntryId,
    /// `user` or `chat`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Avatar and colour.
    pub avatar: AvatarObject,
    /// The user's name, or the chat's title.
    pub title: String,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<ClassicUser>,
    /// The chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<PickedChat>,
}

impl PickObject {
    /// A pick in its current state.
    #[must_use]
    pub fn new(picked: &Picked, portal: &PortalContext) -> Self {
        match picked {
            Picked::Chat(access) => {
                let chat = picked_chat(access, portal);
                Self {
                    id: EntryId::Chat(format!("chat{}", chat.id)),
                    kind: "chat",
                    avatar: AvatarObject {
                        url: chat.avatar.clone(),
                        color: chat.color.clone(),
                    },
                    title: chat.name.clone(),
                    user: None,
                    chat: Some(chat),
                }
            }
            Picked::User(user) => {
                let user = ClassicUser::new(user, portal);
                Self {
                    id: EntryId::User(user.id),
                    kind: "user",
                    avatar: AvatarObject {
                        url: user.avatar.clone(),
                        color: user.color.clone(),
                    },
                    title: user.name.clone(),
                    user: Some(user),
                    chat: None,
                }
            }
        }
    }
}

fn picked_chat(access: &Access, portal: &PortalContext) -> PickedChat {
    let chat = &access.chat;
    let [entity_data_1, entity_data_2, entity_data_3] = chat.entity.data.clone();
    PickedChat {
        id: chat.id.get(),
        name: chat.title.clone(),
        owner: chat.owner.get(),
        extranet: chat.extranet_count > 0,
        avatar: link(&chat.avatar, portal),
        color: chat.color.clone(),
        kind: wire_type(chat.kind, &chat.entity.kind),
        entity_type: chat.entity.kind.clone(),
        entity_id: chat.entity.id.clone(),
        entity_data_1,
        entity_data_2,
        entity_data_3,
        mute_list: mute_list(access),
        date_create: date(chat.created_at, portal),
        message_type: chat.kind.message_type(),
    }
}
