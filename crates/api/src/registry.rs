//! All methods: dispatch, `methods`, `method.get`, `scope` and the generated documents come from this list.

use std::{collections::HashMap, sync::LazyLock};

use readmark_app::{Fault, Refused};
use readmark_model::{Scope, Scopes};
use schemars::{Schema, SchemaGenerator};

use crate::{
    method::{Access, ErrorSet, ErrorSpec, Method, MethodCx, ParamSpec},
    methods,
    system_error::ApiError,
    wire::Params,
};

/// A method with its types erased.
pub struct Entry {
    /// As documented.
    pub name: &'static str,
    /// Any of these suffices.
    pub scopes: &'static [Scope],
    /// Whether it writes.
    pub access: Access,
    /// Whether it uploads a file.
    pub uploads: bool,
    /// What it does.
    pub summary: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// Its own errors.
    pub errors: &'static [ErrorSpec],
    /// The schema of `result`.
    pub output: fn(&mut SchemaGenerator) -> Schema,
    /// Makes a call of it.
    pub prepare: fn(Params) -> Box<dyn Call>,
}

impl Entry {
    const fn of<M: Method>() -> Self {
        Self {
            name: M::NAME,
            scopes: M::SCOPES,
            access: M::ACCESS,
            uploads: M::UPLOADS,
            summary: M::SUMMARY,
            params: M::PARAMS,
            errors: M::Error::ALL,
            output: |generator| generator.subschema_for::<M::Output>(),
            prepare: |params| {
                Box::new(TypedCall::<M> {
                    params,
                    typed: None,
                })
            },
        }
    }

    /// Whether a caller with these scopes may call it.
    #[must_use]
    pub fn is_allowed(&self, scopes: Scopes) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|scope| scopes.has(*scope))
    }
}

/// An answer, its result written as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawReply {
    /// `result` as JSON.
    pub result: String,
    /// `total`, for lists.
    pub total: Option<i64>,
    /// `next`, for lists that go on.
    pub next: Option<i64>,
}

/// A call that can be run, and run again after a lost race.
pub trait Call: Send {
    /// Types the parameters and calls the method.
    ///
    /// # Errors
    /// The method's own error as clients see it, or a fault.
    fn run(&mut self, cx: &mut MethodCx<'_>) -> Result<RawReply, Refused<ApiError>>;
}

struct TypedCall<M: Method> {
    params: Params,
    typed: Option<M::Params>,
}

impl<M: Method> Call for TypedCall<M> {
    fn run(&mut self, cx: &mut MethodCx<'_>) -> Result<RawReply, Refused<ApiError>> {
        let api_error = |error: M::Error| ApiError(error.spec());
        let typed = match &mut self.typed {
            Some(typed) => typed,
            empty => empty.insert(
                M::parse(&self.params).map_err(|error| Refused::Because(api_error(error)))?,
            ),
        };
        let reply = M::call(cx, typed).map_err(|refused| refused.map(api_error))?;
        let result = serde_json::to_string(&reply.result).map_err(|_| {
            Fault::Store(readmark_store::StoreError::Decode(
                "a result that is no JSON",
            ))
        })?;
        Ok(RawReply {
            result,
            total: reply.total,
            next: reply.next,
        })
    }
}

/// The method with this name, in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    // Nearly everybody writes a name as it is documented.
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Entry>> =
        LazyLock::new(|| METHODS.iter().map(|entry| (entry.name, entry)).collect());
    BY_NAME.get(name).copied().or_else(|| {
        METHODS
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    })
}

