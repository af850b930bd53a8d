//! `im.v2.Event.unsubscribe`: ends the subscription; recorded events stay until they are acknowledged or expire.

use readmark_app::stream;
use readmark_model::Scope;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `im.v2.Event.unsubscribe`.
pub struct ImV2EventUnsubscribe;

impl Method for ImV2EventUnsubscribe {
    const NAME: &'static str = "im.v2.Event.unsubscribe";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Stops recording events for the caller.";
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        stream::unsubscribe(&mut cx.app)?;
        Ok(true.into())
    }
}
