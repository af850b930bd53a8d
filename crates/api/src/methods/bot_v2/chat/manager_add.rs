//! `imbot.v2.Chat.Manager.add`: a bot that owns a chat makes members managers.
//!
//! Users who are not members are skipped; the owner stays owner.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::chat::managers::{ManagerError, ManagerParams},
    objects::Done,
};

/// `imbot.v2.Chat.Manager.add`.
pub struct ImbotV2ChatManagerAdd;

impl Method for ImbotV2ChatManagerAdd {
    const NAME: &'static str = "imbot.v2.Chat.Manager.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes members managers of a chat that a bot owns.";
    type Params = ManagerParams;
    type Output = Done;
    type Error = ManagerError;

    fn call(cx: &mut MethodCx<'_>, params: &ManagerParams) -> Answer<Self> {
        Ok(params.set(cx, true)?.into())
    }
}
