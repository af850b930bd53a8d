//! Recounting everything from the messages (rule R17).
//!
//! Nothing here uses a column or statement that the server counts with, except to compare it: messages, members and views are
//! loaded chat by chat, and counted by plain loops over them. Any difference is drift. There is none after any sequence of
//! operations and any crash; a finding means a bug, or a manual change of the database.

mod chats;
mod counters;
mod deliveries;
mod departments;
mod facts;
mod files;
mod mentions;
mod notifications;
mod orphans;
mod reads;
mod streams;
mod texts;
mod views;
mod words;

pub use files::{contents, is_content_needed};

use std::{collections::HashSet, fmt};

use readmark_model::MessageId;
use readmark_store::{StoreError, Tx, WithoutMemory, repo::chat};

use self::facts::{ChatFacts, People};

macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $name:literal,)+) => {
        /// What is checked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check {
            $($(#[$doc])* $check,)+
        }

        impl Check {
            /// Every check.
            pub const ALL: &[Self] = &[$(Self::$check,)+];

            /// Its name, as it is printed.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$check => $name,)+ }
            }
        }
    };
}

checks! {
    /// The last seq, the last message, the last one that is not a notice, and the time of the last activity.
    Tail = "tail",
    /// Number of messages.
    MessageCount = "message-count",
    /// Number of members.
    MemberCount = "member-count",
    /// Number of extranet members.
    ExtranetCount = "extranet-count",
    /// Ids and times grow with the seqs.
    Order = "order",
    /// The uncounted seqs are those of notices and deleted messages.
    Uncounted = "uncounted",
    /// Authors exist.
    Author = "author",
    /// Tombstones are empty.
    Tombstone = "tombstone",
    /// Members are users.
    Member = "member",
    /// The owner is a member with that role, and the only one with it.
    Owner = "owner",
    /// The members of a private chat are its two users, or nobody after one of them, a bot, was unregistered.
    PrivateChat = "private-chat",
    /// Cursor, mark and the rest of a read state are within the chat, and the cursor is not before what can be seen.
    ReadState = "read-state",
    /// The bounds up to which counting looks for uncounted messages.
    Bounds = "bounds",
    /// The counter of each member (rule R2).
    Counter = "counter",
    /// The first unread message of each member.
    FirstUnread = "first-unread",
    /// The totals of each user (rules R7, R8, R10).
    Totals = "totals",
    /// The recent list of each user (rule R10).
    Recent = "recent",
    /// View rows are ranges within the chat that follow each other, of users that exist.
    ViewRange = "view-range",
    /// The ends of view rows are messages that their user could view (rule R13).
    ViewEnd = "view-end",
    /// View rows that are not merged yet come after the others of their user, and are few.
    RecentViews = "recent-views",
    /// A member's views end where the last view row does.
    Viewed = "viewed",
    /// The index of words has the words of every text and no others.
    Words = "words",
    /// Mentions are those of the texts.
    Mention = "mention",
    /// The index of titles has the words of every title and no others.
    ChatWords = "chat-words",
    /// The index of users has the words of every name and position, and every department, and no others.
    UserWords = "user-words",
    /// The index of notifications has the words of each and no others.
    NotificationWords = "notification-words",
    /// Reactions are to messages, by users.
    Reaction = "reaction",
    /// Recipients and authors of notifications exist, the counter of each user is that of the flags, and recipients have a
    /// chat of notifications, each with a chat of their own.
    Notification = "notification",
    /// Departments form a tree below the company, without cycles; their heads and the departments of users exist.
    Department = "department",
    /// Files have contents, users and messages, and every content has a file.
    File = "file",
    /// Every bot has a stream, and members listen where their user does.
    Stream = "stream",
    /// A bot in webhook mode has a handler for each event, and no other bot has any; handlers are for known events, and for
    /// commands of the same bot.
    Handlers = "handlers",
    /// Deliveries are in one of two states, of bots that exist or existed, and go to the address of the bot's handler.
    Delivery = "delivery",
    /// Attempts of an event are numbered, each number once, and a success is the last.
    Attempt = "attempt",
    /// Rows that belong to a chat belong to one that exists.
    Orphan = "orphan",
}

/// A difference from the recount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The check that found it.
    pub check: Check,
    /// What differs, in one line.
    pub what: String,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check.name(), self.what)
    }
}

/// What was recounted, and the drift found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Users and bots.
    pub users: usize,
    /// Chats.
    pub chats: usize,
    /// Members of chats.
    pub members: usize,
    /// Messages.
    pub messages: usize,
    /// View rows.
    pub views: usize,
    /// What differs.
    pub drift: Vec<Drift>,
}

/// Findings about one object.
struct Findings<'a> {
    /// The object: a chat, a user.
    of: String,
    drift: &'a mut Vec<Drift>,
}

impl Findings<'_> {
    fn add(&mut self, check: Check, what: impl fmt::Display) {
        self.drift.push(Drift {
            check,
            what: format!("{}: {what}", self.of),
        });
    }

    /// Compares a stored number with the recounted one.
    fn equal<T: PartialEq + fmt::Display>(
        &mut self,
        check: Check,
        name: &str,
        stored: T,
        recounted: T,
    ) {
        if stored != recounted {
            self.add(
                check,
                format_args!("{name} is {stored}, recounted {recounted}"),
            );
        }
    }
}

/// Recounts everything in the snapshot of `tx`, as it is in the database. `progress` receives how many of all chats and users are done.
pub fn verify(
    tx: &mut dyn Tx,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Report, StoreError> {
    let tx: &mut dyn Tx = &mut WithoutMemory(tx);
    let mut report = Report::default();
    let mut people = People::load(tx)?;
    report.users = people.len();
    let chats = chat::list_ids(tx)?;
    let all = chats.len() + people.len();
    let mut messages: HashSet<MessageId> = HashSet::new();
    for (done, &id) in chats.iter().enumerate() {
        progress(done, all);
        let facts = ChatFacts::load(tx, id)?;
        report.chats += 1;
        report.members += facts.members.len();
        report.messages += facts.messages.len();
        report.views += facts.views.len();
        messages.extend(facts.messages.iter().map(|message| message.id));
        let mut findings = Findings {
            of: format!("chat {id}"),
            drift: &mut report.drift,
        };
        for check in [
            chats::tail,
            chats::numbers,
            chats::order,
            chats::uncounted,
            chats::authors,
            chats::owner,
            reads::bounds,
            counters::bounds,
            views::ranges,
            views::recent,
            views::ends,
            views::viewed,
            words::compare,
            mentions::compare,
        ] {
            check(&facts, &people, &mut findings);
        }
        counters::check_members(tx, &facts, &mut people, &mut findings)?;
    }
    for (done, user) in people.ids().into_iter().enumerate() {
        progress(chats.len() + done, all);
        counters::check_user(tx, &people, user, &mut report.drift)?;
    }
    views::check_number(tx, &mut report.drift)?;
    notifications::check(tx, &chats, &people, &mut report.drift)?;
    words::check_others(tx, &mut report.drift)?;
    departments::check(tx, &people, &mut report.drift)?;
    files::check(tx, &people, &mut report.drift)?;
    streams::check(tx, &people, &mut report.drift)?;
    deliveries::check(tx, &people, &mut report.drift)?;
    orphans::find(tx, &chats, &messages, &people, &mut report.drift)?;
    progress(all, all);
    Ok(report)
}
