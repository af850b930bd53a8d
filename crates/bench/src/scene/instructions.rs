//! The number of instructions that the program executes for one request, counted by callgrind and unaffected by other
//! programs on the machine. It is compared with the one kept in the repository.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use super::hot::{self, Progress, Size, Workload};
use crate::{
    bench::{Bench, portal_file, sqlite},
    figures::{StoreUsed, Target},
    load::{self, Source, Span},
    process::{Server, free_address},
};

const GROUP: &str = "Instructions of one request";
/// The file of kept counts.
pub(crate) const KEPT: &str = "docs/benchmarks/instructions.json";
/// How far a request may exceed the kept count: allocation and threads vary a little from run to run.
const TOLERANCE: f64 = 1.03;
const WARM_UP: usize = 300;
const COUNTED: usize = 1000;
const SIZE: Size = Size {
    halls: 200,
    messages: 40,
};
const WORKLOADS: [Workload; 3] = [Workload::Read, Workload::Send, Workload::Counters];

/// Counts, and keeps the counts if `keep` is set.
pub(crate) fn run(bench: &mut Bench, repository: &Path, keep: bool) -> Result<()> {
    for program in ["valgrind", "callgrind_control"] {
        if Command::new(program).arg("--version").output().is_err() {
            let reason =
                format!("instructions of one request: {program} is missing (Debian: valgrind)");
            bench.missing.push(reason);
            return Ok(());
        }
    }
    let home = bench.fresh_portal("instructions", |filling| hot::fill(filling, SIZE))?;
    let server = bench.serve(&home)?;
    hot::add_bots(server, &sqlite(&portal_file(&home)), SIZE)?;
    let address = free_address()?;
    let mut command = Command::new("valgrind");
    command
        .current_dir(&home.data)
        .args([
            "--tool=callgrind",
            "--quiet",
            "--callgrind-out-file=callgrind.out",
        ])
        .arg(&bench.program)
        .args([
            "serve",
            "--allow-http",
            "--log",
            "warn",
            "--listen",
            &address.to_string(),
            "--data",
        ])
        .arg(&home.data);
    let server = Server::start(command, address)?;
    let progress = Progress::new();
    let mut counts = BTreeMap::new();
    for (number, workload) in WORKLOADS.into_iter().enumerate() {
        send(&server, &progress, workload, WARM_UP)?;
        control(&server, "--zero")?;
        send(&server, &progress, workload, COUNTED)?;
        control(&server, "--dump")?;
        let dump = home.data.join(format!("callgrind.out.{}", number + 1));
        let count = total(&dump)? / COUNTED as u64;
        bench.figure(
            GROUP,
            workload.name(),
            StoreUsed::Sqlite,
            count as f64,
            "instructions",
        );
        counts.insert(workload.name().to_owned(), count);
    }
    server.stop()?;
    let kept_file = repository.join(KEPT);
    if keep {
        return write(&kept_file, &counts);
    }
    let kept: BTreeMap<String, u64> = match fs::read(&kept_file) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(_) => BTreeMap::new(),
    };
    for (name, count) in counts {
        if let Some(before) = kept.get(&name) {
            let ratio = count as f64 / *before as f64;
            let what = format!("instructions of `{name}` against the kept {before}");
            bench.target(Target::at_most(&what, TOLERANCE, " times", ratio));
        }
    }
    Ok(())
}

fn write(file: &PathBuf, counts: &BTreeMap<String, u64>) -> Result<()> {
    fs::create_dir_all(file.parent().context("a folder")?)?;
    Ok(fs::write(
        file,
        serde_json::to_string_pretty(counts)? + "\n",
    )?)
}

/// Sends the given number of requests, one after the other on one connection.
fn send(server: &Server, progress: &Progress, workload: Workload, count: usize) -> Result<()> {
    let mut sources = progress.sources(workload, SIZE, 1);
    let mut all = sources.pop().context("a source")?;
    let mut left = count;
    let some: Source = Box::new(move |out| {
        let more = left > 0 && all(out);
        left = left.saturating_sub(1);
        more
    });
    load::run(server.address(), vec![some], Span::All).map(drop)
}

fn control(server: &Server, what: &str) -> Result<()> {
    let id = server.id().to_string();
    let output = Command::new("callgrind_control")
        .args([what, &id])
        .output()?;
    ensure!(
        output.status.success(),
        "callgrind_control {what} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// The number of instructions in a dump.
fn total(dump: &Path) -> Result<u64> {
    let text = fs::read_to_string(dump).with_context(|| format!("no dump {}", dump.display()))?;
    for line in text.lines() {
        if let Some(number) = line
            .strip_prefix("summary:")
            .or_else(|| line.strip_prefix("totals:"))
        {
            return Ok(number.trim().parse()?);
        }
    }
    bail!("a dump without a sum")
}
