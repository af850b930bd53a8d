//! Listing and finding messages (`im.dialog.messages.get`, `im.dialog.messages.search`), on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod message_support;

use message_support::{chat, ids, join, messages, read, search, send, texts};
use proptest::{prelude::*, test_runner::TestRunner};
use readmark_model::{ChatKind, text};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};
use serde_json::{Value, json};

fn page(portal: &TestPortal, who: &str, chat: i64, mut params: Value) -> Vec<i64> {
    params["DIALOG_ID"] = json!(format!("chat{chat}"));
    ids(&portal.ok(who, "im.dialog.messages.get", params))
}

fn found(portal: &TestPortal, who: &str, chat: i64, mut params: Value) -> Vec<i64> {
    params["CHAT_ID"] = json!(chat);
    ids(&portal.ok(who, "im.dialog.messages.search", params))
}

fn delete(portal: &TestPortal, id: i64) {
    portal.ok("ada", "im.message.delete", json!({"MESSAGE_ID": id}));
}

#[test]
fn history_is_paged_backwards_and_forwards() {
    for_each_store(|portal| {
        let here = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let there = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let mut sent = Vec::new();
        let mut foreign = 0;
        for number in 0..25 {
            sent.push(send(portal, "ada", here, &format!("m{number}")));
            foreign = send(portal, "ada", there, "elsewhere");
        }
        let newest: Vec<i64> = sent.iter().rev().copied().collect();
        let of = |params: Value| page(portal, "ben", here, params);
        assert_eq!(of(json!({})), newest[..20]);
        assert_eq!(of(json!({"LIMIT": 3})), newest[..3]);
        assert_eq!(of(json!({"LIMIT": 500})), newest);
        assert_eq!(of(json!({"LAST_ID": sent[10], "LIMIT": 4})), newest[15..19]);
        assert_eq!(of(json!({"LAST_ID": sent[2]})), newest[23..]);
        assert_eq!(of(json!({"FIRST_ID": sent[10], "LIMIT": 4})), sent[11..15]);
        assert_eq!(of(json!({"FIRST_ID": 0, "LIMIT": 2})), sent[..2]);
        assert_eq!(
            of(json!({"FIRST_ID": sent[1], "LAST_ID": sent[9], "LIMIT": 3})),
            [sent[8], sent[7], sent[6]]
        );
        // What names no message of the chat gives nothing.
        for params in [
            json!({"LAST_ID": foreign - 2}),
            json!({"LAST_ID": 99_999}),
            json!({"FIRST_ID": 99_999}),
            json!({"FIRST_ID": foreign - 2}),
            json!({"LAST_ID": 0}),
            json!({"LAST_ID": -5}),
            json!({"FIRST_ID": -5}),
        ] {
            let mut asked = params.clone();
            asked["DIALOG_ID"] = json!(format!("chat{here}"));
            let answer = portal.ok("ben", "im.dialog.messages.get", asked);
            assert_eq!(
                answer,
                json!({"chat_id": here, "messages": [], "users": [], "files": []}),
                "{params}"
            );
        }
        // A message that was deleted meanwhile still marks its place.
        delete(portal, sent[10]);
        assert_eq!(
            of(json!({"LAST_ID": sent[10], "LIMIT": 2})),
            [sent[9], sent[8]]
        );
        assert_eq!(
            of(json!({"FIRST_ID": sent[10], "LIMIT": 2})),
            [sent[11], sent[12]]
        );
    });
}

#[test]
fn a_message_is_unread_exactly_where_it_counts() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Open, "ada", &["ben", "cho"]);
        send(portal, "ada", chat, "one");
        let own = send(portal, "ben", chat, "two");
        let new = send(portal, "ada", chat, "three");
        let unread = |who: &str| -> Vec<i64> {
            let seen = messages(portal, who, chat);
            let unread = seen.iter().filter(|message| message["unread"] == true);
            unread
                .map(|message| message["id"].as_i64().unwrap())
                .collect()
        };
        assert_eq!(unread("ben"), [new]);
        assert_eq!(unread("cho").len(), 3);
        assert_eq!(unread("ada"), [0_i64; 0]);
        // A guest of an open chat sees all, uncounted; an extranet user does not.
        assert_eq!(unread("dev"), [0_i64; 0]);
        assert_eq!(messages(portal, "dev", chat).len(), 3);
        let params = json!({"DIALOG_ID": format!("chat{chat}")});
        assert_eq!(portal.error("eva", "im.dialog.messages.get", params).0, 403);
        portal.ok(
            "ben",
            "im.dialog.unread",
            json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE_ID": 1}),
        );
        assert!(!unread("ben").contains(&own));
        assert_eq!(unread("ben").len(), 2);
        read(portal, "cho", chat);
        assert_eq!(unread("cho"), [0_i64; 0]);
    });
}

