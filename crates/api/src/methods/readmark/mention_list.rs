//! `readmark.mention.list`, an extension of the API: messages that mention the caller or a given chat.

use readmark_app::message::mention::{self, Mentioned, NoAccess, Query};
use readmark_model::{DialogId, MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    objects::{message::ClassicMessage, user::ClassicUser},
    params,
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// `readmark.mention.list`.
pub struct ReadmarkMentionList;

params! {
    /// Parameters of `readmark.mention.list`.
    pub struct ListParams: MentionListError {
        /// Only messages in this dialog: `chatN`, `sgN`, or the id of a user.
        optional within: Option<DialogId> = "DIALOG_ID", or(DialogIdEmpty);
        /// A dialog: messages that mention this chat instead of the caller.
        optional mentioned: Option<DialogId> = "CHAT", or(DialogIdEmpty);
        /// `Y` for unread messages only.
        optional unread_only: bool = "UNREAD", default(false);
        /// The last message of the page before.
        optional before: Option<MessageId> = "LAST_ID", typed;
        /// Messages on a page: 50 when left out, 200 at most.
        optional limit: i64 = "LIMIT", limit(DEFAULT_LIMIT, MAX_LIMIT);
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MentionPage {
    /// The newest first.
    pub messages: Vec<ClassicMessage>,
    /// Authors and mentioned users, in the order of ids.
    pub users: Vec<ClassicUser>,
    /// Whether there are more; pass the last message's id as `LAST_ID`.
    pub has_more: bool,
}

error_set! {
    /// Errors of `readmark.mention.list`.
    pub enum MentionListError {
        /// `DIALOG_ID` or `CHAT` is given and malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

impl Method for ReadmarkMentionList {
    const NAME: &'static str = "readmark.mention.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Extension: lists the messages of the caller's chats that mention the caller, or a chat.";
    type Params = ListParams;
    type Output = MentionPage;
    type Error = MentionListError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let query = Query {
            mentioned: params.mentioned.map_or(Mentioned::Me, Mentioned::Chat),
            within: params.within,
            unread_only: params.unread_only,
            before: params.before,
            limit: params.limit,
        };
        let page = mention::list(&mut cx.app, &query)
            .map_err(|refused| refused.map(|NoAccess| MentionListError::AccessError))?;
        Ok(MentionPage {
            messages: page
                .messages
                .iter()
                .map(|shown| ClassicMessage::new(shown, cx.portal))
                .collect(),
            users: page
                .users
                .iter()
                .map(|user| ClassicUser::new(user, cx.portal))
                .collect(),
            has_more: page.has_more,
        }
        .into())
    }
}
