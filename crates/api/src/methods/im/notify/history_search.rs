//! `im.notify.history.search`: searches the caller's notifications.

use readmark_app::notify::history::{self, Query, Tag};
use readmark_model::{ChatId, NotificationId, Scope, Timestamp, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Given, ParamType, ParamValue, ReadCx},
    },
    error_set,
    methods::{
        im::notify::fields,
        shared::{period::Period, text::trimmed},
    },
    objects::{
        notification::{NotificationObject, is_of_type, split_tag},
        user::ClassicUser,
    },
    params,
    wire::Field,
};

/// Page size.
const PAGE: i64 = 50;
/// Minimum length of a text that is searched for on its own, in characters.
const MIN_TEXT: usize = 3;

/// `im.notify.history.search`.
pub struct ImNotifyHistorySearch;

params! {
    /// Parameters of `im.notify.history.search`.
    pub struct SearchParams: SearchError {
        /// Beginnings of words that must all be in the notification; alone three characters at least.
        optional text: String = "SEARCH_TEXT", by(trimmed), kind(ParamType::String);
        /// A type, `MODULE` or `MODULE|EVENT`, as of `im.notify.schema.get`.
        optional kind: String = "SEARCH_TYPE", by(trimmed), kind(ParamType::String);
        /// Several types; one of all that are given must be met.
        optional kinds: Vec<String> = "SEARCH_TYPES", by(texts), kind(ParamType::ArrayOf(&ParamType::String));
        /// Within the 24 hours that begin at this time.
        optional day: Option<Timestamp> = "SEARCH_DATE", typed;
        /// At this time or later; beside `SEARCH_DATE_TO`.
        optional from: Option<Timestamp> = "SEARCH_DATE_FROM", typed;
        /// At this time or earlier; beside `SEARCH_DATE_FROM`.
        optional to: Option<Timestamp> = "SEARCH_DATE_TO", typed;
        /// Ids of authors, 0 for the system.
        optional authors: Option<Authors> = "SEARCH_AUTHORS", typed;
        /// The last notification of the page before.
        optional last: Option<i64> = "LAST_ID", or(LastIdString);
        /// Notifications on a page: 50 when left out, and at most.
        optional limit: i64 = "LIMIT", limit(PAGE, PAGE);
        /// `Y` answers texts as HTML, as `im.notify.get`.
        optional html: bool = "CONVERT_TEXT", by(fields::is_y), kind(ParamType::String);
        /// A tag or further tag, as it was given or as it is shown.
        optional tag: Option<Tag> = "GROUP_TAG", by(tag), kind(ParamType::String);
    }
    check is_narrow;
}

impl SearchParams {
    /// The types to search for; all if there are none.
    fn types(&self) -> impl Iterator<Item = &str> {
        let all = [&self.kind].into_iter().chain(&self.kinds);
        all.map(String::as_str).filter(|kind| !kind.is_empty())
    }

    const fn period(&self) -> Period {
        Period {
            from: self.from,
            to: self.to,
            day: self.day,
        }
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HistoryObject {
    /// The chat id shown for notifications, 0 before the first one.
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
        /// `LAST_ID` is not a whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last notification ID can't be string",
    }
}

impl Method for ImNotifyHistorySearch {
    const NAME: &'static str = "im.notify.history.search";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds notifications of the caller by words, type, time, author and tag, the latest first.";
    type Params = SearchParams;
    type Output = HistoryObject;
    type Error = SearchError;

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let (since, until) = params.period().paired().bounds();
        let mut types = params.types().peekable();
        let query = Query {
            of_applications: types.peek().is_none() || types.any(is_of_type),
            text: (!params.text.is_empty()).then(|| params.text.clone()),
            since,
            until,
            authors: params.authors.as_ref().map(|authors| authors.0.clone()),
            tag: params.tag.clone(),
            last: params.last.map(NotificationId),
            limit: usize::try_from(params.limit).unwrap_or(1),
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

/// Whether the search is narrow enough.
fn is_narrow(params: SearchParams) -> Result<SearchParams, SearchError> {
    let alone = params.types().next().is_none()
        && params.authors.is_none()
        && params.period().paired().is_absent();
    if alone && params.text.chars().count() < MIN_TEXT {
        return Err(SearchError::SearchTextError);
    }
    Ok(params)
}

fn texts(field: Field<'_>, _: &ReadCx<'_>) -> Result<Vec<String>, NoError> {
    let items = field.as_list().unwrap_or_default();
    let texts = items.into_iter().filter_map(|item| item.as_text());
    Ok(texts.map(|text| text.trim().to_owned()).collect())
}

/// Authors, among them 0 for the system.
#[derive(Debug)]
pub struct Authors(Vec<UserId>);

impl ParamValue for Authors {
    const TYPE: ParamType = ParamType::ArrayOf(&ParamType::Integer);

    /// An empty list is no condition; one that holds something else than numbers is none.
    fn read(field: Field<'_>, _: &ReadCx<'_>) -> Given<Self> {
        match field.as_id_list() {
            Some(list) if list.malformed > 0 => Given::Malformed,
            Some(list) if !list.ids.is_empty() => {
                Given::Valid(Self(list.ids.into_iter().map(UserId).collect()))
            }
            _ => Given::Absent,
        }
    }
}

fn tag(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Tag>, NoError> {
    let given = field.as_text().unwrap_or_default();
    let given = given.trim();
    let (application, tag) = split_tag(given).unwrap_or(("", given));
    Ok((!given.is_empty()).then(|| Tag {
        application: application.to_owned(),
        tag: tag.to_owned(),
    }))
}
