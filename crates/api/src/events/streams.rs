//! Streams: events that bots and users fetch.

use readmark_app::events::keep::{self, NewRecord};
use readmark_model::{
    EventMode,
    bot::{Bot, Generation},
};
use readmark_store::{StoreError, Tx};

use super::{Consumer, News};

/// Records events for bots that fetch: those of the second generation, unless in webhook mode.
pub(super) struct BotStreams;

impl BotStreams {
    /// Whether a bot fetches its events.
    pub(super) fn are_of(bot: &Bot) -> bool {
        (bot.generation, bot.event_mode) == (Generation::Second, EventMode::Fetch)
    }
}

impl Consumer for BotStreams {
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError> {
        let Some(name) = news.scene.kind.bot_name(Generation::Second) else {
            return Ok(());
        };
        let bots = news.told.bots.iter();
        for told in bots.filter(|told| Self::are_of(told.bot)) {
            let new = NewRecord {
                user: told.bot.user,
                event: name,
                data: &news.data_for(told),
            };
            keep::record(tx, &new, news.told.subject.as_deref(), news.now)?;
        }
        Ok(())
    }
}

/// Records events for subscribed users. Some events are for bots only.
pub(super) struct UserStreams;

impl Consumer for UserStreams {
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError> {
        let Some(name) = news.scene.kind.user_name() else {
            return Ok(());
        };
        for listener in &news.told.users {
            let new = NewRecord {
                user: listener.user,
                event: name,
                data: &news.text.for_user(listener.user, news.portal),
            };
            keep::record(tx, &new, None, news.now)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::bot::StreamEvent;

    use super::*;

    #[test]
    fn a_user_is_told_of_what_bots_are_told_under_another_name() {
        for event in StreamEvent::ALL {
            let bot = event.bot_name(Generation::Second).unwrap();
            if let Some(user) = event.user_name() {
                assert_eq!(user.replace("ONIM", "ONIMBOT"), bot);
            }
        }
    }
}
