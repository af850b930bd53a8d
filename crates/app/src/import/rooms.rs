//! Creating and filling the imported chats.

use std::collections::HashMap;

use readmark_model::{
    ChatId, ChatKind, MessageId, MessageKind, MessageParams, ReadState, Role, Seq, Timestamp,
    UserId,
    chat::{Entity, Tail},
    color::Color,
    text,
};
use readmark_store::{
    StoreError, Tx,
    repo::{
        chat::{self, NewChat},
        import as bulk,
        member::{self, NewMember},
        message::{self, NewMessage, Place},
        reaction, word,
    },
};

use super::{Failure, History, Piece, Plan, Post, Room, people::Added};
use crate::message::mention;

/// How many words are buffered, to be written in alphabetical order, which is cheapest.
const WORDS_AT_ONCE: usize = 4096;

/// A chat that a room became.
pub(super) struct Made {
    id: ChatId,
    /// Whether it existed already, empty and with its members.
    existed: bool,
}

/// The users and chats for people and rooms.
#[derive(Clone, Copy)]
pub(super) struct Map<'a> {
    pub(super) users: &'a [Added],
    pub(super) chats: &'a [Made],
}

/// Creates every chat before the first message, so that messages can mention any of them.
pub(super) fn make(
    tx: &mut dyn Tx,
    rooms: &[Room],
    users: &[Added],
    now: Timestamp,
) -> Result<Vec<Made>, Failure> {
    let make_one = |room| make_one(tx, room, users, now);
    rooms.iter().map(make_one).collect()
}

fn make_one(
    tx: &mut dyn Tx,
    room: &Room,
    users: &[Added],
    now: Timestamp,
) -> Result<Made, Failure> {
    let pair = pair_of(room, users);
    let (title, description) = (
        text::without_nul(&room.title),
        text::without_nul(&room.description),
    );
    let made = chat::insert(
        tx,
        &NewChat {
            kind: room.kind,
            title: &title,
            description: &description,
            color: "",
            avatar: "",
            owner: user_of(users, room.owner)?.id,
            pair,
            entity: &Entity::default(),
            now: room.created_at.unwrap_or(now),
        },
    )?;
    match (made, pair) {
        (Some(id), None) => {
            chat::update_color(tx, id, Color::default_for(id.get()).hex())?;
            Ok(Made { id, existed: false })
        }
        (Some(id), Some(_)) => Ok(Made { id, existed: false }),
        (None, Some((low, high))) => existing_private(tx, low, high),
        (None, None) => Err(StoreError::Decode("a chat that is not private was not made").into()),
    }
}

/// The existing private chat of two people of the portal, created on mention but never written to.
fn existing_private(tx: &mut dyn Tx, low: UserId, high: UserId) -> Result<Made, Failure> {
    let found = match chat::find_private(tx, low, high)? {
        Some(id) => chat::lock_exclusive(tx, id)?,
        None => None,
    };
    match found {
        Some(chat) if chat.tail.last_seq == Seq::ZERO => Ok(Made {
            id: chat.id,
            existed: true,
        }),
        _ => Err(Failure::PrivateChatInUse(low, high)),
    }
}

fn pair_of(room: &Room, users: &[Added]) -> Option<(UserId, UserId)> {
    if room.kind != ChatKind::Private {
        return None;
    }
    let ids = || room.members.iter().filter_map(|at| users.get(*at));
    let low = ids().map(|user| user.id).min()?;
    let high = ids().map(|user| user.id).max()?;
    Some((low, high))
}

fn user_of(users: &[Added], at: usize) -> Result<&Added, Failure> {
    users
        .get(at)
        .ok_or_else(|| Failure::Unreadable("the archive changed while it was imported".to_owned()))
}

/// The state of a chat while it is filled.
struct Filling {
    chat: ChatId,
    tail: Tail,
    messages: i64,
    /// The last seq before the unread messages.
    read_to: Option<Seq>,
    /// Posts with replies, by key.
    answered: HashMap<i64, MessageId>,
    /// Buffered words of messages.
    words: Vec<(String, Seq)>,
}

/// Writes the posts of a room, then its members. `done` is called for each post.
pub(super) fn fill(
    tx: &mut dyn Tx,
    history: &mut dyn History,
    room: usize,
    map: &Map<'_>,
    plan: &Plan,
    done: &mut dyn FnMut(usize),
) -> Result<(), Failure> {
    let gone = || Failure::Unreadable("the archive changed while it was imported".to_owned());
    let made = map.chats.get(room).ok_or_else(gone)?;
    let about = history.rooms().get(room).ok_or_else(gone)?.clone();
    let mut filling = Filling::new(made.id, about.created_at.unwrap_or(plan.now));
    history.posts(room, &mut |post| {
        filling.add(tx, post, map, plan)?;
        done(1);
        Ok(())
    })?;
    filling.write_words(tx)?;
    bulk::update_tail(tx, made.id, &filling.tail, filling.messages)?;
    if about.closed {
        bulk::update_closed(tx, made.id)?;
    }
    let cursor = filling.read_to.unwrap_or(filling.tail.last_seq);
    if made.existed {
        for at in &about.members {
            bulk::update_cursor(tx, made.id, user_of(map.users, *at)?.id, cursor, plan.now)?;
        }
        return Ok(());
    }
    let joined_at = about.created_at.unwrap_or(plan.now);
    add_members(tx, made.id, &about, map.users, cursor, joined_at)
}

