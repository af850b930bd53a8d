//! The cost of totals, the recent list and reading everything for a user of many chats.

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{
    bench::Bench,
    figures::{StoreUsed, Target},
    populate::Crowd,
    process::Server,
    request,
};

const GROUP: &str = "Growth: chats of a user";
const CHATS: [i64; 3] = [10, 1_000, 5_000];
const MOST: i64 = CHATS[CHATS.len() - 1];
/// Messages of a chat: a million in all.
const MESSAGES: i64 = 200;
/// Users in all chats, each of whom reads everything once.
const READERS: i64 = 12;
const FIRST_READER: i64 = CHATS.len() as i64 + 1;
const WRITER: i64 = FIRST_READER + READERS;
const CALLS: usize = 40;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let home = bench.fresh_portal("chats", |filling| {
        filling.people(1, WRITER)?;
        filling.webhooks(1, WRITER)?;
        filling.chats(MOST, WRITER)?;
        for chat in 1..=MOST {
            // The first user is in 10 chats, the second in 1,000, everybody else in all.
            let first = CHATS.iter().filter(|most| chat > **most).count() as i64 + 1;
            filling.members(
                chat,
                Crowd {
                    first,
                    last: WRITER - 1,
                    read: 0,
                },
            )?;
            filling.messages(chat, WRITER, MESSAGES, |_| {})?;
        }
        Ok(())
    })?;
    let server = bench.serve(&home)?;
    for method in ["im.counters.get", "im.recent.list"] {
        for (number, chats) in CHATS.iter().enumerate() {
            let mut times = Vec::new();
            for _ in 0..CALLS {
                times.push(call(&server, number as i64 + 1, method)?.0);
            }
            let median = median(&mut times);
            let name = format!("`{method}` of a user of {chats} chats, one connection, median");
            bench.figure(GROUP, name, StoreUsed::Sqlite, median, "ms");
            if *chats == MOST && method == "im.counters.get" {
                let what = format!("totals of a user of {MOST} chats");
                bench.target(Target::at_most(&what, 10.0, " ms", median));
            }
        }
    }
    let mut times = Vec::new();
    for reader in FIRST_READER..WRITER {
        let (before, _) = (total(&server, reader)?, ());
        if before != MOST * MESSAGES {
            bail!(
                "user {reader} should have {} unread messages, not {before}",
                MOST * MESSAGES
            );
        }
        times.push(call(&server, reader, "im.dialog.read.all")?.0);
        let after = total(&server, reader)?;
        if after != 0 {
            bail!("user {reader} has read everything and still has {after} unread messages");
        }
    }
    let median = median(&mut times);
    let name = format!(
        "`im.dialog.read.all` of {} messages in {MOST} chats, median",
        MOST * MESSAGES
    );
    bench.figure(GROUP, name, StoreUsed::Sqlite, median, "ms");
    let what = "read-all, a million unread messages in 5,000 chats, one commit";
    bench.target(Target::at_most(what, 100.0, " ms", median));
    server.stop()
}

/// Milliseconds of a call, and its response.
fn call(server: &Server, user: i64, method: &str) -> Result<(f64, serde_json::Value)> {
    let mut request = Vec::new();
    request::write(&mut request, user, method, format_args!("{{}}"));
    let started = Instant::now();
    let (status, body) = server.ask(&request)?;
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    if status != 200 {
        bail!(
            "{method}: status {status}: {}",
            String::from_utf8_lossy(&body)
        );
    }
    Ok((milliseconds, serde_json::from_slice(&body)?))
}

fn total(server: &Server, user: i64) -> Result<i64> {
    let (_, answer) = call(server, user, "im.counters.get")?;
    answer["result"]["TYPE"]["MESSENGER"]
        .as_i64()
        .context("totals without a number")
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
