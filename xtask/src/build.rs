//! Building the programs of this workspace.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// Makes a debug build of a program of this workspace and returns its path.
///
/// Cargo unifies the features of dependencies across the packages that a command selects. The tests select the whole workspace, so
/// this does too and reuses what they built; selecting the package alone would build many dependencies a second time.
///
/// # Errors
/// When the build fails.
pub(crate) fn program(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    process::run(
        workspace
            .cargo()
            .args(["build", "--workspace", "--bin", name]),
    )?;
    Ok(workspace.debug_binary(name))
}
