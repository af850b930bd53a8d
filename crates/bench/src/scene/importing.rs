//! Importing a generated Slack export.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
    time::Instant,
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    bench::{Bench, portal_file, sqlite},
    figures::StoreUsed,
};

const GROUP: &str = "Import";
const USERS: usize = 50;
const CHANNELS: usize = 20;
const DAYS: usize = 10;
const MESSAGES_A_DAY: usize = 250;
/// 2024-03-01T08:00:00Z.
const FIRST_DAY: usize = 1_709_280_000;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let home = bench.fresh_portal("import", |_| Ok(()))?;
    let archive = bench.data.join("export.zip");
    write_archive(&archive)?;
    let started = Instant::now();
    let output = Command::new(&bench.program)
        .arg("--data")
        .arg(&home.data)
        .args(["import", "slack"])
        .arg(&archive)
        .args(["--unread-from", "2024-03-05"])
        .output()?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(
        output.status.success(),
        "the import failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = CHANNELS * DAYS * MESSAGES_A_DAY;
    let store = readmark_store::Store::open(&sqlite(&portal_file(&home)))?;
    let report = store.read(|tx| readmark_app::verify::verify(tx, &mut |_, _| {}))?;
    ensure!(
        report.messages >= messages && report.drift.is_empty(),
        "{report:?}"
    );
    let name = format!(
        "import of a Slack export of {USERS} people, {CHANNELS} channels, {messages} messages, with the index of words"
    );
    bench.figure(GROUP, name, StoreUsed::Sqlite, seconds, "s");
    fs::remove_file(archive)?;
    Ok(())
}

fn write_archive(path: &Path) -> Result<()> {
    let mut zip = ZipWriter::new(File::create(path)?);
    let users: Vec<String> = (0..USERS).map(|user| format!("U{user:03}")).collect();
    let people: Vec<Value> = users
        .iter()
        .map(|user| json!({"id": user, "real_name": format!("Person {user}")}))
        .collect();
    let channels: Vec<Value> = (0..CHANNELS)
        .map(|channel| {
            json!({"id": format!("C{channel:03}"), "name": format!("channel-{channel}"), "creator": users[0], "members": users})
        })
        .collect();
    let mut add = |name: &str, content: Value| -> Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        Ok(zip.write_all(content.to_string().as_bytes())?)
    };
    add("users.json", people.into())?;
    add("channels.json", channels.into())?;
    for channel in 0..CHANNELS {
        for day in 0..DAYS {
            let messages: Vec<Value> = (0..MESSAGES_A_DAY)
                .map(|message| {
                    let second = FIRST_DAY + day * 86_400 + message * 60 + channel;
                    let text = format!("Outgoing {message} of channel {channel} waits at the harbour since noon");
                    json!({"user": users[message % USERS], "ts": format!("{second}.{message:06}"), "text": text})
                })
                .collect();
            add(
                &format!("channel-{channel}/2024-03-{:02}.json", day + 1),
                messages.into(),
            )?;
        }
    }
    zip.finish()?;
    Ok(())
}
