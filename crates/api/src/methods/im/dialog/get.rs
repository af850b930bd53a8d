//! `im.dialog.get`: everything about one chat, as the caller sees it.

use readmark_app::dialog::detail::{self, Detail, NoAccess};
use readmark_model::{
    MessageId, Scope, UserId,
    chat::wire_type,
    file::chat_folder,
    view::{Reader, Viewer},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::DialogParam,
    },
    error_set,
    objects::{
        chat::{EntityLink, PermissionsObject, RestrictionsObject, mute_list},
        date, link,
    },
    params,
    portal::context::PortalContext,
    wire::EmptyAsList,
};

/// `im.dialog.get`.
pub struct ImDialogGet;

params! {
    /// Parameters of `im.dialog.get`.
    pub struct GetParams: GetError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogParam = "DIALOG_ID", or(DialogIdEmpty);
    }
}

/// `restrictions` with the two fields that only this method has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DialogRestrictions {
    /// What the caller may do.
    #[serde(flatten)]
    pub rights: RestrictionsObject,
    /// Path of the object's page instead of a chat's own: not used here.
    pub path: &'static str,
    /// The link's text.
    pub path_title: &'static str,
}

/// An entry of `readed_list`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReaderObject {
    /// Who.
    pub user_id: i64,
    /// Full name.
    pub user_name: String,
    /// The last message that was viewed, 0 for none.
    pub message_id: i64,
    /// When it was viewed, or null.
    pub date: Option<String>,
}

/// An entry of `first_viewers`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ViewerObject {
    /// Who.
    pub user_id: i64,
    /// Full name.
    pub user_name: String,
    /// When.
    pub date: String,
}

impl ViewerObject {
    /// A viewer as in answers.
    #[must_use]
    pub fn new(viewer: &Viewer, portal: &PortalContext) -> Self {
        Self {
            user_id: viewer.user.get(),
            user_name: viewer.name.clone(),
            date: date(viewer.at, portal),
        }
    }
}

/// `last_message_views`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LastMessageViews {
    /// The last message, 0 for none.
    pub message_id: i64,
    /// The earliest viewers, at most five.
    pub first_viewers: Vec<ViewerObject>,
    /// The exact number of viewers.
    pub count_of_viewers: i64,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DialogObject {
    /// The chat's id.
    pub id: i64,
    /// The chat that it is a thread of, 0 for none.
    pub parent_chat_id: i64,
    /// The message that it is a thread about, 0 for none.
    pub parent_message_id: i64,
    /// Title; of a private chat the other user's name.
    pub name: String,
    /// Description.
    pub description: String,
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
    pub restrictions: DialogRestrictions,
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
    /// How far the other members have viewed the chat.
    pub readed_list: Vec<ReaderObject>,
    /// Owner and managers.
    pub manager_list: Vec<i64>,
    /// Who viewed the last message.
    pub last_message_views: LastMessageViews,
    /// The dialog id, as given.
    pub dialog_id: String,
}

error_set! {
    /// Errors of `im.dialog.get`.
    pub enum GetError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

impl Method for ImDialogGet {
    const NAME: &'static str = "im.dialog.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns everything about one chat, with its read state.";
    type Params = GetParams;
    type Output = DialogObject;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let detail = detail::get(&mut cx.app, params.dialog.id)
            .map_err(|refused| refused.map(|NoAccess| GetError::AccessError))?;
        Ok(object(detail, params.dialog.text.clone(), cx.app.user, cx.portal).into())
    }
}

fn object(
    detail: Detail,
    dialog_id: String,
    viewer: UserId,
    portal: &PortalContext,
) -> DialogObject {
    let mute_list = mute_list(&detail.access);
    let role = detail.access.role();
    let chat = detail.access.chat;
    let entity_link = EntityLink::new(&chat.entity, viewer);
    let kind = wire_type(chat.kind, &chat.entity.kind);
    let [entity_data_1, entity_data_2, entity_data_3] = chat.entity.data;
    DialogObject {
        id: chat.id.get(),
        parent_chat_id: chat.parent_chat,
        parent_message_id: chat.parent_message,
        name: detail.face.name,
        description: chat.description,
        owner: chat.owner.get(),
        extranet: chat.extranet_count > 0,
        avatar: link(&detail.face.avatar, portal),
        color: detail.face.color,
        kind,
        counter: detail.position.counter,
        user_counter: chat.member_count,
        message_count: chat.message_count,
        unread_id: detail.position.unread_id.get(),
        restrictions: DialogRestrictions {
            rights: detail.restrictions.into(),
            path: "",
            path_title: "",
        },
        last_message_id: chat.tail.last_message.get(),
        last_id: detail.position.last_id.get(),
        marked_id: detail.position.marked_id.get(),
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
        readed_list: detail
            .readers
            .into_iter()
            .map(|reader| reader_object(reader, portal))
            .collect(),
        manager_list: detail.managers.iter().map(|user| user.get()).collect(),
        last_message_views: LastMessageViews {
            message_id: chat.tail.last_message.get(),
            first_viewers: detail
                .first_viewers
                .iter()
                .map(|viewer| ViewerObject::new(viewer, portal))
                .collect(),
            count_of_viewers: detail.viewer_count,
        },
        dialog_id,
    }
}

fn reader_object(reader: Reader, portal: &PortalContext) -> ReaderObject {
    let (message, at) = reader.viewed.unzip();
    ReaderObject {
        user_id: reader.user.get(),
        user_name: reader.name,
        message_id: message.map_or(0, MessageId::get),
        date: at.map(|at| date(at, portal)),
    }
}
