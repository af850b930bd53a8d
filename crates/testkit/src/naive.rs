//! A naive model of read state: a list of messages and a list of flags for each member.
//!
//! It has no cursor arithmetic, no gaps and no ranges, ignores cost, and is the oracle for the real implementation. Rules are
//! cited where they are implemented; see `readmark_model::read_state` for their other formulation.

use std::collections::BTreeMap;

/// A message of the model.
#[derive(Clone, Debug)]
pub struct Message {
    /// The author, or the user who caused the notice.
    pub author: usize,
    /// Whether it is an automatic notice.
    pub notice: bool,
    /// Whether it still exists.
    pub exists: bool,
    /// Whether it is a tombstone.
    pub tombstone: bool,
    /// The users it mentions.
    pub mentions: Mentioned,
}

/// The users a message mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mentioned {
    /// Nobody.
    #[default]
    Nobody,
    /// One user.
    User(usize),
    /// Everybody in the chat.
    Everybody,
}

/// A member of the model, by flags.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// Per message: may the member see it?
    pub visible: Vec<bool>,
    /// Per message: is it read?
    pub read: Vec<bool>,
    /// The message marked by `unread`.
    pub mark: Option<usize>,
    /// The flag of `im.recent.unread`.
    pub flag: bool,
    /// Muted.
    pub muted: bool,
    /// Hidden from the recent list.
    pub hidden: bool,
}

/// One chat with its users.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    /// All messages ever sent, in order.
    pub messages: Vec<Message>,
    /// The members.
    pub members: BTreeMap<usize, Member>,
    /// Per user and message: was it really viewed? Stays when the user leaves.
    pub viewed: BTreeMap<usize, Vec<bool>>,
    /// Users who hide their receipts.
    pub discreet: Vec<usize>,
    /// Users who manage the chat.
    pub managers: Vec<usize>,
}

/// The result of a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAnswer {
    /// The last message that is read.
    pub last: Option<usize>,
    /// Messages that count.
    pub counter: usize,
    /// Messages viewed for the first time.
    pub viewed: Vec<usize>,
}

impl Chat {
    /// A user sends a message (rule R4) or causes a notice.
    pub fn send(&mut self, author: usize, notice: bool) -> usize {
        let index = self.messages.len();
        self.messages.push(Message {
            author,
            notice,
            exists: true,
            tombstone: false,
            mentions: Mentioned::Nobody,
        });
        for member in self.members.values_mut() {
            member.visible.push(true);
            member.read.push(false);
            if !notice {
                member.hidden = false;
            }
        }
        for flags in self.viewed.values_mut() {
            flags.push(false);
        }
        if !notice && let Some(member) = self.members.get_mut(&author) {
            member.read.fill(true);
            member.flag = false;
            member.mark = None;
        }
        index
    }

    /// Joining starts at 0 (rule R5).
    pub fn join(&mut self, user: usize, history: bool) {
        let count = self.messages.len();
        self.members.entry(user).or_insert_with(|| Member {
            visible: vec![history; count],
            read: vec![true; count],
            ..Member::default()
        });
        self.viewed
            .entry(user)
            .or_insert_with(|| vec![false; count]);
    }

    /// Leaving deletes all state of the member (rule R6).
    pub fn leave(&mut self, user: usize) {
        self.members.remove(&user);
    }

    /// Reads up to a message that may no longer exist, or to the end (rules R1, R8, R13).
    pub fn read(&mut self, user: usize, up_to: Option<usize>, viewing: bool) -> Option<ReadAnswer> {
        let member = self.members.get(&user)?;
        let target = match up_to {
            None => Some(self.messages.len()),
            Some(id) => self.last_existing_at_or_below(id).map(|index| index + 1),
        };
        let last_read = self.last_read(member);
        let mut viewed = Vec::new();
        if let Some(end) = target
            && (up_to.is_none() || last_read.is_none_or(|last| end > last))
        {
            if viewing {
                viewed = self.view(user, end);
            }
            let member = self.members.get_mut(&user)?;
            member.read[..end].fill(true);
            member.flag = false;
            member.mark = None;
        }
        self.state(user).map(|state| ReadAnswer { viewed, ..state })
    }

    /// The result of a read that changes nothing.
    #[must_use]
    pub fn state(&self, user: usize) -> Option<ReadAnswer> {
        let member = self.members.get(&user)?;
        Some(ReadAnswer {
            last: self.last_read(member),
            counter: self.counter(user),
            viewed: Vec::new(),
        })
    }

