//! `cargo xtask run`: the program with demonstration data, in the foreground.

use anyhow::Result;

use crate::build;
use crate::workspace::Workspace;

/// Builds the program and runs `readmark demo`, which prints how to access the portal.
///
/// # Errors
/// When the build fails or the program cannot be started.
pub(crate) fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let mut command = std::process::Command::new(build::program(workspace, "readmark")?);
    command.arg("demo").args(args);
    replace_with(command)
}

/// Replaces this process, so that signals reach the program directly.
#[cfg(unix)]
fn replace_with(mut command: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    Err(anyhow::Error::new(command.exec()).context("could not start readmark"))
}

#[cfg(not(unix))]
fn replace_with(mut command: std::process::Command) -> Result<()> {
    crate::process::run(&mut command)
}
