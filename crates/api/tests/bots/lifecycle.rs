//! Registering, listing, changing and unregistering bots.

use readmark_app::{
    Refused,
    bot::{
        access::{self, Claim},
        unregister::{self, UnregisterRefusal},
    },
    verify,
};
use readmark_model::{Role, SecretHash, UserId, chat::Entity};
use readmark_store::StoreError;
use readmark_testkit::{for_each_store, rows::member};
use serde_json::{Value, json};

use crate::support::{
    ADA, BEN, CHO, TOKEN, act, assert_refused, bot, by_application, chat_of, group, register, say,
    traces,
};

const REGISTER: &str = "imbot.v2.Bot.register";

fn fields(code: &str, token: &str) -> Value {
    json!({"fields": {"code": code, "botToken": token, "properties": {"name": "Pharos"}}})
}

#[test]
fn registering_again_answers_the_bot_as_it_is() {
    for_each_store(|portal| {
        let first = portal.ok("ada", REGISTER, fields("pharos", TOKEN));
        let again = json!({"fields": {
            "code": "pharos", "botToken": TOKEN, "properties": {"name": "Renamed"}, "type": "supervisor",
        }});
        assert_eq!(portal.ok("ben", REGISTER, again), first);
        // Another token is another application.
        let other = portal.call("ada", REGISTER, &fields("pharos", "another-token"));
        assert_refused(&other, 400, "BOT_CODE_ALREADY_TAKEN");
        let application =
            by_application(portal, "local.x", ADA, REGISTER, &fields("pharos", TOKEN));
        assert_refused(&application, 400, "BOT_CODE_ALREADY_TAKEN");
    });
}

#[test]
fn a_token_may_have_several_bots_and_lists_them_all() {
    for_each_store(|portal| {
        let ids: Vec<i64> = (0..3)
            .map(|n| register(portal, &format!("pharos{n}"), TOKEN).get())
            .collect();
        register(portal, "beacon", "another-token");
        let list = |params: Value| portal.ok("ada", "imbot.v2.Bot.list", params);
        let ids_of = |page: &Value| -> Vec<i64> {
            let bots = page["bots"].as_array().unwrap();
            bots.iter().map(|bot| bot["id"].as_i64().unwrap()).collect()
        };
        let all = list(json!({"botToken": TOKEN}));
        assert_eq!(ids_of(&all), ids);
        assert_eq!(all["users"].as_array().unwrap().len(), 3);
        assert_eq!(all["hasNextPage"], json!(false));
        let page = list(json!({"botToken": TOKEN, "limit": 2, "offset": 0}));
        assert_eq!(
            (ids_of(&page), &page["hasNextPage"]),
            (ids[..2].to_vec(), &json!(true))
        );
        let rest = list(json!({"botToken": TOKEN, "limit": "2", "offset": "2"}));
        assert_eq!(
            (ids_of(&rest), &rest["hasNextPage"]),
            (ids[2..].to_vec(), &json!(false))
        );
        for filter in [
            json!({"type": "robot"}),
            json!({"type": "personal"}),
            json!({"type": ["bot"]}),
        ] {
            assert!(ids_of(&list(json!({"botToken": TOKEN, "filter": filter}))).is_empty());
        }
        assert_eq!(
            ids_of(&list(json!({"botToken": TOKEN, "filter": {"type": "bot"}}))),
            ids
        );
    });
}

#[test]
fn a_hundred_bots_are_enough_for_an_application_a_token_and_a_webhook() {
    for_each_store(|portal| {
        for n in 0..100 {
            // With tokens that change, as a webhook is not let off by making up new ones.
            register(
                portal,
                &format!("pharos{n}"),
                &format!("{TOKEN}-{}", n / 60),
            );
        }
        let more = portal.call("ada", REGISTER, &fields("pharos100", "a-new-token"));
        assert_refused(&more, 400, "BOT_LIMIT_EXCEEDED");
        // A bot that is there is still answered, and another webhook still makes some.
        portal.ok("ada", REGISTER, fields("pharos7", &format!("{TOKEN}-0")));
        portal.ok("ben", REGISTER, fields("pharos101", "a-new-token"));
        for n in 0..101 {
            let params =
                json!({"fields": {"code": format!("beacon{n}"), "properties": {"name": "Beacon"}}});
            let answered = by_application(portal, "local.x", ADA, REGISTER, &params);
            let code = answered.error.map(|error| error.0);
            assert_eq!(
                code.as_deref(),
                (n == 100).then_some("BOT_LIMIT_EXCEEDED"),
                "{n}"
            );
        }
    });
}

