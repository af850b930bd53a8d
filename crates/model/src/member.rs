//! Members of chats.

use crate::{
    chat::{Role, Tail},
    ids::{ChatId, Seq, Timestamp, UserId},
    read_state::ReadState,
};

/// A member as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user: UserId,
    /// The chat.
    pub chat: ChatId,
    /// The role.
    pub role: Role,
    /// The read state.
    pub read: ReadState,
    /// When the user joined.
    pub joined_at: Timestamp,
    /// Whether the member muted the chat (rule R7).
    pub muted: bool,
    /// When the member pinned the chat.
    pub pinned_at: Option<Timestamp>,
    /// The chat's last seq when the member hid it (rule R10).
    pub hidden_seq: Option<Seq>,
    /// When anything about the membership last changed.
    pub changed_at: Timestamp,
}

impl Member {
    /// Whether the chat is hidden from the recent list: the member hid it, and nothing but notices was sent since (rule R10).
    #[must_use]
    pub fn is_hidden(&self, tail: &Tail) -> bool {
        self.hidden_seq.is_some_and(|seq| tail.last_post_seq <= seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MessageId;

    #[test]
    fn r10_a_chat_is_hidden_until_something_but_a_notice_is_sent() {
        let mut member = Member {
            user: UserId(5),
            chat: ChatId(3),
            role: Role::Member,
            read: ReadState::joined(Seq(4), true, Seq::ZERO),
            joined_at: Timestamp(0),
            muted: false,
            pinned_at: None,
            hidden_seq: None,
            changed_at: Timestamp(0),
        };
        let tail = |last_seq, last_post_seq| Tail {
            last_seq: Seq(last_seq),
            last_post_seq: Seq(last_post_seq),
            last_message: MessageId(last_seq),
            last_message_seq: Seq(last_seq),
            last_activity_at: Timestamp(0),
        };
        assert!(!member.is_hidden(&tail(4, 4)));
        member.hidden_seq = Some(Seq(4));
        assert!(member.is_hidden(&tail(4, 3)));
        assert!(member.is_hidden(&tail(6, 4)));
        assert!(!member.is_hidden(&tail(6, 5)));
    }
}