#[test]
fn an_extranet_user_is_shown_authors_and_no_strangers_that_are_mentioned() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "eva"]);
        send(
            portal,
            "ada",
            chat,
            "ask [USER=2]Ben[/USER] or [USER=4]Dev[/USER] or [USER=77]none[/USER]",
        );
        let users = |who: &str| -> Vec<i64> {
            let params = json!({"DIALOG_ID": format!("chat{chat}")});
            let answer = portal.ok(who, "im.dialog.messages.get", params);
            answer["users"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_i64().unwrap())
                .collect()
        };
        assert_eq!(users("ben"), [1, 2, 4]);
        assert_eq!(users("eva"), [1, 2]);
    });
}

#[test]
fn words_are_found_by_their_beginnings_in_every_script() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let sent: Vec<i64> = [
            "Quarterly report, final version",
            "Отчёт за квартал готов",
            "Die Straße ist gesperrt",
            "今天下午三点开会",
            "รายงานประจำไตรมาส",
            "التقرير جاهز",
            "see [URL=https://example.org/minutes]the minutes[/URL]",
        ]
        .iter()
        .map(|text| send(portal, "ada", chat, text))
        .collect();
        for (query, hit) in [
            ("rep quart", 0),
            ("VERSION", 0),
            ("отч ква", 1),
            ("STRASSE", 2),
            ("下午三点", 3),
            ("下午三点开会", 3),
            ("ประจำ", 4),
            ("التق", 5),
            ("minutes", 6),
        ] {
            assert_eq!(search(portal, "ben", chat, query), [sent[hit]], "{query}");
        }
        for query in ["eport", "report draft", "[URL", "???", "квартала"] {
            assert!(search(portal, "ben", chat, query).is_empty(), "{query}");
        }
        // Up to two characters are no search: everything is listed.
        let all: Vec<i64> = sent.iter().rev().copied().collect();
        for query in ["", "re", "下午"] {
            assert_eq!(search(portal, "ben", chat, query), all, "{query}");
        }
    });
}

#[test]
fn a_search_is_limited_by_time_and_paged_in_both_orders() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let sent: Vec<i64> = (0..9)
            .map(|number| send(portal, "ada", chat, &format!("tide {number}")))
            .collect();
        let dates: Vec<String> = {
            let mut seen = messages(portal, "ada", chat);
            seen.reverse();
            seen.iter()
                .map(|message| message["date"].as_str().unwrap().to_owned())
                .collect()
        };
        let newest: Vec<i64> = sent.iter().rev().copied().collect();
        let of = |params: Value| found(portal, "ben", chat, params);
        let text = json!("tide");
        assert_eq!(of(json!({"SEARCH_MESSAGE": text, "LIMIT": 4})), newest[..4]);
        assert_eq!(
            of(json!({"SEARCH_MESSAGE": text, "LIMIT": 4, "LAST_ID": newest[3]})),
            newest[4..8]
        );
        assert_eq!(
            of(json!({"SEARCH_MESSAGE": text, "LAST_ID": newest[8]})),
            [0_i64; 0]
        );
        assert_eq!(
            of(
                json!({"SEARCH_MESSAGE": text, "ORDER": {"ID": "ASC"}, "LIMIT": 4, "LAST_ID": sent[3]})
            ),
            sent[4..8]
        );
        assert_eq!(of(json!({"ORDER": {"id": "asc"}, "LIMIT": 2})), sent[..2]);
        assert_eq!(of(json!({"DATE_FROM": dates[6]})), newest[..3]);
        assert_eq!(of(json!({"DATE_TO": dates[1]})), newest[7..]);
        assert_eq!(
            of(json!({"SEARCH_MESSAGE": text, "DATE_FROM": dates[3], "DATE_TO": dates[4]})),
            newest[4..6]
        );
        assert_eq!(of(json!({"DATE": dates[5]})), newest[..4]);
        assert_eq!(of(json!({"DATE": "2026-01-14"})), [0_i64; 0]);
        assert_eq!(of(json!({"DATE": "2026-01-15"})), newest);
        for no_time in ["the day before yesterday", "9223372036854775807"] {
            let params = json!({"CHAT_ID": chat, "DATE_TO": no_time});
            let refused = portal.error("ben", "im.dialog.messages.search", params);
            assert_eq!(refused, (400, "INVALID_ARG_VALUE".to_owned()));
        }
    });
}

