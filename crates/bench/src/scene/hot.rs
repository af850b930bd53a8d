//! The portal for the hot paths, and their requests.
//!
//! | people | chats | what they do |
//! |---|---|---|
//! | 256 readers | 200 halls | read message after message, fetch counters and their recent list, mark as unread |
//! | 256 senders | 64 rooms | send |
//! | 50 members | 64 offices | fetch a chat of 50 members |
//! | 64 bots | the halls | read |
//! | 1 writer | all | wrote the messages to be read |

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use anyhow::{Context, Result, bail};
use readmark_store::{Settings, Store, StoreError};
use serde_json::Value;

use crate::{
    load::Source,
    populate::{self, Crowd, Filling},
    process::Server,
    request,
};

const READERS: i64 = 256;
const SENDERS: i64 = 256;
const COLLEAGUES: i64 = 50;
const ROOMS: i64 = 64;
const OFFICES: i64 = 64;
const BOTS: i64 = 64;
const OFFICE_MESSAGES: i64 = 100;

/// The token of all bots.
const BOT_TOKEN: &str = "benchbottoken";

const FIRST_SENDER: i64 = READERS + 1;
const FIRST_COLLEAGUE: i64 = FIRST_SENDER + SENDERS;
const WRITER: i64 = FIRST_COLLEAGUE + COLLEAGUES;
const FIRST_BOT: i64 = WRITER + 1;

/// Resets `?2` users from `?1` on to having read nothing.
const SET_BACK: &str =
    "UPDATE members SET cursor_seq = 0, viewed_seq = 0 WHERE user_id >= ?1 AND user_id < ?1 + ?2";

/// Size of the portal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Chats of all readers.
    pub(crate) halls: i64,
    /// Messages in each.
    pub(crate) messages: i64,
}

/// Fills a portal, except for the bots.
pub(crate) fn fill(filling: &Filling, size: Size) -> Result<()> {
    filling.people(1, WRITER)?;
    filling.webhooks(1, WRITER)?;
    let crowd = |first, count: i64, read| Crowd {
        first,
        last: first + count - 1,
        read,
    };
    let halls = filling.chats(size.halls, WRITER)?;
    let rooms = filling.chats(ROOMS, WRITER)?;
    let offices = filling.chats(OFFICES, WRITER)?;
    if (halls, rooms, offices) != (1, first_room(size), first_office(size)) {
        bail!("the portal was not empty");
    }
    for hall in halls..rooms {
        filling.members(hall, crowd(1, READERS, 0))?;
        filling.members(hall, crowd(WRITER, 1, size.messages))?;
        filling.messages(hall, WRITER, size.messages, |_| {})?;
    }
    for room in rooms..offices {
        filling.members(room, crowd(FIRST_SENDER, SENDERS, 0))?;
    }
    for office in offices..offices + OFFICES {
        filling.members(
            office,
            crowd(FIRST_COLLEAGUE, COLLEAGUES, OFFICE_MESSAGES - 5),
        )?;
        filling.messages(office, WRITER, OFFICE_MESSAGES, |_| {})?;
    }
    Ok(())
}

const fn first_room(size: Size) -> i64 {
    size.halls + 1
}

const fn first_office(size: Size) -> i64 {
    first_room(size) + ROOMS
}

