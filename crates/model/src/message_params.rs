//! What a message carries besides its text: attachments, buttons, files, the origin of a copy.
//!
//! Everything that use cases depend on is typed. The bodies of attachments, keyboards and menus are [`Document`]s: the API
//! validates and normalizes them when a client sends them, and returns them unchanged; nothing in between looks inside,
//! except that the commands of buttons are read when one is pressed (see [`crate::command::Offer`]). The store knows how
//! parameters are stored, the API how clients see them.

use crate::ids::{ChatId, FileId, MessageId, Timestamp, UserId};

/// The body of an attachment, keyboard or menu: a JSON list that is not empty, in canonical form.
///
/// Documents with equal contents have equal texts. This crate does not know JSON and checks nothing: the creator of a
/// document has validated it. The store refuses to write one that is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document(Box<str>);

impl Document {
    /// Wraps validated JSON in canonical form.
    #[must_use]
    pub fn new(json: impl Into<Box<str>>) -> Self {
        Self(json.into())
    }

    /// The JSON text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a forwarded message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The original.
    pub message: MessageId,
    /// Its author as clients see it: 0 for the system.
    pub author: UserId,
    /// Its chat.
    pub chat: ChatId,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// What a notice reports, which clients get besides the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A user joined the chat, or was invited.
    Joined,
    /// A member left the chat, or was removed.
    Left,
    /// Something else.
    Other,
}

/// The parameters of a message. The message replied to and the reactions are stored elsewhere.
///
/// Most messages have none; empty parameters allocate nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageParams {
    /// Attachments.
    pub attach: Option<Document>,
    /// Buttons below the message.
    pub keyboard: Option<Document>,
    /// Items of its context menu.
    pub menu: Option<Document>,
    /// Whether links are shown without a preview.
    pub plain_links: bool,
    /// Whether clients show that it was edited.
    pub edited: bool,
    /// Whether it is a tombstone (rule R9).
    pub deleted: bool,
    /// Its files.
    pub files: Vec<FileId>,
    /// Its origin, if it was forwarded.
    pub origin: Option<Origin>,
    /// What it reports, if it is a notice.
    pub notice: Option<Notice>,
}

impl MessageParams {
    /// No parameters.
    const EMPTY: Self = Self {
        attach: None,
        keyboard: None,
        menu: None,
        plain_links: false,
        edited: false,
        deleted: false,
        files: Vec::new(),
        origin: None,
        notice: None,
    };

    /// No parameters, for messages that are only text.
    #[must_use]
    pub fn empty() -> &'static Self {
        static EMPTY: MessageParams = MessageParams::EMPTY;
        &EMPTY
    }

    /// Whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// The parameters of a message with files and nothing else.
    #[must_use]
    pub fn with_files(files: &[FileId]) -> Self {
        Self {
            files: files.to_vec(),
            ..Self::EMPTY
        }
    }

    /// The parameters of an automatic notice.
    #[must_use]
    pub fn of_notice(notice: Notice) -> Self {
        Self {
            notice: Some(notice),
            ..Self::EMPTY
        }
    }

    /// The parameters of a tombstone (rule R9).
    #[must_use]
    pub fn tombstone() -> Self {
        Self {
            deleted: true,
            ..Self::EMPTY
        }
    }

    /// The parameters without a file.
    #[must_use]
    pub fn without_file(mut self, file: FileId) -> Self {
        self.files.retain(|other| *other != file);
        self
    }

    /// Whether a message without a text would still show something.
    #[must_use]
    pub const fn shows_something(&self) -> bool {
        !self.files.is_empty() || self.attach.is_some() || self.keyboard.is_some()
    }
}

/// A change of an attachment, keyboard or menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Remove,
    /// It is replaced by this.
    Set(Document),
}

impl Change {
    fn apply(&self, document: &mut Option<Document>) {
        match self {
            Self::Keep => {}
            Self::Remove => *document = None,
            Self::Set(new) => *document = Some(new.clone()),
        }
    }
}

/// Changes to the parameters of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParamChanges {
    /// Attachments.
    pub attach: Change,
    /// Buttons below the message.
    pub keyboard: Change,
    /// Items of its context menu.
    pub menu: Change,
    /// Whether previews of links are shown; `None` keeps the present setting.
    pub url_preview: Option<bool>,
}

impl ParamChanges {
    /// Applies the changes.
    pub fn apply(&self, params: &mut MessageParams) {
        self.attach.apply(&mut params.attach);
        self.keyboard.apply(&mut params.keyboard);
        self.menu.apply(&mut params.menu);
        if let Some(shown) = self.url_preview {
            params.plain_links = !shown;
        }
    }
}

