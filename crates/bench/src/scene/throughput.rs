//! The hot paths on SQLite, each alternating with the limit.

use anyhow::{Context, Result};

use super::hot::{self, Progress, Size, Workload};
use crate::{
    bench::{Bench, Measured, portal_file, sqlite},
    figures::{Rate, StoreUsed, Target},
    load::{self, Span},
    process::Server,
};

/// 200 chats of 500 messages to read.
pub(crate) const SIZE: Size = Size {
    halls: 200,
    messages: 500,
};

/// What to measure; an empty list means everything.
pub(crate) struct Choice {
    pub(crate) workloads: Vec<Workload>,
    pub(crate) connections: Vec<usize>,
}

impl Choice {
    fn includes(&self, workload: Workload, connections: usize) -> bool {
        let (workloads, numbers) = (&self.workloads, &self.connections);
        (workloads.is_empty() || workloads.contains(&workload))
            && (numbers.is_empty() || numbers.contains(&connections))
    }
}

/// Measures every workload at 64 connections, reads and sends also at 1 and 256.
pub(crate) fn run(bench: &mut Bench, choice: &Choice) -> Result<()> {
    let home = bench.fresh_portal("hot", |filling| hot::fill(filling, SIZE))?;
    let server = bench.serve(&home)?;
    hot::add_bots(server, &sqlite(&portal_file(&home)), SIZE)?;
    let server = bench.serve(&home)?;
    let limit = Server::limit()?;
    let progress = Progress::new();
    for (workload, connections) in [
        (Workload::Read, 64),
        (Workload::Read, 1),
        (Workload::Read, 256),
        (Workload::ReadApart, 64),
        (Workload::ReadSpread, 64),
        (Workload::BotRead, 64),
        (Workload::Unread, 64),
        (Workload::Get, 64),
        (Workload::Counters, 64),
        (Workload::Recent, 64),
        (Workload::Send, 64),
        (Workload::Send, 1),
        (Workload::Send, 256),
        (Workload::Mix, 64),
    ] {
        if !choice.includes(workload, connections) {
            continue;
        }
        let rate = in_turn(bench, &server, &limit, &progress, workload, connections)?;
        bench.say(&format!(
            "{}, {connections} connections: {:.0}/s of {:.0}/s = {:.3}, p99 {:.2} ms, CPU {:.1} µs against {:.1} µs",
            rate.name, rate.per_second, rate.limit_per_second, rate.of_limit, rate.p99, rate.cpu, rate.limit_cpu
        ));
        if connections == 64 {
            note_targets(bench, workload, &rate);
        }
        bench.rates.push(rate);
    }
    server.stop()
}

fn note_targets(bench: &mut Bench, workload: Workload, rate: &Rate) {
    let wanted = match workload {
        Workload::Read | Workload::Get | Workload::Counters => 0.5,
        Workload::Send => 0.4,
        _ => return,
    };
    let what = format!("`{}` against the limit", rate.name);
    bench.target(Target::at_least(&what, wanted, "", rate.of_limit));
    if workload == Workload::Read {
        let what = "p99 of `im.dialog.read`";
        bench.target(Target::at_most(what, 10.0, " ms", rate.p99));
    }
}

fn in_turn(
    bench: &Bench,
    server: &Server,
    limit: &Server,
    progress: &Progress,
    workload: Workload,
    connections: usize,
) -> Result<Rate> {
    // Requests to the limit do not count as read.
    let pretended = Progress::new();
    let (mut ours, mut limits) = (None, None);
    let mut size = probe(server, progress, workload)?;
    for _ in 0..bench.rounds {
        limit.ask(format!("GET /{size} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
        let sources = pretended.sources(workload, SIZE, connections);
        Measured::of(limit, sources, bench.span())?.add_to(&mut limits)?;
        let sources = progress.sources(workload, SIZE, connections);
        let measured = Measured::of(server, sources, bench.span())?;
        size = measured.load.body();
        measured.add_to(&mut ours)?;
    }
    let (ours, limits) = ours.zip(limits).context("no rounds")?;
    Ok(rate(
        workload.name(),
        StoreUsed::Sqlite,
        connections,
        &ours,
        Some(&limits),
    ))
}

/// The size of a response.
fn probe(server: &Server, progress: &Progress, workload: Workload) -> Result<usize> {
    let mut sources = progress.sources(workload, SIZE, 1);
    let mut left = 20;
    let mut all = sources.remove(0);
    let some = Box::new(move |out: &mut Vec<u8>| {
        left -= 1;
        left >= 0 && all(out)
    });
    Ok(load::run(server.address(), vec![some], Span::All)?.body())
}

/// A row of the table.
pub(crate) fn rate(
    name: &str,
    store: StoreUsed,
    connections: usize,
    ours: &Measured,
    limit: Option<&Measured>,
) -> Rate {
    let per_second = ours.load.per_second();
    let limit_per_second = limit.map_or(0.0, |limit| limit.load.per_second());
    Rate {
        name: name.to_owned(),
        store,
        connections,
        per_second,
        limit_per_second,
        of_limit: per_second / limit_per_second,
        p50: ours.load.quantile(0.5),
        p99: ours.load.quantile(0.99),
        cpu: ours.cpu_micros(),
        limit_cpu: limit.map_or(0.0, Measured::cpu_micros),
        body: ours.load.body(),
    }
}
