//! The data of second-generation events (sources: event objects), for bots and users alike. A bot's own object is not stored with each: a
//! bot that fetches gets its current one, and a delivery has a brief one.

use readmark_app::events::{Scene, Spoken};
use readmark_model::{
    Event, MessageId, UserId, bot::StreamEvent, chat::Chat, command::CommandContext, user::User,
};
use serde_json::{Value, json};

use super::LANGUAGE;
use crate::{
    objects::{chat::dialog_id, event_chat::EventChat, message::V2Message, user::V2User},
    portal::context::PortalContext,
};

/// The data of an event. All but the chat is the same for everybody and written once.
pub(super) struct Text<'a> {
    chat: &'a Chat,
    with_dialog: bool,
    /// The part before the chat.
    lead: String,
    person: String,
    /// For events that name users who joined: the part before the chat for users, where that for bots names somebody else.
    joined: Option<String>,
}

impl<'a> Text<'a> {
    pub(super) fn new(scene: &'a Scene<'_>, portal: &PortalContext) -> Self {
        let shown = |user: &User| json!(V2User::in_event(user, portal)).to_string();
        let mut lead = String::new();
        for (name, value) in members(scene, portal) {
            lead.push_str(&format!("\"{name}\":{value},"));
        }
        Self {
            chat: &scene.chat,
            with_dialog: matches!(
                scene.kind,
                StreamEvent::JoinChat | StreamEvent::ContextGet | StreamEvent::MessageRead
            ),
            lead,
            person: scene
                .person
                .as_ref()
                .map_or_else(|| "null".to_owned(), shown),
            joined: scene.joined.as_ref().map(shown),
        }
    }

    /// The data for a bot.
    pub(super) fn for_bot(&self, bot: UserId, portal: &PortalContext) -> String {
        self.write(bot, &self.person, portal)
    }

    /// The data for a bot that is notified up to which message somebody read.
    pub(super) fn of_read(&self, bot: UserId, up_to: MessageId, portal: &PortalContext) -> String {
        let rest = self.for_bot(bot, portal);
        let rest = rest.strip_prefix('{').unwrap_or(&rest);
        format!("{{\"messageId\":{up_to},{rest}")
    }

    /// The data for a subscribed user.
    pub(super) fn for_user(&self, user: UserId, portal: &PortalContext) -> String {
        self.write(user, self.joined.as_ref().unwrap_or(&self.person), portal)
    }

    fn write(&self, viewer: UserId, person: &str, portal: &PortalContext) -> String {
        let chat = json!(EventChat::new(self.chat, viewer, portal));
        let dialog = if self.with_dialog {
            let id = json!(dialog_id(self.chat, viewer));
            format!("\"dialogId\":{id},")
        } else {
            String::new()
        };
        let lead = &self.lead;
        let language = json!(LANGUAGE);
        format!("{{{dialog}{lead}\"chat\":{chat},\"user\":{person},\"language\":{language}}}")
    }
}

/// The part before the chat, in order.
fn members(scene: &Scene<'_>, portal: &PortalContext) -> Vec<(&'static str, Value)> {
    let message = |spoken: &Spoken| {
        let object = V2Message::new(&spoken.message, &spoken.reactions, spoken.viewed, portal);
        ("message", json!(object))
    };
    let mut members = match scene.event {
        Event::ReactionChanged {
            reaction, added, ..
        } => vec![
            ("reaction", json!(reaction)),
            ("action", json!(if *added { "add" } else { "delete" })),
        ],
        Event::ContextSent { context, .. } => {
            let context = serde_json::from_str(context).unwrap_or_else(|_| json!({}));
            vec![("context", context)]
        }
        Event::CommandCalled { call } => vec![(
            "command",
            json!({
                "id": call.command,
                "command": format!("/{}", call.name),
                "params": call.params,
                "context": match call.context {
                    CommandContext::TextArea => "textarea",
                    CommandContext::Keyboard => "keyboard",
                    CommandContext::Menu => "menu",
                },
            }),
        )],
        _ => Vec::new(),
    };
    match (&scene.message, scene.kind) {
        (Some(spoken), StreamEvent::MessageDelete) => {
            members.push(("messageId", json!(spoken.message.id.get())));
        }
        (Some(spoken), _) => members.push(message(spoken)),
        (None, _) => {}
    }
    members
}
