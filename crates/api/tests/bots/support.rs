//! A portal with a bot in it.

use readmark_app::{
    Refused,
    chat::{create, members},
    message::{
        delete::{self, Deletion},
        send::{self, Draft},
    },
};
use readmark_model::{
    ChatId, ChatKind, MessageId, MessageKind, MessageParams, ReadState, Seq, Timestamp, UserId,
    chat::Entity, message_params::Notice, view::Viewer,
};
use readmark_store::StoreError;
use readmark_testkit::{
    Answered, TestPortal,
    rows::{chat, member, view},
};
use serde_json::{Value, json};

pub(crate) const ADA: UserId = UserId(1);
pub(crate) const BEN: UserId = UserId(2);
pub(crate) const CHO: UserId = UserId(3);

/// The token of every test's first bot.
pub(crate) const TOKEN: &str = "lighthouse-17";

/// Registers a bot by ada's webhook.
pub(crate) fn register(portal: &TestPortal, code: &str, token: &str) -> UserId {
    let fields = json!({"code": code, "botToken": token, "properties": {"name": "Pharos"}});
    let result = portal.ok("ada", "imbot.v2.Bot.register", json!({"fields": fields}));
    UserId(result["bot"]["id"].as_i64().unwrap())
}

/// A bot of [`TOKEN`].
pub(crate) fn bot(portal: &TestPortal) -> UserId {
    register(portal, "pharos", TOKEN)
}

/// A chat of ben with these members beside him.
pub(crate) fn chat_of(portal: &TestPortal, kind: ChatKind, members: &[UserId]) -> ChatId {
    let members = members.to_vec();
    let made = portal.run(BEN, move |cx| {
        create::create(
            cx,
            &create::Plan {
                kind,
                title: "Harbour",
                description: "",
                color: "#df532d",
                avatar: "",
                entity: &Entity::default(),
                owner: BEN,
                managers: &[],
                members: &members,
            },
        )
    });
    made.unwrap()
}

/// A group of ben with these members beside him.
pub(crate) fn group(portal: &TestPortal, members: &[UserId]) -> ChatId {
    chat_of(portal, ChatKind::Group, members)
}

/// Somebody writes.
pub(crate) fn say(portal: &TestPortal, who: UserId, chat: ChatId) -> MessageId {
    let sent = portal.run(who, move |cx| {
        send::send(
            cx,
            chat,
            &Draft {
                kind: MessageKind::Post,
                text: "the tide is out",
                params: MessageParams::empty(),
                reply: None,
                uuid: None,
            },
        )
    });
    sent.unwrap()
}

/// An automatic notice that somebody causes.
pub(crate) fn notice(portal: &TestPortal, who: UserId, chat: ChatId) -> MessageId {
    let sent = portal.run(who, move |cx| {
        send::notice(cx, chat, "the harbour was renamed", Notice::Other)
    });
    sent.unwrap()
}

/// Somebody deletes a message, by the rules.
pub(crate) fn delete(portal: &TestPortal, who: UserId, id: MessageId) {
    let deleted = portal.run(who, move |cx| delete::delete(cx, id, Deletion::ByRule));
    deleted.unwrap();
}

/// Somebody joins.
pub(crate) fn join(portal: &TestPortal, chat: ChatId, who: UserId, history_shown: bool) {
    let joined: Result<_, StoreError> = portal.run(BEN, move |cx| {
        let chat = chat::lock_exclusive(cx.tx, chat)?.ok_or(StoreError::Decode("no chat"))?;
        members::add(cx, &chat, &[who], history_shown)
    });
    assert_eq!(joined.unwrap(), [who]);
}

/// Somebody reads as people do.
pub(crate) fn look(portal: &TestPortal, who: &str, chat: ChatId) {
    portal.ok(
        who,
        "im.dialog.read",
        json!({"DIALOG_ID": format!("chat{chat}")}),
    );
}

/// The parameters of a read.
pub(crate) fn read_params(bot: UserId, dialog: &str, message: Option<MessageId>) -> Value {
    json!({"botId": bot.get(), "botToken": TOKEN, "dialogId": dialog, "messageId": message.map(MessageId::get)})
}

/// The bot reads a group.
pub(crate) fn read(
    portal: &TestPortal,
    bot: UserId,
    chat: ChatId,
    message: Option<MessageId>,
) -> Value {
    portal.ok(
        "ada",
        "imbot.v2.Chat.Message.read",
        read_params(bot, &format!("chat{chat}"), message),
    )
}

/// What a read is to answer.
pub(crate) fn state(chat: ChatId, last: MessageId, counter: i64, viewed: &[MessageId]) -> Value {
    let viewed: Vec<i64> = viewed.iter().map(|id| id.get()).collect();
    json!({"chatId": chat.get(), "lastId": last.get(), "counter": counter, "viewedMessages": viewed})
}

/// Calls a method with an access token of an application, made for it.
pub(crate) fn by_application(
    portal: &TestPortal,
    client: &'static str,
    user: UserId,
    method: &str,
    params: &Value,
) -> Answered {
    let token = format!("access of {client} for {user}");
    portal.call_with(portal.token(client, user, &token), method, params)
}

/// Everything that a read may change.
#[derive(Debug, PartialEq)]
pub(crate) struct Traces {
    /// The membership's read state and when it last changed.
    pub(crate) member: Option<(ReadState, Timestamp)>,
    /// The end of the views.
    pub(crate) viewed: Option<(Seq, Timestamp)>,
    /// How many events were published in the portal.
    pub(crate) events: usize,
}

/// What a read has left so far.
pub(crate) fn traces(portal: &TestPortal, chat: ChatId, user: UserId) -> Traces {
    let events = portal.events().len();
    let traces: Result<_, StoreError> = portal.portal.store.read(move |tx| {
        let found = member::find(tx, chat, user)?.map(|found| found.member);
        Ok(Traces {
            member: found.map(|member| (member.read, member.changed_at)),
            viewed: view::find_end(tx, chat, user)?,
            events,
        })
    });
    traces.unwrap()
}

/// Who viewed a message, as `who` is told.
pub(crate) fn viewers(portal: &TestPortal, who: UserId, message: MessageId) -> Vec<UserId> {
    let page = portal.run(who, move |cx| {
        readmark_app::viewers::list(cx, message, UserId(0), 100)
    });
    page.unwrap()
        .viewers
        .into_iter()
        .map(|viewer: Viewer| viewer.user)
        .collect()
}

/// Asserts what a call is refused with, and by whom it is asked.
#[track_caller]
pub(crate) fn assert_refused(answered: &Answered, status: u16, code: &str) {
    let got = answered.error.as_ref().map(|error| error.0.as_str());
    assert_eq!(
        (answered.status, got),
        (status, Some(code)),
        "{}",
        answered.result
    );
}

/// Runs a use case as a user and drops what it answers.
pub(crate) fn act<T: Send + 'static, E: std::fmt::Debug + Send + 'static>(
    portal: &TestPortal,
    who: UserId,
    f: impl FnMut(&mut readmark_app::Cx<'_>) -> Result<T, Refused<E>> + Send + 'static,
) -> T {
    portal.run(who, f).unwrap()
}
