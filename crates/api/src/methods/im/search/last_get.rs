//! `im.search.last.get`: what the caller picked lately from what was found.

use readmark_app::find::picks::{self, Skipped};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    objects::found::PickObject,
    wire::Params,
};

/// See the module.
pub struct ImSearchLastGet;

impl Method for ImSearchLastGet {
    const NAME: &'static str = "im.search.last.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers what the caller picked lately from what was found, the latest first.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "SKIP_OPENLINES",
            ParamType::String,
            "`Y` leaves out chats of open channels.",
        ),
        ParamSpec::optional(
            "SKIP_CHAT",
            ParamType::String,
            "`Y` leaves out other chats.",
        ),
        ParamSpec::optional("SKIP_DIALOG", ParamType::String, "`Y` leaves out users."),
    ]];
    type Params = Skipped;
    type Output = Vec<PickObject>;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<Skipped, NoError> {
        let skips = |name: &str| parse::flag(params, name, false);
        Ok(Skipped {
            open_channels: skips("SKIP_OPENLINES"),
            chats: skips("SKIP_CHAT"),
            users: skips("SKIP_DIALOG"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, skipped: &Skipped) -> Answer<Self> {
        let picked = picks::list(&mut cx.app, *skipped)?;
        let objects = picked
            .iter()
            .map(|picked| PickObject::new(picked, cx.portal));
        Ok(objects.collect::<Vec<_>>().into())
    }
}
