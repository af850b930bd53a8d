//! Events as those who listen get them (`spec_events` §4, §5).

use std::collections::BTreeMap;

use readmark_app::stream::Page;
use readmark_model::UserId;
use readmark_store::{StoreError, repo::stream::Recorded};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{bot::BotObject, date};
use crate::{
    portal::context::PortalContext,
    wire::{IntField, Params},
};

/// The most events of one answer.
const MOST: i64 = 1000;

/// How many there are where nothing else is wanted.
const DEFAULT: i64 = 100;

/// Which events are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageParams {
    /// Everything before it is acknowledged; `None` acknowledges nothing.
    pub offset: Option<i64>,
    /// How many.
    pub limit: usize,
}

impl PageParams {
    /// Reads `offset` and `limit`; a limit that is too small or too great is the nearest that is not.
    #[must_use]
    pub fn read(params: &Params) -> Self {
        let limit = match params.get("limit").as_int() {
            IntField::Valid(limit) => limit.clamp(1, MOST),
            IntField::Absent | IntField::Malformed => DEFAULT,
        };
        let offset = match params.get("offset").as_int() {
            IntField::Valid(offset) if offset > 0 => Some(offset),
            IntField::Valid(_) | IntField::Absent | IntField::Malformed => None,
        };
        Self {
            offset,
            limit: usize::try_from(limit).unwrap_or(1),
        }
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
    /// The page; `bot` is put into the events of its stream.
    ///
    /// # Errors
    /// When what is stored is no JSON.
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

/// What an event tells, with the bot before everything else.
fn data(recorded: &Recorded, bot: Option<&str>) -> Result<Box<RawValue>, StoreError> {
    let text = match (bot, recorded.data.strip_prefix('{')) {
        (Some(bot), Some("}")) => format!("{{\"bot\":{bot}}}"),
        (Some(bot), Some(rest)) => format!("{{\"bot\":{bot},{rest}"),
        _ => recorded.data.clone(),
    };
    RawValue::from_string(text).map_err(|_| StoreError::Decode("an event that is no JSON"))
}
