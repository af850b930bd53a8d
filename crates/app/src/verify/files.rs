//! Files against their contents, chats and messages.

use std::collections::HashMap;

use readmark_model::file::StoredContent;
use readmark_store::{
    StoreError, Tx,
    repo::{disk, message},
};

use super::{Check, Drift, Findings, facts::People};

/// Every content, in name order, to compare with the storage.
pub fn contents(tx: &mut dyn Tx) -> Result<Vec<StoredContent>, StoreError> {
    disk::list_contents(tx)
}

/// Whether a content still has a file: its last one may have been deleted since [`contents`].
pub fn is_content_needed(tx: &mut dyn Tx, name: &str) -> Result<bool, StoreError> {
    disk::is_content_needed(tx, name)
}

/// Every file has a content, a user, and either no message or one of its chat that is not a tombstone; every content that
/// is not discarded has a file.
pub(super) fn check(
    tx: &mut dyn Tx,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    // For each content, whether it may be used, and whether it is.
    let mut contents: HashMap<String, (bool, bool)> = disk::list_contents(tx)?
        .into_iter()
        .map(|content| (content.name, (!content.discarded, false)))
        .collect();
    for file in disk::list_rows(tx)? {
        let mut findings = Findings {
            of: format!("file {}", file.id),
            drift,
        };
        match contents.get_mut(&file.content) {
            Some((true, used)) => *used = true,
            Some((false, _)) => findings.add(Check::File, "its content is discarded"),
            None => findings.add(Check::File, "it has no content"),
        }
        if !people.exist(file.user) {
            let user = file.user;
            findings.add(Check::File, format_args!("its user {user} does not exist"));
        }
        match (file.chat, file.message) {
            (None, None) => {}
            (Some(chat), Some(id)) => match message::find(tx, id)? {
                Some(message) if message.chat == chat && !message.deleted => {}
                _ => findings.add(
                    Check::File,
                    format_args!("chat {chat} has no message {id} that could have it"),
                ),
            },
            _ => findings.add(Check::File, "it has a chat or a message, and not both"),
        }
    }
    let mut unused: Vec<_> = contents
        .into_iter()
        .filter(|(_, (usable, used))| *usable && !used)
        .map(|(name, _)| name)
        .collect();
    unused.sort_unstable();
    for name in unused {
        drift.push(Drift {
            check: Check::File,
            what: format!("content {name} is of no file"),
        });
    }
    Ok(())
}
