//! Who a bot has to be to do something in a chat: owner, manager, member or nobody, in every kind of chat.

use readmark_app::chat::create::{self, Plan};
use readmark_model::{ChatId, ChatKind, Role, UserId, chat::Entity};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::support::{BEN, CHO, TOKEN, assert_refused, bot, say};

const DEV: UserId = UserId(4);

/// A chat in which the bot is what is wanted, with ben as owner, or as manager where the bot is the owner, and cho as member.
fn chat_with(portal: &TestPortal, kind: ChatKind, bot: UserId, role: Option<Role>) -> ChatId {
    let (owner, managers) = match role {
        Some(Role::Owner) => (bot, vec![BEN]),
        Some(Role::Manager) => (BEN, vec![bot]),
        _ => (BEN, Vec::new()),
    };
    let mut members = vec![CHO];
    if role == Some(Role::Member) {
        members.push(bot);
    }
    let made = portal.run(BEN, move |cx| {
        create::create(
            cx,
            &Plan {
                kind,
                title: "Harbour",
                description: "",
                color: "#df532d",
                avatar: "",
                entity: &Entity::default(),
                owner,
                managers: &managers,
                members: &members,
            },
        )
    });
    made.unwrap()
}

/// Calls methods as a bot.
struct Caller<'a> {
    portal: &'a TestPortal,
    bot: UserId,
    what: String,
}

impl Caller<'_> {
    /// Calls a method, which has to succeed or to be refused; answers the result.
    fn check(&self, allowed: bool, method: &str, params: Value) -> Value {
        let mut params = params;
        params["botId"] = json!(self.bot.get());
        params["botToken"] = json!(TOKEN);
        let method = format!("imbot.v2.Chat.{method}");
        let answered = self.portal.call("ada", &method, &params);
        if allowed {
            assert_eq!(
                answered.error, None,
                "{method} by {} with {params}",
                self.what
            );
        } else {
            let code = answered.error.as_ref().map(|error| error.0.as_str());
            assert_eq!(
                (answered.status, code),
                (403, Some("ACCESS_DENIED")),
                "{method} by {} with {params}",
                self.what
            );
        }
        answered.result
    }
}

fn check_rights(portal: &TestPortal, bot: UserId, kind: ChatKind, role: Option<Role>) {
    let chat = chat_with(portal, kind, bot, role);
    let dialog = format!("chat{chat}");
    let caller = Caller {
        portal,
        bot,
        what: format!("{role:?} of {kind:?}"),
    };
    let inside = role.is_some();
    let manages = role >= Some(Role::Manager);
    let owns = role == Some(Role::Owner);
    let writes = inside && (!kind.is_channel() || manages);
    let with = |key: &str, value: Value| json!({"dialogId": dialog, key: value});
    let plain = || json!({"dialogId": dialog});

    let got = caller.check(inside, "get", plain());
    if let Some(role) = role {
        assert_eq!(got["chat"]["role"], role.as_str());
    }
    caller.check(inside, "User.list", plain());
    caller.check(inside, "InputAction.notify", plain());
    caller.check(inside, "TextField.enabled", with("enabled", json!(false)));
    caller.check(inside, "Message.read", plain());
    let sent = caller.check(
        writes,
        "Message.send",
        with("fields", json!({"message": "Fog"})),
    );
    if writes {
        let edit = json!({"messageId": sent["id"], "fields": {"message": "Haze"}});
        caller.check(true, "Message.update", edit);
    }
    let bens = json!({"messageId": say(portal, BEN, chat).get()});
    let mut edit = bens.clone();
    edit["fields"] = json!({"message": "Mist"});
    caller.check(false, "Message.update", edit);
    let mut reaction = bens.clone();
    reaction["reaction"] = json!("eyes");
    caller.check(inside, "Message.Reaction.add", reaction.clone());
    caller.check(inside, "Message.Reaction.delete", reaction);
    caller.check(manages, "Message.delete", bens);
    caller.check(writes, "update", with("fields", json!({"title": "Mole"})));
    let dev = json!([DEV.get()]);
    caller.check(inside, "User.add", with("userIds", dev.clone()));
    caller.check(owns, "Manager.add", with("userIds", dev.clone()));
    caller.check(owns, "Manager.delete", with("userIds", dev));
    caller.check(manages, "User.delete", with("userId", json!(CHO.get())));
    caller.check(owns, "setOwner", with("userId", json!(BEN.get())));
    caller.check(inside, "leave", plain());
    caller.check(false, "get", plain());
}

