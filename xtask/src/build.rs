//! Building programs of this workspace.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// Makes the debug build of a program of this workspace; its path.
///
/// Cargo chooses the features of dependencies for all packages that a command names. The tests name the whole workspace, so this
/// does, too, and takes what they have built; naming the package alone would build a second set of dependencies.
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
