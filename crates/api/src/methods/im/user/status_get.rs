//! `im.user.status.get`: the caller's chosen status.

use readmark_app::users::status;
use readmark_model::{Scope, Status};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::OrFalse,
};

/// `im.user.status.get`.
pub struct ImUserStatusGet;

impl Method for ImUserStatusGet {
    const NAME: &'static str = "im.user.status.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns the status that the caller has chosen, by default `online`.";
    type Params = ();
    type Output = OrFalse<&'static str>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let chosen = status::get(&mut cx.app)?;
        Ok(OrFalse::from(chosen.map(Status::as_str)).into())
    }
}
