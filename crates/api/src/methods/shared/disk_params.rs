//! Parameters that the methods of files share.

use std::collections::BTreeSet;

use readmark_model::{DialogId, FileId};

use crate::{
    contract::parse::{self, GroupParam},
    wire::{ListSyntax, Params},
};

/// A chat of any kind by `CHAT_ID`, a number, or by `DIALOG_ID`; `CHAT_ID` goes first.
///
/// # Errors
/// Which of the two is wrong.
pub fn chat(params: &Params) -> Result<DialogId, GroupParam> {
    if !params.get("CHAT_ID").is_absent() {
        let chat = parse::chat(params, "CHAT_ID").ok_or(GroupParam::Chat)?;
        return Ok(DialogId::Chat(chat));
    }
    if params.get("DIALOG_ID").raw().is_none() {
        return Err(GroupParam::Chat);
    }
    parse::dialog(params, "DIALOG_ID")
        .map(|dialog| dialog.id)
        .ok_or(GroupParam::Dialog)
}

/// A file's number, as [`parse::positive`].
#[must_use]
pub fn file(params: &Params, name: &str) -> Option<FileId> {
    parse::positive(params, name).map(FileId)
}

/// Files by number, in a list, a map, or alone, each once; nothing when one of them is no positive whole number.
#[must_use]
pub fn files(params: &Params, name: &str) -> Vec<FileId> {
    let Some(list) = params.get(name).as_id_list(ListSyntax::COMMA) else {
        return Vec::new();
    };
    if list.malformed > 0 || list.ids.iter().any(|id| *id <= 0) {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let ids = list.ids.into_iter();
    ids.filter(|id| seen.insert(*id)).map(FileId).collect()
}
