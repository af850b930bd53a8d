//! What a portal held before searches and mentions is found after the upgrade, on both stores: the migrations note what is due, and
//! opening the store does it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod in_use;
mod notified;

use in_use::{ADA, BEN, GROUP, lived_in, recount};
use readmark_app::{Interrupt, find, notify, page::Page};
use readmark_model::UserId;
use readmark_store::{
    StoreError,
    repo::{name_word::Among, notification, words_due},
};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};

/// What the migrations made, to be made again.
const MADE: &[&str] = &[
    "DROP TABLE chat_words",
    "DROP TABLE user_words",
    "DROP TABLE notification_words",
    "DROP INDEX notifications_by_time",
    "DROP TABLE words_due",
    "DROP TABLE notification_chats",
    "DROP TABLE search_picks",
    "DROP TABLE mentions",
    "DROP TABLE chat_mentions",
];

macro_rules! migrations {
    ($folder:literal) => {
        [
            include_str!(concat!(
                "../../store/migrations/",
                $folder,
                "/V4__search.sql"
            )),
            include_str!(concat!(
                "../../store/migrations/",
                $folder,
                "/V11__mentions.sql"
            )),
            include_str!(concat!(
                "../../store/migrations/",
                $folder,
                "/V22__mentions_of_earlier_messages.sql"
            )),
        ]
    };
}

fn statements(kind: StoreKind) -> Vec<&'static str> {
    let files = match kind {
        StoreKind::Sqlite => migrations!("sqlite"),
        StoreKind::Postgres => migrations!("postgres"),
    };
    let lines = files
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.trim_start().starts_with("--"));
    let sql: &'static str = String::leak(lines.collect::<Vec<_>>().join("\n"));
    sql.split(';')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .collect()
}

fn tell(portal: &TestPortal, user: UserId) {
    let told: Result<_, Interrupt> = portal.run(ADA, move |cx| {
        notify::add::add(cx, &notified::notice(user, "", ""))
    });
    assert!(told.unwrap().is_some());
}

#[test]
fn what_was_there_before_is_found_after_the_upgrade() {
    for_each_store(|portal| {
        lived_in(portal);
        tell(portal, BEN);
        tell(portal, ADA);
        let kind = portal.kind;
        let upgraded: Result<(), StoreError> = portal.portal.store.write(move |tx| {
            for sql in MADE.iter().copied().chain(statements(kind)) {
                tx.execute(sql, &[])?;
            }
            assert!(words_due::is_any_left(tx)?);
            while words_due::index_batch(tx)? {}
            Ok(())
        });
        upgraded.unwrap();
        assert_eq!(recount(portal).drift, []);

        let page = Page {
            offset: 0,
            limit: 10,
        };
        let seen: Result<_, Interrupt> = portal.run(BEN, move |cx| {
            let chats = find::chats::find(cx, "keepers cho", find::chats::Sought::Chats, page)?;
            let users = find::users::find(cx, "OKAFOR", Among::Everybody, page)?;
            let notices = notification::find_chat(cx.tx, BEN)?;
            Ok((chats, users, notices, notification::find_chat(cx.tx, ADA)?))
        });
        let (chats, users, of_ben, of_ada) = seen.unwrap();
        assert_eq!(
            chats.chats.first().map(|item| item.access.chat.id),
            Some(GROUP)
        );
        assert_eq!(users.users.first().map(|user| user.id), Some(BEN));
        assert!(of_ben.is_some() && of_ada.is_some() && of_ben != of_ada);
        let next = in_use::make_group(portal);
        assert!(
            Some(next) > of_ben && Some(next) > of_ada,
            "ids are given once"
        );
    });
}
