//! Sending, changing, deleting and liking messages (rules R2, R4, R9), on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod message_support;

use std::{sync::Arc, thread};

use message_support::{
    cannot_edit, chat, dialog, find, join, messages, read, search, send, set_role, texts,
};
use readmark_app::Rules;
use readmark_model::{ChatId, ChatKind, Event, InputAction, Role, UserId};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};
use serde_json::json;

fn delete(portal: &TestPortal, who: &str, id: i64) {
    portal.ok(who, "im.message.delete", json!({"MESSAGE_ID": id}));
}

fn refuses_to_delete(portal: &TestPortal, who: &str, id: i64) {
    let refused = portal.error(who, "im.message.delete", json!({"MESSAGE_ID": id}));
    assert_eq!(refused, cannot_edit());
}

fn update(portal: &TestPortal, who: &str, id: i64, text: &str) {
    let params = json!({"MESSAGE_ID": id, "MESSAGE": text});
    portal.ok(who, "im.message.update", params);
}

#[test]
fn r9_an_unviewed_message_goes_completely_and_everything_follows() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho"]);
        let one = send(portal, "ben", chat, "one");
        let two = send(portal, "ben", chat, "two");
        let three = send(portal, "ben", chat, "three");
        delete(portal, "ben", one);
        let seen = dialog(portal, "cho", chat);
        assert_eq!(
            (&seen["counter"], &seen["unread_id"]),
            (&json!(2), &json!(two))
        );
        delete(portal, "ben", three);
        let seen = dialog(portal, "cho", chat);
        assert_eq!(seen["counter"], 1);
        assert_eq!(seen["last_message_id"], two);
        assert_eq!(seen["message_count"], 1);
        assert_eq!(texts(&messages(portal, "cho", chat)), [(two, "two")]);
        delete(portal, "ben", two);
        let seen = dialog(portal, "cho", chat);
        assert_eq!(
            (
                &seen["counter"],
                &seen["unread_id"],
                &seen["last_message_id"]
            ),
            (&json!(0), &json!(0), &json!(0))
        );
    });
}

#[test]
fn r9_a_viewed_message_becomes_a_tombstone_and_keeps_counting() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        let id = send(portal, "ben", chat, "a secret word");
        portal.ok("cho", "im.message.like", json!({"MESSAGE_ID": id}));
        read(portal, "cho", chat);
        delete(portal, "ben", id);
        let seen = messages(portal, "dev", chat);
        let tombstone = find(&seen, id).unwrap();
        assert_eq!(tombstone["text"], "");
        assert_eq!(tombstone["params"], json!({"IS_DELETED": "Y"}));
        assert_eq!(
            (&tombstone["author_id"], &tombstone["unread"]),
            (&json!(2), &json!(true))
        );
        let seen = dialog(portal, "dev", chat);
        assert_eq!(
            (&seen["counter"], &seen["unread_id"]),
            (&json!(1), &json!(id))
        );
        assert_eq!(seen["last_message_id"], id);
        assert!(search(portal, "dev", chat, "secret").is_empty());

        // There is nothing left of it to be changed, deleted again or liked; a manager may still clear it away.
        let edit = json!({"MESSAGE_ID": id, "MESSAGE": "back"});
        assert_eq!(
            portal.error("ben", "im.message.update", edit),
            cannot_edit()
        );
        refuses_to_delete(portal, "ben", id);
        let like = portal.error("cho", "im.message.like", json!({"MESSAGE_ID": id}));
        assert_eq!(like, (400, "WITHOUT_CHANGES".to_owned()));
        delete(portal, "ada", id);
        assert!(messages(portal, "dev", chat).is_empty());
        assert_eq!(dialog(portal, "dev", chat)["counter"], 0);
    });
}

