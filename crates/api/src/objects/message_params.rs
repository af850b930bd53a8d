//! The parameters of a message: a JSON object that is stored beside its text, and how it looks in answers.
//!
//! What can be told from other columns is not stored but added to every answer: `REPLY_ID`, and `LIKE` from the reactions.

use readmark_app::{
    Fault,
    disk::{self, delete::Rest},
    message::show::Shown,
};
use readmark_model::{FileId, message::Message, reaction::Reaction};
use serde_json::{Map, Value, json};

use super::file::FileObject;
use crate::{
    content::{ATTACH, Change, KEYBOARD, MENU},
    contract::method::MethodCx,
};

/// `N` where links are shown as they are.
const URL_PREVIEW: &str = "URL_PREVIEW";
/// `Y` where clients show that the message was edited.
const IS_EDITED: &str = "IS_EDITED";
/// The message that this one answers.
const REPLY_ID: &str = "REPLY_ID";
/// The files.
const FILE_ID: &str = "FILE_ID";
/// Who reacted.
const LIKE: &str = "LIKE";
/// Where a forwarded message comes from; shown as `forward`, never among the parameters.
pub(super) const FORWARD: &str = "FORWARD";

/// What a method says about the parameters of a message.
#[derive(Clone, Debug)]
pub struct ParamChanges {
    /// `ATTACH`.
    pub attach: Change,
    /// `KEYBOARD`.
    pub keyboard: Change,
    /// `MENU`.
    pub menu: Change,
    /// `URL_PREVIEW`; `None` keeps it.
    pub url_preview: Option<bool>,
}

impl ParamChanges {
    /// The parameters of a new message, as stored.
    #[must_use]
    pub fn create(&self) -> String {
        Value::Object(self.apply(Map::new())).to_string()
    }

    /// The parameters of a message that is changed, as stored; `edited` marks it as edited.
    #[must_use]
    pub fn revise(&self, stored: &str, edited: bool) -> String {
        let mut params = self.apply(read(stored));
        if edited {
            params.insert(IS_EDITED.to_owned(), json!("Y"));
        }
        Value::Object(params).to_string()
    }

    fn apply(&self, mut params: Map<String, Value>) -> Map<String, Value> {
        self.attach.clone().apply(&mut params, ATTACH);
        self.keyboard.clone().apply(&mut params, KEYBOARD);
        self.menu.clone().apply(&mut params, MENU);
        match self.url_preview {
            Some(true) => {
                params.shift_remove(URL_PREVIEW);
            }
            Some(false) => {
                params.insert(URL_PREVIEW.to_owned(), json!("N"));
            }
            None => {}
        }
        params
    }
}

/// The parameters of the copy of a forwarded message, as stored: attachments stay, the copies of its files are named, and where it
/// comes from is added. What belongs to the original alone goes, above all the buttons of its bot.
#[must_use]
pub fn forwarded(original: &Message, files: &[FileId]) -> String {
    let mut params = read(&original.params);
    params.retain(|name, _| matches!(name.as_str(), ATTACH | URL_PREVIEW));
    if !files.is_empty() {
        let ids: Vec<i64> = files.iter().map(|file| file.get()).collect();
        params.insert(FILE_ID.to_owned(), json!(ids));
    }
    let origin = json!({
        "id": original.id.get(),
        "userId": original.shown_author().get(),
        "chatId": original.chat.get(),
        "date": original.created_at.get(),
    });
    params.insert(FORWARD.to_owned(), origin);
    Value::Object(params).to_string()
}

/// The parameters of a message with files, as stored.
#[must_use]
pub fn with_files(files: &[FileId]) -> String {
    let ids: Vec<i64> = files.iter().map(|file| file.get()).collect();
    json!({ FILE_ID: ids }).to_string()
}

/// The parameters of a message that loses a file.
#[must_use]
pub fn without_file(stored: &str, file: FileId) -> Rest {
    let mut params = read(stored);
    if let Some(Value::Array(ids)) = params.get_mut(FILE_ID) {
        ids.retain(|id| id.as_i64() != Some(file.get()));
        if ids.is_empty() {
            params.shift_remove(FILE_ID);
        }
    }
    let shows_something = [FILE_ID, ATTACH, KEYBOARD]
        .iter()
        .any(|name| params.contains_key(*name));
    Rest {
        params: Value::Object(params).to_string(),
        shows_something,
    }
}

/// Whether a message has files.
#[must_use]
pub fn has_files(stored: &str) -> bool {
    // Most messages have none, which is seen without reading all their parameters.
    stored.contains(FILE_ID) && read(stored).contains_key(FILE_ID)
}

/// The files of those of the messages that have some.
///
/// # Errors
/// When the store fails.
pub fn files_of<'m>(
    cx: &mut MethodCx<'_>,
    messages: impl Iterator<Item = &'m Message>,
) -> Result<Vec<FileObject>, Fault> {
    let ids = messages
        .filter(|message| has_files(&message.params))
        .map(|message| message.id);
    let shown = disk::show::of_messages(&mut cx.app, ids)?;
    Ok(shown.iter().map(|file| FileObject::new(file, cx)).collect())
}

/// The parameters as shown in answers.
#[must_use]
pub fn shown(shown: &Shown) -> Map<String, Value> {
    of(&shown.message, &shown.reactions)
}

/// The parameters as shown in answers, of a message and the reactions to it.
#[must_use]
pub fn of(message: &Message, reactions: &[Reaction]) -> Map<String, Value> {
    let mut params = read(&message.params);
    params.shift_remove(FORWARD);
    if let Some(reply) = message.reply.filter(|_| !message.deleted) {
        params.insert(REPLY_ID.to_owned(), json!(reply.get()));
    }
    let mut users = Vec::new();
    for reaction in reactions {
        if !users.contains(&reaction.user.get()) {
            users.push(reaction.user.get());
        }
    }
    if !users.is_empty() {
        params.insert(LIKE.to_owned(), json!(users));
    }
    params
}

/// Stored parameters; what is none, as after an import, is no parameter.
pub(super) fn read(stored: &str) -> Map<String, Value> {
    match serde_json::from_str(stored) {
        Ok(Value::Object(params)) => params,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: ParamChanges = ParamChanges {
        attach: Change::Keep,
        keyboard: Change::Keep,
        menu: Change::Keep,
        url_preview: None,
    };

    #[test]
    fn a_new_message_has_only_what_was_given() {
        assert_eq!(NOTHING.create(), "{}");
        let changes = ParamChanges {
            menu: Change::Set(json!([{"TEXT": "Go"}])),
            url_preview: Some(false),
            ..NOTHING
        };
        assert_eq!(
            changes.create(),
            r#"{"MENU":[{"TEXT":"Go"}],"URL_PREVIEW":"N"}"#
        );
    }

    #[test]
    fn a_change_keeps_removes_and_sets_and_marks_only_what_was_edited() {
        let stored = r#"{"ATTACH":[1],"KEYBOARD":[2],"URL_PREVIEW":"N"}"#;
        assert_eq!(NOTHING.revise(stored, false), stored);
        let changes = ParamChanges {
            attach: Change::Remove,
            keyboard: Change::Set(json!([3])),
            url_preview: Some(true),
            ..NOTHING
        };
        assert_eq!(
            changes.revise(stored, true),
            r#"{"KEYBOARD":[3],"IS_EDITED":"Y"}"#
        );
    }

    #[test]
    fn parameters_that_cannot_be_read_are_none() {
        for stored in ["", "[]", "nonsense", "7"] {
            assert_eq!(read(stored), Map::new());
        }
    }
}
