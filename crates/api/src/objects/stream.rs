//! Events as clients fetch them (sources: fetching events).

use std::collections::BTreeMap;

use readmark_app::stream::Page;
use readmark_model::{UserId, stream::Recorded};
use readmark_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{bot::BotObject, date};
use crate::{
    contract::{method::NoError, params::Positive},
    params,
    portal::context::PortalContext,
};

/// Maximum number of events in an answer.
const MOST: i64 = 1000;

/// Default number of events in an answer.
const DEFAULT: i64 = 100;

params! {
    /// Which events are wanted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct PageParams: NoError {
        /// Acknowledges every event with a smaller id: `nextOffset` of the last answer.
        optional offset: Option<Positive> = "offset", typed;
        /// How many, 1 to 1000, 100 by default.
        optional limit: i64 = "limit", default(DEFAULT);
    }
}

impl PageParams {
    /// All earlier events are acknowledged; `None` acknowledges nothing.
    #[must_use]
    pub fn offset(&self) -> Option<i64> {
        self.offset.map(|offset| offset.0)
    }

    /// The number of events wanted, clamped to the allowed range.
    #[must_use]
    pub fn limit(&self) -> usize {
        usize::try_from(self.limit.clamp(1, MOST)).unwrap_or(1)
    }
}

/// One event.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventObject {
    /// Its id, greater than those of all earlier ones.
    pub event_id: i64,
    /// Its name.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub date: String,
    /// What it tells.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub data: Box<RawValue>,
}

/// `result` of the methods that get events.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventPage {
    /// In the order of their ids.
    pub events: Vec<EventObject>,
    /// The `offset` of the next call, which acknowledges these events.
    pub next_offset: i64,
    /// Whether more are waiting.
    pub has_more: bool,
    /// The last id that was given out, under which clients of earlier revisions know `nextOffset`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event_id: Option<i64>,
}

impl EventPage {
    /// The page; `bot` is added to the events of its stream.
    ///
    /// # Errors
    /// If the stored data is not JSON.
    pub fn new(
        page: &Page,
        bot: Option<(UserId, &BotObject)>,
        portal: &PortalContext,
    ) -> Result<Self, StoreError> {
        let bot = bot.map(|(id, bot)| (id, serde_json::json!(bot).to_string()));
        let events = page.events.iter().map(|recorded| {
            let own = bot.as_ref().filter(|(id, _)| *id == recorded.user);
            Ok(EventObject {
                event_id: recorded.id,
                kind: recorded.event.clone(),
                date: date(recorded.created_at, portal),
                data: data(recorded, own.map(|(_, bot)| bot.as_str()))?,
            })
        });
        Ok(Self {
            events: events.collect::<Result<_, StoreError>>()?,
            next_offset: page.next,
            has_more: page.has_more,
            last_event_id: bot.map(|_| page.next - 1),
        })
    }
}

/// The data of an event, with the bot put first.
fn data(recorded: &Recorded, bot: Option<&str>) -> Result<Box<RawValue>, StoreError> {
    let text = match (bot, recorded.data.strip_prefix('{')) {
        (Some(bot), Some("}")) => format!("{{\"bot\":{bot}}}"),
        (Some(bot), Some(rest)) => format!("{{\"bot\":{bot},{rest}"),
        _ => recorded.data.clone(),
    };
    RawValue::from_string(text).map_err(|_| StoreError::Decode("an event that is no JSON"))
}