    fn view(&mut self, user: usize, end: usize) -> Vec<usize> {
        let member = &self.members[&user];
        let flags = self.viewed.entry(user).or_default();
        let start = flags
            .iter()
            .rposition(|viewed| *viewed)
            .map_or(0, |last| last + 1);
        let viewable = |index: &usize| {
            let message = &self.messages[*index];
            member.visible[*index] && message.exists && !message.notice && message.author != user
        };
        let new: Vec<usize> = (start..end).filter(viewable).collect();
        for index in &new {
            flags[*index] = true;
        }
        new
    }

    /// Marks as unread from the first visible message at or after the given one (rule R3).
    pub fn unread(&mut self, user: usize, id: usize) -> bool {
        let Some(member) = self.members.get_mut(&user) else {
            return false;
        };
        let visible = |index: &usize| self.messages[*index].exists && member.visible[*index];
        let Some(first) = (id..self.messages.len()).find(visible) else {
            return false;
        };
        member.read[first..].fill(false);
        member.mark = Some(first);
        member.hidden = false;
        true
    }

    /// Deletes a message (rule R9); returns whether it is completely gone.
    pub fn delete(&mut self, by: usize, index: usize, complete: bool) -> bool {
        let gone = complete || self.managers.contains(&by) || self.viewers(index).is_empty();
        let message = &mut self.messages[index];
        message.tombstone = true;
        message.mentions = Mentioned::Nobody;
        if gone {
            message.exists = false;
        }
        gone
    }

    /// Messages that count for a member (rule R2).
    #[must_use]
    pub fn counter(&self, user: usize) -> usize {
        self.unread_of(user).count()
    }

    /// The first of them.
    #[must_use]
    pub fn first_unread(&self, user: usize) -> Option<usize> {
        self.unread_of(user).next()
    }

    /// Unread messages that mention a member.
    #[must_use]
    pub fn unread_mentions(&self, user: usize) -> Vec<usize> {
        let mentions = |index: &usize| match self.messages[*index].mentions {
            Mentioned::Nobody => false,
            Mentioned::User(mentioned) => mentioned == user,
            Mentioned::Everybody => true,
        };
        self.unread_of(user).filter(mentions).collect()
    }

    fn unread_of(&self, user: usize) -> impl Iterator<Item = usize> {
        let member = self.members.get(&user);
        let messages = self.messages.iter().enumerate();
        messages
            .filter(move |(index, message)| {
                member.is_some_and(|member| {
                    !member.read[*index]
                        && member.visible[*index]
                        && message.exists
                        && !message.notice
                        && message.author != user
                })
            })
            .map(|(index, _)| index)
    }

    /// The viewers of a message (rule R13).
    #[must_use]
    pub fn viewers(&self, index: usize) -> Vec<usize> {
        let message = &self.messages[index];
        self.members
            .iter()
            .filter(|(user, member)| {
                **user != message.author
                    && !self.discreet.contains(user)
                    && member.visible[index]
                    && self.viewed.get(user).is_some_and(|flags| flags[index])
            })
            .map(|(user, _)| *user)
            .collect()
    }

    /// The last existing message that a member has read, whether visible or not.
    #[must_use]
    pub fn last_read(&self, member: &Member) -> Option<usize> {
        (0..self.messages.len())
            .rev()
            .find(|index| self.messages[*index].exists && member.read[*index])
    }

    /// The message shown by `marked_id`: the marked one, or the first remaining one after it.
    #[must_use]
    pub fn shown_mark(&self, user: usize) -> Option<usize> {
        let mark = self.members.get(&user)?.mark?;
        (mark..self.messages.len()).find(|index| self.messages[*index].exists)
    }

    /// The last existing message.
    #[must_use]
    pub fn last_existing(&self) -> Option<usize> {
        self.messages.iter().rposition(|message| message.exists)
    }

    fn last_existing_at_or_below(&self, id: usize) -> Option<usize> {
        (0..self.messages.len().min(id + 1))
            .rev()
            .find(|index| self.messages[*index].exists)
    }

    /// Whether the member has anything that read-all clears (rule R11).
    #[must_use]
    pub fn has_unread(&self, user: usize) -> bool {
        self.members
            .get(&user)
            .is_some_and(|member| member.flag || member.mark.is_some())
            || self.counter(user) > 0
    }
}
