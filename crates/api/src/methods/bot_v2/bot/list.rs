//! `imbot.v2.Bot.list`: the caller's own bots.
//!
//! By webhook these are the bots registered with the `botToken`; with a token of no bot the list is empty. A `limit` that is
//! no positive whole number is the default, one above 100 is 100: nobody has more bots. An `offset` that is none is 0.

use readmark_app::{
    Refused,
    bot::{
        access,
        details::{self, Details},
        register::MAX_BOTS,
    },
};
use readmark_model::{BotKind, Scope, SecretHash};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::bot_v2::auth,
    objects::{bot::BotObject, user::V2User},
    wire::Params,
};

/// Bots on a page where no `limit` is given.
const DEFAULT_LIMIT: i64 = 50;

/// See the module.
pub struct ImbotV2BotList;

/// Parameters.
pub struct ListParams {
    token: Option<SecretHash>,
    filter: Filter,
    limit: i64,
    offset: i64,
}

/// Which bots are wanted.
enum Filter {
    /// All.
    All,
    /// Those of a type.
    Of(BotKind),
    /// Those of a type that there is not.
    Nothing,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotPage {
    /// The bots, in the order of their ids.
    pub bots: Vec<BotObject>,
    /// Their users.
    pub users: Vec<V2User>,
    /// Whether more follow.
    pub has_next_page: bool,
}

error_set! {
    /// Errors of `imbot.v2.Bot.list`.
    pub enum ListError {
        /// The call comes by a webhook and gives no `botToken`.
        BotTokenNotSpecified = 403 "BOT_TOKEN_NOT_SPECIFIED" "Bot token is not specified",
    }
}

impl Method for ImbotV2BotList {
    const NAME: &'static str = "imbot.v2.Bot.list";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's bots.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_TOKEN,
        ParamSpec::optional(
            "filter",
            ParamType::Object,
            "`type`: only bots of this type.",
        ),
        ParamSpec::optional(
            "limit",
            ParamType::Integer,
            "Bots on a page: 50, or up to 100.",
        ),
        ParamSpec::optional("offset", ParamType::Integer, "How many bots to pass over."),
    ]];
    type Params = ListParams;
    type Output = BotPage;
    type Error = ListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, ListError> {
        let filter = params.get("filter").as_map().unwrap_or_default();
        let kind = filter.named("type");
        Ok(ListParams {
            token: auth::token(params.get("botToken")).map(|token| SecretHash::of(&token)),
            filter: if kind.is_absent() {
                Filter::All
            } else {
                kind.as_text()
                    .and_then(|kind| BotKind::parse(&kind))
                    .map_or(Filter::Nothing, Filter::Of)
            },
            limit: parse::positive(params, "limit")
                .map_or(DEFAULT_LIMIT, |limit| limit.min(MAX_BOTS)),
            offset: parse::positive(params, "offset").unwrap_or(0),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let owner = access::owner(&cx.app, params.token)
            .map_err(|_| Refused::Because(ListError::BotTokenNotSpecified))?;
        let kind = match params.filter {
            Filter::All => None,
            Filter::Of(kind) => Some(kind),
            Filter::Nothing => return Ok(page(&[], false, cx).into()),
        };
        let (bots, has_more) =
            details::list(&mut cx.app, &owner, kind, params.offset, params.limit)?;
        Ok(page(&bots, has_more, cx).into())
    }
}

fn page(bots: &[Details], has_next_page: bool, cx: &MethodCx<'_>) -> BotPage {
    BotPage {
        bots: bots.iter().map(BotObject::new).collect(),
        users: bots
            .iter()
            .map(|details| V2User::new(&details.user, cx.portal))
            .collect(),
        has_next_page,
    }
}
