//! Optional events of a bot.

use readmark_model::{
    UserId,
    stream::{LISTENS, LISTENS_TO_READS},
};
use readmark_store::{StoreError, repo::stream};

use crate::Cx;

/// Turns a bot's read events on or off.
pub fn set_reads(cx: &mut Cx<'_>, bot: UserId, told: bool) -> Result<(), StoreError> {
    let level = if told { LISTENS_TO_READS } else { LISTENS };
    stream::update_listens(cx.tx, bot, level)
}
