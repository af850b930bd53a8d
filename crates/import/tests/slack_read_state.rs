//! What is read after the import of a Slack export, and that it is imported as a whole and once, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use readmark_app::import::{Failure, History, Person, Plan, Post, Room, import};
use readmark_import::slack::Export;
use readmark_model::{ChatId, MessageKind, Seq, Timestamp};
use readmark_testkit::{
    for_each_store,
    rows::{chat, counter, import as record},
};
use serde_json::json;
use support::{
    Archive, Bytes,
    portal::{MIA, NOOR, assert_no_drift, bring, bring_from, everything, unread, with_notices},
    said,
};

#[test]
fn r2_what_happened_becomes_notices_that_never_count() {
    for_each_store(|portal| {
        bring_from(portal, &with_notices(), Some(Timestamp(0))).unwrap();
        let all = everything(portal);
        let kinds: Vec<_> = all.messages[0].iter().map(|message| message.kind).collect();
        let (notice, post) = (MessageKind::Notice, MessageKind::Post);
        assert_eq!(kinds, [notice, post, notice, post, notice]);
        assert_eq!(
            all.messages[0][0].text,
            "[USER=6]Mia Sørli[/USER] has joined the channel"
        );
        assert_eq!(all.chats[0].tail.last_post_seq, Seq(4));
        // Everything is unread, own messages and notices do not count.
        assert_eq!(unread(portal, MIA), 1);
        assert_eq!(unread(portal, NOOR), 1);
        assert_no_drift(portal);
    });
}

#[test]
fn r5_everybody_has_read_everything_after_the_import_and_viewed_nothing() {
    for_each_store(|portal| {
        bring(portal, &with_notices()).unwrap();
        let all = everything(portal);
        for member in &all.members[0] {
            assert_eq!(
                (member.read.cursor, member.read.viewed),
                (Seq(5), Seq::ZERO)
            );
            assert_eq!(member.read.visible_from, Seq(1));
        }
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (0, 0));
        assert_no_drift(portal);
    });
}

#[test]
fn what_was_said_from_a_date_on_stays_unread_for_the_others() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .day(
                "2024-03-01",
                json!([
                    said("U1", "1709280001.0", "old"),
                    said("U1", "1709280002.0", "old")
                ]),
            )
            .day(
                "2024-03-02",
                json!([
                    said("U1", "1709337600.000000", "at midnight"),
                    said("U2", "1709337601.0", "later"),
                    said("U1", "1709337602.0", "last"),
                ]),
            );
        bring_from(portal, &archive, Some(Timestamp(1_709_337_600_000))).unwrap();
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (1, 2));
        let standing = portal.portal.store.read(|tx| {
            let tail = chat::find(tx, ChatId(1))?.unwrap().tail;
            counter::find_standing(tx, ChatId(1), NOOR, Seq(2), &tail)
        });
        let first = standing.unwrap().first_unread;
        assert_eq!(first, everything(portal).messages[0][2].id);
        assert_no_drift(portal);
    });
}

#[test]
fn a_date_after_everything_leaves_nothing_unread() {
    for_each_store(|portal| {
        bring_from(portal, &with_notices(), Some(Timestamp(1_800_000_000_000))).unwrap();
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (0, 0));
    });
}

#[test]
fn an_archive_is_imported_only_once() {
    for_each_store(|portal| {
        bring(portal, &with_notices()).unwrap();
        let before = format!("{:?}", everything(portal));
        let again = bring(portal, &with_notices());
        assert!(matches!(again, Err(Failure::AlreadyImported { .. })));
        assert_eq!(format!("{:?}", everything(portal)), before);
        let recorded = portal.portal.store.read(|tx| record::list(tx)).unwrap();
        assert_eq!(recorded.len(), 1);
        assert_eq!(
            (recorded[0].users, recorded[0].chats, recorded[0].messages),
            (2, 1, 5)
        );
    });
}

/// An export whose last message cannot be read any more.
struct Failing(Export<Bytes>);

impl History for Failing {
    fn people(&self) -> &[Person] {
        self.0.people()
    }

    fn rooms(&self) -> &[Room] {
        self.0.rooms()
    }

    fn posts(
        &mut self,
        room: usize,
        each: &mut dyn FnMut(Post) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.0.posts(room, each)?;
        Err(Failure::Unreadable(
            "general/2024-03-01.json: is gone".into(),
        ))
    }
}

#[test]
fn an_import_that_fails_at_its_end_leaves_nothing_behind() {
    for_each_store(|portal| {
        let before = format!("{:?}", everything(portal));
        let mut failing = Failing(with_notices().open().unwrap());
        let plan = Plan {
            source: "slack".into(),
            fingerprint: failing.0.fingerprint().into(),
            unread_from: None,
            now: portal.tick(),
        };
        let failed = portal
            .portal
            .store
            .write(move |tx| import(tx, &mut failing, &plan, &mut |_| ()));
        assert_eq!(
            failed.unwrap_err().to_string(),
            "general/2024-03-01.json: is gone"
        );
        assert_eq!(format!("{:?}", everything(portal)), before);
        assert!(
            portal
                .portal
                .store
                .read(|tx| record::list(tx))
                .unwrap()
                .is_empty()
        );
        // And nothing stands in the way of a second attempt.
        bring(portal, &with_notices()).unwrap();
        assert_no_drift(portal);
    });
}
