//! Messages are found by their words whether these are in the index yet or wait for it, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod in_use;

use in_use::{ADA, BEN, GROUP, make_group, note, read, recount};
use readmark_app::{
    Random as _,
    message::{
        delete::{self, Deletion},
        search::{self, Query},
        send::{self, Draft},
        update::{self, Edit},
        words::BATCH,
    },
};
use readmark_model::{MessageId, MessageKind, MessageParams, ParamChanges, Seq};
use readmark_store::repo::{chat, word::Direction};
use readmark_testkit::{StoreKind, TestPortal, for_each_store, portal::FixedRandom};

fn say(portal: &TestPortal, text: String) -> MessageId {
    let sent = portal.run(BEN, move |cx| {
        let draft = Draft {
            kind: MessageKind::Post,
            text: &text,
            params: MessageParams::empty(),
            reply: None,
            uuid: None,
        };
        send::send(cx, GROUP, &draft)
    });
    sent.unwrap()
}

fn change(portal: &TestPortal, id: MessageId, text: String) {
    let changed = portal.run(BEN, move |cx| {
        let edit = Edit {
            text: Some(&text),
            params: &ParamChanges::default(),
            mark_edited: false,
        };
        update::update(cx, id, &edit)
    });
    changed.unwrap();
}

fn find(
    portal: &TestPortal,
    text: &str,
    direction: Direction,
    last: Option<MessageId>,
    limit: usize,
) -> Vec<MessageId> {
    let query = Query {
        text: Some(text.to_owned()),
        since: None,
        until: None,
        direction,
        last,
        limit,
    };
    let found = portal.run(ADA, move |cx| search::search(cx, GROUP, &query));
    let found = found.unwrap().messages;
    found.iter().map(|found| found.shown.message.id).collect()
}

/// Up to which seq the words are in the index, and the last seq.
fn border(portal: &TestPortal) -> (Seq, Seq) {
    let chat = portal.portal.store.read(|tx| chat::find(tx, GROUP));
    let chat = chat.unwrap().unwrap();
    (chat.indexed, chat.tail.last_seq)
}

#[test]
fn words_are_indexed_for_a_batch_of_messages_at_once() {
    for_each_store(|portal| {
        make_group(portal);
        let mut sent = Vec::new();
        for number in 1..=2 * BATCH + 3 {
            // Automatic notices have no words, and take part in the counting.
            if number % 10 == 0 {
                note(portal, GROUP);
            } else {
                sent.push(say(portal, format!("shared single{number}")));
            }
            let indexed = number - number % BATCH;
            assert_eq!(border(portal), (Seq(indexed), Seq(number)));
            // Every message at each side of a border, in both directions, and across it in pages.
            if !(3..BATCH - 2).contains(&(number % BATCH)) {
                let newest: Vec<MessageId> = sent.iter().rev().copied().collect();
                let all = find(portal, "shared", Direction::Forward, None, 500);
                assert_eq!(all, sent);
                let all = find(portal, "shared", Direction::Backward, None, 500);
                assert_eq!(all, newest);
                let middle = sent[sent.len() / 2];
                let page = find(portal, "shared", Direction::Forward, Some(middle), 500);
                assert_eq!(page, sent[sent.len() / 2 + 1..]);
                if number % 10 != 0 {
                    let one = find(
                        portal,
                        &format!("single{number}"),
                        Direction::Backward,
                        None,
                        5,
                    );
                    assert_eq!(one, newest[..1]);
                }
            }
        }
        assert_eq!(recount(portal).drift, []);
    });
}

const VOCABULARY: [&str; 5] = ["anchor", "harbour", "lantern", "pier", "rope"];

/// Sends, edits and deletes by chance, mostly near the border, and compares every search with a plain list.
#[test]
fn what_is_found_is_what_a_plain_list_says_whatever_is_done_around_the_border() {
    for_each_store(|portal| {
        make_group(portal);
        let dice = FixedRandom::default();
        let throw = |sides: usize| {
            let mut bytes = [0; 8];
            dice.fill(&mut bytes);
            (u64::from_le_bytes(bytes) % sides as u64) as usize
        };
        let text = || {
            let pick = || VOCABULARY[throw(VOCABULARY.len())];
            format!("{} {}", pick(), pick())
        };
        let mut model: Vec<(MessageId, String)> = Vec::new();
        let steps = 5 * BATCH;
        for step in 0..steps {
            // Mostly one of the latest messages: on either side of the border.
            let at = match model.len() {
                0 => None,
                many if throw(4) > 0 => Some(many - 1 - throw(many.min(8))),
                many => Some(throw(many)),
            };
            match (throw(10), at) {
                (0, _) => note(portal, GROUP),
                (1, Some(at)) => {
                    let (id, _) = model.remove(at);
                    let done =
                        portal.run(BEN, move |cx| delete::delete(cx, id, Deletion::Complete));
                    done.unwrap();
                }
                (2, Some(at)) => {
                    // A viewed one becomes a tombstone.
                    let (id, _) = model.remove(at);
                    read(portal, ADA, GROUP, None);
                    let done = portal.run(BEN, move |cx| delete::delete(cx, id, Deletion::ByRule));
                    done.unwrap();
                }
                (3 | 4, Some(at)) => {
                    let new = text();
                    change(portal, model[at].0, new.clone());
                    model[at].1 = new;
                }
                _ => {
                    let new = text();
                    model.push((say(portal, new.clone()), new));
                }
            }
            let (indexed, last) = border(portal);
            assert!(indexed <= last && last.get() - indexed.get() < BATCH);
            // A round trip is dear on PostgreSQL.
            if portal.kind == StoreKind::Postgres && step % 8 != 0 {
                continue;
            }
            let asked = match throw(3) {
                0 => text(),
                1 => VOCABULARY[throw(VOCABULARY.len())][..3].to_owned(),
                _ => VOCABULARY[throw(VOCABULARY.len())].to_owned(),
            };
            let limit = 1 + throw(50);
            let mut expected: Vec<MessageId> = model
                .iter()
                .filter(|(_, text)| asked.split(' ').all(|term| text.contains(term)))
                .map(|(id, _)| *id)
                .collect();
            for direction in [Direction::Forward, Direction::Backward] {
                let mut found = Vec::new();
                loop {
                    let page = find(portal, &asked, direction, found.last().copied(), limit);
                    found.extend(&page);
                    if page.len() < limit {
                        break;
                    }
                }
                assert_eq!(found, expected, "{asked} {direction:?} at step {step}");
                expected.reverse();
            }
        }
        assert!(border(portal).0 >= Seq(2 * BATCH), "the border was crossed");
        assert_eq!(recount(portal).drift, []);
    });
}
