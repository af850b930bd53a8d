//! `im.notify.read.list`: marks several notifications as read or unread.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};
use serde_json::Value;

use super::read::action;
use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set,
    wire::{Field, IntField, Params},
};

/// See the module.
pub struct ImNotifyReadList;

/// Parameters.
pub struct ListParams {
    ids: Vec<NotificationId>,
    read: bool,
}

error_set! {
    /// Errors of `im.notify.read.list`.
    pub enum ListError {
        /// `IDS` is missing or no list.
        ParamsError = 400 "PARAMS_ERROR" "No IDS param or it is not an array",
    }
}

impl Method for ImNotifyReadList {
    const NAME: &'static str = "im.notify.read.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks several notifications as read or unread.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "IDS",
            ParamType::Array,
            "The notifications, up to the first that is no positive whole number.",
        ),
        ParamSpec::optional(
            "ACTION",
            ParamType::String,
            "`Y`, or left out, marks as read, anything else as unread.",
        ),
    ]];
    type Params = ListParams;
    type Output = bool;
    type Error = ListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, ListError> {
        let field = params.get("IDS");
        let given: Vec<&Value> = match field.raw() {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(Value::Object(items)) => items.values().collect(),
            _ => return Err(ListError::ParamsError),
        };
        let ids = given
            .into_iter()
            .map_while(|item| match Field::from(item).as_int() {
                IntField::Valid(id) if id > 0 => Some(NotificationId(id)),
                _ => None,
            });
        Ok(ListParams {
            ids: ids.collect(),
            read: action(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        read::mark(&mut cx.app, &params.ids, params.read)?;
        Ok(true.into())
    }
}
