//! What it costs that somebody could listen (rule R15).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use readmark_api::events;
use readmark_app::{
    Cx, Refused,
    dialog::{self, read::Viewing},
    message::send::{self, Draft},
};
use readmark_model::{ChatId, MessageKind, MessageParams, UserId};
use readmark_store::{Param, Row, StoreError, Tx, dialect::Dialect, memory::Handle};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};

use crate::support::group;

/// Counts statements and rows on behalf of another transaction.
struct Counting<'a> {
    tx: &'a mut dyn Tx,
    statements: &'a AtomicU64,
    rows: &'a AtomicU64,
}

impl Tx for Counting<'_> {
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rows = self.rows;
        self.tx.query(sql, params, &mut |row| {
            rows.fetch_add(1, Ordering::Relaxed);
            each(row)
        })
    }

    fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rows = self.tx.execute(sql, params)?;
        self.rows.fetch_add(rows, Ordering::Relaxed);
        Ok(rows)
    }

    fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }

    fn memory(&mut self) -> Option<&mut Handle> {
        self.tx.memory()
    }
}

/// Statements and rows of telling what `act` did as a user.
fn cost_of_telling(
    portal: &TestPortal,
    user: UserId,
    act: impl Fn(&mut Cx<'_>) + Send + 'static,
) -> (u64, u64) {
    let counted: Arc<(AtomicU64, AtomicU64)> = Arc::default();
    let inside = (Arc::clone(&counted), Arc::clone(&portal.portal));
    let done: Result<(), Refused<()>> = portal.run(user, move |cx| {
        act(cx);
        let mut counting = Counting {
            tx: &mut *cx.tx,
            statements: &inside.0.0,
            rows: &inside.0.1,
        };
        assert!(!cx.events.is_empty());
        events::keep(&mut counting, &cx.events, cx.now, &inside.1.context)?;
        Ok(())
    });
    done.unwrap();
    let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
    (read(&counted.0), read(&counted.1))
}

#[test]
fn r15_a_chat_where_nobody_listens_costs_one_statement_that_reads_nothing() {
    for_each_store(|portal| {
        let chat = ChatId(group(portal, &[2, 3]));
        let sending = cost_of_telling(portal, UserId(2), move |cx| {
            let draft = Draft {
                kind: MessageKind::Post,
                text: "two words",
                params: MessageParams::empty(),
                reply: None,
                uuid: None,
            };
            send::send(cx, chat, &draft).unwrap();
        });
        // On SQLite memory knows that nobody listens.
        let statements = u64::from(portal.kind == StoreKind::Postgres);
        assert_eq!(sending, (statements, 0));
        let reading = cost_of_telling(portal, UserId(3), move |cx| {
            dialog::read::read(cx, chat, None, Viewing::Recorded).unwrap();
        });
        assert_eq!(reading, (0, 0), "nobody is told of reads");
    });
}
