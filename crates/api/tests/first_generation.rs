//! Bots, commands and applications of the first generation of methods: what is stored, and what both generations share, on both
//! stores.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use readmark_app::{file, users, verify};
use readmark_model::{UserId, bot::Handler, chat_app::Action, user::User};
use readmark_store::StoreError;
use readmark_testkit::{
    TestPortal, for_each_store,
    people::id_of,
    rows::{chat_app, event_handler},
};
use serde_json::{Value, json};

const KEY: &str = "lighthouse-17";
const URL: &str = "https://bot.example/handler";

/// The smallest picture there is.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn register(portal: &TestPortal, code: &str, further: &Value) -> i64 {
    let mut params = json!({
        "CODE": code, "EVENT_HANDLER": URL, "CLIENT_ID": KEY, "PROPERTIES": {"NAME": "Pharos"},
    });
    for (key, value) in further.as_object().unwrap() {
        params[key] = value.clone();
    }
    portal.ok("ada", "imbot.register", params).as_i64().unwrap()
}

/// The handlers of a bot: event, command, address.
fn handlers(portal: &TestPortal, bot: i64) -> Vec<(String, i64, String)> {
    let found: Result<Vec<Handler>, StoreError> =
        portal.run(id_of("ada"), |cx| event_handler::list(cx.tx));
    let mut own: Vec<_> = found
        .unwrap()
        .into_iter()
        .filter(|handler| handler.bot == UserId(bot))
        .map(|handler| (handler.event, handler.command, handler.url))
        .collect();
    own.sort();
    own
}

fn all_at(url: &str, events: &[&str]) -> Vec<(String, i64, String)> {
    events
        .iter()
        .map(|event| ((*event).to_owned(), 0, url.to_owned()))
        .collect()
}

fn user_of(portal: &TestPortal, bot: i64) -> User {
    let found: Result<_, StoreError> =
        portal.run(id_of("ada"), move |cx| users::find(cx.tx, UserId(bot)));
    found.unwrap().unwrap()
}

fn has_file(portal: &TestPortal, path: &str) -> bool {
    let token = path.rsplit('/').next().unwrap().to_owned();
    let found: Result<_, StoreError> =
        portal.run(id_of("ada"), move |cx| file::find(cx.tx, &token));
    found.unwrap().is_some()
}

fn assert_no_drift(portal: &TestPortal) {
    let report: Result<_, StoreError> =
        portal.run(id_of("ada"), |cx| verify::verify(cx.tx, &mut |_, _| {}));
    assert_eq!(report.unwrap().drift, []);
}

#[test]
fn handlers_are_those_that_were_given_and_go_with_the_bot() {
    for_each_store(|portal| {
        let plain = register(portal, "plain", &json!({}));
        let few = ["ONIMBOTDELETE", "ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD"];
        assert_eq!(handlers(portal, plain), all_at(URL, &few));

        let supervisor = register(portal, "supervisor", &json!({"TYPE": "s"}));
        let all = [
            "ONIMBOTDELETE",
            "ONIMBOTJOINCHAT",
            "ONIMBOTMESSAGEADD",
            "ONIMBOTMESSAGEDELETE",
            "ONIMBOTMESSAGEUPDATE",
        ];
        assert_eq!(handlers(portal, supervisor), all_at(URL, &all));

        // Registering again moves the handlers, updating adds those that were passed over.
        let other = "https://other.example/";
        assert_eq!(
            register(portal, "plain", &json!({"EVENT_HANDLER": other})),
            plain
        );
        assert_eq!(handlers(portal, plain), all_at(other, &few));
        let fields = json!({"EVENT_HANDLER": URL});
        let params = json!({"BOT_ID": plain, "CLIENT_ID": KEY, "FIELDS": fields});
        portal.ok("ada", "imbot.update", params);
        assert_eq!(handlers(portal, plain), all_at(URL, &all));

        // The second generation moves all of them at once.
        let fields = json!({"webhookUrl": other});
        let params = json!({"botId": plain, "botToken": KEY, "fields": fields});
        portal.ok("ada", "imbot.v2.Bot.update", params);
        assert_eq!(handlers(portal, plain), all_at(other, &all));

        let params = json!({"BOT_ID": plain, "CLIENT_ID": KEY});
        portal.ok("ada", "imbot.unregister", params);
        assert_eq!(handlers(portal, plain), []);
        assert_no_drift(portal);
    });
}

