//! `server.time`: the server's clock.

use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec},
        params::{Parameters, ReadCx, Source},
    },
    objects::date,
    wire::Params,
};

/// `server.time`.
pub struct ServerTime;

impl Method for ServerTime {
    const NAME: &'static str = "server.time";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Answers the time of the server.";
    const PARAMS: &'static [&'static [ParamSpec]] = <() as Parameters>::GROUPS;
    type Params = ();
    type Output = String;
    type Error = NoError;

    fn parse(params: &Params, cx: &ReadCx<'_>) -> Result<(), NoError> {
        <()>::read(Source::Call(params), cx)
    }

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(date(cx.app.now, cx.portal).into())
    }
}
