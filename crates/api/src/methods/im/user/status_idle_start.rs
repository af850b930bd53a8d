//! `im.user.status.idle.start`: marks the caller as away from the computer.

use readmark_app::users::status;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    params,
};

/// `im.user.status.idle.start`.
pub struct ImUserStatusIdleStart;

params! {
    /// Parameters of `im.user.status.idle.start`.
    pub struct IdleParams: NoError {
        /// How many minutes ago: 10 when left out, 1 at least.
        optional minutes: i64 = "AGO", default(AGO);
    }
}

/// Default number of minutes ago.
const AGO: i64 = 10;

impl Method for ImUserStatusIdleStart {
    const NAME: &'static str = "im.user.status.idle.start";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks the caller as away from the computer for some minutes.";
    type Params = IdleParams;
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &IdleParams) -> Answer<Self> {
        status::start_idle(&mut cx.app, params.minutes.max(1))?;
        Ok(true.into())
    }
}
