//! Recipients of events (sources: recipients of events). Decisions where the documentation is silent are listed in `docs/differences.md`.

use std::collections::HashSet;

use readmark_model::{
    BotOwner, ChatKind, Event, MessageKind, UserId, UserKind,
    bot::{Bot, StreamEvent},
    stream::Listener,
    text::{self, Mention},
};
use readmark_store::{StoreError, Tx, repo::bot};

use super::{
    ToldBot,
    audience::Audience,
    scene::{Scene, Spoken},
};

/// The bots that receive the event, in id order. `all` are the events of the same transaction.
pub(super) fn bots<'a>(
    tx: &mut dyn Tx,
    scene: &Scene<'_>,
    audience: &'a Audience,
    all: &[&Event],
) -> Result<Vec<ToldBot<'a>>, StoreError> {
    if let Some(call) = scene.command() {
        let called = audience.bot(scene.chat.id, call.bot);
        return Ok(called.map(told).into_iter().collect());
    }
    let listeners = audience.of(scene.chat.id);
    let mut members = listeners
        .iter()
        .filter_map(|listener| Some((listener, listener.bot.as_ref()?)))
        .peekable();
    if members.peek().is_none() {
        return Ok(Vec::new());
    }
    let spoken = match &scene.message {
        Some(spoken) => Some(Said::new(tx, scene, spoken, audience, all)?),
        None => None,
    };
    let heard = members.filter(|(listener, bot)| match (scene.kind, &spoken) {
        (StreamEvent::ReactionChange, Some(said)) => {
            let own = said.spoken.message.author == bot.user;
            own && bot.reactions_enabled && scene.acting != Some(bot.user)
        }
        (_, Some(said)) => listener.may_see(said.spoken) && said.is_heard_by(bot),
        (_, None) => is_addressed(scene, bot),
    });
    Ok(heard.map(|(_, bot)| told(bot)).collect())
}

fn told(bot: &Bot) -> ToldBot<'_> {
    ToldBot { bot, up_to: None }
}

/// Whether a bot receives an event that is not about a message. It does not receive its own.
fn is_addressed(scene: &Scene<'_>, bot: &Bot) -> bool {
    let addressed = match scene.event {
        Event::MemberAdded { user, .. } => *user == bot.user,
        Event::PrivateChatAdded { .. } | Event::ContextSent { .. } => true,
        _ => false,
    };
    addressed && scene.acting != Some(bot.user)
}

/// The users who receive the event, in id order: every subscriber, also for their own actions. New private chats are only
/// reported to bots, which may want to greet.
pub(super) fn users<'a>(
    scene: &'a Scene<'_>,
    listeners: &'a [Listener],
) -> impl Iterator<Item = &'a Listener> {
    let is_told = !matches!(scene.event, Event::PrivateChatAdded { .. });
    listeners
        .iter()
        .filter(move |listener| is_told && listener.bot.is_none())
        .filter(|listener| {
            let mut message = scene.message.iter();
            message.all(|spoken| listener.may_see(spoken))
        })
}

trait Sight {
    /// Whether a message is not in the history hidden from this member.
    fn may_see(&self, spoken: &Spoken) -> bool;
}

impl Sight for Listener {
    fn may_see(&self, spoken: &Spoken) -> bool {
        spoken.message.seq >= self.visible_from
    }
}

/// A message with the facts that decide its recipients.
struct Said<'a> {
    spoken: &'a Spoken,
    is_private: bool,
    /// The author's owner, if it is a bot.
    owner: Option<BotOwner>,
    /// Users whom the text mentions, or mentioned before the change.
    mentioned: HashSet<UserId>,
    /// Bots that receive a command of the message instead.
    called: HashSet<UserId>,
}

impl<'a> Said<'a> {
    fn new(
        tx: &mut dyn Tx,
        scene: &'a Scene<'_>,
        spoken: &'a Spoken,
        audience: &Audience,
        all: &[&Event],
    ) -> Result<Self, StoreError> {
        let message = &spoken.message;
        let by_bot = scene
            .person
            .as_ref()
            .is_some_and(|person| person.kind == UserKind::Bot);
        let owner = match audience.bot(scene.chat.id, message.author) {
            Some(author) => Some(author.owner.clone()),
            None if by_bot => bot::find(tx, message.author)?.map(|author| author.owner),
            None => None,
        };
        let texts = [Some(&message.text), spoken.text_before.as_ref()];
        let mentions = texts
            .into_iter()
            .flatten()
            .flat_map(|text| text::mentions(text));
        let mentioned = mentions.filter_map(|mention| match mention {
            Mention::User(user) => Some(user),
            Mention::All | Mention::Chat(_) => None,
        });
        let calls = all.iter().filter_map(|other| match other {
            Event::CommandCalled { call } if call.message == message.id => Some(call.bot),
            _ => None,
        });
        Ok(Self {
            is_private: scene.chat.kind == ChatKind::Private,
            owner,
            mentioned: mentioned.collect(),
            called: calls.collect(),
            spoken,
        })
    }

    /// A bot receives neither its own messages nor those of its application's other bots, which could answer each other
    /// forever. One that sees all messages also gets system messages; any other gets what is said to it in private, or
    /// mentions it.
    fn is_heard_by(&self, bot: &Bot) -> bool {
        let message = &self.spoken.message;
        if message.author == bot.user
            || self.owner.as_ref() == Some(&bot.owner)
            || self.called.contains(&bot.user)
        {
            return false;
        }
        bot.kind.sees_everything()
            || message.kind == MessageKind::Post
                && (self.is_private || self.mentioned.contains(&bot.user))
    }
}
