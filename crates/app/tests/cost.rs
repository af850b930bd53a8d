//! What operations cost (rule R15): rows written and statements, counted, whatever the size of the chat.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use readmark_app::{
    Cx, Interrupt,
    chat::create,
    counters, dialog,
    dialog::read::Viewing,
    message::{
        send::{self, Draft},
        words::BATCH,
    },
    recent,
};
use readmark_model::{
    ChatId, ChatKind, DialogId, MessageId, MessageKind, MessageParams, UserId, chat::Entity,
};
use readmark_store::{
    Param, Row, StoreError, Tx, TxExt as _, dialect::Dialect, memory::Handle, repo,
};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};

/// Counts on behalf of another transaction.
struct Counting<'a> {
    tx: &'a mut dyn Tx,
    cost: &'a Cost,
}

#[derive(Default)]
struct Cost {
    statements: AtomicU64,
    rows_read: AtomicU64,
}

impl Tx for Counting<'_> {
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.cost.statements.fetch_add(1, Ordering::Relaxed);
        let cost = self.cost;
        self.tx.query(sql, params, &mut |row| {
            cost.rows_read.fetch_add(1, Ordering::Relaxed);
            each(row)
        })
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.cost.statements.fetch_add(1, Ordering::Relaxed);
        self.tx.execute(sql, params)
    }

    fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    fn memory(&mut self) -> Option<&mut Handle> {
        self.tx.memory()
    }
}

/// Rows that the database says it has written for this connection so far: one statement can write rows of several tables.
fn rows_written(tx: &mut dyn Tx) -> u64 {
    let sql = tx.dialect().pick(
        "SELECT total_changes()",
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_xact_user_tables",
    );
    let rows = tx.get(sql, &[], |row| row.int(0));
    rows.unwrap().cast_unsigned()
}

/// Statements, rows read and rows written by a use case of a user.
fn cost_of<T: Send + 'static>(
    portal: &TestPortal,
    user: i64,
    mut f: impl FnMut(&mut Cx<'_>) -> T + Send + 'static,
) -> (u64, u64, u64) {
    let cost = Arc::new(Cost::default());
    let counted = Arc::clone(&cost);
    let written: Result<u64, Interrupt> = portal.run(UserId(user), move |cx| {
        let before = rows_written(cx.tx);
        let mut counting = Counting {
            tx: &mut *cx.tx,
            cost: &counted,
        };
        let mut inner = Cx {
            tx: &mut counting,
            writable: true,
            caller: cx.caller,
            user: cx.user,
            now: cx.now,
            random: cx.random,
            rules: cx.rules,
            events: Vec::new(),
        };
        f(&mut inner);
        Ok(rows_written(cx.tx) - before)
    });
    let written = written.unwrap();
    let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
    (read(&cost.statements), read(&cost.rows_read), written)
}

fn send(cx: &mut Cx<'_>, chat: ChatId) -> MessageId {
    let draft = Draft {
        kind: MessageKind::Post,
        text: "two words",
        params: MessageParams::empty(),
        reply: None,
        uuid: None,
    };
    send::send(cx, chat, &draft).unwrap()
}

/// A group of Ada, Ben and so many more members that nobody logs in as.
fn group(portal: &TestPortal, more: usize) -> ChatId {
    let made: Result<ChatId, Interrupt> = portal.run(UserId(1), move |cx| {
        let mut members = vec![UserId(2)];
        for _ in 0..more {
            let mut extra = repo::user::find(cx.tx, UserId(3))?.unwrap();
            extra.email = String::new();
            members.push(repo::user::insert(cx.tx, &extra)?);
        }
        let plan = create::Plan {
            kind: ChatKind::Group,
            title: "cost",
            description: "",
            color: "#ffffff",
            avatar: "",
            entity: &Entity::default(),
            owner: UserId(1),
            managers: &[],
            members: &members,
        };
        Ok(create::create(cx, &plan)?)
    });
    made.unwrap()
}

#[test]
fn r15_sending_costs_the_same_in_a_chat_of_two_and_of_hundreds() {
    for_each_store(|portal| {
        let (small, large) = (group(portal, 0), group(portal, 300));
        let in_small = cost_of(portal, 1, move |cx| send(cx, small));
        let in_large = cost_of(portal, 1, move |cx| send(cx, large));
        assert_eq!(in_small, in_large);
        // The message, the chat, the author's row.
        assert_eq!(in_large.2, 3);
    });
}

#[test]
fn r15_words_are_written_for_many_messages_at_once() {
    for_each_store(|portal| {
        let chat = group(portal, 0);
        for _ in 1..BATCH {
            assert_eq!(cost_of(portal, 1, move |cx| send(cx, chat)).2, 3);
        }
        let (statements, read, written) = cost_of(portal, 1, move |cx| send(cx, chat));
        assert_eq!(written, 3 + 2 * BATCH as u64 + 1, "two words of each");
        assert!(statements < 12, "{statements}");
        assert!(read < BATCH as u64 + 5, "{read}");
        assert_eq!(cost_of(portal, 1, move |cx| send(cx, chat)).2, 3);
    });
}

