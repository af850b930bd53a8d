//! Calls about bots that come at once.

use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::support::{BEN, CHO, TOKEN, bot, group, read, register, say};

/// Makes calls at once and answers what they answered.
fn at_once<T: Send>(
    portal: &TestPortal,
    calls: usize,
    call: impl Fn(&TestPortal, usize) -> T + Sync,
) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..calls)
            .map(|n| {
                let call = &call;
                scope.spawn(move || call(portal, n))
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn a_bot_registered_from_many_sides_is_one_bot() {
    for_each_store(|portal| {
        let ids = at_once(portal, 6, |portal, _| register(portal, "pharos", TOKEN));
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    });
}

#[test]
fn a_token_goes_to_one_of_those_who_ask_for_it_at_once() {
    for_each_store(|portal| {
        let bots: Vec<_> = (0..4)
            .map(|n| register(portal, &format!("pharos{n}"), &format!("token-{n}")))
            .collect();
        let answered = at_once(portal, bots.len(), |portal, n| {
            let params = json!({
                "botId": bots[n].get(), "botToken": format!("token-{n}"), "fields": {"botToken": "wanted"},
            });
            portal.call("ada", "imbot.v2.Bot.update", &params)
        });
        let failed: Vec<_> = answered
            .iter()
            .filter_map(|answered| answered.error.as_ref())
            .collect();
        assert_eq!(failed.len(), bots.len() - 1);
        assert!(
            failed
                .iter()
                .all(|error| error.0 == "BOT_TOKEN_ROTATION_FAILED"),
            "{failed:?}"
        );
    });
}

#[test]
fn r13_reads_at_once_view_each_message_once() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[CHO, pharos]);
        let ids: Vec<_> = (0..20).map(|_| say(portal, BEN, chat)).collect();
        let answers = at_once(portal, 10, |portal, n| {
            read(portal, pharos, chat, Some(ids[2 * n + 1]))
        });
        let mut viewed: Vec<i64> = answers
            .iter()
            .flat_map(|answer| answer["viewedMessages"].as_array().unwrap())
            .map(|id| id.as_i64().unwrap())
            .collect();
        viewed.sort_unstable();
        let all: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        assert_eq!(viewed, all);
        let last = read(portal, pharos, chat, None);
        assert_eq!(
            (&last["counter"], &last["viewedMessages"]),
            (&json!(0), &json!([]))
        );
    });
}

#[test]
fn of_calls_that_unregister_a_bot_at_once_one_succeeds() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        group(portal, &[CHO, pharos]);
        let answered = at_once(portal, 4, |portal, _| {
            let params = json!({"botId": pharos.get(), "botToken": TOKEN});
            portal.call("ada", "imbot.v2.Bot.unregister", &params)
        });
        let (done, failed): (Vec<_>, Vec<_>) = answered
            .into_iter()
            .partition(|answered| answered.error.is_none());
        assert_eq!(done.len(), 1);
        assert_eq!(done[0].result, json!({"result": true}));
        for answered in failed {
            let code = answered.error.unwrap().0;
            assert!(
                ["BOT_UNREGISTER_FAILED", "BOT_NOT_FOUND"].contains(&code.as_str()),
                "{code}"
            );
        }
    });
}

#[test]
fn messages_sent_at_once_are_all_counted() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chats: Vec<_> = (0..3).map(|_| group(portal, &[pharos])).collect();
        at_once(portal, 9, |portal, n| {
            let dialog = format!("chat{}", chats[n % chats.len()]);
            let params = json!({
                "botId": pharos.get(), "botToken": TOKEN, "dialogId": dialog, "fields": {"message": "Ahoy"},
            });
            portal.ok("ada", "imbot.v2.Chat.Message.send", params)
        });
        let params = json!({"botId": pharos.get(), "botToken": TOKEN});
        let shown: Value = portal.ok("ada", "imbot.v2.Bot.get", params);
        assert_eq!(shown["bot"]["countMessage"], json!(9));
    });
}

#[test]
fn a_reaction_that_is_set_many_times_at_once_is_set_once() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        let message = say(portal, BEN, chat);
        let answered = at_once(portal, 5, |portal, _| {
            let params = json!({
                "botId": pharos.get(), "botToken": TOKEN, "messageId": message.get(), "reaction": "fire",
            });
            portal.call("ada", "imbot.v2.Chat.Message.Reaction.add", &params)
        });
        let codes: Vec<_> = answered
            .iter()
            .filter_map(|answered| answered.error.as_ref())
            .map(|error| error.0.as_str())
            .collect();
        assert_eq!(codes, ["REACTION_ALREADY_SET"; 4]);
    });
}

#[test]
fn of_managers_and_an_owner_who_changes_at_once_the_owner_is_one() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let fields = json!({"title": "Harbour", "userIds": [2, 3, 4]});
        let made = portal.ok(
            "ada",
            "imbot.v2.Chat.add",
            json!({"botId": pharos.get(), "botToken": TOKEN, "fields": fields}),
        );
        let dialog = &made["chat"]["dialogId"];
        let answered = at_once(portal, 4, |portal, n| {
            let (method, key, value) = match n {
                0 => ("imbot.v2.Chat.setOwner", "userId", json!(2)),
                1 => ("imbot.v2.Chat.setOwner", "userId", json!(3)),
                2 => ("imbot.v2.Chat.Manager.add", "userIds", json!([2, 3, 4])),
                _ => ("imbot.v2.Chat.Manager.delete", "userIds", json!([2, 3])),
            };
            let params =
                json!({"botId": pharos.get(), "botToken": TOKEN, "dialogId": dialog, key: value});
            portal.call("ada", method, &params)
        });
        let handed_over = answered[..2]
            .iter()
            .filter(|answered| answered.error.is_none())
            .count();
        assert_eq!(handed_over, 1);
        let list = portal.ok("ben", "im.dialog.get", json!({"DIALOG_ID": dialog}));
        let owner = list["owner"].as_i64().unwrap();
        assert!([2, 3].contains(&owner), "{owner}");
        assert!(
            list["manager_list"]
                .as_array()
                .unwrap()
                .contains(&json!(owner)),
            "{list}"
        );
    });
}
