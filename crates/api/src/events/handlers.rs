//! Deliveries to the handlers of bots.

use readmark_app::events::{
    ToldBot,
    keep::{self, NewDelivery},
};
use readmark_model::{
    Timestamp, UserId,
    bot::{Bot, Generation, Handler},
};
use readmark_store::{StoreError, Tx};

use super::{Consumer, News, delivery::BotSnapshot, first, streams::BotStreams};

/// Records deliveries to bots: those of the first generation, and those in webhook mode. Events without a handler are not recorded.
#[derive(Debug, Default)]
pub(super) struct Deliveries {
    kept: bool,
}

impl Consumer for Deliveries {
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError> {
        for told in &news.told.bots {
            let bot = told.bot;
            if BotStreams::are_of(bot) {
                continue;
            }
            let Some(handler) = keep::find_handler(tx, bot, news.scene)? else {
                continue;
            };
            let data = data(tx, told, news)?;
            let sent = Sent {
                handler: &handler,
                data: &data,
                subject: news.told.subject.as_deref(),
                acting: news.scene.acting,
            };
            self.deliver(tx, bot, &sent, news.now)?;
        }
        Ok(())
    }
}

fn data(tx: &mut dyn Tx, told: &ToldBot<'_>, news: &News<'_>) -> Result<String, StoreError> {
    match told.bot.generation {
        Generation::First => first::data(tx, told.bot, news.scene, news.audience),
        Generation::Second => Ok(news.data_for(told)),
    }
}

/// One delivery.
struct Sent<'a> {
    handler: &'a Handler,
    data: &'a str,
    /// Of waiting deliveries with the same subject only the latest is kept.
    subject: Option<&'a str>,
    /// The user who caused the event.
    acting: Option<UserId>,
}

impl Deliveries {
    /// Whether anything was recorded.
    pub(super) fn is_any(&self) -> bool {
        self.kept
    }

    /// Records the deletion of a bot. It is only ever sent: nobody can fetch the events of a deleted bot.
    pub(super) fn keep_end(
        &mut self,
        tx: &mut dyn Tx,
        bot: &Bot,
        handler: Option<&Handler>,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(handler) = handler else {
            return Ok(());
        };
        let data = match bot.generation {
            Generation::First => first::deletion(bot),
            Generation::Second => "{}".to_owned(),
        };
        let sent = Sent {
            handler,
            data: &data,
            subject: None,
            acting: Some(by),
        };
        self.deliver(tx, bot, &sent, now)
    }

    fn deliver(
        &mut self,
        tx: &mut dyn Tx,
        bot: &Bot,
        sent: &Sent<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let snapshot = BotSnapshot {
            bot_id: bot.user.get(),
            code: bot.code.clone(),
            client_id: bot.owner.application().map(str::to_owned),
            application_token: bot.application_token.clone(),
            generation: bot.generation.code(),
        };
        let new = NewDelivery {
            handler: sent.handler,
            data: sent.data,
            bot: &snapshot.to_json(),
            acting_user: sent.acting,
        };
        keep::deliver(tx, &new, sent.subject, now)?;
        self.kept = true;
        Ok(())
    }
}
