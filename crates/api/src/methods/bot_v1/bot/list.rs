//! `imbot.bot.list`: the bots of the portal, of all applications and both generations.
//!
//! Extranet users see only bots of shared chats, as everywhere.

use readmark_app::bot::details;
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    wire::EmptyAsList,
};

/// `imbot.bot.list`.
pub struct ImbotBotList;

/// A bot in brief.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct BriefBot {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// `Y` when it serves open channels, else `N`.
    pub openline: &'static str,
}

impl Method for ImbotBotList {
    const NAME: &'static str = "imbot.bot.list";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the bots of the portal by their ids.";
    type Params = ();
    type Output = EmptyAsList<i64, BriefBot>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let bots = details::list_all(&mut cx.app)?.into_iter().map(|bot| {
            let brief = BriefBot {
                id: bot.id.get(),
                name: bot.name,
                code: bot.code,
                openline: if bot.openline { "Y" } else { "N" },
            };
            (brief.id, brief)
        });
        Ok(bots.collect::<EmptyAsList<_, _>>().into())
    }
}