#[test]
fn r9_managers_and_channels_delete_completely() {
    for_each_store(|portal| {
        let group = chat(portal, ChatKind::Group, "ada", &["ben", "cho"]);
        let id = send(portal, "ben", group, "one");
        read(portal, "cho", group);
        refuses_to_delete(portal, "cho", id);
        delete(portal, "ada", id);
        assert!(messages(portal, "cho", group).is_empty());

        let channel = chat(portal, ChatKind::Channel, "ada", &["ben", "cho"]);
        set_role(portal, channel, "ben", Role::Manager);
        let id = send(portal, "ben", channel, "news");
        read(portal, "cho", channel);
        set_role(portal, channel, "ben", Role::Member);
        delete(portal, "ben", id);
        assert!(messages(portal, "cho", channel).is_empty());
    });
}

#[test]
fn r9_neither_hidden_readers_nor_read_all_make_a_tombstone() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        portal.ok("cho", "readmark.receipts.hide", json!({}));
        let id = send(portal, "ben", chat, "one");
        read(portal, "cho", chat);
        portal.ok("dev", "im.dialog.read.all", json!({}));
        delete(portal, "ben", id);
        assert!(messages(portal, "dev", chat).is_empty());
    });
}

#[test]
fn r9_in_a_private_chat_only_the_author_deletes() {
    for_each_store(|portal| {
        let id = portal.ok(
            "ada",
            "im.message.add",
            json!({"DIALOG_ID": "2", "MESSAGE": "hi"}),
        );
        let id = id.as_i64().unwrap();
        refuses_to_delete(portal, "ben", id);
        portal.ok("ben", "im.dialog.read", json!({"DIALOG_ID": "1"}));
        delete(portal, "ada", id);
        let history = portal.ok("ben", "im.dialog.messages.get", json!({"DIALOG_ID": "1"}));
        assert_eq!(history["messages"][0]["params"], json!({"IS_DELETED": "Y"}));
    });
}

#[test]
fn r9_an_update_to_a_blank_text_deletes() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho"]);
        let unviewed = send(portal, "ben", chat, "one");
        update(portal, "ben", unviewed, "");
        assert!(messages(portal, "cho", chat).is_empty());
        let viewed = send(portal, "ben", chat, "two");
        read(portal, "cho", chat);
        update(portal, "ben", viewed, " \n");
        assert_eq!(texts(&messages(portal, "cho", chat)), [(viewed, "")]);
        // A manager deletes what others wrote, but does not change it, not even to nothing.
        let other = send(portal, "ben", chat, "three");
        for text in ["mine", ""] {
            let params = json!({"MESSAGE_ID": other, "MESSAGE": text});
            assert_eq!(
                portal.error("ada", "im.message.update", params),
                cannot_edit()
            );
        }
    });
}

#[test]
fn r9_editing_touches_neither_counters_nor_cursors_nor_viewers() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        let id = send(portal, "ben", chat, "alpha");
        send(portal, "ben", chat, "omega");
        let up_to = json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE_ID": id});
        portal.ok("cho", "im.dialog.read", up_to);
        let state = |portal: &TestPortal| {
            let viewers = json!({"MESSAGE_ID": id});
            (
                ["ada", "ben", "cho", "dev"].map(|who| dialog(portal, who, chat)),
                ["ada", "cho", "dev"].map(|who| portal.ok(who, "im.counters.get", json!({}))),
                portal.ok("ben", "readmark.message.viewers", viewers),
            )
        };
        let before = state(portal);
        update(portal, "ben", id, "beta");
        let params = json!({"MESSAGE_ID": id, "KEYBOARD": [{"TEXT": "Go", "LINK": "/go"}]});
        portal.ok("ben", "im.message.update", params);
        assert_eq!(state(portal), before);
        assert!(search(portal, "dev", chat, "alpha").is_empty());
        assert_eq!(search(portal, "dev", chat, "beta"), [id]);
    });
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_mark_and_no_event() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(portal, "ben", chat, "same");
        let (events, ()) = portal.events_of(|| {
            update(portal, "ben", id, "same");
            portal.ok("ben", "im.message.update", json!({"MESSAGE_ID": id}));
        });
        assert_eq!(events, []);
        assert_eq!(messages(portal, "ada", chat)[0]["params"], json!([]));
        let (events, ()) = portal.events_of(|| update(portal, "ben", id, "other"));
        let [Event::MessageUpdated { before, by }] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!((before.text.as_str(), *by), ("same", UserId(2)));
        assert_eq!(
            messages(portal, "ada", chat)[0]["params"],
            json!({"IS_EDITED": "Y"})
        );
    });
}

