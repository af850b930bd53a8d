//! What `imbot.v2.Chat.Message.read` answers (rules R1, R12, R13, R18).

use readmark_app::{Refused, Rules, dialog::read_all};
use readmark_model::{ChatKind, MessageId, chat::Entity};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};
use serde_json::json;

use crate::support::{
    BEN, CHO, act, bot, chat_of, delete, group, join, look, notice, read, read_params, say, state,
    traces, viewers,
};

#[test]
fn r13_a_read_names_exactly_what_it_viewed_for_the_first_time() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[CHO, bot]);
        let first = say(portal, BEN, chat);
        notice(portal, BEN, chat);
        let gone = say(portal, CHO, chat);
        let tombstone = say(portal, CHO, chat);
        let own = say(portal, bot, chat);
        let second = say(portal, CHO, chat);
        let last = notice(portal, CHO, chat);
        delete(portal, CHO, gone);
        look(portal, "ben", chat);
        // Ben has viewed it, so that something is left of it; it still counts and is still viewed.
        delete(portal, CHO, tombstone);
        assert_ne!(own, second);
        assert_eq!(
            read(portal, bot, chat, None),
            state(chat, last, 0, &[first, tombstone, second])
        );
        assert_eq!(read(portal, bot, chat, None), state(chat, last, 0, &[]));
    });
}

#[test]
fn r1_a_read_up_to_a_message_leaves_the_rest() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let ids: Vec<MessageId> = (0..5).map(|_| say(portal, BEN, chat)).collect();
        assert_eq!(
            read(portal, bot, chat, Some(ids[1])),
            state(chat, ids[1], 3, &ids[..2])
        );
        assert_eq!(
            read(portal, bot, chat, Some(ids[1])),
            state(chat, ids[1], 3, &[])
        );
        assert_eq!(
            read(portal, bot, chat, Some(ids[3])),
            state(chat, ids[3], 1, &ids[2..4])
        );
        // An older message changes nothing and answers where the bot is.
        let before = traces(portal, chat, bot);
        assert_eq!(
            read(portal, bot, chat, Some(ids[0])),
            state(chat, ids[3], 1, &[])
        );
        assert_eq!(traces(portal, chat, bot), before);
        assert_eq!(
            read(portal, bot, chat, None),
            state(chat, ids[4], 0, &ids[4..])
        );
    });
}

#[test]
fn r13_what_was_marked_read_without_viewing_is_viewed_by_the_next_read() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let first = say(portal, BEN, chat);
        let second = say(portal, BEN, chat);
        act(portal, bot, |cx| {
            read_all::read_all(cx).map_err(Refused::<()>::from)
        });
        assert_eq!(viewers(portal, BEN, second), []);
        assert_eq!(
            read(portal, bot, chat, None),
            state(chat, second, 0, &[first, second])
        );
        let third = say(portal, BEN, chat);
        let own = say(portal, bot, chat);
        assert_eq!(
            read(portal, bot, chat, Some(own)),
            state(chat, own, 0, &[third])
        );
    });
}

#[test]
fn r2_a_bot_that_joined_without_history_reads_what_came_after() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[CHO]);
        say(portal, BEN, chat);
        let hidden = say(portal, BEN, chat);
        join(portal, chat, bot, false);
        assert_eq!(read(portal, bot, chat, None), state(chat, hidden, 0, &[]));
        let seen = say(portal, CHO, chat);
        assert_eq!(read(portal, bot, chat, None), state(chat, seen, 0, &[seen]));
        assert_eq!(viewers(portal, BEN, hidden), []);
        assert_eq!(viewers(portal, BEN, seen), [bot]);
    });
}

#[test]
fn a_bot_that_joined_with_history_has_read_it_and_views_it_at_its_first_read() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[]);
        let old = say(portal, BEN, chat);
        join(portal, chat, bot, true);
        assert_eq!(read(portal, bot, chat, None), state(chat, old, 0, &[old]));
    });
}

#[test]
fn viewed_messages_are_not_capped() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let ids: Vec<MessageId> = (0..150).map(|_| say(portal, BEN, chat)).collect();
        assert_eq!(
            read(portal, bot, chat, Some(ids[148])),
            state(chat, ids[148], 1, &ids[..149])
        );
    });
}

