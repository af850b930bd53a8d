//! `imbot.v2.Command.list`: the commands of a bot, hidden ones included.

use readmark_app::{bot::access::Claim, command::find};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::command::ListedCommand,
    params,
};

/// `imbot.v2.Command.list`.
pub struct ImbotV2CommandList;

params! {
    /// Parameters of `imbot.v2.Command.list`.
    pub struct ListParams: CommandListError {
        group claim: Claim;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Commands {
    /// The commands, in the order of their ids.
    pub commands: Vec<ListedCommand>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.list`.
    pub enum CommandListError {}
}

impl Method for ImbotV2CommandList {
    const NAME: &'static str = "imbot.v2.Command.list";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the slash commands of a bot.";
    type Params = ListParams;
    type Output = Commands;
    type Error = CommandListError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let (commands, name) = find::list(&mut cx.app, bot.user)?;
        let commands = commands
            .into_iter()
            .map(|listed| ListedCommand::new(listed, &name))
            .collect();
        Ok(Commands { commands }.into())
    }
}