#[test]
fn what_was_found_tells_who_viewed_it_and_who_reacted() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        let first = send(portal, "ada", chat, "first harvest");
        read(portal, "ben", chat);
        portal.ok("cho", "readmark.receipts.hide", json!({}));
        read(portal, "cho", chat);
        let second = send(portal, "ada", chat, "second harvest");
        portal.ok("ben", "im.message.like", json!({"MESSAGE_ID": first}));
        let seen = |who: &str| {
            portal.ok(
                who,
                "im.dialog.messages.search",
                json!({"CHAT_ID": chat, "SEARCH_MESSAGE": "harvest"}),
            )
        };
        let state = |who: &str| -> Vec<(i64, Value)> {
            let answer = seen(who);
            let list = answer["messages"].as_array().unwrap();
            list.iter()
                .map(|m| {
                    (
                        m["id"].as_i64().unwrap(),
                        json!([
                            m["unread"],
                            m["viewed"],
                            m["viewedByOthers"],
                            m["viewedCount"]
                        ]),
                    )
                })
                .collect()
        };
        assert_eq!(
            state("ada"),
            [
                (second, json!([false, true, false, 0])),
                (first, json!([false, true, true, 1]))
            ]
        );
        assert_eq!(
            state("ben"),
            [
                (second, json!([true, false, false, 0])),
                (first, json!([false, true, true, 1]))
            ]
        );
        assert_eq!(
            state("cho"),
            [
                (second, json!([true, false, false, 0])),
                (first, json!([false, true, true, 1]))
            ]
        );
        assert_eq!(
            state("dev"),
            [
                (second, json!([true, false, false, 0])),
                (first, json!([true, false, true, 1]))
            ]
        );
        let answer = seen("ben");
        assert_eq!(
            answer["reactions"],
            json!([{"messageId": first, "reactionCounters": {"like": 1}, "reactionUsers": {"like": [2]}, "ownReactions": ["like"]}])
        );
        assert_eq!(
            answer["usersShort"],
            json!([{"id": 2, "name": "Ben Okafor", "avatar": ""}])
        );
    });
}

#[test]
fn the_viewers_of_an_old_message_are_counted_exactly() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben", "cho", "dev"]);
        portal.ok("cho", "readmark.receipts.hide", json!({}));
        let old = send(portal, "ada", chat, "old harvest");
        read(portal, "ben", chat);
        // More views follow than there are members; those of hidden readers do not count, nor do those of newcomers who do
        // not see the message.
        join(portal, chat, "eva", false);
        for number in 0..6 {
            send(portal, "ada", chat, &format!("news {number}"));
            for who in ["ben", "cho", "eva"] {
                read(portal, who, chat);
            }
        }
        let count = || {
            let params = json!({"CHAT_ID": chat, "SEARCH_MESSAGE": "old harvest"});
            let found = portal.ok("ada", "im.dialog.messages.search", params);
            assert_eq!(found["messages"][0]["id"], old);
            found["messages"][0]["viewedCount"].clone()
        };
        assert_eq!(count(), 1);
        read(portal, "dev", chat);
        assert_eq!(count(), 2);
    });
}

