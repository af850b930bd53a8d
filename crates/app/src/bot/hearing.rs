//! Of what a bot is told beside what every bot is.

use readmark_model::{
    UserId,
    stream::{LISTENS, LISTENS_TO_READS},
};
use readmark_store::{StoreError, repo::stream};

use crate::Cx;

/// Lets a bot be told of reads in its chats, or no more.
pub fn set_reads(cx: &mut Cx<'_>, bot: UserId, told: bool) -> Result<(), StoreError> {
    let level = if told { LISTENS_TO_READS } else { LISTENS };
    stream::update_listens(cx.tx, bot, level)
}