/// The parameters of a new message: the changes applied to none.
impl From<ParamChanges> for MessageParams {
    fn from(changes: ParamChanges) -> Self {
        let given = |change| match change {
            Change::Keep | Change::Remove => None,
            Change::Set(document) => Some(document),
        };
        Self {
            attach: given(changes.attach),
            keyboard: given(changes.keyboard),
            menu: given(changes.menu),
            plain_links: changes.url_preview == Some(false),
            ..Self::EMPTY
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: Origin = Origin {
        message: MessageId(8),
        author: UserId(5),
        chat: ChatId(3),
        sent_at: Timestamp(1_768_467_600_000),
    };

    fn document(text: &str) -> Document {
        Document::new(text)
    }

    /// Parameters with every field set.
    fn all() -> MessageParams {
        MessageParams {
            attach: Some(document("[1]")),
            keyboard: Some(document("[2]")),
            menu: Some(document("[3]")),
            plain_links: true,
            edited: true,
            deleted: true,
            files: vec![FileId(6), FileId(7)],
            origin: Some(ORIGIN),
            notice: Some(Notice::Other),
        }
    }

    fn set(text: &str) -> Change {
        Change::Set(document(text))
    }

    #[test]
    fn a_document_is_shown_as_it_was_given() {
        assert_eq!(document("[1]").as_str(), "[1]");
    }

    #[test]
    fn a_notice_has_its_kind_and_nothing_else() {
        let expected = MessageParams {
            notice: Some(Notice::Left),
            ..MessageParams::default()
        };
        assert_eq!(MessageParams::of_notice(Notice::Left), expected);
        assert_ne!(
            MessageParams::of_notice(Notice::Left),
            MessageParams::default()
        );
    }

    #[test]
    fn any_parameter_makes_them_more_than_none() {
        assert!(MessageParams::empty().is_empty());
        assert!(MessageParams::default().is_empty());
        let one_each: [fn(&mut MessageParams); 9] = [
            |params| params.attach = all().attach,
            |params| params.keyboard = all().keyboard,
            |params| params.menu = all().menu,
            |params| params.plain_links = true,
            |params| params.edited = true,
            |params| params.deleted = true,
            |params| params.files = all().files,
            |params| params.origin = all().origin,
            |params| params.notice = all().notice,
        ];
        for (number, set) in one_each.into_iter().enumerate() {
            let mut params = MessageParams::default();
            set(&mut params);
            assert!(!params.is_empty(), "{number}");
        }
    }

    #[test]
    fn a_new_message_has_only_what_was_given() {
        assert!(MessageParams::from(ParamChanges::default()).is_empty());
        let changes = ParamChanges {
            attach: Change::Remove,
            menu: set("[4]"),
            url_preview: Some(false),
            ..ParamChanges::default()
        };
        let expected = MessageParams {
            menu: Some(document("[4]")),
            plain_links: true,
            ..MessageParams::default()
        };
        assert_eq!(MessageParams::from(changes), expected);
    }

    #[test]
    fn what_a_change_does_not_name_stays() {
        let mut params = all();
        ParamChanges::default().apply(&mut params);
        assert_eq!(params, all());
        let changes = ParamChanges {
            attach: Change::Remove,
            keyboard: set("[5]"),
            menu: Change::Keep,
            url_preview: Some(true),
        };
        changes.apply(&mut params);
        let expected = MessageParams {
            attach: None,
            keyboard: Some(document("[5]")),
            plain_links: false,
            ..all()
        };
        assert_eq!(params, expected);
    }

    #[test]
    fn a_change_of_nothing_makes_what_a_new_message_has() {
        let changes = ParamChanges {
            attach: set("[1]"),
            keyboard: set("[2]"),
            menu: set("[3]"),
            url_preview: Some(false),
        };
        let mut changed = MessageParams::default();
        changes.apply(&mut changed);
        assert_eq!(changed, MessageParams::from(changes));
    }

    #[test]
    fn a_message_shows_something_by_files_attachments_and_buttons() {
        let mut params = MessageParams::with_files(&[FileId(6), FileId(7)]);
        params = params.without_file(FileId(6));
        assert_eq!(params, MessageParams::with_files(&[FileId(7)]));
        assert!(params.shows_something());
        params = params.without_file(FileId(7));
        assert!(params.is_empty() && !params.shows_something());
        let nothing = MessageParams {
            attach: None,
            keyboard: None,
            files: Vec::new(),
            ..all()
        };
        assert!(!nothing.shows_something());
        for some in [
            MessageParams {
                attach: all().attach,
                ..nothing.clone()
            },
            MessageParams {
                keyboard: all().keyboard,
                ..nothing
            },
        ] {
            assert!(some.shows_something());
        }
    }

    #[test]
    fn a_tombstone_has_nothing_but_its_mark() {
        let expected = MessageParams {
            deleted: true,
            ..MessageParams::default()
        };
        assert_eq!(MessageParams::tombstone(), expected);
    }
}