/// More different words begin alike than are followed one by one, and then more than are read at once.
#[test]
fn very_many_words_with_one_beginning_are_searched_all_the_same() {
    for parts in [5, 51] {
        let portal = TestPortal::new(StoreKind::Sqlite);
        let chat = chat(&portal, ChatKind::Group, "ada", &["ben"]);
        let mut sent = Vec::new();
        for part in 0..parts {
            let words: Vec<String> = (0..1000)
                .map(|number| format!("n{part:02}{number:03}"))
                .collect();
            sent.push(send(&portal, "ada", chat, &words.join(" ")));
        }
        let odd = send(&portal, "ada", chat, "nothing of note");
        assert_eq!(search(&portal, "ben", chat, "n n03999 n03"), [sent[3]]);
        assert_eq!(search(&portal, "ben", chat, "n n0 not"), [0_i64; 0]);
        assert_eq!(search(&portal, "ben", chat, "n of"), [odd]);
        let of = |params: Value| found(&portal, "ben", chat, params);
        let newest = [odd, sent[parts - 1]];
        assert_eq!(of(json!({"SEARCH_MESSAGE": "n !", "LIMIT": 2})), newest);
        let mut after_third = sent[3..].to_vec();
        after_third.push(odd);
        after_third.truncate(50);
        let ascending =
            json!({"SEARCH_MESSAGE": "n !", "ORDER": {"ID": "ASC"}, "LAST_ID": sent[2]});
        assert_eq!(of(ascending), after_third);
    }
}

/// A search finds what going through all messages finds, in pages of any size, also after edits and deletions.
#[test]
fn a_search_agrees_with_going_through_all_messages() {
    const WORDS: [&str; 7] = ["ab", "abc", "abd", "bcd", "b", "ca", "cab"];
    let some = |most: usize| prop::collection::vec(0..WORDS.len(), 1..most);
    let strategy = (
        prop::collection::vec((some(5), 0..6_u8), 1..60),
        some(4),
        1..7_usize,
        any::<bool>(),
    );
    let joined = |words: &[usize]| {
        words
            .iter()
            .map(|word| WORDS[*word])
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (kind, cases) in [(StoreKind::Sqlite, 24), (StoreKind::Postgres, 6)] {
        let portal = TestPortal::new(kind);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(cases));
        let result = runner.run(&strategy, |(history, query, limit, ascending)| {
            let chat = chat(&portal, ChatKind::Group, "ada", &["ben"]);
            let mut kept: Vec<(i64, String)> = Vec::new();
            for (words, fate) in &history {
                let text = joined(words);
                let id = send(&portal, "ada", chat, &text);
                match fate {
                    0 => delete(&portal, id),
                    1 => {
                        let text = text.replace('b', "c");
                        portal.ok(
                            "ada",
                            "im.message.update",
                            json!({"MESSAGE_ID": id, "MESSAGE": text}),
                        );
                        kept.push((id, text));
                    }
                    _ => kept.push((id, text)),
                }
            }
            let query = format!("{} .", joined(&query));
            let terms = text::search_terms(&query);
            let mut expected: Vec<i64> = kept
                .iter()
                .filter(|(_, text)| {
                    terms
                        .iter()
                        .all(|term| text.split(' ').any(|word| word.starts_with(term.as_str())))
                })
                .map(|(id, _)| *id)
                .collect();
            if !ascending {
                expected.reverse();
            }
            let order = if ascending { "ASC" } else { "DESC" };
            let mut paged = Vec::new();
            loop {
                let mut params =
                    json!({"SEARCH_MESSAGE": query, "LIMIT": limit, "ORDER": {"ID": order}});
                if let Some(last) = paged.last() {
                    params["LAST_ID"] = json!(last);
                }
                let next = found(&portal, "ben", chat, params);
                prop_assert!(next.len() <= limit);
                if next.is_empty() {
                    break;
                }
                paged.extend(next);
            }
            prop_assert_eq!(paged, expected);
            Ok(())
        });
        assert_eq!(
            result.map_err(|error| error.to_string()),
            Ok(()),
            "{kind:?}"
        );
    }
}

#[test]
fn a_text_of_any_length_and_kind_is_kept_within_the_limit() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let long = send(portal, "ada", chat, &"ж".repeat(20_001));
        let nul = send(portal, "ada", chat, "a\0b");
        let seen = messages(portal, "ben", chat);
        let seen = texts(&seen);
        assert_eq!(seen[0], (nul, "ab"));
        assert_eq!((seen[1].0, seen[1].1.chars().count()), (long, 20_000));
        assert!(seen[1].1.ends_with("ж (...)"));
        let blank = json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": " \u{0}\n"});
        assert_eq!(
            portal.error("ada", "im.message.add", blank).1,
            "MESSAGE_EMPTY"
        );
    });
}
