//! `im.notify.read`: marks a notification, or it and all later ones, as read or unread.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    wire::{IntField, Params},
};

/// See the module.
pub struct ImNotifyRead;

/// Parameters.
pub struct ReadParams {
    id: Option<NotificationId>,
    read: bool,
    only: bool,
}

/// `ACTION`: `Y`, or nothing, marks as read, anything else as unread.
#[must_use]
pub fn action(params: &Params) -> bool {
    let field = params.get("ACTION");
    field.is_absent() || field.as_text().is_some_and(|text| text == "Y")
}

impl Method for ImNotifyRead {
    const NAME: &'static str = "im.notify.read";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Marks a notification, or it and all later ones, as read or unread.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "ID",
            ParamType::Integer,
            "The notification; 0 stands before all. Without it nothing changes.",
        ),
        ParamSpec::optional(
            "ACTION",
            ParamType::String,
            "`Y`, or left out, marks as read, `N` as unread.",
        ),
        ParamSpec::optional(
            "ONLY_CURRENT",
            ParamType::String,
            "`Y` marks this one alone, anything else it and all with a greater id.",
        ),
    ]];
    type Params = ReadParams;
    type Output = bool;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ReadParams, NoError> {
        let id = match params.get("ID").as_int() {
            IntField::Valid(id) if id >= 0 => Some(NotificationId(id)),
            IntField::Valid(_) | IntField::Absent | IntField::Malformed => None,
        };
        let only = params.get("ONLY_CURRENT").as_text();
        Ok(ReadParams {
            id,
            read: action(params),
            only: only.is_some_and(|text| text == "Y"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ReadParams) -> Answer<Self> {
        match params.id {
            Some(id) if params.only => read::mark(&mut cx.app, &[id], params.read)?,
            Some(id) => read::mark_from(&mut cx.app, id, params.read).map(drop)?,
            None => {}
        }
        Ok(true.into())
    }
}
