//! `im.notify.system.add`: notifies a user on behalf of the system.

use readmark_model::{Scope, notification::NotificationKind};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::im::notify::fields::{NotifyError, NotifyParams},
    objects::OrFalse,
};

/// `im.notify.system.add`.
pub struct ImNotifySystemAdd;

impl Method for ImNotifySystemAdd {
    const NAME: &'static str = "im.notify.system.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user on behalf of the system.";
    type Params = NotifyParams;
    type Output = OrFalse<i64>;
    type Error = NotifyError;

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        Ok(params.send(cx, NotificationKind::System)?.into())
    }
}
