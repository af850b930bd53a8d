//! Notifications through the API, on both stores: read flags, tags, counters and who sees what.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use readmark_api::call::credentials::Credentials;
use readmark_app::{
    Interrupt,
    notify::add::{self, Notice},
};
use readmark_model::{UserId, notification::NotificationKind};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};
use serde_json::{Value, json};

fn notify(portal: &TestPortal, params: Value) -> i64 {
    portal.ok("ada", "im.notify", params).as_i64().unwrap()
}

/// The ids of a user's notifications with their read flags.
fn flags(portal: &TestPortal, who: &str) -> BTreeMap<i64, bool> {
    let page = portal.ok(who, "im.notify.get", json!({}));
    let list = page["notifications"].as_array().unwrap();
    list.iter()
        .map(|one| (one["id"].as_i64().unwrap(), one["notify_read"] == "Y"))
        .collect()
}

fn unread(portal: &TestPortal, who: &str) -> i64 {
    let totals = portal.ok(who, "im.counters.get", json!({}));
    totals["TYPE"]["NOTIFY"].as_i64().unwrap()
}

#[test]
fn a_tag_replaces_within_its_application_whoever_got_it() {
    for_each_store(|portal| {
        let tagged = |user: i64, client: &str| json!({ "USER_ID": user, "MESSAGE": "m", "TAG": "T", "CLIENT_ID": client });
        notify(portal, tagged(2, "one"));
        let other = notify(portal, tagged(2, "two"));
        let moved = notify(portal, tagged(3, "one"));
        assert_eq!(flags(portal, "ben"), BTreeMap::from([(other, false)]));
        assert_eq!(flags(portal, "cho"), BTreeMap::from([(moved, false)]));
        assert_eq!((unread(portal, "ben"), unread(portal, "cho")), (1, 1));
    });
}

#[test]
fn nobody_reads_or_deletes_those_of_somebody_else() {
    for_each_store(|portal| {
        let id = notify(portal, json!({ "USER_ID": 2, "MESSAGE": "m" }));
        portal.ok("cho", "im.notify.read", json!({ "ID": 0 }));
        portal.ok("cho", "im.notify.read.list", json!({ "IDS": [id] }));
        let deleted = portal.ok("cho", "im.notify.delete", json!({ "ID": id }));
        assert_eq!(deleted, false);
        assert_eq!(flags(portal, "ben"), BTreeMap::from([(id, false)]));
    });
}

#[test]
fn reading_all_chats_leaves_notifications_alone() {
    for_each_store(|portal| {
        notify(portal, json!({ "USER_ID": 2, "MESSAGE": "m" }));
        portal.ok("ben", "im.dialog.read.all", json!({}));
        assert_eq!(unread(portal, "ben"), 1);
        portal.ok("ben", "im.notify.read.all", json!({}));
        assert_eq!(unread(portal, "ben"), 0);
    });
}

#[test]
fn a_list_is_read_up_to_the_first_that_is_no_id() {
    for_each_store(|portal| {
        let ids: Vec<i64> = (0..3)
            .map(|_| notify(portal, json!({ "USER_ID": 2, "MESSAGE": "m" })))
            .collect();
        let list = json!({ "IDS": [ids[0], 0, ids[1]] });
        portal.ok("ben", "im.notify.read.list", list);
        let expected = BTreeMap::from([(ids[0], true), (ids[1], false), (ids[2], false)]);
        assert_eq!(flags(portal, "ben"), expected);
    });
}

#[test]
fn a_shared_chat_lets_an_extranet_user_notify() {
    for_each_store(|portal| {
        let notice = json!({ "USER_ID": 2, "MESSAGE": "m" });
        assert_eq!(portal.ok("eva", "im.notify", notice.clone()), false);
        portal.ok(
            "ada",
            "im.chat.add",
            json!({ "TITLE": "Shared", "USERS": [2, 5] }),
        );
        assert!(portal.ok("eva", "im.notify", notice).is_i64());
    });
}

