//! Messages.

use std::collections::HashSet;

use readmark_app::import::{Piece, Post};
use readmark_model::MessageKind;

use super::{
    emoji, markup,
    people::{People, text},
    places::Places,
    raw::{RawAttachment, RawFile, RawMessage},
    time,
};

/// What is needed to read the messages of a room.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) people: &'a People,
    pub(super) places: &'a Places,
    pub(super) answered: &'a HashSet<i64>,
}

/// The time of a message in microseconds, if all its times are valid.
pub(super) fn check(message: &RawMessage) -> Result<i64, String> {
    if let Some(thread) = text(&message.thread_ts) {
        time::parse(thread).map_err(|reason| format!("thread_{reason}"))?;
    }
    if let Some(edited) = edited(message) {
        time::parse(edited).map_err(|reason| format!("edited: {reason}"))?;
    }
    time::parse(&message.ts)
}

/// The time of the message that this one replies to.
pub(super) fn thread_of(message: &RawMessage, at: i64) -> Option<i64> {
    let thread = time::parse(text(&message.thread_ts)?).ok()?;
    (thread != at).then_some(thread)
}

fn edited(message: &RawMessage) -> Option<&str> {
    text(&message.edited.as_ref()?.ts)
}

impl Context<'_> {
    /// The message to import.
    pub(super) fn post(&self, message: &RawMessage) -> Result<Post, String> {
        let key = check(message)?;
        let author = self
            .people
            .author(message)
            .ok_or("the archive changed while it was imported")?;
        let subtype = text(&message.subtype).unwrap_or_default();
        let edited_at = edited(message).and_then(|ts| time::parse(ts).ok());
        Ok(Post {
            key,
            at: time::to_timestamp(key),
            author,
            kind: kind(subtype),
            deleted: subtype == "tombstone",
            edited_at: edited_at.map(time::to_timestamp),
            answers: thread_of(message, key),
            answered: self.answered.contains(&key),
            text: self.text(message, subtype),
            reactions: self.reactions(message),
        })
    }

    fn text(&self, message: &RawMessage, subtype: &str) -> Vec<Piece> {
        let said = message.text.as_deref().unwrap_or_default();
        let mut pieces = markup::pieces(said, self.people, self.places);
        if subtype == "me_message" {
            pieces.insert(0, Piece::Text("[I]".to_owned()));
            pieces.push(Piece::Text("[/I]".to_owned()));
        }
        let files = message
            .files
            .iter()
            .flatten()
            .map(|file| vec![Piece::Text(file_line(file))]);
        let attachments = message
            .attachments
            .iter()
            .flatten()
            .filter(|attachment| pieces.is_empty() || !is_preview(attachment))
            .map(|attachment| self.attachment(attachment));
        let lines: Vec<Vec<Piece>> = files
            .chain(attachments)
            .filter(|line| !line.is_empty())
            .collect();
        for line in lines {
            if !pieces.is_empty() {
                pieces.push(Piece::Text("\n".to_owned()));
            }
            pieces.extend(line);
        }
        pieces
    }

    fn attachment(&self, attachment: &RawAttachment) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let title = text(&attachment.title).map(|title| match text(&attachment.title_link) {
            Some(address) => vec![Piece::Text(markup::link(address, &markup::unescape(title)))],
            None => markup::pieces(title, self.people, self.places),
        });
        let said = [&attachment.pretext, &attachment.text];
        let mut parts: Vec<Vec<Piece>> = title.into_iter().collect();
        let marked_up = |said| markup::pieces(said, self.people, self.places);
        parts.extend(said.into_iter().filter_map(text).map(marked_up));
        if parts.is_empty() {
            parts.extend(text(&attachment.fallback).map(marked_up));
        }
        for part in parts {
            if !pieces.is_empty() {
                pieces.push(Piece::Text("\n".to_owned()));
            }
            pieces.extend(part);
        }
        pieces
    }

    fn reactions(&self, message: &RawMessage) -> Vec<(usize, &'static str)> {
        let mut reactions = Vec::new();
        for raw in message.reactions.iter().flatten() {
            let Some(kind) = emoji::reaction(&raw.name) else {
                continue;
            };
            let users = raw.users.iter().flatten();
            reactions.extend(users.filter_map(|user| Some((self.people.find(user)?, kind))));
        }
        reactions
    }
}

/// Events of a room or its members become notices; everything else is a message with an author.
fn kind(subtype: &str) -> MessageKind {
    const NOTICES: [&str; 10] = [
        "pinned_item",
        "unpinned_item",
        "bot_add",
        "bot_remove",
        "bot_enable",
        "bot_disable",
        "reminder_add",
        "reminder_delete",
        "huddle_thread",
        "sh_room_created",
    ];
    let of_room = subtype.starts_with("channel_") || subtype.starts_with("group_");
    if of_room || NOTICES.contains(&subtype) {
        MessageKind::Notice
    } else {
        MessageKind::Post
    }
}

/// Whether it is a link preview: the text contains the address anyway.
fn is_preview(attachment: &RawAttachment) -> bool {
    text(&attachment.from_url).is_some() || text(&attachment.original_url).is_some()
}

fn file_line(file: &RawFile) -> String {
    let name = text(&file.name)
        .or_else(|| text(&file.title))
        .unwrap_or("file");
    match text(&file.permalink).or_else(|| text(&file.url_private)) {
        Some(address) => markup::link(address, name),
        None => name.to_owned(),
    }
}
