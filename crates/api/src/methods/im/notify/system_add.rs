//! `im.notify.system.add`: notifies a user on behalf of the system.

use readmark_model::{Scope, notification::NotificationKind};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec},
        params::{Parameters, ReadCx, Source},
    },
    methods::im::notify::fields::{NotifyError, NotifyParams},
    objects::OrFalse,
    wire::Params,
};

/// `im.notify.system.add`.
pub struct ImNotifySystemAdd;

impl Method for ImNotifySystemAdd {
    const NAME: &'static str = "im.notify.system.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user on behalf of the system.";
    const PARAMS: &'static [&'static [ParamSpec]] = NotifyParams::GROUPS;
    type Params = NotifyParams;
    type Output = OrFalse<i64>;
    type Error = NotifyError;

    fn parse(params: &Params, cx: &ReadCx<'_>) -> Result<NotifyParams, NotifyError> {
        NotifyParams::read(Source::Call(params), cx)
    }

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        Ok(params.send(cx, NotificationKind::System)?.into())
    }
}