#[test]
fn commands_have_handlers_of_their_own() {
    for_each_store(|portal| {
        let pharos = register(portal, "pharos", &json!({}));
        let of_commands = |portal: &TestPortal| -> Vec<_> {
            let all = handlers(portal, pharos).into_iter();
            all.filter(|(event, ..)| event == "ONIMCOMMANDADD")
                .map(|(_, command, url)| (command, url))
                .collect()
        };
        let lang = json!([{"LANGUAGE_ID": "en", "TITLE": "Tides"}]);
        let tide_url = format!("{URL}?tide");
        let params = json!({
            "BOT_ID": pharos, "CLIENT_ID": KEY, "COMMAND": "tide", "EVENT_COMMAND_ADD": tide_url, "LANG": lang,
        });
        let tide = portal.ok("ada", "imbot.command.register", params);
        let tide = tide.as_i64().unwrap();
        // One that comes without an address is told of where messages are.
        let params = json!({
            "botId": pharos, "botToken": KEY, "fields": {"command": "moon", "title": {"en": "Moon"}},
        });
        let moon = portal.ok("ada", "imbot.v2.Command.register", params);
        let moon = moon["command"]["id"].as_i64().unwrap();
        assert_eq!(
            of_commands(portal),
            [(tide, tide_url), (moon, URL.to_owned())]
        );

        let moved = format!("{URL}?moved");
        let params =
            json!({"COMMAND_ID": tide, "CLIENT_ID": KEY, "FIELDS": {"EVENT_COMMAND_ADD": moved}});
        portal.ok("ada", "imbot.command.update", params);
        let params = json!({"botId": pharos, "botToken": KEY, "commandId": moon});
        portal.ok("ada", "imbot.v2.Command.unregister", params);
        assert_eq!(of_commands(portal), [(tide, moved)]);
        assert_no_drift(portal);
    });
}

#[test]
fn each_generation_works_on_bots_of_the_other() {
    for_each_store(|portal| {
        let first = register(portal, "first", &json!({"OPENLINE": "Y"}));
        let fields = json!({"code": "second", "botToken": KEY, "properties": {"name": "Rex"}});
        let second = portal.ok("ada", "imbot.v2.Bot.register", json!({"fields": fields}));
        let second = second["bot"]["id"].as_i64().unwrap();

        let listed = portal.ok("ada", "imbot.v2.Bot.list", json!({"botToken": KEY}));
        let ids: Vec<_> = listed["bots"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bot| bot["id"].clone())
            .collect();
        assert_eq!(ids, [json!(first), json!(second)]);
        let brief = portal.ok("ada", "imbot.bot.list", json!({}));
        assert_eq!(brief[first.to_string()]["OPENLINE"], "Y");
        assert_eq!(brief[second.to_string()]["NAME"], "Rex");

        let fields = json!({"CODE": "renamed", "PROPERTIES": {"LAST_NAME": "Harbour"}});
        let params = json!({"BOT_ID": second, "CLIENT_ID": KEY, "FIELDS": fields});
        portal.ok("ada", "imbot.update", params);
        let params = json!({"code": "renamed", "botToken": KEY});
        let got = portal.ok("ada", "imbot.v2.Bot.get", params);
        assert_eq!(got["users"][0]["name"], "Rex Harbour");
        let params = json!({"botId": first, "botToken": KEY});
        portal.ok("ada", "imbot.v2.Bot.unregister", params);
        let refused = portal.error(
            "ada",
            "imbot.unregister",
            json!({"BOT_ID": first, "CLIENT_ID": KEY}),
        );
        assert_eq!(refused, (400, "BOT_ID_ERROR".to_owned()));
    });
}

#[test]
fn looks_are_stored_and_pictures_that_are_replaced_go() {
    for_each_store(|portal| {
        let properties = json!({
            "NAME": "Pharos", "LAST_NAME": "Harbour", "COLOR": "GREEN", "EMAIL": "Pharos@Example.org",
            "PERSONAL_BIRTHDAY": "2020-02-29", "WORK_POSITION": "Light", "PERSONAL_WWW": "https://pharos.example",
            "PERSONAL_GENDER": "F", "PERSONAL_PHOTO": PICTURE,
        });
        let pharos = register(portal, "pharos", &json!({"PROPERTIES": properties}));
        let made = user_of(portal, pharos);
        assert_eq!(
            (&*made.email, &*made.birthday),
            ("pharos@example.org", "2020-02-29")
        );
        assert_eq!((&*made.work_position, &*made.gender), ("Light", "F"));
        assert!(made.profile.contains("https://pharos.example"));
        assert!(has_file(portal, &made.avatar));

        let fields = json!({"PROPERTIES": {"LAST_NAME": "", "NAME": "Lia", "PERSONAL_WWW": "", "PERSONAL_PHOTO": PICTURE}});
        let params = json!({"BOT_ID": pharos, "CLIENT_ID": KEY, "FIELDS": fields});
        portal.ok("ada", "imbot.update", params);
        let changed = user_of(portal, pharos);
        assert_eq!(changed.full_name(), "Lia");
        assert_eq!(changed.profile, "{}");
        assert_eq!(changed.email, made.email);
        assert!(has_file(portal, &changed.avatar));
        assert!(!has_file(portal, &made.avatar));
    });
}

