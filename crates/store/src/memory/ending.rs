//! The last messages of a chat, as far as counting, reading and finding places need them.

use std::{mem::size_of, sync::Arc};

use readmark_model::{ChatId, MessageId, MessageKind, Seq, UserId, ViewRange};

use super::{fact::Fact, tables::Tables};

/// A message that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) id: MessageId,
    pub(crate) seq: Seq,
    pub(crate) author: UserId,
    /// Whether it is an automatic notice.
    pub(crate) notice: bool,
    /// Whether only a tombstone is left of it.
    pub(crate) deleted: bool,
}

impl Ended {
    /// A message as it is sent.
    pub(crate) fn new(id: MessageId, seq: Seq, author: UserId, kind: MessageKind) -> Self {
        Self {
            id,
            seq,
            author,
            notice: kind == MessageKind::Notice,
            deleted: false,
        }
    }

    /// Whether it can count for a user, and be viewed by the user (rules R2, R13).
    fn counts_for(&self, user: UserId) -> bool {
        !self.notice && self.author != user
    }
}

/// The end of a chat: every message from a seq on that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChatEnd {
    /// Every message that exists from here on is in the list; 1 when these are all.
    from: Seq,
    /// In the order of seqs, which is that of ids.
    messages: Arc<Vec<Ended>>,
}

/// The places that a read asks for: all of them, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadPlaces {
    /// The first and the last message of the range that the reader can view.
    pub(crate) viewable: Option<ViewRange>,
    /// The last message at or before the cursor.
    pub(crate) last_read: MessageId,
    /// The number of messages after the cursor that count.
    pub(crate) counter: i64,
}

impl ChatEnd {
    /// How many messages are loaded.
    pub(crate) const LOADED: usize = 32;
    /// How many it has at most.
    const MOST: usize = 128;
    /// How many stay when there would be more.
    const KEPT: usize = 64;

    /// The end that was loaded: up to [`ChatEnd::LOADED`] and one messages, the newest first.
    pub(crate) fn of_newest(mut newest: Vec<Ended>) -> Self {
        let from = if newest.len() > Self::LOADED {
            newest.truncate(Self::LOADED);
            newest.last().map_or(Seq(1), |oldest| oldest.seq)
        } else {
            Seq(1)
        };
        newest.reverse();
        Self {
            from,
            messages: Arc::new(newest),
        }
    }

    /// Adds a message that was sent. `false` when it is not after all others, so that nothing is known any more.
    pub(crate) fn push(&mut self, message: Ended) -> bool {
        if self
            .messages
            .last()
            .is_some_and(|last| last.seq >= message.seq || last.id >= message.id)
        {
            return false;
        }
        let messages = Arc::make_mut(&mut self.messages);
        messages.push(message);
        if messages.len() > Self::MOST {
            messages.drain(..messages.len() - Self::KEPT);
            self.from = messages[0].seq;
        }
        true
    }

    /// Takes out a message that was deleted completely.
    pub(crate) fn remove(&mut self, seq: Seq) {
        if let Ok(position) = self.messages.binary_search_by_key(&seq, |known| known.seq) {
            Arc::make_mut(&mut self.messages).remove(position);
        }
    }

    /// Turns a message into a tombstone.
    pub(crate) fn bury(&mut self, id: MessageId) {
        if let Ok(position) = self.messages.binary_search_by_key(&id, |known| known.id) {
            Arc::make_mut(&mut self.messages)[position].deleted = true;
        }
    }

    /// Whether everything about messages after `seq` is known.
    fn knows_after(&self, seq: Seq) -> bool {
        self.is_whole() || seq.next() >= self.from
    }

    /// Whether these are all messages of the chat.
    fn is_whole(&self) -> bool {
        self.from <= Seq(1)
    }

    fn after(&self, seq: Seq) -> &[Ended] {
        let start = self.messages.partition_point(|known| known.seq <= seq);
        &self.messages[start..]
    }

    /// The last message at or before a seq; `None` when that is not known, `Some(None)` when there is none.
    pub(crate) fn at_or_before(&self, seq: Seq) -> Option<Option<Ended>> {
        let end = self.messages.partition_point(|known| known.seq <= seq);
        match self.messages[..end].last() {
            Some(known) => Some(Some(*known)),
            None => self.is_whole().then_some(None),
        }
    }

    /// The first message at or after a seq, as above.
    pub(crate) fn at_or_after(&self, seq: Seq) -> Option<Option<Ended>> {
        let before = Seq(seq.get() - 1);
        self.knows_after(before)
            .then(|| self.after(before).first().copied())
    }

    /// The message with the greatest id at or below one, as above.
    pub(crate) fn at_or_below_id(&self, id: MessageId) -> Option<Option<Ended>> {
        let end = self.messages.partition_point(|known| known.id <= id);
        match self.messages[..end].last() {
            Some(known) => Some(Some(*known)),
            None => self.is_whole().then_some(None),
        }
    }

    /// The number of messages after a cursor that count for a user; `None` when that is not known.
    pub(crate) fn counter(&self, user: UserId, cursor: Seq) -> Option<i64> {
        self.knows_after(cursor).then(|| {
            let after = self.after(cursor).iter();
            after.filter(|known| known.counts_for(user)).count() as i64
        })
    }

    /// The first message after a cursor that counts for a user, as above.
    pub(crate) fn first_unread(&self, user: UserId, cursor: Seq) -> Option<Option<MessageId>> {
        self.knows_after(cursor).then(|| {
            let mut after = self.after(cursor).iter();
            after
                .find(|known| known.counts_for(user))
                .map(|known| known.id)
        })
    }