#[test]
fn a_bot_has_the_rights_of_a_person_in_its_place() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        for kind in [
            ChatKind::Group,
            ChatKind::Open,
            ChatKind::Channel,
            ChatKind::OpenChannel,
        ] {
            for role in [
                Some(Role::Owner),
                Some(Role::Manager),
                Some(Role::Member),
                None,
            ] {
                check_rights(portal, pharos, kind, role);
            }
        }
    });
}

#[test]
fn a_private_chat_has_only_what_two_need() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let caller = Caller {
            portal,
            bot: pharos,
            what: "one of two".to_owned(),
        };
        let with = |key: &str, value: Value| json!({"dialogId": "3", key: value});
        let sent = caller.check(
            true,
            "Message.send",
            with("fields", json!({"message": "Fog"})),
        );
        let got = caller.check(true, "get", json!({"dialogId": 3}));
        assert_eq!(got["chat"]["dialogId"], "3");
        let chat = ChatId(got["chat"]["id"].as_i64().unwrap());
        let theirs = say(portal, CHO, chat);
        caller.check(true, "User.list", json!({"dialogId": "3"}));
        caller.check(true, "InputAction.notify", json!({"dialogId": "3"}));
        caller.check(true, "TextField.enabled", with("enabled", json!("N")));
        let edit = json!({"messageId": sent["id"], "fields": {"message": "Haze"}});
        caller.check(true, "Message.update", edit);
        let reaction = json!({"messageId": theirs.get(), "reaction": "handshake"});
        caller.check(true, "Message.Reaction.add", reaction);
        caller.check(false, "Message.delete", json!({"messageId": theirs.get()}));
        caller.check(true, "Message.delete", json!({"messageId": sent["id"]}));
        caller.check(false, "update", with("fields", json!({"title": "Two"})));
        caller.check(false, "User.add", with("userIds", json!([4])));
        caller.check(false, "User.delete", with("userId", json!(3)));
        caller.check(false, "Manager.add", with("userIds", json!([3])));
        caller.check(false, "Manager.delete", with("userIds", json!([3])));
        caller.check(false, "setOwner", with("userId", json!(3)));
        caller.check(false, "leave", json!({"dialogId": "3"}));
        // What two others write to each other is no bot's business.
        let others = portal.ok(
            "ben",
            "im.message.add",
            json!({"DIALOG_ID": "3", "MESSAGE": "Psst"}),
        );
        caller.check(
            false,
            "Message.Reaction.add",
            json!({"messageId": others, "reaction": "eyes"}),
        );
    });
}

#[test]
fn a_bot_of_somebody_else_is_not_lent() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = chat_with(portal, ChatKind::Group, pharos, Some(Role::Owner));
        let message = say(portal, BEN, chat);
        for method in [
            "get",
            "update",
            "leave",
            "setOwner",
            "User.add",
            "User.delete",
            "User.list",
            "Manager.add",
            "Manager.delete",
            "Message.update",
            "Message.delete",
            "Message.get",
            "Message.getContext",
            "Message.Reaction.add",
            "Message.Reaction.delete",
            "TextField.enabled",
            "InputAction.notify",
            "add",
        ] {
            let params = json!({
                "botId": pharos.get(), "botToken": "stolen", "dialogId": format!("chat{chat}"), "userId": 3,
                "userIds": [3], "messageId": message.get(), "reaction": "like", "fields": {"title": "Mine"},
            });
            let answered = portal.call("ada", &format!("imbot.v2.Chat.{method}"), &params);
            assert_refused(&answered, 403, "BOT_OWNERSHIP_ERROR");
        }
    });
}
