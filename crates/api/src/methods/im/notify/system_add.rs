//! `im.notify.system.add`: notifies a user on behalf of the system.

use readmark_model::Scope;
use readmark_store::repo::notification::NotificationKind;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    methods::im::notify::fields::{self as fields, NotifyError, NotifyParams},
    objects::OrFalse,
    wire::Params,
};

/// See the module.
pub struct ImNotifySystemAdd;

impl Method for ImNotifySystemAdd {
    const NAME: &'static str = "im.notify.system.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user on behalf of the system.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        fields::USER_ID,
        fields::MESSAGE,
        fields::MESSAGE_OUT,
        fields::TAG,
        fields::SUB_TAG,
        fields::ATTACHMENT,
        fields::CLIENT_ID,
    ]];
    type Params = NotifyParams;
    type Output = OrFalse<i64>;
    type Error = NotifyError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<NotifyParams, NotifyError> {
        NotifyParams::read(params, NotificationKind::System)
    }

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        Ok(params.send(cx)?.into())
    }
}
