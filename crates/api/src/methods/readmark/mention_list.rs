//! `readmark.mention.list`, an extension of the API: the messages that mention the caller, or a chat.

use readmark_app::message::mention::{self, Mentioned, NoAccess, Query};
use readmark_model::{DialogId, MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::{message::ClassicMessage, user::ClassicUser},
    wire::Params,
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// See the module.
pub struct ReadmarkMentionList;

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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "DIALOG_ID",
            ParamType::String,
            "Only messages in this dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "CHAT",
            ParamType::String,
            "A dialog: messages that mention this chat instead of the caller.",
        ),
        ParamSpec::optional(
            "UNREAD",
            ParamType::Boolean,
            "`Y` for unread messages only.",
        ),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last message of the page before.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "At most so many messages: 50 unless given, never more than 200.",
        ),
    ]];
    type Params = Query;
    type Output = MentionPage;
    type Error = MentionListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Query, MentionListError> {
        Ok(Query {
            mentioned: dialog(params, "CHAT")?.map_or(Mentioned::Me, Mentioned::Chat),
            within: dialog(params, "DIALOG_ID")?,
            unread_only: parse::flag(params, "UNREAD", false),
            before: parse::positive(params, "LAST_ID").map(MessageId),
            limit: parse::limit(params, "LIMIT", DEFAULT_LIMIT, MAX_LIMIT),
        })
    }

    fn call(cx: &mut MethodCx<'_>, query: &Query) -> Answer<Self> {
        let page = mention::list(&mut cx.app, query)
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

fn dialog(params: &Params, name: &str) -> Result<Option<DialogId>, MentionListError> {
    if params.get(name).is_absent() {
        return Ok(None);
    }
    let dialog = parse::dialog(params, name).ok_or(MentionListError::DialogIdEmpty)?;
    Ok(Some(dialog.id))
}