#[test]
fn parameters_are_kept_changed_and_removed_one_by_one() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let params = json!({
            "DIALOG_ID": format!("chat{chat}"), "ATTACH": [{"MESSAGE": "card"}],
            "KEYBOARD": [{"TEXT": "Go", "LINK": "/go"}], "MENU": [{"TEXT": "Open", "LINK": "/open"}],
            "URL_PREVIEW": "N",
        });
        let id = portal.ok("ben", "im.message.add", params);
        let keys = |portal: &TestPortal| -> Vec<String> {
            let params = messages(portal, "ada", chat)[0]["params"].clone();
            params
                .as_object()
                .map_or_else(Vec::new, |map| map.keys().cloned().collect())
        };
        assert_eq!(keys(portal), ["ATTACH", "KEYBOARD", "MENU", "URL_PREVIEW"]);
        for (change, left) in [
            (
                json!({"KEYBOARD": "N"}),
                vec!["ATTACH", "MENU", "URL_PREVIEW"],
            ),
            (json!({"URL_PREVIEW": "Y", "MENU": ""}), vec!["ATTACH"]),
            (
                json!({"ATTACH": [{"MESSAGE": "new"}], "IS_EDITED": "N"}),
                vec!["ATTACH"],
            ),
            (json!({"ATTACH": "N"}), vec!["IS_EDITED"]),
        ] {
            let mut params = change.clone();
            params["MESSAGE_ID"] = id.clone();
            portal.ok("ben", "im.message.update", params);
            assert_eq!(keys(portal), left, "{change}");
        }
    });
}

#[test]
fn the_edit_period_ends_for_the_author_and_not_for_a_manager() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let rules = Rules {
            edit_period: Some(60_000),
            ..Rules::default()
        };
        let portal = TestPortal::with_rules(kind, rules);
        let chat = chat(&portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(&portal, "ben", chat, "one");
        update(&portal, "ben", id, "two");
        portal.shift_clock(60_000);
        let params = json!({"MESSAGE_ID": id, "MESSAGE": "three"});
        assert_eq!(
            portal.error("ben", "im.message.update", params),
            cannot_edit()
        );
        refuses_to_delete(&portal, "ben", id);
        delete(&portal, "ada", id);
    }
}

#[test]
fn a_reply_stays_within_its_chat_and_tells_nothing_of_others() {
    for_each_store(|portal| {
        let here = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let there = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let foreign = chat(portal, ChatKind::Group, "cho", &["dev"]);
        let (known, unknown) = (
            send(portal, "ada", there, "a"),
            send(portal, "cho", foreign, "b"),
        );
        let reply =
            |id: i64| json!({"DIALOG_ID": format!("chat{here}"), "MESSAGE": "re", "REPLY_ID": id});
        let code = |id| portal.error("ben", "im.message.add", reply(id)).1;
        assert_eq!(code(known), "REPLY_FROM_OTHER_CHAT_ERROR");
        assert_eq!(code(unknown), "REPLY_ACCESS_ERROR");
        assert_eq!(code(9_999), "REPLY_ACCESS_ERROR");
        let first = send(portal, "ada", here, "first");
        let answer = portal
            .ok("ben", "im.message.add", reply(first))
            .as_i64()
            .unwrap();
        let seen = messages(portal, "ada", here);
        assert_eq!(
            find(&seen, answer).unwrap()["params"],
            json!({"REPLY_ID": first})
        );
        delete(portal, "ada", first);
        assert_eq!(code(first), "REPLY_ACCESS_ERROR");
    });
}

