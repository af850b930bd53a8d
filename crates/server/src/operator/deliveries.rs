//! Events that are sent to handlers of bots.

use anyhow::{Result, bail};
use readmark_app::delivery::log::{self, NotReplayable};
use readmark_model::UserId;

use super::{Ground, Outcome};

pub(super) fn replay(ground: &Ground<'_>, deliveries: Vec<i64>) -> Result<Outcome> {
    let (now, count) = (ground.now, deliveries.len() as u64);
    let replayed = ground
        .store
        .write(move |tx| log::replay(tx, &deliveries, now))?;
    if let Err(NotReplayable(id)) = replayed {
        bail!(
            "event {id} was not given up, or its bot has no handler for it any more: see `readmark delivery list --dead`"
        );
    }
    wake(ground);
    Ok(Outcome::Replayed(count))
}

pub(super) fn replay_all(ground: &Ground<'_>, bot: Option<i64>) -> Result<Outcome> {
    let (now, bot) = (ground.now, bot.map(UserId));
    let replayed = ground
        .store
        .write(move |tx| log::replay_all(tx, bot, now))?;
    wake(ground);
    Ok(Outcome::Replayed(replayed))
}

fn wake(ground: &Ground<'_>) {
    if let Some(portal) = ground.serving {
        portal.deliveries.wake();
    }
}
