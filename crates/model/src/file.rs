//! Files of messages: names, kinds, folders.

use crate::ids::{ChatId, FileId, MessageId, Timestamp, UserId};

/// The longest name of a file, in characters.
const MAX_NAME_CHARS: usize = 255;

/// The longest ending of a name that counts as its extension, in bytes.
const MAX_EXTENSION: usize = 16;

/// The kind of a file, as clients show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A picture that browsers can show.
    Image,
    /// A video.
    Video,
    /// Audio.
    Audio,
    /// Anything else.
    File,
}

impl FileKind {
    /// The kind of a media type.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        if PICTURES.contains(&media_type) {
            Self::Image
        } else if media_type.starts_with("video/") {
            Self::Video
        } else if media_type.starts_with("audio/") {
            Self::Audio
        } else {
            Self::File
        }
    }

    /// `type` on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
        }
    }
}

/// The media types that a browser may show: pictures that cannot contain scripts.
pub const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A name as stored: the last part of a path, without control characters, of at most 255 characters. `None` when nothing is left.
#[must_use]
pub fn stored_name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|letter| !letter.is_control()).collect();
    let clean = clean.trim();
    if clean.chars().all(|letter| letter == '.') {
        return None;
    }
    if clean.chars().count() <= MAX_NAME_CHARS {
        return Some(clean.to_owned());
    }
    // Keep the extension.
    let ending = match extension(clean) {
        "" => "",
        ending => &clean[clean.len() - ending.len() - 1..],
    };
    let kept = MAX_NAME_CHARS - ending.chars().count();
    let head: String = clean.chars().take(kept).collect();
    Some(head + ending)
}

/// The part of a name after its last dot, in its original case; empty when there is none.
#[must_use]
pub fn extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((head, ending)) if !head.is_empty() && ending.len() <= MAX_EXTENSION => ending,
        _ => "",
    }
}

/// The id of the folder with the files of a chat. Folders are not rows: chats have the even ids.
#[must_use]
pub const fn chat_folder(chat: ChatId) -> i64 {
    chat.0.saturating_mul(2)
}

/// The id of the folder with a user's saved files; users have the odd ids.
#[must_use]
pub const fn saved_folder(user: UserId) -> i64 {
    user.0.saturating_mul(2).saturating_add(1)
}

/// The content of a file: its properties and storage name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its random storage name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its media type, detected from its first bytes.
    pub media_type: String,
    /// Width and height in pixels, if it is a picture.
    pub pixels: Option<(i64, i64)>,
    /// SHA-256, hexadecimal.
    pub hash: String,
}

/// A content, for comparison with the storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredContent {
    /// Its storage name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Whether it is to be deleted.
    pub discarded: bool,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The user who uploaded, sent or saved it.
    pub user: UserId,
    /// Its chat; `None` on a user's own drive.
    pub chat: Option<ChatId>,
    /// Its message; `None` on a user's own drive.
    pub message: Option<MessageId>,
    /// Its name.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// Its content.
    pub content: Content,
}

/// A file that the portal serves to anyone who knows its token: a picture of a user, a bot, a chat or an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFile {
    /// `image/png`…
    pub media_type: String,
    /// The bytes.
    pub content: Vec<u8>,
    /// When it was added.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_without_paths_and_control_characters() {
        for (given, stored) in [
            ("tide table.pdf", Some("tide table.pdf")),
            (" C:\\charts\\bay.png ", Some("bay.png")),
            ("../../etc/passwd", Some("passwd")),
            ("li\r\nne.txt", Some("line.txt")),
            ("", None),
            ("..", None),
            ("a/", None),
            ("\u{0}", None),
        ] {
            assert_eq!(stored_name(given).as_deref(), stored, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let stored = stored_name(&format!("{}.tar.gz", "ü".repeat(400))).unwrap();
        assert_eq!(stored.chars().count(), 255);
        assert!(stored.ends_with("ü.gz"), "{stored}");
    }

    #[test]
    fn extensions_are_short_ends_behind_a_dot() {
        for (name, ending) in [
            ("a.PDF", "PDF"),
            ("a.tar.gz", "gz"),
            ("a", ""),
            (".profile", ""),
            ("what. a sentence that goes on", ""),
        ] {
            assert_eq!(extension(name), ending, "{name}");
        }
    }

    #[test]
    fn only_pictures_in_which_nothing_runs_are_images() {
        assert_eq!(FileKind::of("image/png"), FileKind::Image);
        assert_eq!(FileKind::of("image/svg+xml"), FileKind::File);
        assert_eq!(FileKind::of("video/mp4"), FileKind::Video);
        assert_eq!(FileKind::of("audio/mpeg"), FileKind::Audio);
        assert_eq!(FileKind::of("text/html"), FileKind::File);
    }

    #[test]
    fn chats_have_the_even_folders_and_users_the_odd_ones() {
        assert_eq!([1, 2, 3].map(|id| chat_folder(ChatId(id))), [2, 4, 6]);
        assert_eq!([1, 2, 3].map(|id| saved_folder(UserId(id))), [3, 5, 7]);
        assert_eq!(
            (
                chat_folder(ChatId(i64::MAX)),
                saved_folder(UserId(i64::MAX))
            ),
            (i64::MAX, i64::MAX)
        );
    }

    #[test]
    fn kinds_have_the_names_of_the_wire() {
        let kinds = [
            FileKind::Image,
            FileKind::Video,
            FileKind::Audio,
            FileKind::File,
        ];
        assert_eq!(
            kinds.map(FileKind::name),
            ["image", "video", "audio", "file"]
        );
    }
}
