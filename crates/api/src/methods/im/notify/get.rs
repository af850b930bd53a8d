//! `im.notify.get`: the caller's notifications, in pages.

use readmark_app::notify::list;
use readmark_model::{ChatId, NotificationId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::ParamType,
    },
    error_set,
    methods::im::notify::fields,
    objects::{notification::NotificationObject, user::ClassicUser},
    params,
};

/// Page size.
const PAGE: i64 = 50;
/// `LAST_TYPE` of notifications with buttons, which come first; there are none here.
const CONFIRMATIONS: i64 = 1;

/// `im.notify.get`.
pub struct ImNotifyGet;

params! {
    /// Parameters of `im.notify.get`.
    pub struct GetParams: GetError {
        /// The last notification of the page before; beside `LAST_TYPE`.
        optional last: Option<i64> = "LAST_ID", or(LastIdString);
        /// `3`; `1` goes on after notifications with buttons, with the first of the others.
        optional last_type: Option<i64> = "LAST_TYPE", typed;
        /// Notifications on a page: 50 when left out, and at most.
        optional limit: i64 = "LIMIT", limit(PAGE, PAGE);
        /// `Y` answers texts as HTML: looks, links and line breaks of BB codes as elements, the rest escaped.
        optional html: bool = "CONVERT_TEXT", by(fields::is_y), kind(ParamType::String);
    }
    check both_or_none;
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotificationsObject {
    /// How many there are; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    /// How many are unread; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_unread_count: Option<i64>,
    /// The chat id shown for them; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<i64>,
    /// The latest first.
    pub notifications: Vec<NotificationObject>,
    /// Their authors.
    pub users: Vec<ClassicUser>,
}

error_set! {
    /// Errors of `im.notify.get`.
    pub enum GetError {
        /// Only one of `LAST_ID` and `LAST_TYPE` is given.
        LastIdAndLastType = 400 "LAST_ID_AND_LAST_TYPE" "Parameters LAST_ID and LAST_TYPE should be used together.",
        /// `LAST_ID` is not a whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last notification ID can't be string",
    }
}

impl Method for ImNotifyGet {
    const NAME: &'static str = "im.notify.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the caller's notifications in pages, the latest first.";
    type Params = GetParams;
    type Output = NotificationsObject;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let before = params.last.map(NotificationId);
        let before = before.filter(|_| params.last_type != Some(CONFIRMATIONS));
        let page = list::list(&mut cx.app, before, params.limit)?;
        let some = page.total > 0;
        let objects = page.notifications.iter();
        Ok(NotificationsObject {
            total_count: some.then_some(page.total),
            total_unread_count: some.then_some(page.unread),
            chat_id: page.chat.filter(|_| some).map(ChatId::get),
            notifications: objects
                .map(|one| NotificationObject::new(one, page.chat, params.html, cx.portal))
                .collect(),
            users: page
                .authors
                .iter()
                .map(|user| ClassicUser::new(user, cx.portal))
                .collect(),
        }
        .into())
    }
}

fn both_or_none(params: GetParams) -> Result<GetParams, GetError> {
    if params.last.is_some() != params.last_type.is_some() {
        return Err(GetError::LastIdAndLastType);
    }
    Ok(params)
}
