//! `imbot.v2.Chat.Manager.delete`: a bot that owns a chat makes managers ordinary members.
//!
//! Users who are no managers are passed over; the owner stays owner.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    methods::bot_v2::chat::managers::{self, ManagerError, ManagerParams},
    objects::Done,
    wire::Params,
};

/// See the module.
pub struct ImbotV2ChatManagerDelete;

impl Method for ImbotV2ChatManagerDelete {
    const NAME: &'static str = "imbot.v2.Chat.Manager.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes managers of a chat that a bot owns ordinary members.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[managers::PARAMS];
    type Params = ManagerParams;
    type Output = Done;
    type Error = ManagerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ManagerParams, ManagerError> {
        Ok(ManagerParams::read(params))
    }

    fn call(cx: &mut MethodCx<'_>, params: &ManagerParams) -> Answer<Self> {
        Ok(params.set(cx, false)?.into())
    }
}