#[test]
fn hidden_history_can_be_neither_read_nor_found_nor_liked_nor_answered_nor_deleted() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let old = send(portal, "ben", chat, "buried treasure");
        join(portal, chat, "cho", false);
        let new = send(portal, "ben", chat, "fresh treasure");
        assert_eq!(
            texts(&messages(portal, "cho", chat)),
            [(new, "fresh treasure")]
        );
        assert_eq!(search(portal, "cho", chat, "treasure"), [new]);
        assert_eq!(search(portal, "ada", chat, "treasure"), [new, old]);
        let like = portal.error("cho", "im.message.like", json!({"MESSAGE_ID": old}));
        assert_eq!(like.1, "WITHOUT_CHANGES");
        let reply = json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": "re", "REPLY_ID": old});
        assert_eq!(
            portal.error("cho", "im.message.add", reply).1,
            "REPLY_ACCESS_ERROR"
        );
        set_role(portal, chat, "cho", Role::Manager);
        refuses_to_delete(portal, "cho", old);
        let page = json!({"DIALOG_ID": format!("chat{chat}"), "FIRST_ID": 0});
        let page = portal.ok("cho", "im.dialog.messages.get", page);
        assert_eq!(
            texts(page["messages"].as_array().unwrap()),
            [(new, "fresh treasure")]
        );
        // Quoting does not bring it back either.
        let quoting =
            json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": "so it was", "REPLY_ID": old});
        let quoting = portal.ok("ada", "im.message.add", quoting);
        let found = json!({"CHAT_ID": chat, "SEARCH_MESSAGE": "so it was"});
        let by_cho = portal.ok("cho", "im.dialog.messages.search", found.clone());
        assert_eq!(by_cho["messages"][0]["id"], quoting);
        assert_eq!(by_cho["additionalMessages"], json!([]));
        let by_ben = portal.ok("ben", "im.dialog.messages.search", found);
        assert_eq!(by_ben["additionalMessages"][0]["id"], old);
    });
}

#[test]
fn a_like_is_set_once_and_seen_by_all() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho"]);
        let id = send(portal, "ada", chat, "cake");
        let like = |who: &str, action: &str| {
            portal
                .call(
                    who,
                    "im.message.like",
                    &json!({"MESSAGE_ID": id, "ACTION": action}),
                )
                .error
                .map(|e| e.0)
        };
        let unchanged = Some("WITHOUT_CHANGES".to_owned());
        assert_eq!(like("ben", "minus"), unchanged);
        assert_eq!(like("ben", "plus"), None);
        assert_eq!(like("ben", "plus"), unchanged);
        assert_eq!(like("ada", "auto"), None);
        assert_eq!(
            messages(portal, "cho", chat)[0]["params"],
            json!({"LIKE": [2, 1]})
        );
        assert_eq!(like("ben", "auto"), None);
        assert_eq!(like("ben", "minus"), unchanged);
        assert_eq!(
            messages(portal, "cho", chat)[0]["params"],
            json!({"LIKE": [1]})
        );
        assert_eq!(like("dev", "plus"), unchanged);
        assert_eq!(dialog(portal, "cho", chat)["counter"], 1);
    });
}

#[test]
fn of_two_editors_at_once_one_text_wins_and_only_its_words_are_found() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(portal, "ben", chat, "start");
        let words: Vec<String> = (0..8).map(|number| format!("draft{number}")).collect();
        thread::scope(|scope| {
            for word in &words {
                scope.spawn(move || update(portal, "ben", id, word));
            }
        });
        let seen = messages(portal, "ada", chat);
        let winner = seen[0]["text"].as_str().unwrap();
        assert!(words.iter().any(|word| word == winner));
        for word in words.iter().map(String::as_str).chain(["start"]) {
            let found = search(portal, "ada", chat, word);
            assert_eq!(found.len(), usize::from(word == winner), "{word}");
        }
    });
}

