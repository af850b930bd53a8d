//! `im.notify`: notifies a user, on behalf of the caller or of the system.

use readmark_model::Scope;
use readmark_store::repo::notification::NotificationKind;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::im::notify::fields::{self as fields, NotifyError, NotifyParams},
    objects::OrFalse,
    wire::Params,
};

/// See the module.
pub struct ImNotify;

impl Method for ImNotify {
    const NAME: &'static str = "im.notify";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user, on behalf of the caller or of the system.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        fields::USER_ID,
        ParamSpec::optional(
            "TYPE",
            ParamType::String,
            "`SYSTEM` on behalf of the system; `USER`, or anything else, on behalf of the caller.",
        ),
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
        let kind = params.get("TYPE").as_text().unwrap_or_default();
        let kind = if kind.trim().eq_ignore_ascii_case("SYSTEM") {
            NotificationKind::System
        } else {
            NotificationKind::Personal
        };
        NotifyParams::read(params, kind)
    }

    fn call(cx: &mut MethodCx<'_>, params: &NotifyParams) -> Answer<Self> {
        Ok(params.send(cx)?.into())
    }
}