#[test]
fn no_extranet_user_registers_a_bot() {
    for_each_store(|portal| {
        let answered = portal.call("eva", REGISTER, &fields("pharos", TOKEN));
        assert_refused(&answered, 400, "BOT_REGISTER_FAILED");
    });
}

#[test]
fn a_new_token_ends_the_old_one_at_once_and_for_this_bot_alone() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let neighbour = register(portal, "beacon", TOKEN);
        let update = |token: &str, new: &str| {
            let params =
                json!({"botId": pharos.get(), "botToken": token, "fields": {"botToken": new}});
            portal.call("ada", "imbot.v2.Bot.update", &params)
        };
        assert_eq!(update(TOKEN, "second-token").error, None);
        assert_refused(&update(TOKEN, "third-token"), 403, "BOT_OWNERSHIP_ERROR");
        assert_refused(
            &update("second-token", TOKEN),
            400,
            "BOT_TOKEN_ROTATION_FAILED",
        );
        assert_refused(
            &update("second-token", &"t".repeat(41)),
            400,
            "BOT_TOKEN_INVALID_LENGTH",
        );
        for same in ["second-token", "", "   "] {
            assert_eq!(update("second-token", same).error, None, "{same:?}");
        }
        let page = portal.ok("ada", "imbot.v2.Bot.list", json!({"botToken": TOKEN}));
        assert_eq!(page["bots"][0]["id"], json!(neighbour.get()));
        assert_eq!(page["bots"].as_array().unwrap().len(), 1);
        // Forty characters are not forty bytes.
        assert_eq!(update("second-token", &"ж".repeat(40)).error, None);
    });
}

#[test]
fn the_bot_of_an_application_has_no_token_to_change() {
    for_each_store(|portal| {
        let params = json!({"fields": {"code": "beacon", "properties": {"name": "Beacon"}}});
        let made = by_application(portal, "local.x", ADA, REGISTER, &params).result;
        let id = made["bot"]["id"].as_i64().unwrap();
        let params = json!({"botId": id, "fields": {"botToken": "taken-over"}});
        let updated = by_application(portal, "local.x", ADA, "imbot.v2.Bot.update", &params);
        assert_eq!(updated.error, None);
        let params = json!({"botId": id, "botToken": "taken-over"});
        let answered = portal.call("ada", "imbot.v2.Bot.unregister", &params);
        assert_refused(&answered, 403, "BOT_OWNERSHIP_ERROR");
    });
}

#[test]
fn an_update_changes_what_is_given_and_says_so_once() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let update = |fields: Value| {
            let params = json!({"botId": pharos.get(), "botToken": TOKEN, "fields": fields});
            portal.ok("ada", "imbot.v2.Bot.update", params)
        };
        let changed = update(json!({
            "properties": {"lastName": "Light", "color": "azure"}, "isHidden": "Y", "backgroundId": "mint",
            "eventMode": "webhook", "webhookUrl": "https://bot.example/in",
        }));
        assert_eq!(changed["users"][0]["name"], json!("Pharos Light"));
        assert_eq!(changed["users"][0]["color"], json!("#29619b"));
        assert_eq!(changed["bot"]["isHidden"], json!(true));
        assert_eq!(changed["bot"]["backgroundId"], json!("mint"));
        let events = traces(portal, readmark_model::ChatId(1), pharos).events;
        // The same again changes nothing, and neither does nothing.
        assert_eq!(
            update(json!({"isHidden": true, "eventMode": "webhook"})),
            changed
        );
        assert_eq!(update(json!({})), changed);
        assert_eq!(
            traces(portal, readmark_model::ChatId(1), pharos).events,
            events
        );
        let back = update(json!({"backgroundId": null, "eventMode": "fetch", "isHidden": "N"}));
        assert_eq!(back["bot"]["backgroundId"], Value::Null);
        // The address is kept while the bot fetches.
        assert_eq!(
            update(json!({"eventMode": "webhook"}))["bot"]["eventMode"],
            json!("webhook")
        );
    });
}