/// The credentials of an application that acts for ada, with a token made for it.
fn application(portal: &TestPortal, client: &'static str) -> Credentials {
    let token = format!("access of {client}");
    portal.token(client, UserId(1), &token)
}

#[test]
fn the_tags_of_a_token_are_those_of_its_application() {
    for_each_store(|portal| {
        let [planner, ledger] = ["planner", "ledger"].map(|client| application(portal, client));
        let tagged = json!({ "USER_ID": 2, "MESSAGE": "m", "TAG": "T", "CLIENT_ID": "planner" });
        let by = |who: &Credentials, method: &str, params: &Value| {
            let answered = portal.call_with(*who, method, params);
            assert_eq!(answered.error, None);
            answered.result
        };
        let first = by(&planner, "im.notify", &tagged).as_i64().unwrap();
        let other = by(&ledger, "im.notify.system.add", &tagged)
            .as_i64()
            .unwrap();
        let webhook = notify(portal, tagged.clone());
        let second = by(&planner, "im.notify.personal.add", &tagged);
        let second = second.as_i64().unwrap();
        let left = BTreeMap::from([(other, false), (webhook, false), (second, false)]);
        assert_eq!(flags(portal, "ben"), left, "{first} is replaced");
        assert_eq!(
            by(&ledger, "im.notify.delete", &json!({ "TAG": "T" })),
            true
        );
        assert_eq!(
            by(&ledger, "im.notify.delete", &json!({ "TAG": "T" })),
            false
        );
        let left = BTreeMap::from([(webhook, false), (second, false)]);
        assert_eq!(flags(portal, "ben"), left);
    });
}

#[test]
fn a_bot_is_an_author_as_any_other() {
    for_each_store(|portal| {
        let fields = json!({ "code": "w", "properties": { "name": "Weather" } });
        let params = json!({ "botToken": "token-of-w", "fields": fields });
        let made = portal.ok("ada", "imbot.v2.Bot.register", params);
        let bot = UserId(made["bot"]["id"].as_i64().unwrap());
        let told: Result<_, Interrupt> = portal.run(UserId(1), move |cx| {
            cx.act_as(bot);
            let notice = Notice {
                user: UserId(2),
                kind: NotificationKind::Personal,
                application: "",
                tag: "",
                sub_tag: "",
                text: "Storm ahead",
                attach: None,
            };
            add::add(cx, &notice)
        });
        assert!(told.unwrap().is_some());
        let params = json!({ "SEARCH_AUTHORS": [bot.get()], "SEARCH_TEXT": "st" });
        let page = portal.ok("ben", "im.notify.history.search", params);
        assert_eq!(page["notifications"][0]["author_id"], bot.get());
        assert_eq!(page["users"][0]["name"], "Weather");
        assert_eq!(page["users"][0]["bot_data"]["code"], "w");
    });
}

#[test]
fn dismissed_users_are_told_nothing_and_stay_authors() {
    for_each_store(|portal| {
        let told = portal.ok(
            "cho",
            "im.notify",
            json!({ "USER_ID": 2, "MESSAGE": "Farewell" }),
        );
        portal.ok("ada", "user.update", json!({ "ID": 3, "ACTIVE": "N" }));
        let page = portal.ok("ben", "im.notify.get", json!({}));
        assert_eq!(page["notifications"][0]["id"], told);
        assert_eq!(page["users"][0]["active"], false);
        let answered = portal.ok("ada", "im.notify", json!({ "USER_ID": 3, "MESSAGE": "m" }));
        assert_eq!(answered, false);
    });
}

