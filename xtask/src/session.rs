//! What the steps of one run share: the workspace, and a PostgreSQL server once a step needs one.

use std::cell::OnceCell;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::build;
use crate::process::{self, Background, Ending};
use crate::workspace::Workspace;

/// What the steps of one run share.
pub(crate) struct Session<'w> {
    pub(crate) workspace: &'w Workspace,
    postgres: OnceCell<Background>,
}

impl<'w> Session<'w> {
    /// A run in which nothing has been started yet.
    pub(crate) fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            postgres: OnceCell::new(),
        }
    }

    /// The URL of the PostgreSQL server of this run, started when it is first asked for.
    ///
    /// # Errors
    /// When the server cannot be built or started.
    pub(crate) fn postgres_url(&self) -> Result<&str> {
        if let Some(server) = self.postgres.get() {
            return Ok(&server.ready);
        }
        let server = start_postgres(self.workspace)?;
        Ok(&self.postgres.get_or_init(|| server).ready)
    }

    /// Runs cargo in the workspace.
    ///
    /// # Errors
    /// When it does not succeed.
    pub(crate) fn cargo(&self, args: &[&str]) -> Result<()> {
        process::run(self.workspace.cargo().args(args))
    }
}

fn start_postgres(workspace: &Workspace) -> Result<Background> {
    let mut command = workspace.command(build::program(workspace, "postgres-server")?);
    Background::start(&mut command, Ending::ClosedInput, Duration::from_secs(60))
        .context("the PostgreSQL server did not start")
}
