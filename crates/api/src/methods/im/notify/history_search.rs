//! `im.notify.history.search`: finds notifications of the caller.

use readmark_app::notify::history::{self, Query, Tag};
use readmark_model::{ChatId, NotificationId, Scope, UserId};
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
        notification::{NotificationObject, is_of_type, split_tag},
        user::ClassicUser,
    },
    wire::{IntField, ListSyntax, Params},
};

/// Notifications on a page.
const PAGE: i64 = 50;
/// Characters of the shortest text that is searched for by itself.
const MIN_TEXT: usize = 3;

/// See the module.
pub struct ImNotifyHistorySearch;

/// Parameters.
pub struct SearchParams {
    query: Query,
    period: PeriodParams,
    html: bool,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HistoryObject {
    /// The chat that notifications are said to be in, 0 before the first one.
    pub chat_id: i64,
    /// How many were found; on the first page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_results: Option<usize>,
    /// The latest first.
    pub notifications: Vec<NotificationObject>,
    /// Their authors.
    pub users: Vec<ClassicUser>,
}

error_set! {
    /// Errors of `im.notify.history.search`.
    pub enum SearchError {
        /// `SEARCH_TEXT` has less than three characters, and neither types, authors nor times are given.
        SearchTextError = 400 "SEARCH_TEXT_ERROR" "SEARCH_TEXT can't be less than 3 symbols",
        /// `LAST_ID` is no whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last notification ID can't be string",
    }
}

impl Method for ImNotifyHistorySearch {
    const NAME: &'static str = "im.notify.history.search";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds notifications of the caller by words, type, time, author and tag, the latest first.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "SEARCH_TEXT",
            ParamType::String,
            "Beginnings of words that must all be in the notification; alone three characters at least.",
        ),
        ParamSpec::optional(
            "SEARCH_TYPE",
            ParamType::String,
            "A type, `MODULE` or `MODULE|EVENT`, as of `im.notify.schema.get`.",
        ),
        ParamSpec::optional(
            "SEARCH_TYPES",
            ParamType::Array,
            "Several types; one of all that are given must be met.",
        ),
        ParamSpec::optional(
            "SEARCH_DATE",
            ParamType::DateTime,
            "Within the 24 hours that begin at this time.",
        ),
        ParamSpec::optional(
            "SEARCH_DATE_FROM",
            ParamType::DateTime,
            "At this time or later; beside `SEARCH_DATE_TO`.",
        ),
        ParamSpec::optional(
            "SEARCH_DATE_TO",
            ParamType::DateTime,
            "At this time or earlier; beside `SEARCH_DATE_FROM`.",
        ),
        ParamSpec::optional(
            "SEARCH_AUTHORS",
            ParamType::Array,
            "Ids of authors, 0 for the system.",
        ),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last notification of the page before.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "Notifications on a page: 50 when left out, and at most.",
        ),
        ParamSpec::optional(
            "CONVERT_TEXT",
            ParamType::String,
            "`Y` answers texts as HTML, as `im.notify.get`.",
        ),
        ParamSpec::optional(
            "GROUP_TAG",
            ParamType::String,
            "A tag or further tag, as it was given or as it is shown.",
        ),
    ]];
    type Params = SearchParams;
    type Output = HistoryObject;
    type Error = SearchError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<SearchParams, SearchError> {
        let last = match params.get("LAST_ID").as_int() {
            IntField::Malformed => return Err(SearchError::LastIdString),
            IntField::Absent => None,
            IntField::Valid(id) => Some(NotificationId(id)),
        };
        let text = params.get("SEARCH_TEXT").as_text().unwrap_or_default();
        let text = text.trim();
        let types = types(params);
        let authors = params.get("SEARCH_AUTHORS").as_id_list(ListSyntax::PLAIN);
        let authors = authors
            .filter(|list| list.malformed > 0 || !list.ids.is_empty())
            .map(|list| list.ids.into_iter().map(UserId).collect());
        let period = PeriodParams::read(
            params,
            ["SEARCH_DATE_FROM", "SEARCH_DATE_TO", "SEARCH_DATE"],
        )
        .paired();
        let alone = types.is_empty() && authors.is_none() && period.is_absent();
        if alone && text.chars().count() < MIN_TEXT {
            return Err(SearchError::SearchTextError);
        }
        let convert = params.get("CONVERT_TEXT").as_text();
        let limit = parse::limit(params, "LIMIT", PAGE, PAGE);
        Ok(SearchParams {
            query: Query {
                of_applications: types.is_empty() || types.iter().any(|kind| is_of_type(kind)),
                text: (!text.is_empty()).then(|| text.to_owned()),
                since: None,
                until: None,
                authors,
                tag: tag(params),
                last,
                limit: usize::try_from(limit).unwrap_or(1),
            },
            period,
            html: convert.is_some_and(|text| text == "Y"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let (since, until) = params.period.bounds(cx.portal);
        let query = Query {
            since,
            until,
            ..params.query.clone()
        };
        let page = history::search(&mut cx.app, &query)?;
        let objects = page.notifications.iter();
        Ok(HistoryObject {
            chat_id: page.chat.map_or(0, ChatId::get),
            total_results: query.last.is_none().then_some(page.total),
            notifications: objects
                .map(|one| NotificationObject::new(one, page.chat, params.html, cx.portal))
                .collect(),
            users: page
                .authors
                .iter()
                .map(|user| ClassicUser::new(user, cx.portal))
                .collect(),
        }
        .into())
    }
}

/// The types of both parameters.
fn types(params: &Params) -> Vec<String> {
    let several = params.get("SEARCH_TYPES").as_list().unwrap_or_default();
    [params.get("SEARCH_TYPE")]
        .into_iter()
        .chain(several)
        .filter_map(|field| field.as_text())
        .map(|kind| kind.trim().to_owned())
        .filter(|kind| !kind.is_empty())
        .collect()
}

fn tag(params: &Params) -> Option<Tag> {
    let given = params.get("GROUP_TAG").as_text()?;
    let given = given.trim();
    if given.is_empty() {
        return None;
    }
    let (application, tag) = split_tag(given).unwrap_or(("", given));
    Some(Tag {
        application: application.to_owned(),
        tag: tag.to_owned(),
    })
}
