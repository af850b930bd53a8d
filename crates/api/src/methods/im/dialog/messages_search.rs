//! `im.dialog.messages.search`: finds messages in a chat.

use readmark_app::message::search::{self, Direction, Findings, Found, NoAccess, Query};
use readmark_model::{ChatId, MessageId, Scope, Timestamp, user::User};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::shared::{period::Period, text},
    objects::{
        file::FileObject,
        link,
        message::{FoundMessage, MessageReactions},
        message_params,
        user::CamelUser,
    },
    params,
    portal::context::PortalContext,
    wire::Field,
};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// `im.dialog.messages.search`.
pub struct ImDialogMessagesSearch;

params! {
    /// Parameters of `im.dialog.messages.search`.
    pub struct SearchParams: SearchError {
        /// The chat.
        required chat: ChatId = "CHAT_ID", or(ChatIdEmpty);
        /// Beginnings of words that must all be in the message; up to two characters are ignored.
        optional text: Option<String> = "SEARCH_MESSAGE", by(text::given), kind(ParamType::String);
        /// Sent at this time or later.
        optional from: Option<Timestamp> = "DATE_FROM", typed;
        /// Sent at this time or earlier.
        optional to: Option<Timestamp> = "DATE_TO", typed;
        /// Sent within the 24 hours that begin at this time.
        optional day: Option<Timestamp> = "DATE", typed;
        /// The order of the messages.
        optional order: OrderParams = "ORDER", members;
        /// Messages on a page: 50 when left out, 200 at most.
        optional limit: i64 = "LIMIT", limit(DEFAULT_LIMIT, MAX_LIMIT);
        /// The last message of the page before: the search continues after it.
        optional last: Option<MessageId> = "LAST_ID", typed;
    }
}

params! {
    /// `ORDER`.
    pub struct OrderParams: NoError {
        /// `ASC` for the oldest first; the newest come first when left out.
        optional id: Direction = "ID", by(direction), kind(ParamType::String);
    }
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

/// A user who reacted, in brief.
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
        /// `CHAT_ID` is missing or not a positive whole number.
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
    type Params = SearchParams;
    type Output = SearchOutput;
    type Error = SearchError;

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let period = Period {
            from: params.from,
            to: params.to,
            day: params.day,
        };
        let (since, until) = period.bounds();
        let query = Query {
            text: params.text.clone(),
            since,
            until,
            direction: params.order.id,
            last: params.last,
            limit: usize::try_from(params.limit).unwrap_or(1),
        };
        let caller = cx.app.user.get();
        let findings = search::search(&mut cx.app, params.chat, &query)
            .map_err(|refused| refused.map(|NoAccess| SearchError::AccessError))?;
        let all = findings.messages.iter().chain(&findings.quoted);
        let files = message_params::files_of(cx, all.map(|found| &found.shown.message))?;
        Ok(output(&findings, files, caller, cx.portal).into())
    }
}

fn direction(field: Field<'_>, _: &ReadCx<'_>) -> Result<Direction, NoError> {
    Ok(match field.as_text() {
        Some(order) if order.eq_ignore_ascii_case("ASC") => Direction::Forward,
        _ => Direction::Backward,
    })
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
