//! `im.user.status.idle.end`: marks the caller as back at the computer.

use readmark_app::users::status;
use readmark_model::Scope;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `im.user.status.idle.end`.
pub struct ImUserStatusIdleEnd;

impl Method for ImUserStatusIdleEnd {
    const NAME: &'static str = "im.user.status.idle.end";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks the caller as back at the computer.";
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        status::end_idle(&mut cx.app)?;
        Ok(true.into())
    }
}
