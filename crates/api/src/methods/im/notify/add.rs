//! `im.notify`: notifies a user, on behalf of the caller or of the system.

use readmark_model::{Scope, notification::NotificationKind};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    methods::im::notify::fields::{NotifyError, NotifyParams},
    objects::OrFalse,
    params,
    wire::Field,
};

/// `im.notify`.
pub struct ImNotify;

params! {
    /// Parameters of `im.notify`.
    pub struct TypedParams: NotifyError {
        group notify: NotifyParams;
        /// `SYSTEM` on behalf of the system; `USER`, or anything else, on behalf of the caller.
        optional kind: NotificationKind = "TYPE", by(kind), kind(ParamType::String);
    }
}

impl Method for ImNotify {
    const NAME: &'static str = "im.notify";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Notifies a user, on behalf of the caller or of the system.";
    type Params = TypedParams;
    type Output = OrFalse<i64>;
    type Error = NotifyError;

    fn call(cx: &mut MethodCx<'_>, params: &TypedParams) -> Answer<Self> {
        Ok(params.notify.send(cx, params.kind)?.into())
    }
}

fn kind(field: Field<'_>, _: &ReadCx<'_>) -> Result<NotificationKind, NoError> {
    let kind = field.as_text().unwrap_or_default();
    Ok(if kind.trim().eq_ignore_ascii_case("SYSTEM") {
        NotificationKind::System
    } else {
        NotificationKind::Personal
    })
}
