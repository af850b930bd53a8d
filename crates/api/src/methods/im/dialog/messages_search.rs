//! `im.dialog.messages.search`: finds messages in a chat.

use readmark_app::message::search::{self, Findings, Found, NoAccess, Query};
use readmark_model::{ChatId, MessageId, Scope};
use readmark_store::repo::{user::User, word::Direction};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::period::PeriodParams,
    objects::{
        file::FileObject,
        link,
        message::{FoundMessage, MessageReactions},
        message_params,
        user::CamelUser,
    },
    portal::context::PortalContext,
    wire::Params,
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// See the module.
pub struct ImDialogMessagesSearch;

/// Parameters.
pub struct SearchParams {
    chat: ChatId,
    query: Query,
    period: PeriodParams,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchOutput {
    /// Authors and mentioned users, in the order of ids.
    pub users: Vec<CamelUser>,
    /// Files of the messages.
    pub files: Vec<FileObject>,
    /// The messages that those found answer, in the order of ids.
    pub additional_messages: Vec<FoundMessage>,
    /// Data of an assistant; there is none.
    pub copilot: Option<bool>,
    /// Stickers; there are none.
    pub stickers: [bool; 0],
    /// Reactions to the messages that have any.
    pub reactions: Vec<MessageReactions>,
    /// What a tariff forbids: nothing.
    pub tariff_restrictions: TariffRestrictions,
    /// Those who reacted, in the order of ids.
    pub users_short: Vec<ShortUser>,
    /// The messages found.
    pub messages: Vec<FoundMessage>,
}

/// What a tariff forbids.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TariffRestrictions {
    /// Whether older messages are withheld; never.
    pub is_history_limit_exceeded: bool,
}

/// The little that is shown of somebody who reacted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShortUser {
    /// The user's id.
    pub id: i64,
    /// First and last name.
    pub name: String,
    /// Link to the photo, or empty.
    pub avatar: String,
}

error_set! {
    /// Errors of `im.dialog.messages.search`.
    pub enum SearchError {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "CHAT_ID can't be empty",
        /// There is no such chat, or the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to this chat",
    }
}

impl Method for ImDialogMessagesSearch {
    const NAME: &'static str = "im.dialog.messages.search";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Finds messages in a chat by their words and times.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat."),
        ParamSpec::optional(
            "SEARCH_MESSAGE",
            ParamType::String,
            "Beginnings of words that must all be in the message; up to two characters are ignored.",
        ),
        ParamSpec::optional(
            "DATE_FROM",
            ParamType::DateTime,
            "Sent at this time or later.",
        ),
        ParamSpec::optional(
            "DATE_TO",
            ParamType::DateTime,
            "Sent at this time or earlier.",
        ),
        ParamSpec::optional(
            "DATE",
            ParamType::DateTime,
            "Sent within the 24 hours that begin at this time.",
        ),
        ParamSpec::optional(
            "ORDER",
            ParamType::Object,
            "`{\"ID\": \"ASC\"}` for the oldest first; else the newest come first.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "At most so many messages: 50 unless given, never more than 200.",
        ),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last message of the page before: the search goes on behind it.",
        ),
    ]];
    type Params = SearchParams;
    type Output = SearchOutput;
    type Error = SearchError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<SearchParams, SearchError> {
        let chat = parse::chat(params, "CHAT_ID").ok_or(SearchError::ChatIdEmpty)?;
        let limit = parse::limit(params, "LIMIT", DEFAULT_LIMIT, MAX_LIMIT);
        let text = params.get("SEARCH_MESSAGE").as_text();
        Ok(SearchParams {
            chat,
            query: Query {
                text: text.map(|text| text.into_owned()),
                since: None,
                until: None,
                direction: direction(params),
                last: parse::positive(params, "LAST_ID").map(MessageId),
                limit: usize::try_from(limit).unwrap_or(1),
            },
            period: PeriodParams::read(params, ["DATE_FROM", "DATE_TO", "DATE"]),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let (since, until) = params.period.bounds(cx.portal);
        let query = Query {
            since,
            until,
            ..params.query.clone()
        };
        let caller = cx.app.user.get();
        let findings = search::search(&mut cx.app, params.chat, &query)
            .map_err(|refused| refused.map(|NoAccess| SearchError::AccessError))?;
        let all = findings.messages.iter().chain(&findings.quoted);
        let files = message_params::files_of(cx, all.map(|found| &found.shown.message))?;
        Ok(output(&findings, files, caller, cx.portal).into())
    }
}

fn direction(params: &Params) -> Direction {
    let order = params.get("ORDER").as_map().unwrap_or_default();
    match order.any_case("ID").as_text() {
        Some(order) if order.eq_ignore_ascii_case("ASC") => Direction::Forward,
        _ => Direction::Backward,
    }
}

fn output(
    findings: &Findings,
    files: Vec<FileObject>,
    caller: i64,
    portal: &PortalContext,
) -> SearchOutput {
    let all = || findings.messages.iter().chain(&findings.quoted);
    let objects = |found: &[Found]| {
        found
            .iter()
            .map(|found| FoundMessage::new(found, portal))
            .collect()
    };
    SearchOutput {
        users: findings
            .users
            .iter()
            .map(|user| CamelUser::new(user, portal))
            .collect(),
        files,
        additional_messages: objects(&findings.quoted),
        copilot: None,
        stickers: [],
        reactions: all()
            .filter_map(|found| MessageReactions::new(&found.shown, caller))
            .collect(),
        tariff_restrictions: TariffRestrictions {
            is_history_limit_exceeded: false,
        },
        users_short: findings
            .reactors
            .iter()
            .map(|user| short(user, portal))
            .collect(),
        messages: objects(&findings.messages),
    }
}

fn short(user: &User, portal: &PortalContext) -> ShortUser {
    ShortUser {
        id: user.id.get(),
        name: user.full_name(),
        avatar: link(&user.avatar, portal),
    }
}
