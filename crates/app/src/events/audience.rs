//! The listeners in the chats of a transaction.

use std::collections::{BTreeMap, BTreeSet};

use readmark_model::{ChatId, Event, UserId, bot::Bot, stream::Listener};
use readmark_store::{
    StoreError, Tx,
    repo::{bot, stream},
};

/// All listeners, with their streams locked.
#[derive(Debug, Default)]
pub struct Audience {
    chats: BTreeMap<ChatId, Vec<Listener>>,
    /// Bots whose commands were called where they are not members.
    guests: BTreeMap<UserId, Bot>,
}

impl Audience {
    /// Finds all listeners, and locks their streams in user order, like readers of several streams.
    pub fn lock_shared(tx: &mut dyn Tx, events: &[&Event]) -> Result<Self, StoreError> {
        let chats: BTreeSet<ChatId> = events.iter().filter_map(|event| event.chat()).collect();
        let called = || events.iter().copied().filter_map(called_bot);
        let mut audience = Self::default();
        if let (1, Some(chat), None) = (chats.len(), chats.first(), called().next()) {
            let listeners = stream::lock_shared_listeners(tx, *chat)?;
            audience.chats.insert(*chat, listeners);
            return Ok(audience);
        }
        for chat in chats {
            let listeners = stream::list_listeners(tx, chat)?;
            audience.chats.insert(chat, listeners);
        }
        for (chat, id) in called() {
            let is_member = audience.of(chat).iter().any(|found| found.user == id);
            if !is_member && let Some(bot) = bot::find(tx, id)?.filter(|bot| bot.active) {
                audience.guests.insert(id, bot);
            }
        }
        let members = audience.chats.values().flatten().map(|found| found.user);
        let all: BTreeSet<UserId> = members.chain(audience.guests.keys().copied()).collect();
        for user in all {
            stream::lock_shared(tx, user)?;
        }
        Ok(audience)
    }

    /// The listeners of a chat, in id order.
    #[must_use]
    pub fn of(&self, chat: ChatId) -> &[Listener] {
        self.chats.get(&chat).map_or(&[], Vec::as_slice)
    }

    /// Whether this may have recipients.
    #[must_use]
    pub fn is_any(&self, event: &Event) -> bool {
        let in_chat = event.chat().is_some_and(|chat| !self.of(chat).is_empty());
        in_chat || called_bot(event).is_some()
    }

    /// A bot, as a member of the chat or as one whose command was called there.
    pub(super) fn bot(&self, chat: ChatId, id: UserId) -> Option<&Bot> {
        let mut listeners = self.of(chat).iter();
        listeners
            .find(|found| found.user == id)
            .and_then(|found| found.bot.as_ref())
            .or_else(|| self.guests.get(&id))
    }
}

fn called_bot(event: &Event) -> Option<(ChatId, UserId)> {
    match event {
        Event::CommandCalled { call } => Some((call.chat, call.bot)),
        _ => None,
    }
}
