//! What was said in a Slack workspace, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use readmark_model::{ChatId, Seq, Timestamp};
use readmark_testkit::{
    for_each_store,
    rows::{reaction, word},
};
use serde_json::json;
use support::{
    Archive, channel,
    portal::{MIA, NOOR, assert_no_drift, bring, everything, texts},
    said,
};

#[test]
fn messages_stand_in_the_order_of_their_microseconds() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .day(
                "2024-03-01",
                json!([
                    said("U1", "1709280001.000300", "third"),
                    said("U2", "1709280001.000100", "first"),
                    said("U1", "1709280001.000200", "second"),
                    said("U1", "1709366500.000000", "sixth"),
                ]),
            )
            .day(
                "2024-03-02",
                json!([
                    said("U1", "1709366401.5", "fifth"),
                    said("U1", "1709280001.000400", "fourth")
                ]),
            );
        bring(portal, &archive).unwrap();
        assert_eq!(
            texts(portal),
            ["first", "second", "third", "fourth", "fifth", "sixth"]
        );
        let all = everything(portal);
        let (messages, tail) = (&all.messages[0], all.chats[0].tail);
        assert_eq!(messages[0].created_at, Timestamp(1_709_280_001_000));
        assert_eq!(messages[4].created_at, Timestamp(1_709_366_401_500));
        assert_eq!(messages[0].author, NOOR);
        assert_eq!((tail.last_seq, tail.last_message), (Seq(6), messages[5].id));
        assert_eq!(all.chats[0].message_count, 6);
        assert_no_drift(portal);
    });
}

#[test]
fn a_message_that_stands_in_the_archive_twice_is_imported_once() {
    for_each_store(|portal| {
        let message = said("U1", "1709280001.000100", "once");
        let archive = Archive::small()
            .day("2024-03-01", json!([message, message]))
            .day("2024-03-02", json!([message]));
        assert_eq!(bring(portal, &archive).unwrap().messages, 1);
        assert_no_drift(portal);
    });
}

#[test]
fn mentions_lead_to_users_and_chats() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .json(
                "channels.json",
                json!([
                    channel("C1", "general", &["U1"]),
                    channel("C2", "plans", &[])
                ]),
            )
            .day(
                "2024-03-01",
                json!([said(
                    "U1",
                    "1709280001.0",
                    "<@U2>: see <#C2|plans> or <#C2>, &lt;b&gt; \0 <@U7|otto>"
                )]),
            );
        bring(portal, &archive).unwrap();
        let all = everything(portal);
        let plans = all.chats[1].id;
        let expected = format!(
            "[USER=7]Noor Haddad[/USER]: see [CHAT={plans}]plans[/CHAT] or [CHAT={plans}]plans[/CHAT], <b>  @otto"
        );
        assert_eq!(all.messages[0][0].text, expected);
    });
}

#[test]
fn replies_edits_reactions_and_files_come_along() {
    for_each_store(|portal| {
        let archive = Archive::small().day(
            "2024-03-01",
            json!([
                {
                    "ts": "1709280001.000100", "thread_ts": "1709280001.000100", "user": "U1", "text": "question",
                    "reactions": [
                        {"name": "+1", "users": ["U2", "U9"], "count": 2},
                        {"name": "thumbsup", "users": ["U2"], "count": 1},
                        {"name": "fire", "users": ["U1"], "count": 1},
                        {"name": "company-logo", "users": ["U1"], "count": 1},
                    ]
                },
                {
                    "ts": "1709280002.000100", "thread_ts": "1709280001.000100", "user": "U2", "text": "answer",
                    "edited": {"user": "U2", "ts": "1709280009.000000"}
                },
                {"ts": "1709280003.000100", "thread_ts": "1709270000.000100", "user": "U2", "text": "to nobody"},
                {
                    "ts": "1709280004.000100", "user": "U1", "text": "", "subtype": "file_share",
                    "files": [
                        {"name": "plan.pdf", "permalink": "https://example.org/f/1", "url_private": "https://example.org/p/1"},
                        {"title": "Sketch", "name": null},
                    ]
                },
                {
                    "ts": "1709280005.000100", "user": "U1", "text": "look",
                    "attachments": [
                        {"title": "Build &amp; test", "title_link": "https://example.org/b/7", "text": "*passed*", "fallback": "passed"},
                        {"fallback": "preview", "from_url": "https://example.org"},
                    ]
                },
                {"ts": "1709280006.000100", "user": "U1", "subtype": "me_message", "text": "waves"},
                {"ts": "1709280007.000100", "user": "U1", "subtype": "tombstone", "text": "This message was deleted."},
            ]),
        );
        bring(portal, &archive).unwrap();
        let messages = everything(portal).messages.remove(0);
        let texts: Vec<_> = messages.iter().map(|message| &*message.text).collect();
        assert_eq!(
            texts,
            [
                "question",
                "answer",
                "to nobody",
                "[URL=https://example.org/f/1]plan.pdf[/URL]\nSketch",
                "look\n[URL=https://example.org/b/7]Build & test[/URL]\n[B]passed[/B]",
                "[I]waves[/I]",
                "",
            ]
        );
        assert_eq!(messages[1].reply, Some(messages[0].id));
        assert_eq!(messages[2].reply, None);
        assert_eq!(messages[1].edited_at, Some(Timestamp(1_709_280_009_000)));
        assert!(messages[6].deleted);
        let id = messages[0].id;
        let reactions = portal
            .portal
            .store
            .read(move |tx| reaction::list(tx, id))
            .unwrap();
        let reactions: Vec<_> = reactions
            .iter()
            .map(|found| (found.user, &*found.kind))
            .collect();
        assert_eq!(reactions, [(MIA, "fire"), (NOOR, "like")]);
        assert_no_drift(portal);
    });
}

#[test]
fn messages_are_found_by_their_words() {
    for_each_store(|portal| {
        let many = (0..300)
            .map(|n| format!("word{n}"))
            .collect::<Vec<_>>()
            .join(" ");
        let archive = Archive::small().day(
            "2024-03-01",
            json!([
                said("U1", "1709280001.0", "*Bergamot* tea"),
                said("U1", "1709280002.0", &many)
            ]),
        );
        bring(portal, &archive).unwrap();
        let found = |word: &'static str| {
            let seqs = portal.portal.store.read(move |tx| {
                word::list_seqs(tx, ChatId(1), word, Seq(1), word::Direction::Forward, 10)
            });
            seqs.unwrap()
        };
        assert_eq!(found("bergamot"), [Seq(1)]);
        assert_eq!(found("word0"), [Seq(2)]);
        assert_eq!(found("word299"), [Seq(2)]);
        assert_no_drift(portal);
    });
}
