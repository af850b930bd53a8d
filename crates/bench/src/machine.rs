//! The machine on which the figures were measured.

use std::{fs, io::Write, path::Path, process::Command, time::Instant};

use anyhow::Result;
use readmark_store::{Store, StoreError, TxExt};
use serde::Serialize;

/// The machine and the measured versions.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    processors: usize,
    memory_gib: f64,
    kernel: String,
    /// Median microseconds to append 4 KiB to a file durably.
    fdatasync_us: f64,
    rustc: String,
    readmark: String,
    commit: String,
    sqlite: String,
    postgres: String,
    date: String,
    /// Load of the machine before anything was measured: other programs disturb the figures.
    load_before: String,
}

impl Machine {
    /// Inspects the machine; `folder` is where the measured data is.
    pub(crate) fn look(folder: &Path) -> Result<Self> {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kilobytes: f64 = field(&memory, "MemTotal")
            .and_then(|text| text.split_whitespace().next()?.parse().ok())
            .unwrap_or(0.0);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        Ok(Self {
            processor: field(&info, "model name").unwrap_or_default(),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: (kilobytes / f64::from(1 << 20) * 10.0).round() / 10.0,
            kernel: said("uname", &["-sr"]),
            fdatasync_us: fdatasync(folder)?,
            rustc: said("rustc", &["--version"]),
            readmark: env!("CARGO_PKG_VERSION").to_owned(),
            commit: said("git", &["rev-parse", "--short", "HEAD"]),
            sqlite: sqlite_version(folder)?,
            postgres: postgres_version(),
            date: said("date", &["-u", "+%Y-%m-%d"]),
            load_before: load
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// The displayed rows.
    pub(crate) fn rows(&self) -> Vec<(&'static str, String)> {
        vec![
            ("date", self.date.clone()),
            (
                "processors",
                format!("{} × {}", self.processors, self.processor),
            ),
            ("memory", format!("{} GiB", self.memory_gib)),
            ("kernel", self.kernel.clone()),
            (
                "`fdatasync` of 4 KiB appended",
                format!("{:.0} µs (median)", self.fdatasync_us),
            ),
            ("load average before the run", self.load_before.clone()),
            ("readmark", format!("{} ({})", self.readmark, self.commit)),
            ("compiler", self.rustc.clone()),
            ("SQLite", self.sqlite.clone()),
            ("PostgreSQL", self.postgres.clone()),
        ]
    }
}

/// The version of the library in the program.
fn sqlite_version(folder: &Path) -> Result<String> {
    let file = tempfile::NamedTempFile::new_in(folder)?;
    let store = Store::open(&crate::bench::sqlite(file.path()))?;
    let version = store.read(|tx| tx.get("SELECT sqlite_version()", &[], |row| row.string(0)));
    Ok(version.map_err(|error: StoreError| error)?)
}

/// The version of pgbench and the server.
fn postgres_version() -> String {
    let text = crate::scene::postgres::find_pgbench()
        .map(|program| said(&program.to_string_lossy(), &["--version"]))
        .unwrap_or_default();
    text.replace("pgbench (PostgreSQL) ", "")
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The output of a program, or nothing if it is not installed.
pub(crate) fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}

/// The cost of durability on this machine.
fn fdatasync(folder: &Path) -> Result<f64> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let started = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
