//! `im.search.user.list`.

use std::collections::{BTreeSet, HashSet};

use readmark_model::{UserId, department::Department, text, user::User};
pub use readmark_store::repo::name_word::Among;
use readmark_store::repo::{name_word, user};

use super::with_all_terms;
use crate::{Cx, Interrupt, departments, page::Page};

/// Users that were found.
#[derive(Clone, Debug)]
pub struct Found {
    /// In id order.
    pub users: Vec<User>,
    /// Total number on all pages.
    pub total: usize,
}

/// Users whose names, positions or departments have, for each word of a text, a word that begins with it. Dismissed users and hidden
/// bots are not found, and an extranet user finds only members of shared chats, and nobody by department.
pub fn find(cx: &mut Cx<'_>, text: &str, among: Among, page: Page) -> Result<Found, Interrupt> {
    // There are few departments, so their names are scanned.
    let departments: Vec<(i64, Vec<String>)> = departments::visible(cx)?
        .into_iter()
        .map(|Department { id, name, .. }| (id, text::search_words(&name)))
        .collect();
    let mut found: BTreeSet<UserId> = with_all_terms(text, |term| {
        let meant: Vec<i64> = departments
            .iter()
            .filter(|(_, words)| words.iter().any(|word| word.starts_with(term)))
            .map(|(id, _)| *id)
            .collect();
        name_word::list_users(cx.tx, term, &meant, among)
    })?;
    if cx.is_extranet() && !found.is_empty() {
        let me = cx.user;
        let seen: HashSet<UserId> = user::list_ids_seen_by(cx.tx, me)?.into_iter().collect();
        found.retain(|id| *id == me || seen.contains(id));
    }
    let total = found.len();
    let mut users = Vec::new();
    for id in page.of(found) {
        users.extend(user::find(cx.tx, id)?);
    }
    Ok(Found { users, total })
}
