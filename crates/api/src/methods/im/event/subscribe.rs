//! `im.v2.Event.subscribe`: subscribes to the events of the caller's chats.

use readmark_app::stream;
use readmark_model::Scope;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `im.v2.Event.subscribe`.
pub struct ImV2EventSubscribe;

impl Method for ImV2EventSubscribe {
    const NAME: &'static str = "im.v2.Event.subscribe";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Starts recording events for the caller.";
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        stream::subscribe(&mut cx.app)?;
        Ok(true.into())
    }
}
