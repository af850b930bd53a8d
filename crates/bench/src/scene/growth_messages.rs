//! Whether counters and reads cost more after many messages, and how long the program then takes to start.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    bench::{Bench, Measured, portal_file},
    figures::{StoreUsed, Target},
    load::{Source, Span},
    populate::{Crowd, execute},
    process::Server,
    request,
};

const GROUP: &str = "Growth: messages";
const CONNECTIONS: i64 = 64;
/// Users that each connection cycles through.
const USERS_OF_ONE: i64 = 4;
const USERS: i64 = CONNECTIONS * USERS_OF_ONE;
const WRITER: i64 = USERS + 1;
/// Messages at the end that are unread at the start.
const UNREAD: i64 = 900;
/// How many times as often as elsewhere the portals take turns: a target of 1.2 leaves little room for noise.
const TURNS: i64 = 3;

/// Resets all users to their state after the preparation.
const REWIND: [&str; 3] = [
    "UPDATE members SET cursor_seq = ?1, viewed_seq = ?1, marked_seq = 0, unread_flag = 0",
    "DELETE FROM views WHERE to_seq > ?1",
    "DELETE FROM recent_views WHERE to_seq > ?1",
];

pub(crate) fn run(bench: &mut Bench, sizes: &[i64]) -> Result<()> {
    let mut servers = Vec::new();
    for &size in sizes {
        let server = prepare(bench, size)?;
        if size == sizes[sizes.len() - 1] {
            let started = server.started_in.as_secs_f64();
            let name = format!("start until the first answer, {size} messages");
            bench.figure(GROUP, name, StoreUsed::Sqlite, started, "s");
            let what = format!("start with {size} messages");
            bench.target(Target::at_most(&what, 1.0, " s", started));
        }
        servers.push((size, server));
    }
    let rounds = bench.rounds as i64 * TURNS + 1;
    // What each user reads in a round.
    let reads = UNREAD / rounds;
    for method in ["im.dialog.read", "im.counters.get"] {
        let mut sums: Vec<Option<Measured>> = servers.iter().map(|_| None).collect();
        for round in 0..rounds {
            for ((size, server), sum) in servers.iter().zip(&mut sums) {
                let from = size - UNREAD + round * reads;
                let measured = Measured::of(server, sources(method, from, reads), Span::All)?;
                // The first round fills the caches.
                if round > 0 {
                    measured.add_to(sum)?;
                }
            }
        }
        let costs = sums
            .iter()
            .map(|sum| sum.as_ref().map(|sum| 1e6 / sum.load.per_second()))
            .collect::<Option<Vec<f64>>>()
            .context("no rounds")?;
        for (size, cost) in sizes.iter().zip(&costs) {
            let name = format!("`{method}` after {size} messages, {CONNECTIONS} connections");
            bench.figure(GROUP, name, StoreUsed::Sqlite, *cost, "µs a request");
        }
        let what = format!(
            "`{method}` after {} messages against {}",
            sizes[sizes.len() - 1],
            sizes[0]
        );
        let ratio = costs[costs.len() - 1] / costs[0];
        bench.target(Target::at_most(&what, 1.2, " times", ratio));
    }
    servers
        .into_iter()
        .try_for_each(|(_, server)| server.stop())
}

/// One chat with the given number of messages. The index of words is left empty: neither method uses it.
fn prepare(bench: &mut Bench, size: i64) -> Result<Server> {
    let name = format!("messages-{size}");
    let begun = bench.seconds();
    let home = bench.kept_portal(&name, |filling| {
        filling.people(1, WRITER)?;
        filling.webhooks(1, USERS)?;
        let chat = filling.chats(1, WRITER)?;
        let crowd = Crowd {
            first: 1,
            last: USERS,
            read: size - UNREAD,
        };
        filling.members(chat, crowd)?;
        let mut made = 0;
        filling.messages(chat, WRITER, size, |slice| {
            made += slice;
            if made % 2_000_000 == 0 {
                eprintln!("          {made} messages");
            }
        })
    })?;
    let took = bench.seconds() - begun;
    if took > 1.0 {
        let name = format!(
            "making {size} messages by statements in the store, without the index of words"
        );
        bench.figure(GROUP, name, StoreUsed::Sqlite, took, "s");
    }
    let store = readmark_store::Store::open(&crate::bench::sqlite(&portal_file(&home)))?;
    store.write(move |tx| {
        REWIND
            .iter()
            .try_for_each(|sql| execute(tx, sql, &[size - UNREAD]))
    })?;
    drop(store);
    if size >= 1_000_000 {
        let bytes = fs::metadata(portal_file(&home))?.len();
        let name = format!("file with {size} messages, without the index of words");
        bench.figure(
            GROUP,
            name,
            StoreUsed::Sqlite,
            bytes as f64 / f64::from(1 << 20),
            "MiB",
        );
    }
    bench.serve(&home)
}

fn sources(method: &'static str, from: i64, reads: i64) -> Vec<Source> {
    (0..CONNECTIONS)
        .map(|connection| -> Source {
            let mut step = 0;
            Box::new(move |out| {
                let user = connection * USERS_OF_ONE + step % USERS_OF_ONE + 1;
                step += 1;
                // As this is the only chat, message ids equal their seqs.
                let message = from + (step - 1) / USERS_OF_ONE + 1;
                if method == "im.dialog.read" {
                    let body = format_args!(r#"{{"DIALOG_ID":"chat1","MESSAGE_ID":{message}}}"#);
                    request::write(out, user, method, body);
                } else {
                    request::write(out, user, method, format_args!("{{}}"));
                }
                step <= reads * USERS_OF_ONE
            })
        })
        .collect()
}
