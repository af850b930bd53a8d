//! `cargo xtask check`: the quick checks, to be run before each commit.

use anyhow::Result;

use crate::session::Session;
use crate::steps;
use crate::workspace::Workspace;

/// Runs the quick steps and stops at the first failure.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let quick: Vec<_> = steps::ALL.iter().filter(|step| step.quick).collect();
    steps::run(&quick, &Session::new(workspace))
}
