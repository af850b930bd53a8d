//! `im.notify.personal.add`: notifies a user on behalf of the caller.

use readmark_model::{Scope, notification::NotificationKind};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::im::notify::fields::{NotifyError, NotifyParams},
    objects::OrFalse,
};

/// `im.notify.personal.add`.
pub struct ImNotifyPersonalAdd;

impl Method for ImNotifyPersonalAdd {
    const NAME: &'static str = "im.notify.personal.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user on behalf of the caller.";
    type Params = NotifyParams;
    type Output = OrFalse<i64>;
    type Error = NotifyError;

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        Ok(params.send(cx, NotificationKind::Personal)?.into())
    }
}
