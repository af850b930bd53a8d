//! Every question about viewers is answered exactly, however many views are merged already (rule R13).

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::collections::BTreeMap;

use readmark_model::{
    ChatId, MessageId, Seq, Timestamp, UserId, ViewRange, message::Viewed, view::Viewer,
};
use readmark_store::{
    Store, StoreError, Tx, params,
    repo::{
        audit,
        view::{self, MAX_RECENT},
    },
};
use readmark_testkit::{StoreKind, portal::for_each_store};

const USERS: i64 = 40;
const MESSAGES: i64 = 300;
const CHATS: [ChatId; 2] = [ChatId(7), ChatId(8)];

/// Author of all messages, who is a member as well.
const AUTHOR: UserId = UserId(1);

/// More people, of whom every ninth hides receipts; in both chats all of them but the last, of whom every fifth sees messages from
/// 100 on only; and messages, of which every eleventh is gone.
const SCENE: [&str; 3] = [
    "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 40) \
     INSERT INTO users (id, kind, active, admin, extranet, hide_receipts, name, last_name, email, work_position, gender, \
     birthday, color, avatar, external_auth_id, status, time_zone, departments, profile, registered_at, updated_at) \
     SELECT i, 0, 1, 0, 0, CASE WHEN i % 9 = 0 THEN 1 ELSE 0 END, 'Person', CAST(i AS TEXT), '', '', '', '', '', '', \
     'default', 'online', '', '1', '{}', 0, 0 FROM n WHERE i NOT IN (SELECT id FROM users)",
    "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 39) \
     INSERT INTO members (user_id, chat_id, role, joined_at, visible_from_seq, cursor_seq, viewed_seq, marked_seq, \
     unread_flag, muted, changed_at) SELECT i, c.id, 1, 0, CASE WHEN i % 5 = 0 THEN 100 ELSE 1 END, 0, 0, 0, 0, 0, 0 \
     FROM n CROSS JOIN (SELECT 7 AS id UNION ALL SELECT 8) c",
    "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
     INSERT INTO messages (id, chat_id, seq, author_id, kind, deleted, created_at, text, params) \
     SELECT c.id * 1000 + i, c.id, i, 1, 0, 0, i, '', '{}' FROM n CROSS JOIN (SELECT 7 AS id UNION ALL SELECT 8) c \
     WHERE i % 11 <> 0",
];

fn hides(user: UserId) -> bool {
    user.get() % 9 == 0
}

fn visible_from(user: UserId) -> Seq {
    Seq(if user.get() % 5 == 0 { 100 } else { 1 })
}

fn is_member(user: UserId) -> bool {
    user.get() < USERS
}

#[derive(Clone, Copy, Debug)]
struct Row {
    chat: ChatId,
    user: UserId,
    range: ViewRange,
    at: Timestamp,
}

/// Views, each user's growing, until everybody has viewed everything.
fn rows() -> Vec<Row> {
    let mut ends: BTreeMap<(ChatId, UserId), i64> = BTreeMap::new();
    let (mut rows, mut state) = (Vec::new(), 1_u64);
    let mut draw = move |below: i64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % below
    };
    let mut time = 1_000;
    for _ in 0..20_000 {
        let chat = CHATS[usize::from(draw(3) == 0)];
        let user = UserId(1 + draw(USERS));
        let end = ends.entry((chat, user)).or_default();
        let from = *end + 1 + draw(3);
        let to = from + draw(4);
        // Clocks go back at times.
        time += draw(4) - i64::from(draw(9) == 0);
        if to <= MESSAGES {
            *end = to;
            rows.push(Row {
                chat,
                user,
                range: ViewRange {
                    from: Seq(from),
                    to: Seq(to),
                },
                at: Timestamp(time),
            });
        }
    }
    rows
}

/// What a naive look at all rows says.
struct Naive<'a>(&'a [Row]);

