//! Streams: what bots and users ask for.

use readmark_model::{
    EventMode,
    bot::{Bot, Generation},
};
use readmark_store::{StoreError, Tx, repo::stream};

use super::{Consumer, News};

/// Keeps what a bot asks for: one of the second generation, unless its events are sent.
pub(super) struct BotStreams;

impl BotStreams {
    /// Whether a bot has its events kept here.
    pub(super) fn are_of(bot: &Bot) -> bool {
        (bot.generation, bot.event_mode) == (Generation::Second, EventMode::Fetch)
    }
}

impl Consumer for BotStreams {
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError> {
        let Some(name) = news.scene.kind.bot_name(Generation::Second) else {
            return Ok(());
        };
        for told in news.bots.iter().filter(|told| Self::are_of(told.bot)) {
            let (user, data) = (told.bot.user, news.data_for(told));
            match &news.subject {
                Some(subject) => {
                    stream::insert_latest(tx, user, name, &data, subject, news.now)?;
                }
                None => stream::insert(tx, user, name, &data, news.now)?,
            }
        }
        Ok(())
    }
}

/// Keeps what a user asks for who subscribed. Some events are a bot's alone.
pub(super) struct UserStreams;

impl Consumer for UserStreams {
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError> {
        let Some(name) = news.scene.kind.user_name() else {
            return Ok(());
        };
        for listener in &news.users {
            let data = news.text.for_user(listener.user, news.portal);
            stream::insert(tx, listener.user, name, &data, news.now)?;
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
