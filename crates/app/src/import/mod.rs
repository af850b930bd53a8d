//! Importing the archive of another messenger: its people, chats and messages.
//!
//! The source format is not known here. A [`History`] was validated as a whole before; it yields its posts one by one,
//! repeatedly if the transaction is retried. An import is one transaction: all or nothing. It writes no events and records no
//! views.

mod people;
mod rooms;

use readmark_model::{ChatKind, MessageKind, Timestamp, UserId};
use readmark_store::{
    StoreError, Tx, TxError,
    repo::import::{self as record, Import as Record},
};

/// A validated history to import. People and rooms are referred to by their index in the lists.
pub trait History: Send {
    /// Everybody who is a member of a room or wrote something.
    fn people(&self) -> &[Person];

    /// The chats.
    fn rooms(&self) -> &[Room];

    /// Yields the posts of a room in chronological order, each key once.
    ///
    /// # Errors
    /// The error of `each`, or [`Failure::Unreadable`].
    fn posts(
        &mut self,
        room: usize,
        each: &mut dyn FnMut(Post) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
}

/// A person or bot of another messenger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// First name; of a bot the whole name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Email, or empty. Identifies an existing person of the portal with the same email.
    pub email: String,
    /// Position.
    pub work_position: String,
    /// Name of the time zone, or empty.
    pub time_zone: String,
    /// Further fields as a JSON object; opaque here.
    pub profile: String,
    /// A bot, which nobody runs.
    pub bot: bool,
    /// Not dismissed.
    pub active: bool,
    /// A guest, who sees only shared chats and their members.
    pub extranet: bool,
}

/// A chat of another messenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The kind of chat it becomes.
    pub kind: ChatKind,
    /// Title; empty for a private chat.
    pub title: String,
    /// Description.
    pub description: String,
    /// The owner: one of the members, if there are any.
    pub owner: usize,
    /// Its members, each once; two for a private chat, or one for a chat with oneself.
    pub members: Vec<usize>,
    /// When it was created, not after its first post; `None` if unknown and there are no posts.
    pub created_at: Option<Timestamp>,
    /// It was archived: only the owner may post.
    pub closed: bool,
}

/// A message or notice in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Unique in its room, greater than those before it.
    pub key: i64,
    /// When it was sent.
    pub at: Timestamp,
    /// The author.
    pub author: usize,
    /// A message or a notice.
    pub kind: MessageKind,
    /// It was deleted, leaving a tombstone.
    pub deleted: bool,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// The key of the post that it replies to; ignored if there is none.
    pub answers: Option<i64>,
    /// Whether it has replies.
    pub answered: bool,
    /// Its text.
    pub text: Vec<Piece>,
    /// Who reacted, with the name of the reaction in this API: `like`, `fire`…
    pub reactions: Vec<(usize, &'static str)>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text, with BB codes.
    Text(String),
    /// A mention of a person.
    Person(usize),
    /// A mention of a room, with the name shown.
    Room(usize, String),
}

/// Parameters of an import.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The source of the archive: `slack`.
    pub source: String,
    /// Identifies the archive.
    pub fingerprint: String,
    /// Posts from then on are unread for everybody but their author; `None`: none are (rule R5).
    pub unread_from: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// The result of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Users and bots that were added.
    pub users: usize,
    /// Existing people of the portal, matched by email.
    pub known_users: usize,
    /// Chats.
    pub chats: usize,
    /// Messages, including notices and tombstones.
    pub messages: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The same archive was imported before.
    #[error("this archive was imported already")]
    AlreadyImported {
        /// When it was sent.
        at: Timestamp,
    },
    /// Two people of the portal already have a private history: the two histories cannot be merged.
    #[error(
        "users {0} and {1} have messages in their private chat already; import into a new portal"
    )]
    PrivateChatInUse(UserId, UserId),
    /// The archive became unreadable, or is not the one that was validated.
    #[error("{0}")]
    Unreadable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TxError for Failure {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// Imports a history in the open transaction, which must be rolled back when this fails. `progress` receives the number of
/// posts done.
///
/// Afterwards everybody has read everything, or everything before [`Plan::unread_from`].
///
/// # Errors
/// [`Failure`].
pub fn import(
    tx: &mut dyn Tx,
    history: &mut dyn History,
    plan: &Plan,
    progress: &mut dyn FnMut(usize),
) -> Result<Imported, Failure> {
    if let Some(at) = record::find(tx, &plan.source, &plan.fingerprint)? {
        return Err(Failure::AlreadyImported { at });
    }
    let mut written = Record {
        source: plan.source.clone(),
        fingerprint: plan.fingerprint.clone(),
        imported_at: plan.now,
        users: 0,
        chats: 0,
        messages: 0,
    };
    if !record::insert(tx, &written)? {
        // Another process imported it since the check.
        return Err(Failure::AlreadyImported { at: plan.now });
    }
    let mut imported = Imported::default();
    let users = people::add(tx, history.people(), plan.now, &mut imported)?;
    let chats = rooms::make(tx, history.rooms(), &users, plan.now)?;
    for room in 0..chats.len() {
        rooms::fill(
            tx,
            history,
            room,
            &rooms::Map {
                users: &users,
                chats: &chats,
            },
            plan,
            &mut |posts| {
                imported.messages += posts;
                progress(imported.messages);
            },
        )?;
    }
    imported.chats = chats.len();
    written.users = count(imported.users);
    written.chats = count(imported.chats);
    written.messages = count(imported.messages);
    record::update(tx, &written)?;
    Ok(imported)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
