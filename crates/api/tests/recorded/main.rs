//! What subscribers of the bus are told, on both stores: what each operation records, word for word, and when (`commits`).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commits;

use readmark_model::{
    ChatId, Event, MessageId, NotificationId, UserId,
    bot::StreamEvent,
    command::{CommandCall, CommandContext},
};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CHO: UserId = UserId(3);

/// What a call that succeeds records.
fn recorded(portal: &TestPortal, who: &str, method: &str, params: Value) -> Vec<Event> {
    portal.events_of(|| portal.ok(who, method, params)).0
}

/// A group of ada and these users, whose first message is the notice that they were invited.
fn group(portal: &TestPortal, users: &[i64]) -> ChatId {
    let params = json!({"TITLE": "Quay", "USERS": users});
    ChatId(portal.ok("ada", "im.chat.add", params).as_i64().unwrap())
}

fn added(chat: ChatId, message: i64, author: UserId) -> Event {
    Event::MessageAdded {
        chat,
        message: MessageId(message),
        author,
    }
}

fn joined(chat: ChatId, user: UserId, by: UserId) -> Event {
    Event::MemberAdded { chat, user, by }
}

#[test]
fn a_chat_and_its_members() {
    for_each_store(|portal| {
        let chat = ChatId(1);
        let updated = Event::ChatUpdated { chat, by: ADA };
        let events = recorded(
            portal,
            "ada",
            "im.chat.add",
            json!({"TITLE": "Quay", "USERS": [2]}),
        );
        let new = Event::ChatAdded { chat, by: ADA };
        let members = [joined(chat, ADA, ADA), joined(chat, BEN, ADA)];
        assert_eq!(
            events,
            [&[new], &members[..], &[added(chat, 1, ADA)]].concat()
        );
        let title = json!({"CHAT_ID": 1, "TITLE": "Pier"});
        let events = recorded(portal, "ada", "im.chat.updateTitle", title);
        assert_eq!(events, [added(chat, 2, ADA), updated.clone()]);
        let invited = json!({"CHAT_ID": 1, "USERS": [3]});
        let events = recorded(portal, "ada", "im.chat.user.add", invited);
        assert_eq!(events, [joined(chat, CHO, ADA), added(chat, 3, ADA)]);
        let removed = json!({"CHAT_ID": 1, "USER_ID": 3});
        let (user, by) = (CHO, ADA);
        let events = recorded(portal, "ada", "im.chat.user.delete", removed);
        let gone = Event::MemberRemoved { chat, user, by };
        assert_eq!(events, [gone, added(chat, 4, ADA)]);
        // Ben becomes the owner.
        let events = recorded(portal, "ada", "im.chat.leave", json!({"CHAT_ID": 1}));
        let (user, by) = (ADA, ADA);
        let gone = Event::MemberRemoved { chat, user, by };
        assert_eq!(events, [gone, updated, added(chat, 5, ADA)]);
    });
}

