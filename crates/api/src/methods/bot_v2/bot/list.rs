//! `imbot.v2.Bot.list`: the caller's own bots.
//!
//! By webhook these are the bots registered with the `botToken`; with an unknown token the list is empty. A `limit` that is not a
//! positive whole number is the default, one above 100 is 100: nobody has more bots. An invalid `offset` is 0.

use readmark_app::{
    Refused,
    bot::{
        access,
        details::{self, Details},
        register::MAX_BOTS,
    },
};
use readmark_model::{BotKind, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Given, Positive},
    },
    error_set,
    methods::bot_v2::auth::BotToken,
    objects::{bot::BotObject, user::V2User},
    params,
};

/// Default page size.
const DEFAULT_LIMIT: i64 = 50;

/// `imbot.v2.Bot.list`.
pub struct ImbotV2BotList;

params! {
    /// Parameters of `imbot.v2.Bot.list`.
    pub struct ListParams: ListError {
        group token: BotToken;
        /// Which bots.
        optional filter: BotFilter = "filter", members;
        /// Bots on a page: 50, or up to 100.
        optional limit: i64 = "limit", limit(DEFAULT_LIMIT, MAX_BOTS);
        /// Bots to skip.
        optional offset: Option<Positive> = "offset", typed;
    }
}

params! {
    /// `filter`.
    pub struct BotFilter: NoError {
        /// Only bots of this type.
        optional kind: Given<BotKind> = "type", given;
    }
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
    type Params = ListParams;
    type Output = BotPage;
    type Error = ListError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let owner = access::owner(&cx.app, params.token.hash)
            .map_err(|_| Refused::Because(ListError::BotTokenNotSpecified))?;
        let kind = match params.filter.kind {
            Given::Absent => None,
            Given::Valid(kind) => Some(kind),
            // There are no bots of an unknown type.
            Given::Malformed => return Ok(page(&[], false, cx).into()),
        };
        let offset = params.offset.map_or(0, |offset| offset.0);
        let (bots, has_more) = details::list(&mut cx.app, &owner, kind, offset, params.limit)?;
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
