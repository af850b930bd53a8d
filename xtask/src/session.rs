//! What the steps of a run share: the workspace, and a PostgreSQL server that is started on first use.

use std::cell::OnceCell;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::build;
use crate::process::{self, Background, StopBy};
use crate::workspace::Workspace;

/// The state of a run.
pub(crate) struct Session<'w> {
    pub(crate) workspace: &'w Workspace,
    postgres: OnceCell<Background>,
}

impl<'w> Session<'w> {
    /// A new run.
    pub(crate) fn new(workspace: &'w Workspace) -> Self {
        Self {
            workspace,
            postgres: OnceCell::new(),
        }
    }

    /// The URL of the PostgreSQL server of this run, which is started on first use.
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
    /// When it fails.
    pub(crate) fn cargo(&self, args: &[&str]) -> Result<()> {
        process::run(self.workspace.cargo().args(args))
    }
}

fn start_postgres(workspace: &Workspace) -> Result<Background> {
    let mut command = workspace.command(build::program(workspace, "postgres-server")?);
    Background::start(&mut command, StopBy::ClosingInput, Duration::from_secs(60))
        .context("the PostgreSQL server did not start")
}