/// Every method, in the order of the documentation.
pub static METHODS: &[Entry] = &[
    Entry::of::<methods::scope::Scope>(),
    Entry::of::<methods::all_methods::Methods>(),
    Entry::of::<methods::method_get::MethodGet>(),
    Entry::of::<methods::profile::Profile>(),
    Entry::of::<methods::server_time::ServerTime>(),
    Entry::of::<methods::access_name::AccessName>(),
    Entry::of::<methods::feature_get::FeatureGet>(),
    Entry::of::<methods::user_admin::UserAdmin>(),
    Entry::of::<methods::user_access::UserAccess>(),
    Entry::of::<methods::user_current::UserCurrent>(),
    Entry::of::<methods::user_get::UserGet>(),
    Entry::of::<methods::user_search::UserSearch>(),
    Entry::of::<methods::user_fields::UserFields>(),
    Entry::of::<methods::user_add::UserAdd>(),
    Entry::of::<methods::user_update::UserUpdate>(),
    Entry::of::<methods::im_revision_get::ImRevisionGet>(),
    Entry::of::<methods::im_chat_add::ImChatAdd>(),
    Entry::of::<methods::im_chat_get::ImChatGet>(),
    Entry::of::<methods::im_chat_leave::ImChatLeave>(),
    Entry::of::<methods::im_chat_mute::ImChatMute>(),
    Entry::of::<methods::im_chat_set_owner::ImChatSetOwner>(),
    Entry::of::<methods::im_chat_update_title::ImChatUpdateTitle>(),
    Entry::of::<methods::im_chat_update_color::ImChatUpdateColor>(),
    Entry::of::<methods::im_chat_update_avatar::ImChatUpdateAvatar>(),
    Entry::of::<methods::im_chat_user_add::ImChatUserAdd>(),
    Entry::of::<methods::im_chat_user_delete::ImChatUserDelete>(),
    Entry::of::<methods::im_chat_user_list::ImChatUserList>(),
    Entry::of::<methods::im_dialog_users_list::ImDialogUsersList>(),
    Entry::of::<methods::im_user_get::ImUserGet>(),
    Entry::of::<methods::im_user_list_get::ImUserListGet>(),
    Entry::of::<methods::im_user_status_get::ImUserStatusGet>(),
    Entry::of::<methods::im_user_status_set::ImUserStatusSet>(),
    Entry::of::<methods::im_user_status_idle_start::ImUserStatusIdleStart>(),
    Entry::of::<methods::im_user_status_idle_end::ImUserStatusIdleEnd>(),
    Entry::of::<methods::im_message_add::ImMessageAdd>(),
    Entry::of::<methods::im_message_share::ImMessageShare>(),
    Entry::of::<methods::im_message_update::ImMessageUpdate>(),
    Entry::of::<methods::im_message_delete::ImMessageDelete>(),
    Entry::of::<methods::im_message_command::ImMessageCommand>(),
    Entry::of::<methods::im_message_like::ImMessageLike>(),
    Entry::of::<methods::im_dialog_messages_get::ImDialogMessagesGet>(),
    Entry::of::<methods::im_dialog_messages_search::ImDialogMessagesSearch>(),
    Entry::of::<methods::im_dialog_read::ImDialogRead>(),
    Entry::of::<methods::im_dialog_writing::ImDialogWriting>(),
    Entry::of::<methods::im_counters_get::ImCountersGet>(),
    Entry::of::<methods::im_dialog_get::ImDialogGet>(),
    Entry::of::<methods::im_dialog_read_all::ImDialogReadAll>(),
    Entry::of::<methods::im_dialog_unread::ImDialogUnread>(),
    Entry::of::<methods::im_v2_file_upload::ImV2FileUpload>(),
    Entry::of::<methods::im_v2_file_download::ImV2FileDownload>(),
    Entry::of::<methods::im_disk_folder_get::ImDiskFolderGet>(),
    Entry::of::<methods::im_disk_file_commit::ImDiskFileCommit>(),
    Entry::of::<methods::im_disk_file_save::ImDiskFileSave>(),
    Entry::of::<methods::im_disk_file_delete::ImDiskFileDelete>(),
    Entry::of::<methods::im_notify::ImNotify>(),
    Entry::of::<methods::im_notify_personal_add::ImNotifyPersonalAdd>(),
    Entry::of::<methods::im_notify_system_add::ImNotifySystemAdd>(),
    Entry::of::<methods::im_notify_delete::ImNotifyDelete>(),
    Entry::of::<methods::im_notify_read::ImNotifyRead>(),
    Entry::of::<methods::im_notify_read_list::ImNotifyReadList>(),
    Entry::of::<methods::im_notify_read_all::ImNotifyReadAll>(),
    Entry::of::<methods::im_notify_get::ImNotifyGet>(),
    Entry::of::<methods::im_notify_schema_get::ImNotifySchemaGet>(),
    Entry::of::<methods::im_notify_answer::ImNotifyAnswer>(),
    Entry::of::<methods::im_notify_confirm::ImNotifyConfirm>(),
    Entry::of::<methods::im_notify_history_search::ImNotifyHistorySearch>(),
    Entry::of::<methods::im_search_chat_list::ImSearchChatList>(),
    Entry::of::<methods::im_search_user_list::ImSearchUserList>(),
    Entry::of::<methods::im_search_last_add::ImSearchLastAdd>(),
    Entry::of::<methods::im_search_last_get::ImSearchLastGet>(),
    Entry::of::<methods::im_search_last_delete::ImSearchLastDelete>(),
    Entry::of::<methods::im_recent_get::ImRecentGet>(),
    Entry::of::<methods::im_recent_hide::ImRecentHide>(),
    Entry::of::<methods::im_recent_list::ImRecentList>(),
    Entry::of::<methods::im_recent_pin::ImRecentPin>(),
    Entry::of::<methods::im_recent_unread::ImRecentUnread>(),
    Entry::of::<methods::readmark_bot_read_events::ReadmarkBotReadEvents>(),
    Entry::of::<methods::readmark_mention_counters::ReadmarkMentionCounters>(),
    Entry::of::<methods::readmark_mention_list::ReadmarkMentionList>(),
    Entry::of::<methods::im_v2_chat_bot_send_context::ImV2ChatBotSendContext>(),
    Entry::of::<methods::im_v2_event_subscribe::ImV2EventSubscribe>(),
    Entry::of::<methods::im_v2_event_get::ImV2EventGet>(),
    Entry::of::<methods::im_v2_event_unsubscribe::ImV2EventUnsubscribe>(),
    Entry::of::<methods::readmark_message_viewers::ReadmarkMessageViewers>(),
    Entry::of::<methods::readmark_receipts_hide::ReadmarkReceiptsHide>(),
    Entry::of::<methods::imbot_chat_add::ImbotChatAdd>(),
    Entry::of::<methods::imbot_chat_get::ImbotChatGet>(),
    Entry::of::<methods::imbot_chat_leave::ImbotChatLeave>(),
    Entry::of::<methods::imbot_chat_send_typing::ImbotChatSendTyping>(),
    Entry::of::<methods::imbot_chat_set_manager::ImbotChatSetManager>(),
    Entry::of::<methods::imbot_chat_set_owner::ImbotChatSetOwner>(),
    Entry::of::<methods::imbot_chat_update_avatar::ImbotChatUpdateAvatar>(),
    Entry::of::<methods::imbot_chat_update_color::ImbotChatUpdateColor>(),
    Entry::of::<methods::imbot_chat_update_title::ImbotChatUpdateTitle>(),
    Entry::of::<methods::imbot_chat_user_add::ImbotChatUserAdd>(),
    Entry::of::<methods::imbot_chat_user_delete::ImbotChatUserDelete>(),
    Entry::of::<methods::imbot_chat_user_list::ImbotChatUserList>(),
    Entry::of::<methods::imbot_dialog_get::ImbotDialogGet>(),
    Entry::of::<methods::imbot_message_add::ImbotMessageAdd>(),
    Entry::of::<methods::imbot_message_delete::ImbotMessageDelete>(),
    Entry::of::<methods::imbot_message_like::ImbotMessageLike>(),
    Entry::of::<methods::imbot_message_update::ImbotMessageUpdate>(),
    Entry::of::<methods::imbot_register::ImbotRegister>(),
    Entry::of::<methods::imbot_update::ImbotUpdate>(),
    Entry::of::<methods::imbot_unregister::ImbotUnregister>(),
    Entry::of::<methods::imbot_bot_list::ImbotBotList>(),
    Entry::of::<methods::imbot_command_register::ImbotCommandRegister>(),
    Entry::of::<methods::imbot_command_update::ImbotCommandUpdate>(),
    Entry::of::<methods::imbot_command_unregister::ImbotCommandUnregister>(),
    Entry::of::<methods::imbot_command_answer::ImbotCommandAnswer>(),
    Entry::of::<methods::imbot_app_register::ImbotAppRegister>(),
    Entry::of::<methods::imbot_app_update::ImbotAppUpdate>(),
    Entry::of::<methods::imbot_app_unregister::ImbotAppUnregister>(),
    Entry::of::<methods::imbot_v2_revision_get::ImbotV2RevisionGet>(),
    Entry::of::<methods::imbot_v2_bot_register::ImbotV2BotRegister>(),
    Entry::of::<methods::imbot_v2_bot_get::ImbotV2BotGet>(),
    Entry::of::<methods::imbot_v2_bot_list::ImbotV2BotList>(),
    Entry::of::<methods::imbot_v2_bot_update::ImbotV2BotUpdate>(),
    Entry::of::<methods::imbot_v2_bot_unregister::ImbotV2BotUnregister>(),
    Entry::of::<methods::imbot_v2_chat_add::ImbotV2ChatAdd>(),
    Entry::of::<methods::imbot_v2_chat_get::ImbotV2ChatGet>(),
    Entry::of::<methods::imbot_v2_chat_update::ImbotV2ChatUpdate>(),
    Entry::of::<methods::imbot_v2_chat_leave::ImbotV2ChatLeave>(),
    Entry::of::<methods::imbot_v2_chat_set_owner::ImbotV2ChatSetOwner>(),
    Entry::of::<methods::imbot_v2_chat_user_add::ImbotV2ChatUserAdd>(),
    Entry::of::<methods::imbot_v2_chat_user_delete::ImbotV2ChatUserDelete>(),
    Entry::of::<methods::imbot_v2_chat_user_list::ImbotV2ChatUserList>(),
    Entry::of::<methods::imbot_v2_chat_manager_add::ImbotV2ChatManagerAdd>(),
    Entry::of::<methods::imbot_v2_chat_manager_delete::ImbotV2ChatManagerDelete>(),
    Entry::of::<methods::imbot_v2_chat_message_send::ImbotV2ChatMessageSend>(),
    Entry::of::<methods::imbot_v2_chat_message_update::ImbotV2ChatMessageUpdate>(),
    Entry::of::<methods::imbot_v2_chat_message_delete::ImbotV2ChatMessageDelete>(),
    Entry::of::<methods::imbot_v2_chat_message_read::ImbotV2ChatMessageRead>(),
    Entry::of::<methods::imbot_v2_chat_message_get::ImbotV2ChatMessageGet>(),
    Entry::of::<methods::imbot_v2_chat_message_get_context::ImbotV2ChatMessageGetContext>(),
    Entry::of::<methods::imbot_v2_chat_message_reaction_add::ImbotV2ChatMessageReactionAdd>(),
    Entry::of::<methods::imbot_v2_chat_message_reaction_delete::ImbotV2ChatMessageReactionDelete>(),
    Entry::of::<methods::imbot_v2_chat_input_action_notify::ImbotV2ChatInputActionNotify>(),
    Entry::of::<methods::imbot_v2_chat_text_field_enabled::ImbotV2ChatTextFieldEnabled>(),
    Entry::of::<methods::imbot_v2_command_register::ImbotV2CommandRegister>(),
    Entry::of::<methods::imbot_v2_command_list::ImbotV2CommandList>(),
    Entry::of::<methods::imbot_v2_command_update::ImbotV2CommandUpdate>(),
    Entry::of::<methods::imbot_v2_command_unregister::ImbotV2CommandUnregister>(),
    Entry::of::<methods::imbot_v2_command_answer::ImbotV2CommandAnswer>(),
    Entry::of::<methods::imbot_v2_event_get::ImbotV2EventGet>(),
    Entry::of::<methods::imbot_v2_file_upload::ImbotV2FileUpload>(),
    Entry::of::<methods::imbot_v2_file_download::ImbotV2FileDownload>(),
    Entry::of::<methods::department_fields::DepartmentFields>(),
    Entry::of::<methods::department_get::DepartmentGet>(),
    Entry::of::<methods::department_add::DepartmentAdd>(),
    Entry::of::<methods::department_update::DepartmentUpdate>(),
    Entry::of::<methods::department_delete::DepartmentDelete>(),
    Entry::of::<methods::im_department_get::ImDepartmentGet>(),
    Entry::of::<methods::im_department_managers_get::ImDepartmentManagersGet>(),
    Entry::of::<methods::im_department_employees_get::ImDepartmentEmployeesGet>(),
    Entry::of::<methods::im_department_colleagues_list::ImDepartmentColleaguesList>(),
    Entry::of::<methods::im_search_department_list::ImSearchDepartmentList>(),
];
