//! The chats and messages of the demonstration.

use anyhow::Result;
use readmark_app::{
    Cx, Interrupt, access,
    chat::create::{self, Plan},
    counters,
    message::send::{self, Draft},
};
use readmark_model::{
    ChatId, ChatKind, DialogId, MessageKind, MessageParams, Timestamp, UserId, chat::Entity,
    color::Color,
};
use readmark_store::Store;

use super::unexpected;
use crate::operator::{fault, operate};

/// The interval between messages, in milliseconds.
const PAUSE: i64 = 4 * 60 * 1000;

/// A chat; people are given by index into the list of people, the first one is the owner.
struct Talk {
    kind: ChatKind,
    title: &'static str,
    description: &'static str,
    /// Number of the workgroup whose chat it is.
    workgroup: Option<&'static str>,
    members: &'static [usize],
    messages: &'static [(usize, &'static str)],
}

const TALKS: [Talk; 3] = [
    Talk {
        kind: ChatKind::Group,
        title: "Harbour festival",
        description: "Everything about the weekend of the festival",
        workgroup: None,
        members: &[1, 0, 2, 4],
        messages: &[
            (1, "The permit for the pier has arrived."),
            (2, "Then I can finish the map. Two stages or three?"),
            (1, "Three, if the small one fits behind the boathouse."),
            (4, "It does: I measured it this morning."),
            (2, "The first draft of the map is ready for you to look at."),
        ],
    },
    Talk {
        kind: ChatKind::Open,
        title: "Lunch",
        description: "Who eats where and when",
        workgroup: None,
        members: &[3, 0, 1, 2, 4],
        messages: &[
            (3, "Soup at the corner at half past twelve?"),
            (4, "Gladly, keep me a seat."),
        ],
    },
    Talk {
        kind: ChatKind::Group,
        title: "Posters",
        description: "Chat of the workgroup",
        workgroup: Some("1"),
        members: &[2, 0, 1, 5],
        messages: &[
            (2, "Noor, can your workshop print eighty of them by Friday?"),
            (5, "Eighty is fine. I need the final file on Wednesday."),
            (2, "You will have it on Tuesday evening."),
        ],
    },
];

/// Private messages: from, to, text.
const LETTERS: [(usize, usize, &str); 3] = [
    (1, 0, "Do you have ten minutes for the budget today?"),
    (0, 1, "At three, in my office."),
    (
        3,
        2,
        "The colours of the map look great on the small screens, too.",
    ),
];

/// Makes the chats and sends the messages, up to now.
pub(super) fn add(cx: &mut Cx<'_>, people: &[UserId]) -> Result<(), Interrupt> {
    let (operator, end) = (cx.user, cx.now);
    let messages = TALKS.iter().map(|talk| talk.messages.len()).sum::<usize>() + LETTERS.len();
    let all = i64::try_from(messages).unwrap_or_default();
    cx.now = Timestamp(end.get() - PAUSE * all);
    for talk in &TALKS {
        start(cx, people, talk)?;
    }
    for (from, to, text) in LETTERS {
        cx.act_as(people[from]);
        let chat = access::resolve(cx, DialogId::User(people[to]))?;
        if let Some(chat) = chat {
            post(cx, chat, text)?;
        }
    }
    cx.act_as(operator);
    cx.now = end;
    Ok(())
}

fn start(cx: &mut Cx<'_>, people: &[UserId], talk: &Talk) -> Result<(), Interrupt> {
    let members: Vec<_> = talk.members.iter().map(|&at| people[at]).collect();
    let owner = members[0];
    let entity = talk.workgroup.map_or_else(Entity::default, |id| Entity {
        kind: access::WORKGROUP.to_owned(),
        id: id.to_owned(),
        ..Entity::default()
    });
    cx.act_as(owner);
    let plan = Plan {
        kind: talk.kind,
        title: talk.title,
        description: talk.description,
        color: Color::default_for(owner.get()).hex(),
        avatar: "",
        entity: &entity,
        owner,
        managers: &[],
        members: &members,
    };
    let chat = create::create(cx, &plan)?;
    for &(author, text) in talk.messages {
        cx.act_as(people[author]);
        post(cx, chat, text)?;
    }
    Ok(())
}

fn post(cx: &mut Cx<'_>, chat: ChatId, text: &str) -> Result<(), Interrupt> {
    let draft = Draft {
        kind: MessageKind::Post,
        text,
        params: MessageParams::empty(),
        reply: None,
        uuid: None,
    };
    send::send(cx, chat, &draft).map_err(unexpected)?;
    cx.now = Timestamp(cx.now.get() + PAUSE);
    Ok(())
}

/// The chat, neither private nor muted, in which a user's unread messages are the latest.
pub(super) fn find_unread(store: &Store, user: UserId, now: Timestamp) -> Result<Option<ChatId>> {
    let totals = operate(store, now, move |cx| {
        cx.act_as(user);
        Ok(counters::totals(cx)?)
    });
    let unread = totals.map_err(fault)?.by_chat;
    Ok(unread.first().map(|(chat, _)| *chat))
}