/// Registers the bots with the writer's webhook at the running server, and makes them members of every hall. A new
/// member has nothing unread, so their cursors are then reset to the beginning, for which the server ends: it owns the portal.
pub(crate) fn add_bots(server: Server, settings: &Settings, size: Size) -> Result<()> {
    let mut ids = Vec::new();
    for bot in 0..BOTS {
        let mut request = Vec::new();
        let body = format_args!(
            r#"{{"botToken":"{BOT_TOKEN}","fields":{{"code":"bench{bot}","properties":{{"name":"Bench {bot}"}}}}}}"#
        );
        request::write(&mut request, WRITER, "imbot.v2.Bot.register", body);
        let answer = result(&server, &request)?;
        let id = answer["bot"]["id"].as_i64().context("a bot without id")?;
        ids.push(id);
    }
    if ids.first() != Some(&FIRST_BOT) {
        bail!("the bots have other ids than expected: {ids:?}");
    }
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    for hall in 1..=size.halls {
        let mut request = Vec::new();
        let body = format_args!(
            r#"{{"CHAT_ID":{hall},"USERS":[{}],"HIDE_HISTORY":"N"}}"#,
            ids.join(",")
        );
        request::write(&mut request, WRITER, "im.chat.user.add", body);
        result(&server, &request)?;
    }
    server.stop()?;
    let store = Store::open(settings)?;
    let done: Result<(), StoreError> =
        store.write(|tx| populate::execute(tx, SET_BACK, &[FIRST_BOT, BOTS]));
    Ok(done?)
}

fn result(server: &Server, request: &[u8]) -> Result<Value> {
    let (status, body) = server.ask(request)?;
    let mut body: Value = serde_json::from_slice(&body)?;
    if status != 200 {
        bail!("preparing the portal: status {status}: {body}");
    }
    Ok(body["result"].take())
}

/// A workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// `im.dialog.read`: all readers read the same chat message by message, then the next one.
    Read,
    /// The same, but each reader in a different chat.
    ReadApart,
    /// `im.dialog.read`, each time in a different chat.
    ReadSpread,
    /// `im.dialog.unread`.
    Unread,
    /// `im.message.add`.
    Send,
    /// `im.dialog.get` of a chat of 50 members.
    Get,
    /// `im.counters.get` of 200 chats.
    Counters,
    /// `im.recent.list`, the first page.
    Recent,
    /// `imbot.v2.Chat.Message.read`.
    BotRead,
    /// Half reads, the rest sends and queries.
    Mix,
}

impl Workload {
    /// The displayed name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "im.dialog.read",
            Self::ReadApart => "im.dialog.read, each reader in another chat",
            Self::ReadSpread => "im.dialog.read, each read in another chat",
            Self::Unread => "im.dialog.unread",
            Self::Send => "im.message.add",
            Self::Get => "im.dialog.get, 50 members",
            Self::Counters => "im.counters.get, 200 chats",
            Self::Recent => "im.recent.list, 50 of 200 chats",
            Self::BotRead => "imbot.v2.Chat.Message.read",
            Self::Mix => "mix: 50% read, 10% send, 15% get, 15% counters, 10% recent",
        }
    }
}

/// How far each reader has read, so that every run continues where the previous one ended.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    readers: Vec<Arc<AtomicU64>>,
    spread: Vec<Arc<AtomicU64>>,
    bots: Vec<Arc<AtomicU64>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let counters = |count: i64| (0..count).map(|_| Arc::default()).collect();
        Self {
            readers: counters(READERS),
            spread: counters(READERS),
            bots: counters(BOTS),
        }
    }

    /// The requests of a workload, for the given number of connections.
    pub(crate) fn sources(
        &self,
        workload: Workload,
        size: Size,
        connections: usize,
    ) -> Vec<Source> {
        (0..connections)
            .map(|connection| {
                let reads = Reads {
                    size,
                    connection: connection as i64,
                    done: Arc::clone(&self.readers[connection % self.readers.len()]),
                };
                let other = match workload {
                    Workload::BotRead => &self.bots,
                    _ => &self.spread,
                };
                let other = Reads {
                    done: Arc::clone(&other[connection % other.len()]),
                    ..reads.clone()
                };
                source(workload, reads, other)
            })
            .collect()
    }
}

#[derive(Clone)]
struct Reads {
    size: Size,
    connection: i64,
    done: Arc<AtomicU64>,
}

