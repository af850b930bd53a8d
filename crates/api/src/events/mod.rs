//! Telling bots and users who listen what happened (`spec_events` §3 to §10).
//!
//! [`publish`] runs after a method and before its commit, in the same transaction: what is told is durable with what happened.
//! It finds those who listen (`audience`), decides who is told (`hearing`), and writes down what (`second` and `first`, for the
//! two generations of bots). A bot that asks for its events, and a user, get a row in their stream; what is sent to a bot gets
//! one among the deliveries.
//!
//! A further kind of event takes an [`Occurrence`], a [`StreamEvent`] and a case in `Scene::load`. One that not every listener
//! is to get has a level of its own in `members.listens`.

mod audience;
pub mod delivery;
mod first;
mod hearing;
mod reads;
mod scene;
mod second;

use readmark_app::{Cx, occurrence::Occurrence};
use readmark_model::{
    Event, EventKind, EventMode, UserId, ViewRange,
    bot::{Generation, StreamEvent},
};
use readmark_store::{
    StoreError,
    repo::{
        bot::Bot,
        delivery::{self as deliveries, NewDelivery},
        event_handler::{self, Handler},
        stream,
    },
};

use self::{audience::Audience, scene::Scene};
use crate::{events::delivery::BotSnapshot, portal::context::PortalContext};

/// The language of a portal, as events name it.
const LANGUAGE: &str = "en";

/// Tells everybody who listens what a use case did. Costs nothing where nothing happened that anybody is told of, and one
/// statement where nobody listens.
///
/// # Errors
/// When the store fails.
pub fn publish(cx: &mut Cx<'_>, portal: &PortalContext) -> Result<(), StoreError> {
    let occurrences = std::mem::take(&mut cx.occurrences);
    if occurrences.is_empty() {
        return Ok(());
    }
    let audience = Audience::hold(cx.tx, &occurrences)?;
    let mut telling = Telling {
        cx,
        portal,
        audience: &audience,
    };
    for occurrence in &occurrences {
        telling.tell(occurrence, &occurrences)?;
    }
    Ok(())
}

/// What is sent to a handler.
struct Sent<'a> {
    handler: &'a Handler,
    data: &'a str,
    /// Of what has the same subject only the latest waits.
    subject: Option<&'a str>,
}

impl<'a> Sent<'a> {
    fn new(handler: &'a Handler, data: &'a str) -> Self {
        Self {
            handler,
            data,
            subject: None,
        }
    }
}

struct Telling<'a, 'b> {
    cx: &'a mut Cx<'b>,
    portal: &'a PortalContext,
    audience: &'a Audience,
}

impl Telling<'_, '_> {
    fn tell(&mut self, occurrence: &Occurrence, all: &[Occurrence]) -> Result<(), StoreError> {
        if let Occurrence::BotDeleted { bot, handler, by } = occurrence {
            return self.tell_of_deletion(bot, handler.as_ref(), *by);
        }
        if !self.audience.is_any(occurrence) {
            return Ok(());
        }
        let Some(scene) = Scene::load(self.cx.tx, occurrence)? else {
            return Ok(());
        };
        let listeners = self.audience.of(scene.chat.id);
        let text = second::Text::new(&scene, self.portal);
        if let Occurrence::MessagesViewed { range, .. } = occurrence {
            return self.tell_of_read(&scene, *range, &text);
        }
        for bot in hearing::bots(self.cx.tx, &scene, self.audience, all)? {
            self.tell_bot(bot, &scene, &text)?;
        }
        for listener in hearing::users(&scene, listeners) {
            if let Some(name) = scene.event.user_name() {
                let data = text.for_user(listener.user, self.portal);
                stream::insert(self.cx.tx, listener.user, name, &data, self.cx.now)?;
            }
        }
        Ok(())
    }

    fn tell_bot(
        &mut self,
        bot: &Bot,
        scene: &Scene<'_>,
        text: &second::Text<'_>,
    ) -> Result<(), StoreError> {
        let Some(name) = scene.event.bot_name(bot.generation) else {
            return Ok(());
        };
        if (bot.generation, bot.event_mode) == (Generation::Second, EventMode::Fetch) {
            let data = text.for_bot(bot.user, self.portal);
            return stream::insert(self.cx.tx, bot.user, name, &data, self.cx.now);
        }
        let command = match bot.generation {
            Generation::First => scene.command().map_or(0, |call| call.command),
            Generation::Second => 0,
        };
        let Some(handler) = event_handler::find(self.cx.tx, bot.user, name, command)? else {
            return Ok(());
        };
        let data = match bot.generation {
            Generation::First => first::data(self.cx.tx, bot, scene, self.audience)?,
            Generation::Second => text.for_bot(bot.user, self.portal),
        };
        self.deliver(bot, &Sent::new(&handler, &data), scene.acting)
    }

    /// An event of a reader takes the place of the one before that still waits.
    fn tell_of_read(
        &mut self,
        scene: &Scene<'_>,
        range: ViewRange,
        text: &second::Text<'_>,
    ) -> Result<(), StoreError> {
        let listeners = self.audience.of(scene.chat.id);
        for (bot, up_to) in reads::heard(self.cx.tx, scene, range, listeners)? {
            let name = StreamEvent::MessageRead.bot_name(Generation::Second);
            let (Some(name), Some(subject)) = (name, reads::subject(scene)) else {
                continue;
            };
            let data = text.of_read(bot.user, up_to, self.portal);
            if bot.event_mode == EventMode::Fetch {
                stream::insert_latest(self.cx.tx, bot.user, name, &data, &subject, self.cx.now)?;
                continue;
            }
            // It has no handler of its own, and goes where messages go.
            let messages = StreamEvent::MessageAdd.bot_name(Generation::Second);
            let Some(handler) =
                event_handler::find(self.cx.tx, bot.user, messages.unwrap_or_default(), 0)?
            else {
                continue;
            };
            let handler = Handler {
                event: name.to_owned(),
                ..handler
            };
            let sent = Sent {
                handler: &handler,
                data: &data,
                subject: Some(&subject),
            };
            self.deliver(bot, &sent, scene.acting)?;
        }
        Ok(())
    }

    /// Only what is sent is told: nobody can ask for the events of a bot that is gone.
    fn tell_of_deletion(
        &mut self,
        bot: &Bot,
        handler: Option<&Handler>,
        by: UserId,
    ) -> Result<(), StoreError> {
        let Some(handler) = handler else {
            return Ok(());
        };
        let data = match bot.generation {
            Generation::First => first::deletion(bot),
            Generation::Second => "{}".to_owned(),
        };
        self.deliver(bot, &Sent::new(handler, &data), Some(by))
    }

    fn deliver(
        &mut self,
        bot: &Bot,
        sent: &Sent<'_>,
        acting: Option<UserId>,
    ) -> Result<(), StoreError> {
        let snapshot = BotSnapshot {
            bot_id: bot.user.get(),
            code: bot.code.clone(),
            client_id: bot.owner.strip_prefix("app:").map(str::to_owned),
            application_token: bot.application_token.clone(),
            generation: bot.generation.code(),
        };
        let new = NewDelivery {
            handler: sent.handler,
            data: sent.data,
            bot: &snapshot.to_json(),
            acting_user: acting,
        };
        match sent.subject {
            Some(subject) => deliveries::insert_latest(self.cx.tx, &new, subject, self.cx.now)?,
            None => deliveries::insert(self.cx.tx, &new, self.cx.now)?,
        }
        let waiting = Event::of_user(EventKind::DeliveryWaiting, bot.user);
        self.cx.events.push(waiting);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
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
