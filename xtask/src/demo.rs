//! A portal with demonstration data, for tests that are programs of their own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use tempfile::TempDir;

use crate::process::{self, Background, StopBy};
use crate::workspace::Workspace;

/// The environment variable with the URL of the PostgreSQL database in which the program keeps its portals.
const DATABASE_URL: &str = "READMARK_DATABASE_URL";

/// `readmark demo` in the background; dropping it stops the server.
pub(crate) struct Demo<'w> {
    workspace: &'w Workspace,
    program: &'w Path,
    /// The URL of a PostgreSQL database; `None` for SQLite.
    database: Option<String>,
    output: Output,
    server: Background,
    data: TempDir,
}

/// The output of `readmark demo --json`, as far as it is used here.
#[derive(Deserialize)]
struct Output {
    /// The certificate file of the local authority that signed the server's certificate.
    ca: PathBuf,
    users: Vec<User>,
}

#[derive(Deserialize)]
struct User {
    id: u64,
}

impl<'w> Demo<'w> {
    /// Starts the program, on PostgreSQL if the URL of a database is given.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) fn start(
        workspace: &'w Workspace,
        program: &'w Path,
        database: Option<&str>,
    ) -> Result<Self> {
        let data = tempfile::tempdir().context("could not create a folder for the portal")?;
        let mut start = readmark(workspace, program, database);
        start
            .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path());
        let server = Background::start(&mut start, StopBy::Signal, Duration::from_secs(60))?;
        let output = serde_json::from_str(&server.ready)
            .context("could not parse the output of `readmark demo --json`")?;
        Ok(Self {
            workspace,
            program,
            database: database.map(str::to_owned),
            output,
            server,
            data,
        })
    }

    /// Creates an incoming webhook for the second user with one scope and returns its URL.
    ///
    /// # Errors
    /// When the program fails.
    pub(crate) fn add_webhook(&self, scope: &str) -> Result<String> {
        let user = self.output.users.get(1);
        let user = user.context("the demonstration has no second user")?;
        let mut add = readmark(self.workspace, self.program, self.database.as_deref());
        add.args(["webhook", "add", "--scope", scope, "--user"])
            .arg(user.id.to_string())
            // On PostgreSQL, other tests leave their portals in the same database.
            .args(["--portal", "demo", "--data"])
            .arg(self.data.path());
        process::capture(&mut add)
    }

    /// The certificate file of the authority that clients must trust.
    pub(crate) fn authority(&self) -> &Path {
        &self.output.ca
    }

    /// Gives a command access to the portal, which `READMARK_DEMO` describes.
    pub(crate) fn accessible_to<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            // A proxy for other hosts cannot reach a server on this one.
            .env("NO_PROXY", "localhost,127.0.0.1")
            .env("no_proxy", "localhost,127.0.0.1")
            .env("READMARK_DEMO", &self.server.ready)
    }
}

/// The command that runs the program on the given database, or on SQLite.
fn readmark(workspace: &Workspace, program: &Path, database: Option<&str>) -> Command {
    let mut command = workspace.command(program);
    match database {
        Some(url) => command.env(DATABASE_URL, url),
        None => command.env_remove(DATABASE_URL),
    };
    command
}
