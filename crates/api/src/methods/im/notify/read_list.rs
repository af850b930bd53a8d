//! `im.notify.read.list`: marks several notifications as read or unread.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::im::notify::fields,
    params,
    wire::{Field, IntField},
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
        /// `IDS` is missing, is not a list, or holds no positive whole number.
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

fn ids(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<NotificationId>, ListError> {
    let items = field.as_int_list().filter(|_| field.is_list());
    let items = items.ok_or(ListError::ParamsError)?;
    let id = |item: &IntField| match item {
        IntField::Valid(id) if *id > 0 => Some(NotificationId(*id)),
        _ => None,
    };
    if items.iter().all(|item| id(item).is_none()) {
        return Err(ListError::ParamsError);
    }
    Ok(items.iter().map_while(id).collect())
}
