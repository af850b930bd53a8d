//! A portal with demonstration data, served for tests by other programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use tempfile::TempDir;

use crate::process::{self, Background, Ending};
use crate::workspace::Workspace;

/// The environment variable that makes the program keep its portals in PostgreSQL.
const DATABASE_URL: &str = "READMARK_DATABASE_URL";

/// `readmark demo` in the background. It ends with this value.
pub(crate) struct Demo<'w> {
    workspace: &'w Workspace,
    program: &'w Path,
    /// The URL of a PostgreSQL server, or none for SQLite.
    database: Option<String>,
    told: Told,
    server: Background,
    data: TempDir,
}

/// What `readmark demo --json` prints, as far as it matters here.
#[derive(Deserialize)]
struct Told {
    /// The certificate of the local authority that the server's certificate is signed with.
    ca: PathBuf,
    users: Vec<User>,
}

#[derive(Deserialize)]
struct User {
    id: u64,
}

impl<'w> Demo<'w> {
    /// Starts a built program, on PostgreSQL where there is a URL of it.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) fn start(
        workspace: &'w Workspace,
        program: &'w Path,
        database: Option<&str>,
    ) -> Result<Self> {
        let data = tempfile::tempdir().context("could not make a folder for the portal")?;
        let mut start = readmark(workspace, program, database);
        start
            .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path());
        let server = Background::start(&mut start, Ending::Signal, Duration::from_secs(60))?;
        let told = serde_json::from_str(&server.ready)
            .context("`readmark demo --json` did not print what it promises")?;
        Ok(Self {
            workspace,
            program,
            database: database.map(str::to_owned),
            told,
            server,
            data,
        })
    }

    /// Makes an incoming webhook of the second user with one scope; its URL.
    ///
    /// # Errors
    /// When the program refuses.
    pub(crate) fn add_webhook(&self, scope: &str) -> Result<String> {
        let user = self.told.users.get(1);
        let user = user.context("the demonstration has no second user")?;
        let mut add = readmark(self.workspace, self.program, self.database.as_deref());
        add.args(["webhook", "add", "--scope", scope, "--user"])
            .arg(user.id.to_string())
            // Other tests leave portals of their own in a PostgreSQL database.
            .args(["--portal", "demo", "--data"])
            .arg(self.data.path());
        process::capture(&mut add)
    }

    /// The file of the certificate authority that clients must trust.
    pub(crate) fn authority(&self) -> &Path {
        &self.told.ca
    }

    /// Lets a command know the portal as `READMARK_DEMO`, and reach it.
    pub(crate) fn reached_by<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            // A proxy for the world outside does not reach a server on this machine.
            .env("NO_PROXY", "localhost,127.0.0.1")
            .env("no_proxy", "localhost,127.0.0.1")
            .env("READMARK_DEMO", &self.server.ready)
    }
}

/// The program, on the chosen store.
fn readmark(workspace: &Workspace, program: &Path, database: Option<&str>) -> Command {
    let mut command = workspace.command(program);
    match database {
        Some(url) => command.env(DATABASE_URL, url),
        None => command.env_remove(DATABASE_URL),
    };
    command
}
