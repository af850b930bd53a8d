//! `im.notify.read`: marks a notification, or it and all later ones, as read or unread.

use readmark_app::notify::read;
use readmark_model::{NotificationId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::ParamType,
    },
    methods::im::notify::fields,
    params,
};

/// `im.notify.read`.
pub struct ImNotifyRead;

params! {
    /// Parameters of `im.notify.read`.
    pub struct ReadParams: NoError {
        /// The notification; 0 stands before all. Without it nothing changes.
        optional id: Option<i64> = "ID", typed;
        /// `Y`, or left out, marks as read, `N` as unread.
        optional read: bool = "ACTION", yes_no(true);
        /// `Y` marks this one alone, anything else it and all with a greater id.
        optional only: bool = "ONLY_CURRENT", by(fields::is_y), kind(ParamType::String);
    }
}

impl Method for ImNotifyRead {
    const NAME: &'static str = "im.notify.read";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Marks a notification, or it and all later ones, as read or unread.";
    type Params = ReadParams;
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &ReadParams) -> Answer<Self> {
        match params.id.filter(|id| *id >= 0).map(NotificationId) {
            Some(id) if params.only => read::mark(&mut cx.app, &[id], params.read)?,
            Some(id) => read::mark_from(&mut cx.app, id, params.read).map(drop)?,
            None => {}
        }
        Ok(true.into())
    }
}
