//! Importing what another messenger left behind: its people, its chats and everything that was said.
//!
//! Where it comes from is not known here. A [`History`] has been checked as a whole before, hands over its posts one after
//! the other, and may be asked again, as a transaction may run again. An import is one transaction: all of it or nothing.
//! It is no news: it writes no events, and records no views.

mod people;
mod rooms;

use readmark_model::{ChatKind, MessageKind, Timestamp, UserId};
use readmark_store::{
    StoreError, Tx, TxError,
    repo::import::{self as record, Import as Record},
};

/// What is to be imported, checked already. People and rooms are meant by their positions in the lists.
pub trait History: Send {
    /// Everybody who is a member somewhere or wrote something.
    fn people(&self) -> &[Person];

    /// The chats.
    fn rooms(&self) -> &[Room];

    /// Hands over what was said in a room, in the order of time, each key once.
    ///
    /// # Errors
    /// What `each` answers, or [`Failure::Unreadable`].
    fn posts(
        &mut self,
        room: usize,
        each: &mut dyn FnMut(Post) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
}

/// Somebody of another messenger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// First name; of a bot the whole name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Email, or empty. A person of the portal with this email is the same one.
    pub email: String,
    /// Position.
    pub work_position: String,
    /// Time zone by name, or empty.
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
    /// What it becomes.
    pub kind: ChatKind,
    /// Title; empty for a private chat.
    pub title: String,
    /// Description.
    pub description: String,
    /// Who owns it: one of the members where there are any.
    pub owner: usize,
    /// Its members, each once; of a private chat the two, or the one who talks to oneself.
    pub members: Vec<usize>,
    /// When it was made, which is not after its first post; `None` where nobody knows and nothing was said.
    pub created_at: Option<Timestamp>,
    /// It was archived: nothing more is said in it, unless by the owner.
    pub closed: bool,
}

/// Something said or noted in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Unique in its room, greater than those before it.
    pub key: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: usize,
    /// A message, or the notice of something that happened.
    pub kind: MessageKind,
    /// It was deleted there, and what is left is a tombstone.
    pub deleted: bool,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// The key of the post that it answers; passed over where there is none.
    pub answers: Option<i64>,
    /// Whether others answer it.
    pub answered: bool,
    /// What it says.
    pub text: Vec<Piece>,
    /// Who reacted, and how by the names of this API: `like`, `fire`…
    pub reactions: Vec<(usize, &'static str)>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text, with BB codes.
    Text(String),
    /// A mention of somebody.
    Person(usize),
    /// A mention of a room, by this name.
    Room(usize, String),
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the archive is from: `slack`.
    pub source: String,
    /// What tells the archive from others.
    pub fingerprint: String,
    /// What was said from then on is unread for everybody but its author; `None`: nothing is (rule R5).
    pub unread_from: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Users and bots that were added.
    pub users: usize,
    /// People that the portal had already, known by their email.
    pub known_users: usize,
    /// Chats.
    pub chats: usize,
    /// Messages, notices and tombstones among them.
    pub messages: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The same archive was imported before.
    #[error("this archive was imported already")]
    AlreadyImported {
        /// When.
        at: Timestamp,
    },
    /// Two people of the portal have talked in private already: their histories cannot be put one before the other.
    #[error(
        "users {0} and {1} have messages in their private chat already; import into a new portal"
    )]
    PrivateChatInUse(UserId, UserId),
    /// The archive cannot be read any more, or is another one than was checked.
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

/// Imports a history in the open transaction, which must be undone when this fails. `progress` is told how many posts are done.
///
/// Everybody has read everything afterwards, or everything before [`Plan::unread_from`].
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
        // Another process imported it between the question and now.
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
