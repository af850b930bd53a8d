//! A user's totals: `im.counters.get` (rules R7, R8, R10, R15, R18).

use readmark_model::{ChatId, ChatKind, UserId};
use readmark_store::{
    StoreError,
    repo::{
        counter::{self, CounterRow},
        notification,
    },
};

use crate::{Cx, Rules};

/// Counters of all chats of a user. The lists are ordered by the chats' last activity, latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Unread notifications; not part of any other total.
    pub notifications: i64,
    /// Unread messages of unmuted group chats; flagged chats without any add 1 each.
    pub chats: i64,
    /// The same for private chats.
    pub dialogs: i64,
    /// Group chats with unread messages that are not muted.
    pub by_chat: Vec<(ChatId, i64)>,
    /// Chats of any kind with unread messages that are muted.
    pub by_muted_chat: Vec<(ChatId, i64)>,
    /// Private chats with unread messages that are not muted, by the other user.
    pub by_dialog: Vec<(UserId, i64)>,
    /// Group chats with the unread flag.
    pub flagged_chats: Vec<ChatId>,
    /// Private chats with the unread flag, by the other user.
    pub flagged_dialogs: Vec<UserId>,
}

/// Adds up the acting user's counters.
pub fn totals(cx: &mut Cx<'_>) -> Result<Totals, StoreError> {
    let mut rows = counter::list_totals(cx.tx, cx.user)?;
    if cx.rules.compat_caps {
        rows.truncate(Rules::CAPPED_CHATS);
    }
    let mut totals = add_up(&rows, cx.rules);
    totals.notifications = notification::count_unread(cx.tx, cx.user)?;
    Ok(totals)
}

fn add_up(rows: &[CounterRow], rules: Rules) -> Totals {
    let mut totals = Totals::default();
    for row in rows {
        let counter = rules.cap(row.counter);
        let private = row.peer.filter(|_| row.kind == ChatKind::Private);
        if row.flagged {
            match private {
                Some(peer) => totals.flagged_dialogs.push(peer),
                None => totals.flagged_chats.push(row.chat),
            }
        }
        if row.muted {
            if counter > 0 {
                totals.by_muted_chat.push((row.chat, counter));
            }
            continue;
        }
        // A flag adds exactly 1 where nothing counts (rule R8).
        let added = if counter == 0 && row.flagged {
            1
        } else {
            counter
        };
        match private {
            Some(peer) => {
                totals.dialogs += added;
                if counter > 0 {
                    totals.by_dialog.push((peer, counter));
                }
            }
            None => {
                totals.chats += added;
                if counter > 0 {
                    totals.by_chat.push((row.chat, counter));
                }
            }
        }
    }
    totals
}
