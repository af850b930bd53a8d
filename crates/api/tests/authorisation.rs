//! Nobody reads, counts, lists or changes what they are no member of: every method is tried by outsiders, with
//! every parameter that could lead it to a chat, so that a method that is added is tried as well; and the same calls succeed for those
//! who are, so that nothing else than membership keeps outsiders out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicI64, Ordering};

use readmark_api::{contract::entry::Entry, methods::METHODS, portal::upload::Blobs as _};
use readmark_testkit::{Answered, StoreKind, TestPortal, for_each_store};
use serde_json::{Map, Value, json};

/// The smallest picture there is.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Stands in everything that outsiders must not see.
const SECRET: &str = "Kingfisher";

/// The content of every file: one letter, as a test portal has little room.
const CONTENT: &str = "YQ==";

/// Somebody who calls methods, with a bot of each generation registered by the same webhook, and what they bring along.
struct Actor {
    name: &'static str,
    /// `CLIENT_ID` and `botToken` of both bots.
    key: String,
    first: Bot,
    second: Bot,
    /// An application of the bot of the first generation.
    app: i64,
    /// Whom they name where a method takes a user.
    named: [i64; 2],
}

/// A bot and its command.
#[derive(Clone, Copy)]
struct Bot {
    id: i64,
    command: i64,
}

/// Registers the bots of an actor with everything they have, or finds them again where they are left.
fn actor(portal: &TestPortal, name: &'static str, named: [i64; 2]) -> Actor {
    let key = format!("key of {name}");
    let ok = |method: &str, params: Value| portal.ok(name, method, params);
    let id = ok(
        "imbot.register",
        json!({
            "CODE": format!("first of {name}"), "CLIENT_ID": key, "EVENT_HANDLER": "https://bot.example/handler",
            "PROPERTIES": { "NAME": "Pharos" },
        }),
    );
    let command = ok(
        "imbot.command.register",
        json!({
            "BOT_ID": id, "CLIENT_ID": key, "COMMAND": "tide", "EVENT_COMMAND_ADD": "https://bot.example/handler",
            "LANG": [{ "LANGUAGE_ID": "en", "TITLE": "Tides" }],
        }),
    );
    let app = ok(
        "imbot.app.register",
        json!({
            "BOT_ID": id, "CLIENT_ID": key, "CODE": "tides", "JS_METHOD": "SEND", "JS_PARAM": "/tide",
            "LANG": [{ "LANGUAGE_ID": "en", "TITLE": "Tides" }],
        }),
    );
    let first = Bot {
        id: id.as_i64().unwrap(),
        command: command.as_i64().unwrap(),
    };
    let fields = json!({ "code": format!("second of {name}"), "botToken": key, "type": "supervisor", "properties": { "name": "Faros" } });
    let made = ok("imbot.v2.Bot.register", json!({ "fields": fields }));
    let id = made["bot"]["id"].as_i64().unwrap();
    let fields = json!({ "command": "tide", "title": { "en": "Tides" } });
    let params = json!({ "botId": id, "botToken": key, "fields": fields });
    let made = ok("imbot.v2.Command.register", params);
    let command = made["command"]["id"].as_i64().unwrap();
    Actor {
        name,
        key,
        first,
        second: Bot { id, command },
        app: app.as_i64().unwrap(),
        named,
    }
}

/// A closed chat, or a private one.
struct Place {
    dialog: String,
    chat: i64,
    /// A message of whoever made the chat, and one that calls the commands of its bots.
    messages: [i64; 2],
    file: i64,
    entity: String,
}

/// What outsiders must not reach: closed chats of ada and ben and of ada's two bots with them, the private chat of ada and
/// ben, and the one of ada and her second bot.
fn closed(portal: &TestPortal, ada: &Actor) -> Vec<Place> {
    static ENTITIES: AtomicI64 = AtomicI64::new(1);
    let entity = ENTITIES.fetch_add(1, Ordering::Relaxed).to_string();
    let title = format!("{SECRET} chat");
    let users = json!([1, 2, ada.first.id, ada.second.id]);
    let chat = portal.ok(
        "ada",
        "im.chat.add",
        json!({
            "TITLE": title, "DESCRIPTION": format!("About {SECRET}"), "USERS": users, "ENTITY_TYPE": "NEST",
            "ENTITY_ID": entity,
        }),
    );
    let mut places = vec![place(portal, ada, None, chat.as_i64().unwrap(), &entity)];
    for bot in [ada.first, ada.second] {
        let fields = json!({ "title": title, "userIds": users });
        let params = json!({ "botId": bot.id, "botToken": ada.key, "fields": fields });
        let made = portal.ok("ada", "imbot.v2.Chat.add", params);
        let chat = made["chat"]["id"].as_i64().unwrap();
        places.push(place(portal, ada, Some(bot), chat, ""));
    }
    for (peer, bot) in [(2, None), (ada.second.id, Some(ada.second))] {
        let chat = portal.ok("ada", "im.dialog.get", json!({ "DIALOG_ID": peer }));
        let chat = chat["id"].as_i64().unwrap();
        places.push(place(portal, ada, bot, chat, ""));
    }
    places
}

