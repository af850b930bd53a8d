//! `im.user.status.idle.end`: says that the caller is back at the computer.

use readmark_app::users::status;
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec},
        params::{Parameters, ReadCx, Source},
    },
    wire::Params,
};

/// `im.user.status.idle.end`.
pub struct ImUserStatusIdleEnd;

impl Method for ImUserStatusIdleEnd {
    const NAME: &'static str = "im.user.status.idle.end";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Says that the caller is back at the computer.";
    const PARAMS: &'static [&'static [ParamSpec]] = <() as Parameters>::GROUPS;
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn parse(params: &Params, cx: &ReadCx<'_>) -> Result<(), NoError> {
        <()>::read(Source::Call(params), cx)
    }

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        status::end_idle(&mut cx.app)?;
        Ok(true.into())
    }
}