#[test]
fn the_stages_of_a_list_go_on_where_the_last_page_ended() {
    for_each_store(|portal| {
        let ids: Vec<i64> = (0..3)
            .map(|_| notify(portal, json!({ "USER_ID": 2, "MESSAGE": "m" })))
            .collect();
        let page = |last_type: Value| {
            let params = json!({ "LAST_ID": ids[1], "LAST_TYPE": last_type, "LIMIT": 2 });
            let page = portal.ok("ben", "im.notify.get", params);
            let list = page["notifications"].as_array().unwrap().iter();
            list.map(|one| one["id"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(page(json!(3)), [ids[0]]);
        // No notification has buttons, so that behind the stage of those all others follow.
        assert_eq!(page(json!(1)), [ids[2], ids[1]]);
        assert_eq!(page(json!("7")), [ids[0]]);
    });
}

#[derive(Clone, Debug)]
enum Step {
    Add,
    AddTagged(u8),
    Delete(usize),
    Mark(usize, bool),
    MarkFrom(usize, bool),
    ReadAll,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Add),
        2 => (0_u8..3).prop_map(Step::AddTagged),
        1 => (0_usize..20).prop_map(Step::Delete),
        3 => (0_usize..20, any::<bool>()).prop_map(|(at, read)| Step::Mark(at, read)),
        2 => (0_usize..20, any::<bool>()).prop_map(|(at, read)| Step::MarkFrom(at, read)),
        1 => Just(Step::ReadAll),
    ]
}

/// The naive model: a list of flags, and which notification has which tag.
#[derive(Default)]
struct Naive {
    flags: BTreeMap<i64, bool>,
    tags: BTreeMap<u8, i64>,
    ever: Vec<i64>,
}

impl Naive {
    fn id(&self, at: usize) -> i64 {
        self.ever.get(at).copied().unwrap_or(i64::MAX)
    }

    fn run(&mut self, portal: &TestPortal, step: &Step) {
        let action = |read: bool| if read { "Y" } else { "N" };
        match *step {
            Step::Add => {
                let id = notify(portal, json!({ "USER_ID": 2, "MESSAGE": "m" }));
                self.flags.insert(id, false);
                self.ever.push(id);
            }
            Step::AddTagged(tag) => {
                let params = json!({ "USER_ID": 2, "MESSAGE": "m", "TAG": format!("T{tag}"), "CLIENT_ID": "app" });
                let id = notify(portal, params);
                if let Some(old) = self.tags.insert(tag, id) {
                    self.flags.remove(&old);
                }
                self.flags.insert(id, false);
                self.ever.push(id);
            }
            Step::Delete(at) => {
                let id = self.id(at);
                let deleted = portal.ok("ben", "im.notify.delete", json!({ "ID": id }));
                assert_eq!(deleted, self.flags.remove(&id).is_some());
            }
            Step::Mark(at, read) => {
                let id = self.id(at);
                let params = json!({ "ID": id, "ONLY_CURRENT": "Y", "ACTION": action(read) });
                portal.ok("ben", "im.notify.read", params);
                if let Some(flag) = self.flags.get_mut(&id) {
                    *flag = read;
                }
            }
            Step::MarkFrom(at, read) => {
                let id = self.id(at);
                let params = json!({ "ID": id, "ACTION": action(read) });
                portal.ok("ben", "im.notify.read", params);
                for (_, flag) in self.flags.range_mut(id..) {
                    *flag = read;
                }
            }
            Step::ReadAll => {
                let left = portal.ok("ben", "im.notify.read.all", json!({}));
                assert_eq!(left, json!({ "result": true, "newCounter": 0 }));
                self.flags.values_mut().for_each(|flag| *flag = true);
            }
        }
    }
}

fn agree(kind: StoreKind, steps: &[Step]) {
    let portal = TestPortal::new(kind);
    let mut naive = Naive::default();
    for step in steps {
        naive.run(&portal, step);
        let expected = naive.flags.values().filter(|read| !**read).count();
        assert_eq!(unread(&portal, "ben"), i64::try_from(expected).unwrap());
        assert_eq!(flags(&portal, "ben"), naive.flags);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn flags_and_counters_are_those_of_a_naive_list(steps in prop::collection::vec(step(), 1..25)) {
        agree(StoreKind::Sqlite, &steps);
        agree(StoreKind::Postgres, &steps);
    }
}
