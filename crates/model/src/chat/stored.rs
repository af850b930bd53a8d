//! A chat as stored, with its entity and its tail.

use super::{ChatKind, Permissions};
use crate::ids::{ChatId, MessageId, Seq, Timestamp, UserId};

/// A chat as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// Its id.
    pub id: ChatId,
    /// Its kind.
    pub kind: ChatKind,
    /// Title; empty for a private chat.
    pub title: String,
    /// Description.
    pub description: String,
    /// Colour as `#rrggbb`.
    pub color: String,
    /// Path of the avatar, or empty.
    pub avatar: String,
    /// Owner.
    pub owner: UserId,
    /// The two users of a private chat, the smaller id first; equal for the chat with oneself.
    pub pair: Option<(UserId, UserId)>,
    /// The entity that the chat belongs to, empty for none.
    pub entity: Entity,
    /// The chat that this one is a thread of, 0 for none.
    pub parent_chat: i64,
    /// The message that this thread is about, 0 for none.
    pub parent_message: i64,
    /// Who may do what.
    pub permissions: Permissions,
    /// Whether members see an input field.
    pub text_field_enabled: bool,
    /// Background, or `None` for the user's own.
    pub background: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// The last message whose words are indexed; those of later ones are not.
    pub indexed: Seq,
    /// Where its messages end.
    pub tail: Tail,
    /// Number of messages, including tombstones and notices.
    pub message_count: i64,
    /// Number of members.
    pub member_count: i64,
    /// Number of members who are extranet users.
    pub extranet_count: i64,
}

/// The external object of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// `ENTITY_TYPE`.
    pub kind: String,
    /// `ENTITY_ID`.
    pub id: String,
    /// `ENTITY_DATA_1` to `3`.
    pub data: [String; 3],
}

/// Where the messages of a chat end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The greatest seq ever assigned.
    pub last_seq: Seq,
    /// The greatest seq ever assigned to a message other than a notice (rule R10).
    pub last_post_seq: Seq,
    /// The last message that exists, 0 for none.
    pub last_message: MessageId,
    /// Its seq.
    pub last_message_seq: Seq,
    /// The time of the latest message, or of the chat's creation; times within a chat never go back.
    pub last_activity_at: Timestamp,
}

impl Chat {
    /// The other user of a private chat; the user itself in the chat with oneself.
    #[must_use]
    pub fn peer_of(&self, user: UserId) -> Option<UserId> {
        self.pair
            .map(|(low, high)| if low == user { high } else { low })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(low: i64, high: i64) -> Chat {
        Chat {
            id: ChatId(3),
            kind: ChatKind::Private,
            title: String::new(),
            description: String::new(),
            color: String::new(),
            avatar: String::new(),
            owner: UserId(low),
            pair: Some((UserId(low), UserId(high))),
            entity: Entity::default(),
            parent_chat: 0,
            parent_message: 0,
            permissions: Permissions::default_of(ChatKind::Private),
            text_field_enabled: true,
            background: None,
            created_at: Timestamp(0),
            indexed: Seq::ZERO,
            tail: Tail {
                last_seq: Seq::ZERO,
                last_post_seq: Seq::ZERO,
                last_message: MessageId(0),
                last_message_seq: Seq::ZERO,
                last_activity_at: Timestamp(0),
            },
            message_count: 0,
            member_count: 2,
            extranet_count: 0,
        }
    }

    #[test]
    fn the_peer_is_the_other_user_or_oneself() {
        let chat = private(5, 8);
        assert_eq!(chat.peer_of(UserId(5)), Some(UserId(8)));
        assert_eq!(chat.peer_of(UserId(8)), Some(UserId(5)));
        assert_eq!(private(5, 5).peer_of(UserId(5)), Some(UserId(5)));
        let group = Chat {
            pair: None,
            ..private(5, 8)
        };
        assert_eq!(group.peer_of(UserId(5)), None);
    }
}