#[test]
fn what_a_member_makes_of_a_chat() {
    for_each_store(|portal| {
        let chat = group(portal, &[2]);
        let user = BEN;
        let dialog = json!({"DIALOG_ID": format!("chat{chat}")});
        let with = |name: &str, value: Value| {
            let mut params = dialog.clone();
            params[name] = value;
            params
        };
        let message = portal.ok("ada", "im.message.add", with("MESSAGE", json!("words")));
        let first_unread = MessageId(message.as_i64().unwrap());
        let unread = Event::DialogUnread {
            chat,
            user,
            first_unread,
            counter: 1,
        };
        portal.ok("ben", "im.dialog.read", dialog.clone());
        let steps = [
            (
                "im.dialog.unread",
                with("MESSAGE_ID", message),
                vec![unread],
            ),
            ("im.recent.unread", dialog.clone(), {
                let flagged = true;
                vec![Event::ChatFlagged {
                    chat,
                    user,
                    flagged,
                }]
            }),
            ("im.recent.unread", with("ACTION", json!("N")), {
                let flagged = false;
                let read = Event::DialogRead {
                    chat,
                    user,
                    last_read: first_unread,
                    counter: 0,
                    viewed: None,
                    awaited: false,
                };
                vec![
                    Event::ChatFlagged {
                        chat,
                        user,
                        flagged,
                    },
                    read,
                ]
            }),
            ("im.recent.pin", dialog.clone(), {
                let pinned = true;
                vec![Event::ChatPinned { chat, user, pinned }]
            }),
            ("im.recent.pin", with("PIN", json!("N")), {
                let pinned = false;
                vec![Event::ChatPinned { chat, user, pinned }]
            }),
            (
                "im.recent.hide",
                dialog.clone(),
                vec![Event::ChatHidden { chat, user }],
            ),
            ("im.chat.mute", with("MUTE", json!("Y")), {
                let muted = true;
                vec![Event::ChatMuted { chat, user, muted }]
            }),
            ("im.chat.mute", with("MUTE", json!("N")), {
                let muted = false;
                vec![Event::ChatMuted { chat, user, muted }]
            }),
        ];
        for (method, mut params, expected) in steps {
            params["CHAT_ID"] = json!(chat.get());
            let shown = format!("{method} {params}");
            assert_eq!(recorded(portal, "ben", method, params), expected, "{shown}");
        }
    });
}

#[test]
fn a_message_as_it_was() {
    for_each_store(|portal| {
        let chat = group(portal, &[2]);
        let dialog = format!("chat{chat}");
        let send = || {
            let params = json!({"DIALOG_ID": dialog, "MESSAGE": "words"});
            portal.ok("ben", "im.message.add", params).as_i64().unwrap()
        };
        let (seen, unseen) = (send(), send());
        let like = json!({"MESSAGE_ID": seen});
        let events = recorded(portal, "ada", "im.message.like", like);
        let liked = Event::ReactionChanged {
            chat,
            message: MessageId(seen),
            user: ADA,
            reaction: "like".to_owned(),
            added: true,
        };
        assert_eq!(events, [liked]);
        let up_to = json!({"DIALOG_ID": dialog, "MESSAGE_ID": seen});
        portal.ok("ada", "im.dialog.read", up_to);
        for (id, gone) in [(unseen, true), (seen, false)] {
            let events = recorded(
                portal,
                "ben",
                "im.message.delete",
                json!({"MESSAGE_ID": id}),
            );
            let [
                Event::MessageDeleted {
                    before,
                    complete,
                    by,
                },
            ] = &events[..]
            else {
                panic!("{events:?}");
            };
            assert_eq!(
                (before.id, before.chat, before.author),
                (MessageId(id), chat, BEN)
            );
            assert_eq!((before.text.as_str(), before.deleted), ("words", false));
            assert_eq!((*complete, *by), (gone, BEN), "ada has seen one of them");
        }
    });
}

#[test]
fn notifications_with_their_counter() {
    for_each_store(|portal| {
        let user = BEN;
        let notify = |tag: &str| {
            let params = json!({"USER_ID": 2, "MESSAGE": "tide", "TAG": tag});
            portal.events_of(|| portal.ok("ada", "im.notify.personal.add", params))
        };
        let (events, first) = notify("one");
        let notification = NotificationId(first.as_i64().unwrap());
        assert_eq!(events, [Event::NotificationAdded { user, notification }]);
        notify("two");
        let (events, third) = notify("one");
        let notification = NotificationId(third.as_i64().unwrap());
        let replaced = Event::NotificationsDeleted { user, unread: 1 };
        assert_eq!(
            events,
            [replaced, Event::NotificationAdded { user, notification }]
        );
        let events = recorded(
            portal,
            "ben",
            "im.notify.read.list",
            json!({"IDS": [third]}),
        );
        assert_eq!(events, [Event::NotificationsRead { user, unread: 1 }]);
        let events = recorded(
            portal,
            "ben",
            "im.notify.read.list",
            json!({"IDS": [third]}),
        );
        assert_eq!(events, []);
    });
}

