//! `im.v2.Event.get`: a subscribed user fetches events.
//!
//! Without a subscription there are none, except those recorded before it ended.

use std::collections::BTreeSet;

use readmark_app::stream;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::stream::{EventPage, PageParams},
};

/// `im.v2.Event.get`.
pub struct ImV2EventGet;

impl Method for ImV2EventGet {
    const NAME: &'static str = "im.v2.Event.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Fetches the caller's events, and acknowledges earlier ones.";
    type Params = PageParams;
    type Output = EventPage;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &PageParams) -> Answer<Self> {
        let owners = BTreeSet::from([cx.app.user]);
        let page = stream::fetch(&mut cx.app, &owners, params.offset(), params.limit())?;
        Ok(EventPage::new(&page, None, cx.portal)?.into())
    }
}
