//! `im.chat.user.list`, `im.dialog.users.list`.

use readmark_app::{Interrupt, chat::members};
use readmark_model::{ChatId, UserId};
use readmark_testkit::{TestPortal, for_each_store, rows::chat};
use serde_json::{Value, json};

use crate::support::{add, add_person, group, members as ids_of, recount};

const CROWD: i64 = 130;

/// An open chat of Ada and a crowd; answers its id and the ids of all members.
fn crowd(portal: &TestPortal) -> (i64, Vec<i64>) {
    let chat = add(portal, "ada", json!({"TYPE": "OPEN"}));
    let people: Vec<UserId> = (0..CROWD)
        .map(|number| UserId(add_person(portal, &format!("Guest {number}"))))
        .collect();
    let ids = std::iter::once(1)
        .chain(people.iter().map(|id| id.get()))
        .collect();
    let joined: Result<(), Interrupt> = portal.run(UserId(1), move |cx| {
        let chat = chat::lock_exclusive(cx.tx, ChatId(chat))?.unwrap();
        members::add(cx, &chat, &people, true)?;
        Ok(())
    });
    joined.unwrap();
    (chat, ids)
}

fn ids(page: &Value) -> Vec<i64> {
    let users = page.as_array().unwrap();
    users
        .iter()
        .map(|user| user["id"].as_i64().unwrap())
        .collect()
}

#[test]
fn every_way_of_paging_meets_everybody_once() {
    for_each_store(|portal| {
        let (chat, everybody) = crowd(portal);
        let page = |mut params: Value| {
            params["DIALOG_ID"] = json!(format!("chat{chat}"));
            // Dev is a guest: who may look into an open chat may see who is in it.
            let answered = portal.call("dev", "im.dialog.users.list", &params);
            assert_eq!((answered.status, answered.total), (200, Some(CROWD + 1)));
            (ids(&answered.result), answered.next)
        };
        // By offset, in the documented way and as clients follow `next`.
        for name in ["OFFSET", "start"] {
            let (mut met, mut next) = page(json!({}));
            assert_eq!((met.len(), next), (50, Some(50)));
            while let Some(offset) = next {
                let (more, after) = page(json!({name: offset}));
                met.extend(more);
                next = after;
            }
            assert_eq!(met, everybody, "by {name}");
        }
        // By the last user of the page before.
        let (mut met, mut last) = (Vec::new(), 0);
        loop {
            let (more, _) = page(json!({"LAST_ID": last, "LIMIT": 40}));
            let Some(end) = more.last() else { break };
            last = *end;
            met.extend(more);
        }
        assert_eq!(met, everybody);
        let (whole, next) = page(json!({"LIMIT": 1000}));
        assert_eq!((whole, next), (everybody.clone(), None));
        assert_eq!(page(json!({"OFFSET": 131})), (vec![], None));
        assert_eq!(
            page(json!({"LIMIT": 0, "OFFSET": -3, "LAST_ID": 0}))
                .0
                .len(),
            50
        );
        assert_eq!(ids_of(portal, "dev", chat), json!(everybody));
        recount(portal);
    });
}

#[test]
fn bots_are_left_out_of_pages_and_totals_when_asked_for() {
    for_each_store(|portal| {
        let bot = json!({"fields": {"code": "tide", "botToken": "tidetoken", "properties": {"name": "Tide"}}});
        let bot = portal.ok("ada", "imbot.v2.Bot.register", bot)["bot"]["id"]
            .as_i64()
            .unwrap();
        let late = add_person(portal, "Late");
        let chat = group(portal, "ada", &[2, bot, late]);
        group(portal, "ada", &[bot]);
        let list = |mut params: Value| {
            params["DIALOG_ID"] = json!(format!("chat{chat}"));
            let answered = portal.call("ben", "im.dialog.users.list", &params);
            (ids(&answered.result), answered.total, answered.next)
        };
        let all = (vec![1, 2, bot, late], Some(4), None);
        let people = (vec![1, 2, late], Some(3), None);
        assert_eq!(list(json!({})), all);
        assert_eq!(list(json!({"SKIP_EXTERNAL": "Y"})), people);
        assert_eq!(
            list(json!({"SKIP_EXTERNAL": "Y", "SKIP_EXTERNAL_EXCEPT_TYPES": "email"})),
            people
        );
        assert_eq!(
            list(json!({"SKIP_EXTERNAL": "Y", "SKIP_EXTERNAL_EXCEPT_TYPES": "email, bot"})),
            all
        );
        let second = json!({"SKIP_EXTERNAL": "Y", "LIMIT": 2, "OFFSET": 2});
        assert_eq!(list(second), (vec![late], Some(3), None));
        let first = json!({"SKIP_EXTERNAL": "Y", "LIMIT": 2});
        assert_eq!(list(first), (vec![1, 2], Some(3), Some(2)));
    });
}

#[test]
fn a_private_dialog_lists_its_two_and_that_with_oneself_one() {
    for_each_store(|portal| {
        let list = |who: &str, dialog: &str| {
            let answered = portal.call(who, "im.dialog.users.list", &json!({"DIALOG_ID": dialog}));
            (ids(&answered.result), answered.total)
        };
        assert_eq!(list("ben", "1"), (vec![1, 2], Some(2)));
        assert_eq!(list("ben", "2"), (vec![2], Some(1)));
        let stranger = portal.error("eva", "im.dialog.users.list", json!({"DIALOG_ID": "1"}));
        assert_eq!(stranger, (403, "ACCESS_ERROR".to_owned()));
    });
}
