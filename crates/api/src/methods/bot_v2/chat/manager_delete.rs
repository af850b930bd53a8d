//! `imbot.v2.Chat.Manager.delete`: a bot that owns a chat makes managers ordinary members.
//!
//! Users who are not managers are skipped; the owner stays owner.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::chat::managers::{ManagerError, ManagerParams},
    objects::Done,
};

/// `imbot.v2.Chat.Manager.delete`.
pub struct ImbotV2ChatManagerDelete;

impl Method for ImbotV2ChatManagerDelete {
    const NAME: &'static str = "imbot.v2.Chat.Manager.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes managers of a chat that a bot owns ordinary members.";
    type Params = ManagerParams;
    type Output = Done;
    type Error = ManagerError;

    fn call(cx: &mut MethodCx<'_>, params: &ManagerParams) -> Answer<Self> {
        Ok(params.set(cx, false)?.into())
    }
}