/// Fills a chat that ada is in, with a bot of hers or by herself.
fn place(portal: &TestPortal, ada: &Actor, bot: Option<Bot>, chat: i64, entity: &str) -> Place {
    let dialog = format!("chat{chat}");
    let text = format!("{SECRET} nests here");
    let content = json!({ "name": format!("{SECRET}.txt"), "content": CONTENT });
    let of_bot = |bot: Bot, fields: Value| json!({ "botId": bot.id, "botToken": ada.key, "dialogId": dialog, "fields": fields });
    let call = json!({ "DIALOG_ID": dialog, "MESSAGE": format!("/tide {SECRET}") });
    let call = portal.ok("ada", "im.message.add", call).as_i64().unwrap();
    let (message, file) = match bot {
        None => {
            let params = json!({ "DIALOG_ID": dialog, "MESSAGE": text });
            let message = portal.ok("ada", "im.message.add", params);
            let params = json!({ "dialogId": dialog, "fields": content });
            (message, portal.ok("ada", "im.v2.File.upload", params))
        }
        Some(bot) => {
            let params = of_bot(bot, json!({ "message": text }));
            let sent = portal.ok("ada", "imbot.v2.Chat.Message.send", params);
            let params = of_bot(bot, content);
            let file = portal.ok("ada", "imbot.v2.File.upload", params);
            let params = json!({ "botId": bot.id, "botToken": ada.key, "messageId": call, "reaction": "fire" });
            portal.ok("ada", "imbot.v2.Chat.Message.Reaction.add", params);
            (sent["id"].clone(), file)
        }
    };
    portal.ok("ada", "im.search.last.add", json!({ "DIALOG_ID": dialog }));
    Place {
        dialog,
        chat,
        messages: [message.as_i64().unwrap(), call],
        file: file["file"]["id"].as_i64().unwrap(),
        entity: entity.to_owned(),
    }
}

/// The calls of a method by an actor with everything that could lead it to one of these places: whatever it declares, and for
/// some parameters, with and without. Names are written in one way, as methods find them in any.
fn probes(entry: &Entry, actor: &Actor, places: &[Place]) -> Vec<Value> {
    let declared: Vec<String> = entry.params().map(|param| plain(param.name)).collect();
    let mut probes = Vec::new();
    for place in places {
        for message in place.messages {
            for user in actor.named {
                let full = probe(entry, actor, place, message, user);
                for without in [
                    &[][..],
                    &["SEARCH_MESSAGE", "FIND"],
                    &["MESSAGE_ID", "REPLY_ID"],
                    &["DIALOG_ID"],
                    &["CHAT_ID"],
                    &["UPLOAD_ID"],
                ] {
                    let mut probe = full.clone();
                    probe.retain(|name, _| !without.contains(&name.as_str()));
                    let mut seen = probe.clone();
                    seen.retain(|name, _| declared.contains(&plain(name)));
                    if probes.iter().all(|(other, _)| *other != seen) {
                        probes.push((seen, Value::Object(probe)));
                    }
                }
            }
        }
    }
    probes.into_iter().map(|(_, probe)| probe).collect()
}

