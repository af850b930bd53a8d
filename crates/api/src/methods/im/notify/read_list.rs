//! `im.notify.read.list`: marks several notifications as read or unread.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};
use serde_json::Value;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ParamValue, ReadCx},
    },
    error_set,
    methods::im::notify::fields,
    params,
    wire::Field,
};

/// `im.notify.read.list`.
pub struct ImNotifyReadList;

params! {
    /// Parameters of `im.notify.read.list`.
    pub struct ListParams: ListError {
        /// The notifications, up to the first that is not a positive whole number.
        required ids: Vec<NotificationId> = "IDS", by(ids), kind(ParamType::ArrayOf(&ParamType::Integer));
        /// `Y`, or left out, marks as read, anything else as unread.
        optional read: bool = "ACTION", by(fields::marks_read), kind(ParamType::String);
    }
}

error_set! {
    /// Errors of `im.notify.read.list`.
    pub enum ListError {
        /// `IDS` is missing or not a list.
        ParamsError = 400 "PARAMS_ERROR" "No IDS param or it is not an array",
    }
}

impl Method for ImNotifyReadList {
    const NAME: &'static str = "im.notify.read.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks several notifications as read or unread.";
    type Params = ListParams;
    type Output = bool;
    type Error = ListError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        read::mark(&mut cx.app, &params.ids, params.read)?;
        Ok(true.into())
    }
}

fn ids(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Vec<NotificationId>, ListError> {
    let items: Vec<&Value> = match field.raw() {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(items)) => items.values().collect(),
        _ => return Err(ListError::ParamsError),
    };
    let ids = items
        .into_iter()
        .map_while(|item| NotificationId::read(Field::from(item), cx).valid());
    Ok(ids.collect())
}
