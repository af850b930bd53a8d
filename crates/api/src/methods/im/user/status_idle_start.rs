//! `im.user.status.idle.start`: says that the caller has left the computer.

use readmark_app::users::status;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    wire::{IntField, Params},
};

/// See the module.
pub struct ImUserStatusIdleStart;

/// How many minutes ago when nothing else is said.
const AGO: i64 = 10;

impl Method for ImUserStatusIdleStart {
    const NAME: &'static str = "im.user.status.idle.start";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Says that the caller left the computer some minutes ago.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::optional(
        "AGO",
        ParamType::Integer,
        "How many minutes ago: 10 when left out, 1 at least.",
    )]];
    type Params = i64;
    type Output = bool;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<i64, NoError> {
        Ok(match params.get("AGO").as_int() {
            IntField::Valid(minutes) => minutes.max(1),
            IntField::Absent | IntField::Malformed => AGO,
        })
    }

    fn call(cx: &mut MethodCx<'_>, minutes: &i64) -> Answer<Self> {
        status::start_idle(&mut cx.app, *minutes)?;
        Ok(true.into())
    }
}
