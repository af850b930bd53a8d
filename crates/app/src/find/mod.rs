//! Finding chats and users by prefixes of words, and recent picks from the results: `im.search.*`.
//!
//! Searches go through indexes of words, which the store keeps for titles and users; see [`readmark_store::repo::name_word`].

pub mod chats;
pub mod picks;
pub mod users;

use std::{collections::BTreeSet, hash::Hash};

use readmark_model::text;
use readmark_store::StoreError;

use crate::Interrupt;

/// The items that have, for each term of a text, a word that begins with it; none for a text without terms. `list` finds the
/// items of one term. The longest term comes first, as it is usually the rarest.
fn with_all_terms<T: Copy + Ord + Hash>(
    text: &str,
    mut list: impl FnMut(&str) -> Result<Vec<T>, StoreError>,
) -> Result<BTreeSet<T>, Interrupt> {
    let mut terms = text::search_terms(text);
    terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
    let mut found: Option<BTreeSet<T>> = None;
    for term in &terms {
        let with_term: BTreeSet<T> = list(term)?.into_iter().collect();
        let met = match found {
            None => with_term,
            Some(found) => found.intersection(&with_term).copied().collect(),
        };
        if met.is_empty() {
            return Ok(met);
        }
        found = Some(met);
    }
    Ok(found.unwrap_or_default())
}
