//! Recipients of read events: an extension, for bots that asked for it.
//!
//! A bot that receives everything in a chat learns how far each member has read; every other bot, and any bot in a chat too
//! large for that, learns when its own messages are read. Members who hide receipts are never reported (rule R13).

use readmark_model::{
    BotKind, ChatKind, Event, ViewRange,
    bot::Generation,
    stream::{LISTENS_TO_READS, Listener},
};
use readmark_store::{StoreError, Tx, repo::message};

use super::{ToldBot, scene::Scene};

/// In chats with more members bots only learn of reads of their own messages.
const MAX_HEARD_MEMBERS: i64 = 1_000;

/// In chats with more members the latest reader stands for all readers since the bot's last event.
const MAX_SINGLE_READERS: i64 = 100;

/// The bots that receive the event, each with the message read up to.
pub(super) fn heard<'a>(
    tx: &mut dyn Tx,
    scene: &Scene<'_>,
    range: ViewRange,
    listeners: &'a [Listener],
) -> Result<Vec<ToldBot<'a>>, StoreError> {
    let Some(reader) = scene.person.as_ref().filter(|reader| !reader.hide_receipts) else {
        return Ok(Vec::new());
    };
    let chat = &scene.chat;
    let mut told = Vec::new();
    for listener in listeners {
        let Some(bot) = &listener.bot else {
            continue;
        };
        if listener.listens < LISTENS_TO_READS
            || bot.generation != Generation::Second
            || bot.user == reader.id
            || listener.visible_from > range.to
        {
            continue;
        }
        let everything = chat.kind == ChatKind::Private
            || matches!(bot.kind, BotKind::Supervisor | BotKind::Personal);
        let up_to = if everything && chat.member_count <= MAX_HEARD_MEMBERS {
            message::find_by_seq(tx, chat.id, range.to)?.map(|message| message.id)
        } else {
            let from = range.from.max(listener.visible_from);
            message::find_last_of(tx, chat.id, bot.user, from, range.to)?
        };
        if up_to.is_some() {
            told.push(ToldBot { bot, up_to });
        }
    }
    Ok(told)
}

/// The subject of an event: the reader in the chat, or in a large chat the chat alone.
pub(super) fn subject(scene: &Scene<'_>) -> Option<String> {
    let Event::DialogRead { chat, user, .. } = scene.event else {
        return None;
    };
    Some(if scene.chat.member_count <= MAX_SINGLE_READERS {
        format!("read {chat} {user}")
    } else {
        format!("read {chat}")
    })
}
