//! What the methods that search for chats and users have in common.

use crate::wire::Params;

/// Characters of the shortest phrase that is searched for.
const MIN_PHRASE: usize = 2;

/// A phrase without white space around it; `None` when it is too short.
#[must_use]
pub fn phrase(params: &Params, name: &str) -> Option<String> {
    let text = params.get(name).as_text()?;
    let text = text.trim();
    text.chars()
        .nth(MIN_PHRASE - 1)
        .is_some()
        .then(|| text.to_owned())
}
