//! `cargo xtask deny`: which dependencies are allowed, by the rules of `deny.toml`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use toml::Table;

use crate::machine::cargo_tool;
use crate::process;
use crate::workspace::Workspace;

/// The checks that need nothing but the packages themselves.
const LOCAL_CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// How long an advisory database may take to answer. Where there is a network, it takes a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// What git is told before it speaks to an advisory database.
const GIT_SETTINGS: [(&str, &str); 3] = [
    // A database that asks for a password is out of reach, not worth a prompt.
    ("GIT_TERMINAL_PROMPT", "0"),
    // One that sends nothing for so many seconds is, too.
    ("GIT_HTTP_LOW_SPEED_LIMIT", "1"),
    ("GIT_HTTP_LOW_SPEED_TIME", "5"),
];

/// Has cargo-deny check all dependencies on all platforms.
///
/// Advisories are checked where their database can be reached. A machine without a network says that it did not check them, and
/// passes: what the other checks find does not depend on it.
///
/// # Errors
/// When a dependency breaks a rule; cargo-deny has printed which.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = cargo_tool::DENY.provide(workspace)?;
    // Licences are read from the packages, of which cargo has downloaded only those of this platform.
    process::run(workspace.cargo().args(["fetch", "--locked"]))?;
    let mut local = workspace.command(&program);
    local
        .args(["--offline", "--locked", "check", "--deny", "warnings"])
        .args(LOCAL_CHECKS);
    process::run(&mut local)?;
    match fetch_advisories(workspace, &program) {
        Ok(()) => {
            let mut advisories = workspace.command(&program);
            advisories.args(["--offline", "--locked", "check", "advisories"]);
            process::run(&mut advisories)
        }
        Err(error) => {
            println!("WARNING: advisories: not checked ({error:#})");
            Ok(())
        }
    }
}

/// Brings the copy of the advisory databases up to date.
fn fetch_advisories(workspace: &Workspace, program: &Path) -> Result<()> {
    for url in advisory_databases(&workspace.path("deny.toml"))? {
        let mut probe = workspace.command("git");
        probe.args(["ls-remote", "--exit-code", &url, "HEAD"]);
        process::capture_within(probe.envs(GIT_SETTINGS), PATIENCE)?;
    }
    let mut fetch = workspace.command(program);
    process::capture(fetch.args(["fetch", "db"]).envs(GIT_SETTINGS)).map(drop)
}

/// The addresses of the databases that `deny.toml` names.
fn advisory_databases(config: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(config).context("could not read deny.toml")?;
    let table: Table = text.parse().context("could not read deny.toml")?;
    let urls = table
        .get("advisories")
        .and_then(|rules| rules.get("db-urls"));
    let urls = urls.cloned().context("deny.toml names no db-urls")?;
    urls.try_into()
        .context("db-urls of deny.toml is no list of addresses")
}
