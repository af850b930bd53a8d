//! `cargo xtask deny`: checks dependencies against the rules in `deny.toml`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use toml::Table;

use crate::machine::cargo_tool;
use crate::process;
use crate::workspace::Workspace;

/// The checks that need no network.
const LOCAL_CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// How long an advisory database may take to respond; normally it takes about a second.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Environment variables for git while it contacts an advisory database.
const GIT_SETTINGS: [(&str, &str); 3] = [
    // Fail instead of prompting for a password.
    ("GIT_TERMINAL_PROMPT", "0"),
    // Fail if less than 1 byte per second arrives for 5 seconds.
    ("GIT_HTTP_LOW_SPEED_LIMIT", "1"),
    ("GIT_HTTP_LOW_SPEED_TIME", "5"),
];

/// Checks all dependencies for all platforms with cargo-deny.
///
/// If the advisory database cannot be reached, advisories are skipped with a warning, so that the other checks work offline.
///
/// # Errors
/// When a dependency violates a rule; cargo-deny has printed the violations.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = cargo_tool::DENY.provide(workspace)?;
    // The sources of all platforms' packages are needed; a build downloads only those of its own platform.
    process::run(workspace.cargo().args(["fetch", "--locked"]))?;
    let mut local = workspace.command(&program);
    local
        .args(["--offline", "--locked", "check", "--deny", "warnings"])
        .args(LOCAL_CHECKS);
    process::run(&mut local)?;
    let databases = advisory_databases(&workspace.path("deny.toml"))?;
    match fetch_advisories(workspace, &program, &databases) {
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

/// Updates the local copies of the advisory databases.
fn fetch_advisories(workspace: &Workspace, program: &Path, urls: &[String]) -> Result<()> {
    for url in urls {
        let mut probe = workspace.command("git");
        probe.args(["ls-remote", "--exit-code", url, "HEAD"]);
        process::capture_within(probe.envs(GIT_SETTINGS), TIMEOUT)?;
    }
    let mut fetch = workspace.command(program);
    process::capture(fetch.args(["fetch", "db"]).envs(GIT_SETTINGS)).map(drop)
}

/// The URLs of the databases, from `deny.toml`.
fn advisory_databases(config: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(config).context("could not read deny.toml")?;
    let table: Table = text.parse().context("could not parse deny.toml")?;
    let urls = table
        .get("advisories")
        .and_then(|rules| rules.get("db-urls"));
    let urls = urls
        .cloned()
        .context("deny.toml has no advisories.db-urls")?;
    urls.try_into()
        .context("advisories.db-urls in deny.toml is not a list of URLs")
}
