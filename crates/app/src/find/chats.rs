//! `im.search.chat.list`.

use std::collections::BTreeSet;

use readmark_model::ChatId;
use readmark_store::repo::name_word::{self, ChatSearch};

use super::with_all_terms;
use crate::{
    Cx, Interrupt,
    access::{self, Access},
    dialog::detail::{self, Position},
    page::Page,
};

/// The entity type of an open channel's chat.
pub const OPEN_CHANNEL: &str = "LINES";

/// Which chats to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// All but those of open channels.
    Chats,
    /// Those of open channels.
    OpenChannels,
}

/// A chat that was found.
#[derive(Clone, Debug)]
pub struct Item {
    /// The chat and the membership.
    pub access: Access,
    /// How far the acting user has read.
    pub position: Position,
}

/// Chats that were found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Latest created first.
    pub chats: Vec<Item>,
    /// Total number on all pages.
    pub total: usize,
}

/// Chats that have, for each word of a text, a word in their titles or their members' names that begins with it: those of the
/// acting user and, unless that is an extranet user, open ones. Private chats are not found, as users are.
pub fn find(cx: &mut Cx<'_>, text: &str, sought: Sought, page: Page) -> Result<Found, Interrupt> {
    let search = ChatSearch {
        user: cx.user,
        open: !cx.is_extranet(),
        entity_type: OPEN_CHANNEL,
        of_type: sought == Sought::OpenChannels,
    };
    let found: BTreeSet<ChatId> =
        with_all_terms(text, |term| name_word::list_chats(cx.tx, term, &search))?;
    let total = found.len();
    let mut chats = Vec::new();
    for id in page.of(found.into_iter().rev()) {
        if let Some(access) = access::look(cx, id)? {
            chats.push(Item {
                position: detail::position(cx, &access)?,
                access,
            });
        }
    }
    Ok(Found { chats, total })
}
