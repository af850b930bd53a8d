//! `im.v2.Event.get`: a user who subscribed asks for events.
//!
//! Without a subscription there are none, except those that were recorded before it ended.

use std::collections::BTreeSet;

use readmark_app::stream;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    objects::stream::{EventPage, PageParams},
    wire::Params,
};

/// See the module.
pub struct ImV2EventGet;

impl Method for ImV2EventGet {
    const NAME: &'static str = "im.v2.Event.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Gets the caller's events, and acknowledges those before.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "offset",
            ParamType::Integer,
            "Acknowledges every event with a smaller id: `nextOffset` of the last answer.",
        ),
        ParamSpec::optional(
            "limit",
            ParamType::Integer,
            "How many, 1 to 1000, 100 by default.",
        ),
    ]];
    type Params = PageParams;
    type Output = EventPage;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<PageParams, NoError> {
        Ok(PageParams::read(params))
    }

    fn call(cx: &mut MethodCx<'_>, params: &PageParams) -> Answer<Self> {
        let owners = BTreeSet::from([cx.app.user]);
        let page = stream::fetch(&mut cx.app, &owners, params.offset, params.limit)?;
        Ok(EventPage::new(&page, None, cx.portal)?.into())
    }
}
