//! `im.notify.get`: the caller's notifications in pages.

use readmark_app::notify::list;
use readmark_model::{ChatId, NotificationId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::{notification::NotificationObject, user::ClassicUser},
    wire::{IntField, Params},
};

/// Notifications on a page.
const PAGE: i64 = 50;
/// The `LAST_TYPE` of notifications with buttons, which come first; there are none here.
const CONFIRMATIONS: i64 = 1;

/// See the module.
pub struct ImNotifyGet;

/// Parameters.
pub struct GetParams {
    before: Option<NotificationId>,
    limit: i64,
    html: bool,
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
    /// The chat that they are said to be in; left out when there are none.
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
        /// `LAST_ID` is no whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last notification ID can't be string",
    }
}

impl Method for ImNotifyGet {
    const NAME: &'static str = "im.notify.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Answers the caller's notifications in pages, the latest first.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last notification of the page before; beside `LAST_TYPE`.",
        ),
        ParamSpec::optional(
            "LAST_TYPE",
            ParamType::Integer,
            "`3`; `1` goes on after notifications with buttons, with the first of the others.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "Notifications on a page: 50 when left out, and at most.",
        ),
        ParamSpec::optional(
            "CONVERT_TEXT",
            ParamType::String,
            "`Y` answers texts as HTML: looks, links and line breaks of BB codes as elements, the rest escaped.",
        ),
    ]];
    type Params = GetParams;
    type Output = NotificationsObject;
    type Error = GetError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<GetParams, GetError> {
        let last_type = params.get("LAST_TYPE");
        let before = match params.get("LAST_ID").as_int() {
            IntField::Malformed => return Err(GetError::LastIdString),
            IntField::Absent if last_type.is_absent() => None,
            IntField::Valid(id) if !last_type.is_absent() => Some(NotificationId(id)),
            IntField::Absent | IntField::Valid(_) => return Err(GetError::LastIdAndLastType),
        };
        let confirmations = matches!(last_type.as_int(), IntField::Valid(CONFIRMATIONS));
        let convert = params.get("CONVERT_TEXT").as_text();
        Ok(GetParams {
            before: before.filter(|_| !confirmations),
            limit: parse::limit(params, "LIMIT", PAGE, PAGE),
            html: convert.is_some_and(|text| text == "Y"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let page = list::list(&mut cx.app, params.before, params.limit)?;
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