#[test]
fn five_bots_of_an_application_are_enough_from_many_sides() {
    for_each_store(|portal| {
        let made: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    scope.spawn(move || {
                        let params = json!({
                            "CODE": format!("bot{n}"), "EVENT_HANDLER": URL, "CLIENT_ID": KEY,
                            "PROPERTIES": {"NAME": "Pharos"},
                        });
                        portal.call("ada", "imbot.register", &params).error
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let refused: Vec<_> = made.iter().flatten().collect();
        assert_eq!(refused.len(), 3, "{made:?}");
        assert!(refused.iter().all(|error| error.0 == "MAX_COUNT_ERROR"));
    });
}

#[test]
fn applications_are_stored_changed_and_go_with_their_bot() {
    for_each_store(|portal| {
        let pharos = register(portal, "pharos", &json!({}));
        let lang = json!([{"LANGUAGE_ID": "en", "TITLE": "Tides", "COPYRIGHT": "Harbour"}]);
        let params = json!({
            "BOT_ID": pharos, "CLIENT_ID": KEY, "CODE": "tide", "JS_METHOD": "put", "JS_PARAM": "/tide now",
            "CONTEXT": "chat-admin", "ICON_FILE": PICTURE, "LANG": lang, "EXTRANET_SUPPORT": "Y",
        });
        let id = portal
            .ok("ada", "imbot.app.register", params)
            .as_i64()
            .unwrap();
        let stored = |portal: &TestPortal| {
            let found: Result<_, StoreError> = portal.run(id_of("ada"), move |cx| {
                Ok((chat_app::find(cx.tx, id)?, chat_app::list_texts(cx.tx, id)?))
            });
            found.unwrap()
        };
        let (app, texts) = stored(portal);
        let app = app.unwrap();
        let action = Action::Js {
            method: "PUT".into(),
            param: "/tide now".into(),
        };
        assert_eq!((&app.action, &*app.context), (&action, "CHAT-admin"));
        assert!(app.extranet_support && !app.hidden && !app.iframe_popup);
        assert!(has_file(portal, &app.icon));
        assert_eq!(
            (&*texts[0].title, &*texts[0].copyright),
            ("Tides", "Harbour")
        );

        let params = json!({
            "APP_ID": id, "CLIENT_ID": KEY, "IFRAME": "https://bot.example/", "HASH": "8b1a", "IFRAME_WIDTH": 9,
            "IFRAME_HEIGHT": "400", "HIDDEN": "Y",
        });
        portal.ok("ada", "imbot.app.update", params);
        let (changed, kept) = stored(portal);
        let changed = changed.unwrap();
        let action = Action::Iframe {
            url: "https://bot.example/".into(),
            width: 250,
            height: 400,
            hash: "8b1a".into(),
        };
        assert_eq!((&changed.action, changed.hidden), (&action, true));
        assert_eq!(
            (&changed.icon, &changed.context, kept),
            (&app.icon, &app.context, texts)
        );
        assert_no_drift(portal);

        let params = json!({"BOT_ID": pharos, "CLIENT_ID": KEY});
        portal.ok("ada", "imbot.unregister", params);
        assert_eq!(stored(portal), (None, vec![]));
        assert!(!has_file(portal, &app.icon));
        assert_no_drift(portal);
    });
}

#[test]
fn buttons_without_a_bot_call_commands_of_the_bot_that_sends() {
    for_each_store(|portal| {
        let bot = register(portal, "tides", &json!({}));
        let buttons = json!([{"TEXT": "More", "COMMAND": "tide"}, {"TEXT": "Else", "COMMAND": "moon", "BOT_ID": 9}]);
        let bots = |message: &Value| {
            let shown = portal.ok(
                "ada",
                "im.dialog.messages.get",
                json!({"DIALOG_ID": bot, "LIMIT": 1}),
            );
            assert_eq!(&shown["messages"][0]["id"], message);
            let params = &shown["messages"][0]["params"];
            ["KEYBOARD", "MENU"].map(|name| [0, 1].map(|at| params[name][at]["BOT_ID"].clone()))
        };
        // The call names no bot: the first one of the key is found when the call is judged.
        for named in [json!({}), json!({"BOT_ID": bot})] {
            let mut params = json!({
                "DIALOG_ID": id_of("ada").get(), "MESSAGE": "Low water", "CLIENT_ID": KEY, "KEYBOARD": buttons, "MENU": buttons,
            });
            for (name, value) in named.as_object().unwrap() {
                params[name] = value.clone();
            }
            let message = portal.ok("ada", "imbot.message.add", params.clone());
            assert_eq!(
                bots(&message),
                [[json!(bot), json!(9)], [json!(bot), json!(9)]]
            );
            params["MESSAGE_ID"] = message.clone();
            params["KEYBOARD"] = json!({"BOT_ID": 4, "BUTTONS": buttons});
            assert_eq!(
                portal.ok("ada", "imbot.message.update", params),
                json!(true)
            );
            assert_eq!(
                bots(&message),
                [[json!(4), json!(9)], [json!(bot), json!(9)]]
            );
        }
    });
}
