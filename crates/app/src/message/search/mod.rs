//! Finding messages in a chat (`im.dialog.messages.search`).
//!
//! A search walks the word index from one message with all terms to the next, and stops when it has enough: its cost depends
//! on what it finds, not on the size of the chat.

mod walk;

use std::collections::BTreeSet;

use readmark_model::{
    ChatId, MessageId, MessageKind, Seq, Timestamp, UserId, chat::Chat, message::Message, text,
    user::User,
};
use readmark_store::repo::message;
pub use readmark_store::repo::word::Direction;

use self::walk::Walk;
use super::show::{self, Shown, Views};
use crate::{
    Cx, Interrupt, Refused,
    access::{self, Access},
};

/// Texts up to this length are not searched for, as documented.
const MAX_IGNORED_CHARS: usize = 2;

/// How many messages are read at once when there is no word to search for.
const SCAN_PAGE: i64 = 200;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Query {
    /// Every word of it must begin a word of the message. `None` matches all, and so does a text of one or two characters.
    pub text: Option<String>,
    /// Sent at or after this time.
    pub since: Option<Timestamp>,
    /// Sent before this time.
    pub until: Option<Timestamp>,
    /// The order.
    pub direction: Direction,
    /// Continues after this message, the last one of the previous page.
    pub last: Option<MessageId>,
    /// At most so many messages.
    pub limit: usize,
}

/// A message that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The message.
    pub shown: Shown,
    /// Who viewed it.
    pub views: Views,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// In the order asked for; neither tombstones nor notices.
    pub messages: Vec<Found>,
    /// The messages that these reply to, in id order.
    pub quoted: Vec<Found>,
    /// Authors and mentioned users, in id order.
    pub users: Vec<User>,
    /// Users who reacted, in id order.
    pub reactors: Vec<User>,
}

/// No access, or no such chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Searches the part of a chat that the acting user may see.
///
/// # Errors
/// [`NoAccess`].
pub fn search(cx: &mut Cx<'_>, chat: ChatId, query: &Query) -> Result<Findings, Refused<NoAccess>> {
    let access = access::look(cx, chat)?.ok_or(Refused::Because(NoAccess))?;
    let hits = match range(cx, &access, query)? {
        Some(range) => hits(cx, &access.chat, range, query)?,
        None => Vec::new(),
    };
    let quoted = quoted(cx, &access, &hits)?;
    let users = show::people(cx, hits.iter().chain(&quoted))?;
    let messages = found(cx, &access, hits)?;
    let quoted = found(cx, &access, quoted)?;
    let reactors: BTreeSet<UserId> = messages
        .iter()
        .chain(&quoted)
        .flat_map(|found| &found.shown.reactions)
        .map(|reaction| reaction.user)
        .collect();
    Ok(Findings {
        messages,
        quoted,
        users,
        reactors: show::users(cx, reactors)?,
    })
}

/// The seqs to search, both ends included, in search order.
#[derive(Clone, Copy, Debug)]
struct Range {
    start: Seq,
    end: Seq,
    direction: Direction,
}

impl Range {
    /// Whether the search has not passed the end yet.
    fn has(&self, seq: Seq) -> bool {
        match self.direction {
            Direction::Backward => seq >= self.end,
            Direction::Forward => seq <= self.end,
        }
    }

    /// The part whose words are in the index, which ends at `indexed`, and the part after it. Either may be empty.
    fn split(self, indexed: Seq) -> (Self, Self) {
        let part = |low: Seq, high: Seq| {
            let (start, end) = match self.direction {
                Direction::Backward => (high, low),
                Direction::Forward => (low, high),
            };
            Self { start, end, ..self }
        };
        let (low, high) = (self.start.min(self.end), self.start.max(self.end));
        (
            part(low, high.min(indexed)),
            part(low.max(indexed.next()), high),
        )
    }

    /// The next seq after `seq` in search order.
    fn behind(&self, seq: Seq) -> Seq {
        match self.direction {
            Direction::Backward => seq.prev(),
            Direction::Forward => seq.next(),
        }
    }
}

/// Turns ids and times into seqs: within a chat all three have the same order.
fn range(cx: &mut Cx<'_>, access: &Access, query: &Query) -> Result<Option<Range>, Interrupt> {
    let (chat, last) = (access.chat.id, access.chat.tail.last_seq);
    let (mut low, mut high) = (show::visible_from(access), last);
    if let Some(since) = query.since {
        low = low.max(message::find_start(cx.tx, chat, since, last)?);
    }
    if let Some(until) = query.until {
        high = high.min(message::find_start(cx.tx, chat, until, last)?.prev());
    }
    if let Some(id) = query.last {
        match query.direction {
            Direction::Backward => {
                let id = MessageId(id.get() - 1);
                let below = message::find_at_or_below_id(cx.tx, chat, id, last)?;
                high = high.min(below.map_or(Seq::ZERO, |place| place.seq));
            }
            Direction::Forward => {
                let below = message::find_at_or_below_id(cx.tx, chat, id, last)?;
                low = low.max(below.map_or(Seq(1), |place| place.seq.next()));
            }
        }
    }
    let direction = query.direction;
    let (start, end) = match direction {
        Direction::Backward => (high, low),
        Direction::Forward => (low, high),
    };
    Ok((low <= high).then_some(Range {
        start,
        end,
        direction,
    }))
}