#[test]
fn users_and_private_chats() {
    for_each_store(|portal| {
        let events = recorded(portal, "ben", "im.dialog.get", json!({"DIALOG_ID": "3"}));
        let chat = ChatId(1);
        assert_eq!(events, [Event::PrivateChatAdded { chat, by: BEN }]);
        let user = BEN;
        let events = recorded(portal, "ben", "readmark.receipts.hide", json!({}));
        assert_eq!(events, [Event::UserUpdated { user }]);
        let new = json!({"EMAIL": "fay@example.com", "UF_DEPARTMENT": [1]});
        let (events, id) = portal.events_of(|| portal.ok("ada", "user.add", new));
        let user = UserId(id.as_i64().unwrap());
        assert_eq!(events, [Event::UserAdded { user }]);
    });
}

#[test]
fn bots_their_commands_and_their_end() {
    for_each_store(|portal| {
        let fields = json!({
            "code": "pharos", "botToken": "lighthouse-17", "properties": {"name": "Pharos"},
            "eventMode": "webhook", "webhookUrl": "https://bot.example/in",
        });
        let register = json!({"fields": fields});
        let (events, made) =
            portal.events_of(|| portal.ok("ada", "imbot.v2.Bot.register", register));
        let bot = UserId(made["bot"]["id"].as_i64().unwrap());
        assert_eq!(events, [Event::BotAdded { bot }]);
        let own = |further: Value| {
            let mut params = json!({"botId": bot.get(), "botToken": "lighthouse-17"});
            for (name, value) in further.as_object().unwrap() {
                params[name] = value.clone();
            }
            params
        };
        let command = json!({"fields": {"command": "tides", "title": {"en": "Tides"}}});
        let register = || portal.ok("ada", "imbot.v2.Command.register", own(command));
        let (events, made) = portal.events_of(register);
        let command = made["command"]["id"].as_i64().unwrap();
        assert_eq!(events, [Event::BotUpdated { bot }]);

        let dialog = bot.to_string();
        portal.ok("ada", "im.dialog.get", json!({"DIALOG_ID": dialog}));
        let call = json!({"DIALOG_ID": dialog, "MESSAGE": "/tides at noon"});
        let (events, message) = portal.events_of(|| portal.ok("ada", "im.message.add", call));
        let (chat, message) = (ChatId(1), message.as_i64().unwrap());
        let call = CommandCall {
            bot,
            command,
            name: "tides".to_owned(),
            params: "at noon".to_owned(),
            context: CommandContext::TextArea,
            chat,
            message: MessageId(message),
            user: ADA,
        };
        let call = Box::new(call);
        assert_eq!(
            events,
            [added(chat, message, ADA), Event::CommandCalled { call }]
        );
        let opened = json!({"dialogId": dialog, "context": {"page": 7}});
        let events = recorded(portal, "ada", "im.v2.Chat.Bot.sendContext", opened);
        let context = json!({"page": 7}).to_string();
        let user = ADA;
        assert_eq!(
            events,
            [Event::ContextSent {
                chat,
                user,
                context
            }]
        );

        let events = recorded(portal, "ada", "imbot.v2.Bot.unregister", own(json!({})));
        let removed = |user: UserId| Event::MemberRemoved {
            chat,
            user,
            by: bot,
        };
        // Ada was the owner, and the bot is it for a moment.
        let owned = Event::ChatUpdated { chat, by: bot };
        assert_eq!(events[..3], [removed(ADA), owned, removed(bot)]);
        let [
            Event::BotDeleted {
                bot: gone,
                handler,
                by,
            },
        ] = &events[3..]
        else {
            panic!("{events:?}");
        };
        assert_eq!((gone.user, gone.code.as_str(), *by), (bot, "pharos", ADA));
        let handler = handler.as_ref().unwrap();
        let name = StreamEvent::Delete.bot_name(gone.generation).unwrap();
        assert_eq!(
            (handler.event.as_str(), handler.url.as_str()),
            (name, "https://bot.example/in")
        );
    });
}