#[test]
fn r15_a_read_writes_its_member_and_a_view_and_one_that_changes_nothing_writes_nothing() {
    for_each_store(|portal| {
        let chat = group(portal, 300);
        for _ in 0..200 {
            cost_of(portal, 1, move |cx| send(cx, chat));
        }
        let read = |portal: &TestPortal| {
            cost_of(portal, 2, move |cx| {
                dialog::read::read(cx, chat, None, Viewing::Recorded).unwrap()
            })
        };
        let advancing = read(portal);
        assert_eq!(advancing.2, 2, "the member's row, a view row");
        // The member with the chat, what is around the target, and the two rows: PostgreSQL writes them in one round trip. On SQLite
        // what was not in memory is loaded: the member, the end of the chat, who listens, how
        // many views are recent.
        let statements = match portal.kind {
            StoreKind::Sqlite => 6,
            StoreKind::Postgres => 3,
        };
        assert_eq!(advancing.0, statements);
        // The last messages of the chat are among what is loaded.
        let rows = match portal.kind {
            StoreKind::Sqlite => 5 + 32,
            StoreKind::Postgres => 4,
        };
        assert!(
            advancing.1 <= rows,
            "whatever the number of messages: {advancing:?}"
        );
        assert_eq!(read(portal).2, 0);
        cost_of(portal, 1, move |cx| send(cx, chat));
        let again = read(portal);
        match portal.kind {
            StoreKind::Sqlite => assert_eq!(again, (2, 0, 2), "everything is in memory"),
            StoreKind::Postgres => assert_eq!((again.0, again.2), (statements, 2)),
        }
    });
}

#[test]
fn r15_a_counter_reads_as_many_rows_after_ten_messages_as_after_hundreds() {
    for_each_store(|portal| {
        let chat = group(portal, 0);
        let count =
            |portal: &TestPortal| cost_of(portal, 2, move |cx| counters::totals(cx).unwrap());
        for _ in 0..10 {
            cost_of(portal, 1, move |cx| send(cx, chat));
        }
        // What is in memory on SQLite from then on.
        count(portal);
        let after_ten = count(portal);
        for _ in 0..300 {
            cost_of(portal, 1, move |cx| send(cx, chat));
        }
        assert_eq!(count(portal), after_ten);
        match portal.kind {
            StoreKind::Sqlite => assert_eq!(after_ten, (0, 0, 0), "everything is in memory"),
            StoreKind::Postgres => assert_eq!(
                after_ten,
                (2, 2, 0),
                "one row a chat, and the number of notifications"
            ),
        }
    });
}

#[test]
fn r11_r15_read_all_is_one_statement_and_writes_one_row_a_chat_with_something_unread() {
    for_each_store(|portal| {
        let chats: Vec<ChatId> = (0..5).map(|_| group(portal, 0)).collect();
        for &chat in &chats[..3] {
            for _ in 0..20 {
                cost_of(portal, 1, move |cx| send(cx, chat));
            }
        }
        let cost = cost_of(portal, 2, |cx| dialog::read_all::read_all(cx).unwrap());
        assert_eq!((cost.0, cost.2), (1, 3), "three chats");
    });
}

#[test]
fn r13_looking_at_a_chat_costs_as_many_statements_for_two_members_as_for_fifty() {
    for_each_store(|portal| {
        let look = |chat: ChatId| {
            cost_of(portal, 1, move |cx| {
                dialog::detail::get(cx, DialogId::Chat(chat)).unwrap()
            })
        };
        let costs: Vec<_> = [0, 48]
            .into_iter()
            .map(|more| {
                let chat = group(portal, more);
                let first = sent(portal, chat);
                for reader in [1, 2, 6, 7].into_iter().take(2 + more) {
                    cost_of(portal, reader, move |cx| {
                        dialog::read::read(cx, chat, Some(first), Viewing::Recorded).unwrap()
                    });
                }
                sent(portal, chat);
                look(chat)
            })
            .collect();
        // The chat with the member, the last message, the members with their views, the ids of what they viewed. On SQLite the first of
        // it is in memory.
        let statements = match portal.kind {
            StoreKind::Sqlite => 3,
            StoreKind::Postgres => 4,
        };
        assert_eq!((costs[0].0, costs[1].0), (statements, statements));
        assert_eq!(costs[1].1, costs[0].1 + 48, "one row for each member");
    });
}

/// Ada sends a message.
fn sent(portal: &TestPortal, chat: ChatId) -> MessageId {
    let id = portal.run(UserId(1), move |cx| Ok::<_, Interrupt>(send(cx, chat)));
    id.unwrap()
}

#[test]
fn a_page_of_the_recent_list_asks_for_the_managers_of_sixteen_chats_at_once() {
    for_each_store(|portal| {
        for _ in 0..20 {
            let chat = group(portal, 0);
            sent(portal, chat);
        }
        let cost = cost_of(portal, 2, |cx| {
            let filter = recent::list::Filter {
                limit: 50,
                ..recent::list::Filter::default()
            };
            let page = recent::list::list(cx, &filter).unwrap();
            assert_eq!(page.items.len(), 20);
            assert!(page.items.iter().all(|item| item.managers == [UserId(1)]));
        });
        assert_eq!(cost.0, 3, "the page, and twice managers");
    });
}