impl Naive<'_> {
    fn of(&self, chat: ChatId) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |row| row.chat == chat)
    }

    /// The viewers of a message with their times, in the order of ids.
    fn viewers(&self, of: Viewed) -> Vec<(UserId, Timestamp)> {
        let covers = |row: &&Row| row.range.from <= of.seq && row.range.to >= of.seq;
        let mut viewers: Vec<_> = self
            .of(of.chat)
            .filter(covers)
            .filter(|row| row.user != of.author && is_member(row.user) && !hides(row.user))
            .filter(|row| visible_from(row.user) <= of.seq)
            .map(|row| (row.user, row.at))
            .collect();
        viewers.sort_unstable();
        viewers
    }

    fn end(&self, chat: ChatId, user: UserId) -> Option<(Seq, Timestamp)> {
        let own = self.of(chat).filter(|row| row.user == user);
        own.last().map(|row| (row.range.to, row.at))
    }
}

fn brief(viewers: Vec<Viewer>) -> Vec<(UserId, Timestamp)> {
    viewers
        .into_iter()
        .map(|viewer| (viewer.user, viewer.at))
        .collect()
}

fn pages(tx: &mut dyn Tx, of: Viewed) -> Result<Vec<(UserId, Timestamp)>, StoreError> {
    let (mut all, mut after) = (Vec::new(), UserId(0));
    loop {
        let page = brief(view::list_page(tx, of, after, 7)?);
        let Some(&(last, _)) = page.last() else {
            return Ok(all);
        };
        assert!(page.len() <= 7);
        after = last;
        all.extend(page);
    }
}

/// Compares every question about some messages and all users with the naive answers.
fn compare(tx: &mut dyn Tx, rows: &[Row]) -> Result<(), StoreError> {
    let naive = Naive(rows);
    for chat in CHATS {
        for seq in (1..=MESSAGES).step_by(13).chain([MESSAGES]) {
            let of = Viewed {
                chat,
                seq: Seq(seq),
                author: AUTHOR,
                created_at: Timestamp(seq),
            };
            let viewers = naive.viewers(of);
            let mut by_time = viewers.clone();
            by_time.sort_unstable_by_key(|(user, at)| (*at, *user));
            by_time.truncate(5);
            let number = i64::try_from(viewers.len()).unwrap();
            assert_eq!(brief(view::list_first(tx, of, 5)?), by_time, "{of:?}");
            assert_eq!(view::count(tx, of)?, number, "{of:?}");
            assert_eq!(view::count_by_members(tx, of)?, number, "{of:?}");
            assert_eq!(view::exists(tx, of)?, number > 0, "{of:?}");
            assert_eq!(pages(tx, of)?, viewers, "{of:?}");
            for user in [AUTHOR, UserId(5), UserId(9), UserId(USERS)] {
                let covers = |row: &&Row| {
                    row.user == user && row.range.from <= of.seq && row.range.to >= of.seq
                };
                let viewed = naive.of(chat).any(|row| covers(&row));
                assert_eq!(view::has_viewed(tx, chat, user, of.seq)?, viewed);
            }
        }
        for since in [0, 1_000, 1_500, 3_000] {
            let since = Timestamp(since);
            let number = naive.of(chat).filter(|row| row.at >= since).count();
            let number = i64::try_from(number).unwrap();
            assert!(!view::has_more_since(tx, chat, since, number)?);
            assert!(number == 0 || view::has_more_since(tx, chat, since, number - 1)?);
        }
        compare_readers(tx, chat, &naive)?;
    }
    Ok(())
}

