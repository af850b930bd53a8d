//! The data loaded for the recount.

use std::collections::{BTreeMap, HashMap, HashSet};

use readmark_model::{
    ChatId, MessageId, MessageKind, Seq, Timestamp, UserId, chat::Chat, member::Member, text,
};
use readmark_store::{
    StoreError, Tx,
    repo::{
        audit::{self, ViewRow},
        chat, member, message, user,
    },
};

use super::texts::{Mentions, Sum, Words};

/// Messages are loaded in pages of this length.
const PAGE: i64 = 1_000;

/// A message without its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct MessageFact {
    pub(super) id: MessageId,
    pub(super) seq: Seq,
    pub(super) author: UserId,
    pub(super) kind: MessageKind,
    pub(super) created_at: Timestamp,
    /// A tombstone with a text.
    pub(super) speaks_from_grave: bool,
}

/// A chat with everything in it.
#[derive(Debug)]
pub(super) struct ChatFacts {
    pub(super) chat: Chat,
    /// In the order of their seqs.
    pub(super) messages: Vec<MessageFact>,
    /// In the order of their users.
    pub(super) members: Vec<Member>,
    /// Ascending.
    pub(super) uncounted: Vec<Seq>,
    /// The bound after which nothing is uncounted.
    pub(super) uncounted_bound: Seq,
    /// The bounds after which members have no message of their own.
    pub(super) own_bounds: Vec<(UserId, Seq)>,
    /// Of each user in the order of their ends.
    pub(super) views: Vec<ViewRow>,
    /// The words of the texts, and those of the index.
    pub(super) words: Words,
    /// The mentions of the texts, and those stored.
    pub(super) mentions: Mentions,
    /// The words in the index of titles.
    pub(super) title_words: Sum,
}

impl ChatFacts {
    /// Loads a chat that exists.
    pub(super) fn load(tx: &mut dyn Tx, id: ChatId) -> Result<Self, StoreError> {
        let chat =
            chat::find(tx, id)?.ok_or(StoreError::Decode("a chat that was listed is missing"))?;
        let mut words = Words::default();
        let mut mentions = Mentions::default();
        let messages = messages(tx, id, &mut words, &mut mentions)?;
        mentions.stored(audit::list_mentions(tx, id)?);
        audit::each_word(tx, id, |seq, word| words.stored(seq, word))?;
        let mut title_words = Sum::default();
        audit::each_chat_word(tx, id, |word| title_words.add(word))?;
        Ok(Self {
            chat,
            messages,
            members: member::list(tx, id)?,
            uncounted: audit::list_uncounted(tx, id)?,
            uncounted_bound: audit::get_uncounted_bound(tx, id)?,
            own_bounds: audit::list_own_bounds(tx, id)?,
            views: audit::list_views(tx, id)?,
            words,
            mentions,
            title_words,
        })
    }

    /// The message of a seq, if it exists.
    pub(super) fn at(&self, seq: Seq) -> Option<&MessageFact> {
        let index = self
            .messages
            .binary_search_by_key(&seq, |message| message.seq)
            .ok()?;
        self.messages.get(index)
    }

    /// The last message that exists.
    pub(super) fn last(&self) -> Option<&MessageFact> {
        self.messages.last()
    }

    /// The greatest seq ever assigned, including deleted messages.
    pub(super) fn last_seq(&self) -> Seq {
        let existing = self.last().map_or(Seq::ZERO, |message| message.seq);
        let gone = self.uncounted.last().copied().unwrap_or(Seq::ZERO);
        existing.max(gone)
    }

    /// The greatest seq ever assigned to a message other than a notice. Notices are never deleted.
    pub(super) fn last_post_seq(&self) -> Seq {
        let mut seq = self.last_seq();
        while seq > Seq::ZERO
            && self
                .at(seq)
                .is_some_and(|message| message.kind == MessageKind::Notice)
        {
            seq = seq.prev();
        }
        seq
    }
}

fn messages(
    tx: &mut dyn Tx,
    chat: ChatId,
    words: &mut Words,
    mentions: &mut Mentions,
) -> Result<Vec<MessageFact>, StoreError> {
    let mut facts: Vec<MessageFact> = Vec::new();
    loop {
        // Seqs begin with 1; lower ones must be loaded too, to be reported.
        let after = facts.last().map_or(Seq(i64::MIN), |message| message.seq);
        let page = message::list_after(tx, chat, after, PAGE)?;
        if page.is_empty() {
            return Ok(facts);
        }
        for message in page {
            if !message.deleted && message.kind != MessageKind::Notice {
                words.said(message.seq, &text::search_words(&message.text));
                mentions.said(&message);
            }
            facts.push(MessageFact {
                id: message.id,
                seq: message.seq,
                author: message.author,
                kind: message.kind,
                created_at: message.created_at,
                speaks_from_grave: message.deleted && !message.text.is_empty(),
            });
        }
    }
}

/// What a member's counter must be in one chat.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recount {
    pub(super) chat: ChatId,
    pub(super) counter: i64,
    pub(super) flagged: bool,
    pub(super) muted: bool,
    /// Hidden from the recent list (rule R10).
    pub(super) hidden: bool,
    /// An empty private chat, which appears in no list.
    pub(super) unlisted: bool,
}

/// Everybody, and what was recounted for them.
#[derive(Debug)]
pub(super) struct People {
    extranet: HashMap<UserId, bool>,
    departments: Vec<(UserId, Vec<i64>)>,
    recounts: BTreeMap<UserId, Vec<Recount>>,
}

impl People {
    pub(super) fn load(tx: &mut dyn Tx) -> Result<Self, StoreError> {
        let users = user::list(tx)?;
        Ok(Self {
            extranet: users.iter().map(|user| (user.id, user.extranet)).collect(),
            departments: users
                .into_iter()
                .map(|user| (user.id, user.departments))
                .collect(),
            recounts: BTreeMap::new(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.extranet.len()
    }

    pub(super) fn exist(&self, user: UserId) -> bool {
        self.extranet.contains_key(&user)
    }

    pub(super) fn is_extranet(&self, user: UserId) -> bool {
        self.extranet.get(&user).copied().unwrap_or(false)
    }

    /// All users in order, with their departments.
    pub(super) fn departments(&self) -> &[(UserId, Vec<i64>)] {
        &self.departments
    }

    /// All users in order.
    pub(super) fn ids(&self) -> Vec<UserId> {
        let mut ids: Vec<UserId> = self.extranet.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn note(&mut self, user: UserId, recount: Recount) {
        self.recounts.entry(user).or_default().push(recount);
    }

    pub(super) fn recounts_of(&self, user: UserId) -> &[Recount] {
        self.recounts.get(&user).map_or(&[], Vec::as_slice)
    }
}

/// The users of a chat's views and members that do not exist.
pub(super) fn strangers<'a>(
    users: impl Iterator<Item = UserId> + 'a,
    people: &'a People,
) -> Vec<UserId> {
    let mut seen = HashSet::new();
    users
        .filter(|user| !people.exist(*user) && seen.insert(*user))
        .collect()
}