/// Members see the chat from its beginning, and have read it up to the cursor without viewing anything (rule R13).
fn add_members(
    tx: &mut dyn Tx,
    chat: ChatId,
    room: &Room,
    users: &[Added],
    cursor: Seq,
    joined_at: Timestamp,
) -> Result<(), Failure> {
    let read = ReadState {
        cursor,
        ..ReadState::joined(Seq::ZERO, true, Seq::ZERO)
    };
    let (mut members, mut extranet) = (0, 0);
    for &at in &room.members {
        let user = user_of(users, at)?;
        let owns = at == room.owner && room.kind != ChatKind::Private;
        member::insert(
            tx,
            &NewMember {
                user: user.id,
                chat,
                role: if owns { Role::Owner } else { Role::Member },
                read,
                now: joined_at,
            },
        )?;
        members += 1;
        extranet += i64::from(user.extranet);
    }
    Ok(chat::count_members(tx, chat, members, extranet)?)
}

impl Filling {
    fn new(chat: ChatId, created_at: Timestamp) -> Self {
        Self {
            chat,
            tail: Tail {
                last_seq: Seq::ZERO,
                last_post_seq: Seq::ZERO,
                last_message: MessageId::default(),
                last_message_seq: Seq::ZERO,
                last_activity_at: created_at,
            },
            messages: 0,
            read_to: None,
            answered: HashMap::new(),
            words: Vec::new(),
        }
    }

    fn add(
        &mut self,
        tx: &mut dyn Tx,
        post: Post,
        map: &Map<'_>,
        plan: &Plan,
    ) -> Result<(), Failure> {
        let seq = self.tail.last_seq.next();
        let at = post.at.max(self.tail.last_activity_at);
        if self.read_to.is_none() && plan.unread_from.is_some_and(|from| at >= from) {
            self.read_to = Some(seq.prev());
        }
        let text = render(&post.text, map);
        let text = text::cut_message(&text);
        let new = NewMessage {
            chat: self.chat,
            seq,
            author: user_of(map.users, post.author)?.id,
            kind: post.kind,
            created_at: at,
            reply: post
                .answers
                .and_then(|key| self.answered.get(&key).copied()),
            text: &text,
            params: MessageParams::empty(),
            uuid: None,
        };
        let id = message::insert(tx, &new)?;
        if post.deleted {
            message::update_to_tombstone(tx, new.chat, id, at)?;
        } else {
            if let Some(edited_at) = post.edited_at {
                message::update(tx, id, &text, MessageParams::empty(), Some(edited_at))?;
            }
            if post.kind != MessageKind::Notice {
                let words = text::search_words(&text);
                self.words.extend(words.into_iter().map(|word| (word, seq)));
                if self.words.len() >= WORDS_AT_ONCE {
                    self.write_words(tx)?;
                }
                mention::index(tx, self.chat, Place { id, seq }, new.author, &text)?;
            }
            for (who, kind) in &post.reactions {
                reaction::insert(tx, id, user_of(map.users, *who)?.id, kind, at)?;
            }
        }
        if post.answered {
            self.answered.insert(post.key, id);
        }
        self.grow(id, seq, post.kind, at);
        Ok(())
    }

    fn write_words(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        self.words.sort_unstable();
        word::insert_all(tx, self.chat, &self.words)?;
        self.words.clear();
        Ok(())
    }

    fn grow(&mut self, id: MessageId, seq: Seq, kind: MessageKind, at: Timestamp) {
        self.messages += 1;
        self.tail = Tail {
            last_seq: seq,
            last_post_seq: if kind == MessageKind::Notice {
                self.tail.last_post_seq
            } else {
                seq
            },
            last_message: id,
            last_message_seq: seq,
            last_activity_at: at,
        };
    }
}

fn render(pieces: &[Piece], map: &Map<'_>) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Person(at) => {
                if let Some(user) = map.users.get(*at) {
                    text.push_str(&format!("[USER={}]{}[/USER]", user.id, user.name));
                }
            }
            Piece::Room(at, name) => {
                if let Some(chat) = map.chats.get(*at) {
                    text.push_str(&format!("[CHAT={}]{name}[/CHAT]", chat.id));
                }
            }
        }
    }
    if text.contains('\0') {
        text.retain(|letter| letter != '\0');
    }
    text
}