/// Compares how far the users of a chat have viewed.
fn compare_readers(tx: &mut dyn Tx, chat: ChatId, naive: &Naive<'_>) -> Result<(), StoreError> {
    for user in 1..=USERS {
        let user = UserId(user);
        assert_eq!(view::find_end(tx, chat, user)?, naive.end(chat, user));
        let reader = view::find_reader(tx, chat, user)?;
        assert_eq!(reader.is_some(), is_member(user));
        let viewed = reader.and_then(|reader| reader.viewed);
        // The last message that exists, is visible and was viewed.
        let mut own: Vec<&Row> = naive.of(chat).filter(|row| row.user == user).collect();
        own.reverse();
        let last = own.into_iter().find_map(|row| {
            let seqs = row.range.from.get()..=row.range.to.get();
            let seen = |seq: &i64| seq % 11 != 0 && Seq(*seq) >= visible_from(user);
            let seq = seqs.rev().find(seen)?;
            Some((MessageId(chat.get() * 1000 + seq), row.at))
        });
        let shown = is_member(user) && !hides(user) && user != AUTHOR;
        assert_eq!(viewed, last.filter(|_| shown), "{user:?} in {chat:?}");
    }
    for spectator in view::list_spectators(tx, chat)? {
        let own = naive.of(chat).filter(|row| row.user == spectator.user);
        let last = own.last();
        assert_eq!(spectator.last, last.map(|row| (row.range.from, row.at)));
    }
    let readers = view::list_latest_readers(tx, chat, UserId(2), 12)?;
    let mut latest: Vec<(Timestamp, UserId)> = Vec::new();
    let mut by_time: Vec<&Row> = naive.of(chat).collect();
    by_time.sort_unstable_by_key(|row| std::cmp::Reverse((row.at, row.user)));
    for row in by_time {
        if latest.iter().all(|(_, user)| *user != row.user) {
            latest.push((row.at, row.user));
        }
    }
    let mut expected = Vec::new();
    for (_, user) in latest {
        let found = view::find_reader(tx, chat, user)?;
        let shown = found.is_some_and(|reader| reader.viewed.is_some());
        if user != UserId(2) && shown {
            expected.push(user);
        }
    }
    expected.truncate(12);
    let readers: Vec<UserId> = readers.iter().map(|reader| reader.user).collect();
    assert_eq!(readers, expected);
    Ok(())
}

fn insert(store: &Store, rows: Vec<Row>) {
    let done: Result<(), StoreError> = store.write(move |tx| {
        for row in &rows {
            view::insert(tx, row.chat, row.user, row.range, row.at)?;
            tx.execute(
                "UPDATE members SET viewed_seq = ?3 WHERE chat_id = ?1 AND user_id = ?2",
                params![row.chat, row.user, row.range.to],
            )?;
        }
        Ok(())
    });
    done.unwrap();
}

#[test]
fn r13_every_question_is_answered_exactly_at_any_number_of_merged_views() {
    for_each_store(|portal| {
        let store = &portal.portal.store;
        let made: Result<(), StoreError> = store.write(|tx| {
            for sql in SCENE {
                tx.execute(sql, params![])?;
            }
            Ok(())
        });
        made.unwrap();
        let rows = rows();
        let full = usize::try_from(MAX_RECENT).unwrap();
        assert!(rows.len() > 3 * full, "{} are too few", rows.len());
        let mut done = 0;
        for next in [
            0,
            1,
            500,
            full - 1,
            full,
            full + 1,
            2 * full + 300,
            rows.len(),
        ] {
            insert(store, rows[done..next].to_vec());
            done = next;
            let known = rows[..done].to_vec();
            let (kind, recent) = (portal.kind, done % full);
            let compared = store.read(move |tx| {
                let left = usize::try_from(audit::count_recent_views(tx)?).unwrap();
                match kind {
                    StoreKind::Sqlite => assert_eq!(left, recent),
                    StoreKind::Postgres => assert_eq!(left, 0),
                }
                compare(tx, &known)
            });
            compared.unwrap();
        }
        let merged: Result<(), StoreError> = store.write(view::merge_recent);
        merged.unwrap();
        store.read(move |tx| compare(tx, &rows)).unwrap();
    });
}
