//! `readmark.message.viewers`, an extension of the API: who viewed a message and when, exactly, in a chat of any size
//! (rule R13).

use readmark_app::{
    Refused,
    viewers::{self, NotFound},
};
use readmark_model::{MessageId, Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::im::dialog::get::ViewerObject,
    wire::Params,
};

/// Viewers on a page.
const PAGE: i64 = 50;
/// Viewers on the largest page.
const MAX_PAGE: i64 = 200;

/// See the module.
pub struct ReadmarkMessageViewers;

/// Parameters.
pub struct ViewersParams {
    message: MessageId,
    after: UserId,
    limit: i64,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ViewersObject {
    /// The message.
    pub message_id: i64,
    /// In the order of user ids.
    pub viewers: Vec<ViewerObject>,
    /// Whether more follow; pass the last `user_id` as `LAST_ID`.
    pub has_more: bool,
    /// The exact number of all viewers.
    pub count_of_viewers: i64,
}

error_set! {
    /// Errors of `readmark.message.viewers`.
    pub enum ViewersError {
        /// `MESSAGE_ID` is missing or no positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, or the caller may not see it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified message",
    }
}

impl Method for ReadmarkMessageViewers {
    const NAME: &'static str = "readmark.message.viewers";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Extension: lists the exact viewers of a message with time, in pages.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("MESSAGE_ID", ParamType::Integer, "The message."),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last user of the page before.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "Viewers on a page: 50 when left out, 200 at most.",
        ),
    ]];
    type Params = ViewersParams;
    type Output = ViewersObject;
    type Error = ViewersError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ViewersParams, ViewersError> {
        let message = parse::message(params, "MESSAGE_ID").ok_or(ViewersError::MessageIdError)?;
        let after = parse::user(params, "LAST_ID").unwrap_or_default();
        let limit = parse::limit(params, "LIMIT", PAGE, MAX_PAGE);
        Ok(ViewersParams {
            message,
            after,
            limit,
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ViewersParams) -> Answer<Self> {
        let page = viewers::list(&mut cx.app, params.message, params.after, params.limit).map_err(
            |refused: Refused<NotFound>| refused.map(|NotFound| ViewersError::AccessError),
        )?;
        Ok(ViewersObject {
            message_id: params.message.get(),
            viewers: page
                .viewers
                .iter()
                .map(|viewer| ViewerObject::new(viewer, cx.portal))
                .collect(),
            has_more: page.has_more,
            count_of_viewers: page.total,
        }
        .into())
    }
}
