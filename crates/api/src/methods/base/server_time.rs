//! `server.time`: the server's clock.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::date,
};

/// `server.time`.
pub struct ServerTime;

impl Method for ServerTime {
    const NAME: &'static str = "server.time";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the time of the server.";
    type Params = ();
    type Output = String;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(date(cx.app.now, cx.portal).into())
    }
}