#[test]
fn r18_with_the_caps_a_read_views_the_newest_hundred() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let rules = Rules {
            compat_caps: true,
            ..Rules::default()
        };
        let portal = &TestPortal::with_rules(kind, rules);
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let ids: Vec<MessageId> = (0..220).map(|_| say(portal, BEN, chat)).collect();
        assert_eq!(
            read(portal, bot, chat, Some(ids[109])),
            state(chat, ids[109], 100, &ids[10..110])
        );
        assert_eq!(
            read(portal, bot, chat, None),
            state(chat, ids[219], 0, &ids[120..])
        );
    }
}

#[test]
fn r12_a_bots_read_is_a_view_that_everybody_is_shown() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let message = say(portal, BEN, chat);
        read(portal, bot, chat, None);
        assert_eq!(viewers(portal, BEN, message), [bot]);
        let detail = portal.ok(
            "ben",
            "im.dialog.get",
            json!({"DIALOG_ID": format!("chat{chat}")}),
        );
        assert_eq!(
            detail["readed_list"][0]["user_id"],
            json!(bot.get()),
            "{detail}"
        );
        assert_eq!(
            detail["readed_list"][0]["message_id"],
            json!(message.get()),
            "{detail}"
        );
    });
}

#[test]
fn a_private_chat_is_read_by_the_id_of_the_user() {
    for_each_store(|portal| {
        let bot = bot(portal);
        // Nobody has written yet: the chat is made by being mentioned.
        let empty = portal.ok(
            "ada",
            "imbot.v2.Chat.Message.read",
            read_params(bot, "3", None),
        );
        let chat = readmark_model::ChatId(empty["chatId"].as_i64().unwrap());
        assert_eq!(empty, state(chat, MessageId(0), 0, &[]));
        let message = say(portal, CHO, chat);
        let done = portal.ok(
            "ada",
            "imbot.v2.Chat.Message.read",
            read_params(bot, "3", None),
        );
        assert_eq!(done, state(chat, message, 0, &[message]));
        assert_eq!(viewers(portal, CHO, message), [bot]);
        // The chat's own id names the same chat.
        assert_eq!(read(portal, bot, chat, None), state(chat, message, 0, &[]));
    });
}

#[test]
fn the_chat_of_a_workgroup_is_read_by_the_workgroups_id() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let made = portal.run(BEN, move |cx| {
            readmark_app::chat::create::create(
                cx,
                &readmark_app::chat::create::Plan {
                    kind: ChatKind::Group,
                    title: "Keepers",
                    description: "",
                    color: "",
                    avatar: "",
                    entity: &Entity {
                        kind: "SONET_GROUP".into(),
                        id: "12".into(),
                        data: Default::default(),
                    },
                    owner: BEN,
                    managers: &[],
                    members: &[bot],
                },
            )
        });
        let chat = made.unwrap();
        let message = say(portal, BEN, chat);
        let done = portal.ok(
            "ada",
            "imbot.v2.Chat.Message.read",
            read_params(bot, "sg12", None),
        );
        assert_eq!(done, state(chat, message, 0, &[message]));
    });
}

#[test]
fn r8_a_read_clears_the_unread_flag_also_where_nothing_is_new() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let message = say(portal, BEN, chat);
        read(portal, bot, chat, None);
        act(portal, bot, move |cx| {
            readmark_app::recent::set_flag(cx, chat).map_err(Refused::<()>::from)
        });
        assert_eq!(read(portal, bot, chat, None), state(chat, message, 0, &[]));
        assert!(!traces(portal, chat, bot).member.unwrap().0.unread_flag);
    });
}

#[test]
fn the_name_of_the_method_and_the_spelling_of_values_do_not_matter() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = chat_of(portal, ChatKind::Channel, &[bot]);
        let message = say(portal, BEN, chat);
        let params = json!({
            "BOT_ID": bot.to_string(), "bot_token": crate::support::TOKEN, "dialog_id": format!("chat{chat}"),
            "MESSAGE_ID": format!("{message}.0"),
        });
        let done = portal.ok("ben", "IMBOT.V2.chat.message.READ", params);
        assert_eq!(done, state(chat, message, 0, &[message]));
        assert_eq!(viewers(portal, BEN, message), [bot]);
    });
}
