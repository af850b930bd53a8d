//! Whether sending and reading cost more in a large chat.

use anyhow::{Context, Result};

use crate::{
    bench::{Bench, Measured},
    figures::{StoreUsed, Target},
    load::{Source, Span},
    populate::Crowd,
    request,
};

const GROUP: &str = "Growth: members of a chat";
/// Sizes of chats; there are enough of the smallest for each user to have one.
const SIZES: [i64; 4] = [2, 100, 10_000, 100_000];
/// Connections, each with its own user.
const CONNECTIONS: i64 = 64;
const PAIRS: i64 = CONNECTIONS / 2;
const MESSAGES: i64 = 3000;
/// Requests of one connection in one round.
const READS: i64 = 400;
const SENDS: i64 = 200;
const LARGEST: i64 = SIZES[SIZES.len() - 1];
/// The author of the messages to read, who has left since.
const WRITER: i64 = LARGEST + 1;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let home = bench.fresh_portal("members", |filling| {
        filling.people(1, WRITER)?;
        filling.webhooks(1, CONNECTIONS)?;
        let first = filling.chats(PAIRS + SIZES.len() as i64 - 1, 1)?;
        for pair in 0..PAIRS {
            let (first, last) = (2 * pair + 1, 2 * pair + 2);
            filling.members(
                pair + 1,
                Crowd {
                    first,
                    last,
                    read: 0,
                },
            )?;
        }
        for (number, &size) in SIZES.iter().enumerate().skip(1) {
            let crowd = Crowd {
                first: 1,
                last: size,
                read: 0,
            };
            filling.members(PAIRS + number as i64, crowd)?;
        }
        for chat in first..PAIRS + SIZES.len() as i64 {
            filling.messages(chat, WRITER, MESSAGES, |_| {})?;
        }
        Ok(())
    })?;
    let server = bench.serve(&home)?;
    let rounds = bench.rounds as i64 + 1;
    for (method, count) in [("im.dialog.read", READS), ("im.message.add", SENDS)] {
        let mut sums: [Option<Measured>; SIZES.len()] = [const { None }; SIZES.len()];
        for round in 0..rounds {
            for (number, sum) in sums.iter_mut().enumerate() {
                let sources = sources(method, number as i64, round * count, count);
                let measured = Measured::of(&server, sources, Span::All)?;
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
        for (size, cost) in SIZES.iter().zip(&costs) {
            let name = format!("`{method}` in a chat of {size} members, {CONNECTIONS} connections");
            bench.figure(GROUP, name, StoreUsed::Sqlite, *cost, "µs a request");
        }
        let what = format!("`{method}` in a chat of {LARGEST} members against one of 2");
        let ratio = costs[costs.len() - 1] / costs[0];
        bench.target(Target::at_most(&what, 1.2, " times", ratio));
    }
    server.stop()
}

fn sources(method: &'static str, number: i64, done: i64, count: i64) -> Vec<Source> {
    (0..CONNECTIONS)
        .map(|connection| -> Source {
            let chat = if number == 0 {
                connection / 2 + 1
            } else {
                PAIRS + number
            };
            let mut step = 0;
            Box::new(move |out| {
                step += 1;
                let message = (chat - 1) * MESSAGES + done + step;
                let user = connection + 1;
                if method == "im.dialog.read" {
                    let body =
                        format_args!(r#"{{"DIALOG_ID":"chat{chat}","MESSAGE_ID":{message}}}"#);
                    request::write(out, user, method, body);
                } else {
                    let body = format_args!(
                        r#"{{"DIALOG_ID":"chat{chat}","MESSAGE":"Outgoing {step} is here"}}"#
                    );
                    request::write(out, user, method, body);
                }
                step <= count
            })
        })
        .collect()
}
