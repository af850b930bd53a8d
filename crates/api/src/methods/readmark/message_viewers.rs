//! `readmark.message.viewers`, an extension of the API: who viewed a message and when, exactly, in a chat of any size (rule R13).

use readmark_app::{
    Refused,
    viewers::{self, NotFound},
};
use readmark_model::{MessageId, Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::dialog::get::ViewerObject,
    params,
};

/// Default page size.
const PAGE: i64 = 50;
/// Maximum page size.
const MAX_PAGE: i64 = 200;

/// `readmark.message.viewers`.
pub struct ReadmarkMessageViewers;

params! {
    /// Parameters of `readmark.message.viewers`.
    pub struct ViewersParams: ViewersError {
        /// The message.
        required message: MessageId = "MESSAGE_ID", or(MessageIdError);
        /// The last user of the page before.
        optional after: Option<UserId> = "LAST_ID", typed;
        /// Viewers on a page: 50 when left out, 200 at most.
        optional limit: i64 = "LIMIT", limit(PAGE, MAX_PAGE);
    }
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
        /// `MESSAGE_ID` is missing or not a positive whole number.
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
    type Params = ViewersParams;
    type Output = ViewersObject;
    type Error = ViewersError;

    fn call(cx: &mut MethodCx<'_>, params: &ViewersParams) -> Answer<Self> {
        let after = params.after.unwrap_or_default();
        let page = viewers::list(&mut cx.app, params.message, after, params.limit).map_err(
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
