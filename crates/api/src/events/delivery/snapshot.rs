//! What is stored of a bot with an event to be sent.

use serde::{Deserialize, Serialize};

/// A bot as it was when an event was written down; it may be gone when the event is sent. This is the column `bot` of
/// `deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotSnapshot {
    /// Its user.
    pub bot_id: i64,
    /// Its code.
    pub code: String,
    /// The application that it belongs to; `None` for a bot of a webhook, for which no tokens are issued.
    pub client_id: Option<String>,
    /// What its handlers know the portal by.
    pub application_token: String,
    /// 1 for `imbot.register`, 2 for `imbot.v2.Bot.register`.
    pub generation: i64,
}

impl BotSnapshot {
    /// The snapshot as stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Parses the text of [`BotSnapshot::to_json`].
    ///
    /// # Errors
    /// If the text is not a snapshot.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The application in a stored snapshot, if any.
    #[must_use]
    pub fn client_of(text: &str) -> Option<String> {
        Self::from_json(text).ok()?.client_id
    }
}