#[test]
fn r6_an_unregistered_bot_leaves_its_chats_and_its_code() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let shared = group(portal, &[CHO, pharos]);
        let kept = say(portal, pharos, shared);
        let owned = portal.run(pharos, move |cx| {
            readmark_app::chat::create::create(
                cx,
                &readmark_app::chat::create::Plan {
                    kind: readmark_model::ChatKind::Group,
                    title: "Keepers",
                    description: "",
                    color: "",
                    avatar: "",
                    entity: &Entity::default(),
                    owner: pharos,
                    managers: &[CHO],
                    members: &[BEN],
                },
            )
        });
        let owned = owned.unwrap();
        let sent = portal.ok("ada", "imbot.v2.Chat.Message.send", json!({
            "botId": pharos.get(), "botToken": TOKEN, "dialogId": "3", "fields": {"message": "ahoy"},
        }));
        assert!(sent["id"].is_i64());
        let before = portal.ok("cho", "im.counters.get", json!({}));
        assert_eq!(before["TYPE"]["DIALOG"], json!(1), "{before}");
        let gone = portal.ok(
            "ada",
            "imbot.v2.Bot.unregister",
            json!({"botId": pharos.get(), "botToken": TOKEN}),
        );
        assert_eq!(gone, json!({"result": true}));
        let roles: Result<_, StoreError> = portal.portal.store.read(move |tx| {
            Ok((
                member::list_chats(tx, pharos)?.len(),
                member::list_user_ids(tx, shared)?,
                member::find_role(tx, owned, CHO)?,
            ))
        });
        assert_eq!(roles.unwrap(), (0, vec![BEN, CHO], Some(Role::Owner)));
        let after = portal.ok("cho", "im.counters.get", json!({}));
        assert_eq!(after["TYPE"]["DIALOG"], json!(0), "{after}");
        assert_eq!(after["TYPE"]["CHAT"], before["TYPE"]["CHAT"]);
        // What it wrote in the group stays.
        let detail = portal.ok(
            "cho",
            "im.dialog.get",
            json!({"DIALOG_ID": format!("chat{shared}")}),
        );
        assert_eq!(detail["last_message_id"], json!(kept.get()), "{detail}");
        let report: Result<_, StoreError> = portal
            .portal
            .store
            .read(|tx| verify::verify(tx, &mut |_, _| ()));
        assert_eq!(report.unwrap().drift, []);
        let again = bot(portal);
        assert_ne!(again, pharos);
        assert_refused(
            &portal.call(
                "ada",
                "imbot.v2.Bot.unregister",
                &json!({"botId": pharos.get(), "botToken": TOKEN}),
            ),
            400,
            "BOT_NOT_FOUND",
        );
    });
}

#[test]
fn of_two_calls_that_unregister_a_bot_at_once_one_fails() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let second = act(portal, ADA, move |cx| {
            let claim = Claim {
                bot: Some(pharos),
                token: Some(SecretHash::of(TOKEN)),
            };
            // Both have found the bot before either takes it away.
            let bot = access::authorise(cx, &claim)
                .map_err(|_| Refused::Because(UnregisterRefusal::Gone))?;
            unregister::unregister(cx, &bot)?;
            Ok::<_, Refused<UnregisterRefusal>>(matches!(
                unregister::unregister(cx, &bot),
                Err(Refused::Because(UnregisterRefusal::Gone))
            ))
        });
        assert!(second);
    });
}

#[test]
fn the_numbers_of_a_bot_are_counted_from_what_is_there() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let numbers = || {
            let params = json!({"botId": pharos.get(), "botToken": TOKEN});
            let bot = portal.ok("ada", "imbot.v2.Bot.get", params)["bot"].clone();
            ["countMessage", "countCommand", "countChat", "countUser"]
                .map(|name| bot[name].as_i64().unwrap())
        };
        let send = |dialog: &str| {
            portal.ok("ada", "imbot.v2.Chat.Message.send", json!({
                "botId": pharos.get(), "botToken": TOKEN, "dialogId": dialog, "fields": {"message": "ahoy"},
            }))
        };
        assert_eq!(numbers(), [0, 0, 0, 0]);
        // A private chat that was only mentioned is none yet.
        portal.ok(
            "ada",
            "imbot.v2.Chat.Message.read",
            json!({"botId": pharos.get(), "botToken": TOKEN, "dialogId": "1"}),
        );
        assert_eq!(numbers(), [0, 0, 0, 0]);
        send("1");
        assert_eq!(numbers(), [1, 0, 1, 1]);
        let other = register(portal, "beacon", "another-token");
        let chat = chat_of(
            portal,
            readmark_model::ChatKind::Open,
            &[ADA, CHO, pharos, other, UserId(5)],
        );
        send(&format!("chat{chat}"));
        send(&format!("chat{chat}"));
        assert_eq!(numbers(), [3, 0, 2, 4]);
    });
}
