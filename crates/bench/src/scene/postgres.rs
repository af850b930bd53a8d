//! The hot paths on PostgreSQL, reads alternating with pgbench's simple update on the same server.

use std::{path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result, bail};
use readmark_store::Settings;
use readmark_testkit::postgres_server::PostgresServer;

use super::{
    hot::{self, Progress, Size, Workload},
    throughput::rate,
};
use crate::{
    bench::{Bench, Measured, portal_schema},
    figures::{StoreUsed, Target},
    load::Span,
    populate::Filling,
    process::{Home, Server},
};

/// Connections of the load, of the program to the database, and of pgbench.
const CONNECTIONS: usize = 64;

/// Half of what SQLite gets, as filling takes longer.
const SIZE: Size = Size {
    halls: 100,
    messages: 200,
};

const WHAT: &str = "PostgreSQL `im.dialog.read` against `pgbench -N`";

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let Some(pgbench) = find_pgbench() else {
        bench.missing.push(
            "PostgreSQL: pgbench is not installed (Debian: postgresql-contrib or postgresql)"
                .to_owned(),
        );
        return Ok(());
    };
    let database = match PostgresServer::start() {
        Ok(server) => server,
        Err(reason) => {
            bench.missing.push(format!("PostgreSQL: {reason}"));
            return Ok(());
        }
    };
    let url = database.url();
    bench.say("preparing PostgreSQL");
    let home = Home {
        data: bench.data.join("postgres"),
        postgres: Some((url.clone(), CONNECTIONS)),
    };
    std::fs::create_dir_all(&home.data)?;
    let settings = Settings::Postgres {
        url: url.clone(),
        schema: portal_schema(),
        connections: 1,
    };
    let filling = Filling::begin(&settings)?;
    hot::fill(&filling, SIZE)?;
    filling.write(|tx| tx.execute("ANALYZE", &[]).map(drop))?;
    drop(filling);
    run_pgbench(&pgbench, &url, &["-i", "-q", "-s", "10"])?;
    let server = bench.serve(&home)?;
    hot::add_bots(server, &settings, SIZE)?;
    let server = bench.serve(&home)?;
    let progress = Progress::new();
    compare(bench, &server, &pgbench, &url, &progress)?;
    for workload in [
        Workload::Send,
        Workload::Unread,
        Workload::BotRead,
        Workload::Get,
        Workload::Counters,
        Workload::Recent,
        Workload::Mix,
    ] {
        let measured = measure(bench, &server, &progress, workload, CONNECTIONS)?;
        let mut row = rate(
            workload.name(),
            StoreUsed::Postgres,
            CONNECTIONS,
            &measured,
            None,
        );
        row.limit_per_second = bench.rates.last().map_or(0.0, |read| read.limit_per_second);
        row.of_limit = row.per_second / row.limit_per_second;
        bench.say(&format!(
            "PostgreSQL, {}: {:.0}/s",
            row.name, row.per_second
        ));
        bench.rates.push(row);
    }
    server.stop()
}

fn compare(
    bench: &mut Bench,
    server: &Server,
    pgbench: &PathBuf,
    url: &str,
    progress: &Progress,
) -> Result<()> {
    for connections in [CONNECTIONS, 16] {
        let (mut ours, mut theirs) = (None, 0.0);
        for _ in 0..bench.rounds {
            theirs += transactions(pgbench, url, connections, bench.counted)?;
            measure(bench, server, progress, Workload::Read, connections)?.add_to(&mut ours)?;
        }
        theirs /= bench.rounds as f64;
        let ours = ours.context("no rounds")?;
        let mut row = rate(
            Workload::Read.name(),
            StoreUsed::Postgres,
            connections,
            &ours,
            None,
        );
        row.limit_per_second = theirs;
        row.of_limit = row.per_second / theirs;
        bench.say(&format!(
            "PostgreSQL, {connections} connections: {:.0} reads/s, pgbench -N {theirs:.0}/s",
            row.per_second
        ));
        if connections == CONNECTIONS {
            bench.target(Target::at_least(WHAT, 0.7, "", row.of_limit));
        }
        bench.rates.push(row);
    }
    // The row with the connection count of the other workloads comes last: they are compared with it.
    let rows = bench.rates.len();
    bench.rates.swap(rows - 1, rows - 2);
    Ok(())
}

fn measure(
    bench: &Bench,
    server: &Server,
    progress: &Progress,
    workload: Workload,
    connections: usize,
) -> Result<Measured> {
    let span: Span = bench.span();
    Measured::of(server, progress.sources(workload, SIZE, connections), span)
}

/// Transactions per second of the simple update, with prepared statements as in the program.
fn transactions(pgbench: &PathBuf, url: &str, connections: usize, time: Duration) -> Result<f64> {
    let (clients, seconds) = (connections.to_string(), time.as_secs().max(2).to_string());
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .to_string();
    let said = run_pgbench(
        pgbench,
        url,
        &[
            "-n", "-N", "-M", "prepared", "-c", &clients, "-j", &threads, "-T", &seconds,
        ],
    )?;
    let line = said.lines().find(|line| line.starts_with("tps = "));
    let number = line.and_then(|line| line.split_whitespace().nth(2));
    Ok(number
        .with_context(|| format!("pgbench says no tps: {said}"))?
        .parse()?)
}

fn run_pgbench(pgbench: &PathBuf, url: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(pgbench).args(arguments).arg(url).output()?;
    if !output.status.success() {
        bail!(
            "pgbench failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn find_pgbench() -> Option<PathBuf> {
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/pgbench")))
        .collect();
    installed.sort();
    installed.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    installed.extend(std::env::split_paths(&path).map(|folder| folder.join("pgbench")));
    installed.into_iter().find(|program| program.is_file())
}