impl Reads {
    /// The next chat and message: each message of a hall, then the next hall. It begins `start` halls after the first one.
    fn next(&self, start: i64) -> (i64, i64) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) as i64;
        let Size { halls, messages } = self.size;
        let (round, seq) = (done / messages, done % messages + 1);
        let hall = (start + round) % halls + 1;
        (hall, (hall - 1) * messages + seq)
    }

    /// The same with a different chat each time: the first message of all halls, then the second.
    fn next_spread(&self) -> (i64, i64) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) as i64;
        let Size { halls, messages } = self.size;
        let hall = (self.connection + done) % halls + 1;
        (hall, (hall - 1) * messages + (done / halls) % messages + 1)
    }
}

fn source(workload: Workload, reads: Reads, other: Reads) -> Source {
    let Reads {
        size, connection, ..
    } = reads;
    let reader = connection % READERS + 1;
    let sender = FIRST_SENDER + connection % SENDERS;
    let room = first_room(size) + connection % ROOMS;
    let mut turn = connection;
    let read = move |out: &mut Vec<u8>, (chat, message): (i64, i64)| {
        let body = format_args!(r#"{{"DIALOG_ID":"chat{chat}","MESSAGE_ID":{message}}}"#);
        request::write(out, reader, "im.dialog.read", body);
    };
    let send = move |out: &mut Vec<u8>, turn: i64| {
        let body = format_args!(
            r#"{{"DIALOG_ID":"chat{room}","MESSAGE":"The {turn}th outgoing is at the harbour, please collect it by noon"}}"#
        );
        request::write(out, sender, "im.message.add", body);
    };
    let get = move |out: &mut Vec<u8>, turn: i64| {
        let office = first_office(size) + turn % OFFICES;
        let body = format_args!(r#"{{"DIALOG_ID":"chat{office}"}}"#);
        let colleague = FIRST_COLLEAGUE + connection % COLLEAGUES;
        request::write(out, colleague, "im.dialog.get", body);
    };
    let look = move |out: &mut Vec<u8>, method| {
        request::write(out, reader, method, format_args!("{{}}"));
    };
    let step = move |out: &mut Vec<u8>| {
        turn += 1;
        match workload {
            Workload::Read => read(out, reads.next(0)),
            Workload::ReadApart => read(out, reads.next(size.halls / 2 + connection)),
            Workload::ReadSpread => {
                let (chat, message) = other.next_spread();
                let body = format_args!(r#"{{"DIALOG_ID":"chat{chat}","MESSAGE_ID":{message}}}"#);
                // Not the readers that read chat by chat, or nothing would be new to them.
                request::write(out, (reader + 127) % READERS + 1, "im.dialog.read", body);
            }
            Workload::Unread => {
                // A different message from last time, so that each request changes something.
                let hall = turn % size.halls + 1;
                let message = (hall - 1) * size.messages + (turn / size.halls) % size.messages + 1;
                let body = format_args!(r#"{{"DIALOG_ID":"chat{hall}","MESSAGE_ID":{message}}}"#);
                // The last readers, as reads start from the first one.
                request::write(out, READERS - connection % 64, "im.dialog.unread", body);
            }
            Workload::Send => send(out, turn),
            Workload::Get => get(out, turn),
            Workload::Counters => look(out, "im.counters.get"),
            Workload::Recent => look(out, "im.recent.list"),
            Workload::BotRead => {
                let (chat, message) = other.next(connection);
                let id = FIRST_BOT + connection % BOTS;
                let body = format_args!(
                    r#"{{"botId":{id},"botToken":"{BOT_TOKEN}","dialogId":"chat{chat}","messageId":{message}}}"#
                );
                request::write(out, WRITER, "imbot.v2.Chat.Message.read", body);
            }
            Workload::Mix => match turn % 20 {
                0..10 => read(out, reads.next(0)),
                10 | 11 => send(out, turn),
                12..15 => get(out, turn),
                15..18 => look(out, "im.counters.get"),
                _ => look(out, "im.recent.list"),
            },
        }
        true
    };
    Box::new(step)
}