#[test]
fn editing_and_deleting_at_once_leave_no_words_behind() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        for _ in 0..5 {
            let id = send(portal, "ben", chat, "fleeting");
            thread::scope(|scope| {
                scope.spawn(|| {
                    portal.call(
                        "ben",
                        "im.message.update",
                        &json!({"MESSAGE_ID": id, "MESSAGE": "fleeting thing"}),
                    )
                });
                scope.spawn(|| delete(portal, "ada", id));
                scope.spawn(|| portal.call("ada", "im.message.like", &json!({"MESSAGE_ID": id})));
            });
        }
        assert!(search(portal, "ada", chat, "fleeting").is_empty());
        assert!(messages(portal, "ada", chat).is_empty());
        assert_eq!(dialog(portal, "ada", chat)["message_count"], 0);
    });
}

#[test]
fn typing_is_told_and_nothing_else_happens() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Open, "ada", &["ben"]);
        let params = json!({"DIALOG_ID": format!("chat{chat}")});
        let typing = || portal.ok("ben", "im.dialog.writing", params.clone());
        let (events, answer) = portal.events_of(typing);
        assert_eq!(answer, true);
        let typing = Event::Typing {
            chat: ChatId(chat),
            user: UserId(2),
            action: InputAction::default(),
        };
        assert_eq!(events, [typing]);
        // Somebody who may look into an open chat is still no participant.
        let refused = || portal.error("cho", "im.dialog.writing", params.clone());
        let (events, error) = portal.events_of(refused);
        assert_eq!(error, (403, "ACCESS_ERROR".to_owned()));
        assert_eq!(events, []);
    });
}

#[test]
fn nothing_of_a_refused_message_stays() {
    for_each_store(|portal| {
        let open = chat(portal, ChatKind::Open, "ada", &["ben"]);
        let channel = chat(portal, ChatKind::Channel, "ada", &["ben"]);
        let code = |who: &str, dialog: String| {
            portal
                .error(
                    who,
                    "im.message.add",
                    json!({"DIALOG_ID": dialog, "MESSAGE": "x"}),
                )
                .1
        };
        assert_eq!(code("cho", format!("chat{open}")), "ACCESS_ERROR");
        assert_eq!(code("ben", format!("chat{channel}")), "ACCESS_ERROR");
        assert_eq!(code("ben", "chat999".into()), "CHAT_ID");
        assert_eq!(code("ben", "sg7".into()), "CHAT_ID");
        assert_eq!(code("ben", "99".into()), "USER_NOT_FOUND");
        // An extranet user sees nobody without a shared chat.
        assert_eq!(code("eva", "2".into()), "USER_NOT_FOUND");
        let bad = json!({"DIALOG_ID": "3", "MESSAGE": "x", "REPLY_ID": 9_999});
        assert_eq!(
            portal.error("ben", "im.message.add", bad).1,
            "REPLY_ACCESS_ERROR"
        );
        let recent = portal.ok("cho", "im.counters.get", json!({}));
        assert_eq!(recent["TYPE"]["ALL"], 0);
        assert!(messages(portal, "ada", open).is_empty());
    });
}

#[test]
fn many_authors_at_once_get_one_order_and_no_gaps() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        let ids = Arc::new(std::sync::Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for who in ["ada", "ben", "cho", "dev"] {
                let ids = Arc::clone(&ids);
                scope.spawn(move || {
                    for number in 0..5 {
                        let id = send(portal, who, chat, &format!("{who} {number}"));
                        ids.lock().unwrap().push(id);
                    }
                });
            }
        });
        let mut sent = ids.lock().unwrap().clone();
        sent.sort_unstable_by(|a, b| b.cmp(a));
        let seen: Vec<i64> = messages(portal, "ada", chat)
            .iter()
            .map(|message| message["id"].as_i64().unwrap())
            .collect();
        assert_eq!(seen, sent);
        assert_eq!(dialog(portal, "ada", chat)["message_count"], 20);
    });
}