    /// The messages of a range that a user can view, ascending; `None` when they are not known.
    pub(crate) fn viewable(
        &self,
        user: UserId,
        range: ViewRange,
    ) -> Option<impl DoubleEndedIterator<Item = &Ended>> {
        let before = Seq(range.from.get() - 1);
        self.knows_after(before).then(|| {
            let inside = self.after(before).iter();
            inside.filter(move |known| known.seq <= range.to && known.counts_for(user))
        })
    }

    /// What a read asks for; `None` when anything of it is not known.
    pub(crate) fn read_places(
        &self,
        user: UserId,
        range: Option<ViewRange>,
        cursor: Seq,
        last_read: Option<MessageId>,
    ) -> Option<ReadPlaces> {
        let viewable = match range {
            Some(range) => {
                let mut inside = self.viewable(user, range)?;
                inside.next().map(|first| ViewRange {
                    from: first.seq,
                    to: inside.next_back().unwrap_or(first).seq,
                })
            }
            None => None,
        };
        let last_read = match last_read {
            Some(known) => known,
            None => self
                .at_or_before(cursor)?
                .map_or_else(MessageId::default, |found| found.id),
        };
        Some(ReadPlaces {
            viewable,
            last_read,
            counter: self.counter(user, cursor)?,
        })
    }
}

impl Fact for ChatEnd {
    type Key = ChatId;
    const TABLES: Tables = Tables::MESSAGES;

    fn heap(&self) -> usize {
        self.messages.capacity() * size_of::<Ended>() + size_of::<Vec<Ended>>()
    }

    /// The end of a chat can be known from further back, or from less far back, than it is loaded.
    fn agrees_with(&self, loaded: &Self) -> bool {
        let before = Seq(self.from.max(loaded.from).get() - 1);
        self.after(before) == loaded.after(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: UserId = UserId(1);
    const OTHER: UserId = UserId(2);

    fn sent(seq: i64, author: UserId) -> Ended {
        Ended {
            id: MessageId(10 * seq),
            seq: Seq(seq),
            author,
            notice: false,
            deleted: false,
        }
    }

    /// A chat of 100 messages, of which every tenth is one's own, as it is loaded.
    fn loaded() -> ChatEnd {
        let of = |seq| sent(seq, if seq % 10 == 0 { ME } else { OTHER });
        ChatEnd::of_newest((100 - ChatEnd::LOADED as i64..=100).rev().map(of).collect())
    }

    #[test]
    fn what_is_before_the_end_is_not_known() {
        let end = loaded();
        assert_eq!(end.counter(ME, Seq(67)), None);
        assert_eq!(end.counter(ME, Seq(68)), Some(32 - 4));
        assert_eq!(end.at_or_before(Seq(68)), None);
        assert_eq!(end.at_or_before(Seq(69)), Some(Some(sent(69, OTHER))));
        assert_eq!(end.at_or_after(Seq(68)), None);
        assert_eq!(end.at_or_after(Seq(101)), Some(None));
        assert_eq!(end.at_or_below_id(MessageId(689)), None);
        assert_eq!(
            end.at_or_below_id(MessageId(699)),
            Some(Some(sent(69, OTHER)))
        );
        let all = ViewRange {
            from: Seq(68),
            to: Seq(100),
        };
        assert!(end.viewable(ME, all).is_none());
    }

    #[test]
    fn a_short_chat_is_known_as_a_whole() {
        let end = ChatEnd::of_newest(vec![sent(5, OTHER), sent(3, ME)]);
        assert_eq!(end.counter(ME, Seq::ZERO), Some(1));
        assert_eq!(end.at_or_before(Seq(2)), Some(None));
        assert_eq!(end.at_or_after(Seq::ZERO), Some(Some(sent(3, ME))));
        assert_eq!(end.first_unread(ME, Seq::ZERO), Some(Some(MessageId(50))));
        assert_eq!(end.at_or_below_id(MessageId(1)), Some(None));
    }

    #[test]
    fn it_grows_and_is_cut_without_a_change_in_what_it_says() {
        let mut end = loaded();
        for seq in 101..=400 {
            assert!(end.push(sent(seq, OTHER)));
            assert!(end.messages.len() <= ChatEnd::MOST);
            // Of the first hundred two are one's own.
            let counted = if seq < 110 {
                18
            } else {
                19 + i64::from(seq >= 120)
            };
            assert_eq!(end.counter(ME, Seq(seq - 20)), Some(counted));
        }
        assert!(!end.push(sent(400, OTHER)));
        end.remove(Seq(399));
        assert_eq!(end.counter(ME, Seq(390)), Some(9));
        assert_eq!(end.at_or_before(Seq(399)), Some(Some(sent(398, OTHER))));
    }

    #[test]
    fn a_read_views_from_the_first_to_the_last_message_of_others() {
        let end = loaded();
        let range = ViewRange {
            from: Seq(80),
            to: Seq(90),
        };
        let places = end.read_places(ME, Some(range), Seq(90), None).unwrap();
        assert_eq!(
            places,
            ReadPlaces {
                viewable: Some(ViewRange {
                    from: Seq(81),
                    to: Seq(89)
                }),
                last_read: MessageId(900),
                counter: 9,
            }
        );
        let own = ViewRange {
            from: Seq(90),
            to: Seq(90),
        };
        let places = end.read_places(ME, Some(own), Seq(90), None).unwrap();
        assert_eq!(places.viewable, None);
    }
}