fn hits(
    cx: &mut Cx<'_>,
    chat: &Chat,
    range: Range,
    query: &Query,
) -> Result<Vec<Message>, Interrupt> {
    let text = query.text.as_deref().map(str::trim);
    let Some(text) = text.filter(|text| text.chars().nth(MAX_IGNORED_CHARS).is_some()) else {
        return scan(cx, chat.id, range, query.limit, &[]);
    };
    let terms = text::search_terms(text);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    // The end of a chat is not indexed yet: it is scanned, before or after the index.
    let (indexed, tail) = range.split(chat.indexed);
    let all: Vec<&str> = terms.iter().map(String::as_str).collect();
    match range.direction {
        Direction::Backward => {
            let mut hits = scan(cx, chat.id, tail, query.limit, &all)?;
            let left = query.limit - hits.len();
            hits.extend(walk(cx, chat.id, indexed, left, &terms)?);
            Ok(hits)
        }
        Direction::Forward => {
            let mut hits = walk(cx, chat.id, indexed, query.limit, &terms)?;
            let left = query.limit - hits.len();
            hits.extend(scan(cx, chat.id, tail, left, &all)?);
            Ok(hits)
        }
    }
}

/// Walks the word index.
fn walk(
    cx: &mut Cx<'_>,
    chat: ChatId,
    range: Range,
    limit: usize,
    terms: &[String],
) -> Result<Vec<Message>, Interrupt> {
    if limit == 0 || !range.has(range.start) {
        return Ok(Vec::new());
    }
    let (walk, unindexed) = Walk::start(cx.tx, chat, terms, range.start, range.direction)?;
    let Some(mut walk) = walk else {
        return scan(cx, chat, range, limit, &unindexed);
    };
    let (mut hits, mut at) = (Vec::new(), range.start);
    while hits.len() < limit {
        let Some(seq) = walk.next(cx.tx, at)?.filter(|seq| range.has(*seq)) else {
            break;
        };
        hits.extend(
            message::find_by_seq(cx.tx, chat, seq)?
                .filter(|message| can_be_found(message) && has_words(message, &unindexed)),
        );
        at = range.behind(seq);
    }
    Ok(hits)
}

/// Scans the messages themselves: without terms, or with very common prefixes only, most of them are hits.
fn scan(
    cx: &mut Cx<'_>,
    chat: ChatId,
    range: Range,
    limit: usize,
    terms: &[&str],
) -> Result<Vec<Message>, Interrupt> {
    let (mut hits, mut at) = (Vec::new(), range.start);
    while range.has(at) && hits.len() < limit {
        let page = match range.direction {
            Direction::Backward => {
                message::list_before(cx.tx, chat, range.end, at.next(), SCAN_PAGE)?
            }
            Direction::Forward => message::list_after(cx.tx, chat, at.prev(), SCAN_PAGE)?,
        };
        let Some(last) = page.last() else {
            break;
        };
        at = range.behind(last.seq);
        for message in page {
            if !range.has(message.seq) || hits.len() == limit {
                return Ok(hits);
            }
            if can_be_found(&message) && has_words(&message, terms) {
                hits.push(message);
            }
        }
    }
    Ok(hits)
}

/// Whether a message can be found: tombstones and notices cannot.
fn can_be_found(message: &Message) -> bool {
    !message.deleted && message.kind != MessageKind::Notice
}

/// Whether a message has for each term a word that begins with it.
fn has_words(message: &Message, terms: &[&str]) -> bool {
    if terms.is_empty() {
        return true;
    }
    let words = text::search_words(&message.text);
    terms
        .iter()
        .all(|term| words.iter().any(|word| word.starts_with(term)))
}

/// The messages that the hits answer, those left out that are hits themselves or cannot be seen.
fn quoted(cx: &mut Cx<'_>, access: &Access, hits: &[Message]) -> Result<Vec<Message>, Interrupt> {
    let known: BTreeSet<MessageId> = hits.iter().map(|message| message.id).collect();
    let replies: BTreeSet<MessageId> = hits
        .iter()
        .filter_map(|message| message.reply)
        .filter(|id| !known.contains(id))
        .collect();
    let mut quoted = Vec::new();
    for id in replies {
        quoted.extend(message::find(cx.tx, id)?.filter(|message| {
            message.chat == access.chat.id && message.seq >= show::visible_from(access)
        }));
    }
    Ok(quoted)
}

fn found(
    cx: &mut Cx<'_>,
    access: &Access,
    messages: Vec<Message>,
) -> Result<Vec<Found>, Interrupt> {
    show::show(cx, access, messages)?
        .into_iter()
        .map(|shown| {
            Ok(Found {
                views: show::views(cx, access, &shown.message)?,
                shown,
            })
        })
        .collect()
}
