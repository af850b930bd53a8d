//! Messages.

use crate::{
    ids::{ChatId, FileId, MessageId, Seq, Timestamp, UserId},
    message_params::{MessageParams, Origin},
};

/// The kind of a message, which decides whether it counts (rule R2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Written by a user or bot.
    Post,
    /// Sent with `SYSTEM=Y`: counts, except for its sender, and shows no author on the wire.
    System,
    /// An automatic notice (joined, left, renamed): never counts, is never viewed.
    Notice,
}

impl MessageKind {
    /// The kind of a message that is sent: a system message if requested.
    #[must_use]
    pub const fn sent(system: bool) -> Self {
        if system { Self::System } else { Self::Post }
    }

    /// The number stored in the database. Indexes of the schema name 2, the notice.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Post => 0,
            Self::System => 1,
            Self::Notice => 2,
        }
    }

    /// The reverse of [`MessageKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::Post),
            1 => Some(Self::System),
            2 => Some(Self::Notice),
            _ => None,
        }
    }
}

/// A message as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its chat.
    pub chat: ChatId,
    /// Its seq.
    pub seq: Seq,
    /// Its author; for a notice, the user who caused it. See [`Message::shown_author`].
    pub author: UserId,
    /// Its kind.
    pub kind: MessageKind,
    /// Whether it is a tombstone (rule R9).
    pub deleted: bool,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// The message that it replies to.
    pub reply: Option<MessageId>,
    /// Text; empty for a tombstone.
    pub text: String,
    /// Attachments, keyboard, files…
    pub params: MessageParams,
    /// External id.
    pub uuid: Option<String>,
}

impl Message {
    /// The author as clients see it: 0 for system messages and notices.
    #[must_use]
    pub const fn shown_author(&self) -> UserId {
        match self.kind {
            MessageKind::Post => self.author,
            MessageKind::System | MessageKind::Notice => UserId(0),
        }
    }

    /// The parameters of a forwarded copy of this message, with these copies of its files. Attachments are kept; what belongs
    /// to the original alone is dropped, above all its bot's buttons.
    #[must_use]
    pub fn forwarded_params(&self, files: &[FileId]) -> MessageParams {
        MessageParams {
            attach: self.params.attach.clone(),
            plain_links: self.params.plain_links,
            files: files.to_vec(),
            origin: Some(Origin {
                message: self.id,
                author: self.shown_author(),
                chat: self.chat,
                sent_at: self.created_at,
            }),
            ..MessageParams::default()
        }
    }

    /// The message, for looking up its viewers.
    #[must_use]
    pub const fn as_viewed(&self) -> Viewed {
        Viewed {
            chat: self.chat,
            seq: self.seq,
            author: self.author,
            created_at: self.created_at,
        }
    }

    /// Whether a read by `user` can view it (rule R13): it is neither their own nor a notice.
    #[must_use]
    pub fn is_viewable_by(&self, user: UserId) -> bool {
        self.author != user && self.kind != MessageKind::Notice
    }
}

/// A message whose viewers are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// Its chat.
    pub chat: ChatId,
    /// Its seq.
    pub seq: Seq,
    /// Its author, who is never a viewer.
    pub author: UserId,
    /// When it was sent; nobody viewed it before.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_params::{Document, Notice};

    fn message(kind: MessageKind, params: MessageParams) -> Message {
        Message {
            id: MessageId(8),
            chat: ChatId(3),
            seq: Seq(2),
            author: UserId(5),
            kind,
            deleted: false,
            created_at: Timestamp(1_768_467_600_000),
            edited_at: None,
            reply: None,
            text: "Noted".to_owned(),
            params,
            uuid: None,
        }
    }

    #[test]
    fn r13_a_read_views_the_messages_of_others_that_are_not_notices() {
        let (author, reader) = (UserId(5), UserId(6));
        for (kind, viewable) in [
            (MessageKind::Post, true),
            (MessageKind::System, true),
            (MessageKind::Notice, false),
        ] {
            let message = message(kind, MessageParams::default());
            assert_eq!(message.is_viewable_by(reader), viewable, "{kind:?}");
            assert!(!message.is_viewable_by(author), "{kind:?}");
        }
    }

    #[test]
    fn a_forwarded_copy_keeps_attachments_and_link_previews_and_names_its_origin() {
        let earlier = Origin {
            message: MessageId(1),
            author: UserId(2),
            chat: ChatId(9),
            sent_at: Timestamp(1),
        };
        let original = message(
            MessageKind::Post,
            MessageParams {
                attach: Some(Document::new("[1]")),
                keyboard: Some(Document::new("[2]")),
                menu: Some(Document::new("[3]")),
                plain_links: true,
                edited: true,
                deleted: true,
                files: vec![FileId(6)],
                origin: Some(earlier),
                notice: Some(Notice::Other),
            },
        );
        let expected = MessageParams {
            attach: Some(Document::new("[1]")),
            plain_links: true,
            files: vec![FileId(7)],
            origin: Some(Origin {
                message: MessageId(8),
                author: UserId(5),
                chat: ChatId(3),
                sent_at: Timestamp(1_768_467_600_000),
            }),
            ..MessageParams::default()
        };
        assert_eq!(original.forwarded_params(&[FileId(7)]), expected);
    }

    #[test]
    fn the_origin_of_a_system_message_has_no_author() {
        let original = message(MessageKind::System, MessageParams::default());
        let origin = original.forwarded_params(&[]).origin;
        assert_eq!(origin.map(|origin| origin.author), Some(UserId(0)));
    }

    #[test]
    fn stored_numbers_never_change_and_no_others_are_read() {
        let kinds = [MessageKind::Post, MessageKind::System, MessageKind::Notice];
        for (code, kind) in (0..).zip(kinds) {
            assert_eq!(
                (kind.code(), MessageKind::from_code(code)),
                (code, Some(kind))
            );
        }
        assert_eq!(
            (MessageKind::from_code(-1), MessageKind::from_code(3)),
            (None, None)
        );
    }

    #[test]
    fn a_system_message_is_sent_where_one_is_asked_for() {
        assert_eq!(MessageKind::sent(true), MessageKind::System);
        assert_eq!(MessageKind::sent(false), MessageKind::Post);
    }
}