/// A name as methods compare it.
fn plain(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

/// A call with everything at once. Where two methods read one name differently, the name of the method decides.
fn probe(
    entry: &Entry,
    actor: &Actor,
    place: &Place,
    message: i64,
    user: i64,
) -> Map<String, Value> {
    let by_token = entry.params().any(|param| param.name == "botToken");
    let bot = if by_token { actor.second } else { actor.first };
    let text = "taken over";
    let code = format!("{} {}", entry.name, actor.name);
    let context = if entry.name.starts_with("imbot.app.") {
        json!("ALL")
    } else {
        json!({ "berth": 4 })
    };
    let title = if entry.name.starts_with("imbot.v2.Command.") {
        json!({ "en": text })
    } else {
        json!(text)
    };
    let language = json!([{ "LANGUAGE_ID": "en", "TITLE": text }]);
    let handler = "https://bot.example/handler";
    let parts = [
        json!({
            "DIALOG_ID": place.dialog, "CHAT_ID": place.chat, "MESSAGE_ID": message, "REPLY_ID": message,
            "FILE_ID": place.file, "UPLOAD_ID": place.file, "ENTITY_TYPE": "NEST", "ENTITY_ID": place.entity,
            "SEARCH_MESSAGE": SECRET, "FIND": SECRET, "SEARCH_TEXT": SECRET, "LIMIT": 200,
        }),
        json!({
            "USER_ID": user, "USERS": [user], "USER_IDS": [user], "BOT_ID": bot.id, "BOT_TOKEN": actor.key,
            "CLIENT_ID": actor.key, "COMMAND_ID": bot.command, "APP_ID": actor.app,
        }),
        json!({
            "TITLE": text, "MESSAGE": text, "COLOR": "RED", "AVATAR": PICTURE, "REACTION": "fire", "TYPE": "CHAT",
            "CONTEXT": context,
        }),
        json!({
            "CODE": code, "PROPERTIES": { "NAME": text }, "EVENT_HANDLER": handler, "COMMAND": "tide",
            "EVENT_COMMAND_ADD": handler, "LANG": language, "JS_METHOD": "SEND", "JS_PARAM": "/tide",
            "FIELDS": {
                "message": text, "title": title, "name": "probe.txt", "content": CONTENT, "code": code,
                "botToken": actor.key, "properties": { "name": text }, "command": entry.name,
            },
        }),
    ];
    parts
        .into_iter()
        .filter_map(|part| match part {
            Value::Object(members) => Some(members),
            _ => None,
        })
        .flatten()
        .collect()
}

/// Everything about these places that their members see, line by line, but for what is another each time: when users were last
/// active, as asking is being active, and links, which end.
fn state(portal: &TestPortal, places: &[Place]) -> Vec<String> {
    let counters = portal.ok("ben", "im.counters.get", json!({}));
    let seen = places.iter().map(|place| {
        let dialog = json!({ "DIALOG_ID": place.dialog });
        let messages = portal.ok("ada", "im.dialog.messages.get", dialog.clone());
        let chat = ["ada", "ben"].map(|who| portal.call(who, "im.dialog.get", &dialog).result);
        json!([messages, chat, counters["CHAT"][place.chat.to_string()]])
    });
    let state = json!([seen.collect::<Vec<_>>(), counters["DIALOG"]["1"]]);
    let passing = |line: &&str| line.contains("\"last_activity_date\"") || line.contains("?token=");
    let lines = format!("{state:#}");
    let lasting = lines.lines().filter(|line| !passing(line));
    lasting.map(str::to_owned).collect()
}

/// Whether a call is refused because of its bot, before the method asks what the bot may see: what every test of a bot's rights has
/// to get past.
fn is_stopped_at_the_door(answered: &Answered) -> bool {
    let Some((code, text)) = &answered.error else {
        return false;
    };
    let codes = [
        "BOT_TOKEN_NOT_SPECIFIED",
        "BOT_ID_REQUIRED",
        "BOT_NOT_FOUND",
        "BOT_OWNERSHIP_ERROR",
        "BOT_ID_ERROR",
        "APP_ID_ERROR",
        "CHAT_APP_ID_ERROR",
        "COMMAND_ID_ERROR",
        "BOT_TYPE_NOT_ALLOWED",
        "WRONG_GENERATION",
    ];
    codes.contains(&code.as_str()) || text.contains("Client ID not specified")
}

#[test]
fn outsiders_see_and_change_nothing_of_a_closed_chat_through_any_method() {
    for_each_store(|portal| {
        let ada = actor(portal, "ada", [2, 4]);
        let places = closed(portal, &ada);
        let before = state(portal, &places);
        for entry in METHODS {
            for (name, id) in [("cho", 3), ("eva", 5)] {
                // Again for each method, as some take a bot away, or its command. An extranet user makes no bots, but acts for
                // those whose key they know.
                let outsider = actor(portal, "cho", [id, 2]);
                let mut reached = false;
                for probe in probes(entry, &outsider, &places) {
                    let answered = portal.call(name, entry.name, &probe);
                    assert!(
                        !answered.result.to_string().contains(SECRET),
                        "{} tells {name} about the chat: {}",
                        entry.name,
                        answered.result
                    );
                    assert_ne!(answered.status, 500, "{} fails for {name}", entry.name);
                    reached |= !is_stopped_at_the_door(&answered);
                }
                assert!(
                    reached,
                    "{} stops the bots of {name} at the door",
                    entry.name
                );
            }
            // What outsiders did may have made rows of their own, never of these places.
            let after = state(portal, &places);
            let changed = before
                .iter()
                .zip(&after)
                .find(|(before, after)| before != after);
            assert_eq!(changed, None, "{} changes the chat", entry.name);
        }
    });
}

/// Whether a method declares a parameter that can lead it to a chat, or acts for a bot.
fn leads_somewhere(entry: &Entry) -> bool {
    let leading = [
        "dialogid",
        "chatid",
        "messageid",
        "fileid",
        "uploadid",
        "entityid",
        "botid",
        "bottoken",
        "commandid",
        "appid",
    ];
    let mut declared = entry.params().map(|param| plain(param.name));
    declared.any(|name| leading.contains(&&*name))
}

/// What keeps outsiders out in the test above is never that a parameter is missing or malformed: each method that can be led to a chat
/// does what it is for when ada makes one of these calls.
#[test]
fn what_outsiders_try_succeeds_for_members() {
    let portal = TestPortal::new(StoreKind::Sqlite);
    let mut failing = Vec::new();
    for entry in METHODS.iter().filter(|entry| leads_somewhere(entry)) {
        let ada = actor(&portal, "ada", [2, 4]);
        let places = closed(&portal, &ada);
        let mut errors = Vec::new();
        for content in portal.blobs.all().keys() {
            portal.blobs.discard(content);
        }
        let succeeds = probes(entry, &ada, &places).iter().any(|probe| {
            let answered = portal.call("ada", entry.name, probe);
            errors.push(answered.error.clone());
            answered.error.is_none() && answered.result != false
        });
        if !succeeds {
            errors.dedup();
            failing.push(format!("{} {errors:?}", entry.name));
        }
    }
    assert_eq!(failing, Vec::<String>::new());
}

#[test]
fn a_bot_is_closed_to_everybody_who_gives_another_key() {
    for_each_store(|portal| {
        let (ada, cho) = (actor(portal, "ada", [2, 4]), actor(portal, "cho", [3, 2]));
        let places = closed(portal, &ada);
        let before = state(portal, &places);
        let with_wrong_key = Actor {
            key: cho.key,
            ..ada
        };
        let mut tried = 0;
        for entry in METHODS.iter().filter(|entry| acts_for_one(entry)) {
            for probe in probes(entry, &with_wrong_key, &places) {
                let answered = portal.call("ada", entry.name, &probe);
                assert!(
                    is_stopped_at_the_door(&answered),
                    "{} {answered:?}",
                    entry.name
                );
                tried += 1;
            }
        }
        assert!(tried > 60, "{tried} calls");
        assert_eq!(state(portal, &places), before);
    });
}

/// Whether a method acts for a bot, a command or an application that it must be told.
fn acts_for_one(entry: &Entry) -> bool {
    let one = ["botid", "commandid", "appid"];
    let mut names = entry.params().map(|param| plain(param.name));
    let has_key = names
        .clone()
        .any(|name| name == "bottoken" || name == "clientid");
    // Everybody may look at a bot, who does not own it, in brief.
    entry.name != "imbot.v2.Bot.get" && has_key && names.any(|name| one.contains(&&*name))
}

#[test]
fn a_dismissed_user_is_refused_by_every_method() {
    for_each_store(|portal| {
        portal.ok("ada", "user.update", json!({ "ID": 3, "ACTIVE": "N" }));
        for entry in METHODS {
            let answered = portal.call("cho", entry.name, &json!({}));
            assert_eq!(answered.status, 401, "{}", entry.name);
        }
    });
}

#[test]
fn every_method_needs_one_of_its_scopes_and_the_base_methods_none() {
    use readmark_model::{Scopes, UserId};

    for_each_store(|portal| {
        let credentials = portal.webhook(UserId(2), Scopes::default(), "nothingatall");
        for entry in METHODS {
            let answered = portal.call_with(credentials, entry.name, &json!({}));
            let refused = answered
                .error
                .is_some_and(|(code, _)| code == "insufficient_scope");
            assert_eq!(refused, !entry.scopes.is_empty(), "{}", entry.name);
        }
    });
}
