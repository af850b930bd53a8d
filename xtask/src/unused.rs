//! `cargo xtask unused`: dependencies that no code uses.

use anyhow::Result;

use crate::machine::cargo_tool;
use crate::process;
use crate::workspace::Workspace;

/// Has cargo-shear compare every `Cargo.toml` with the code. It also finds source files that belong to no module, dependencies
/// that only tests use, and exceptions that are no longer needed.
///
/// # Errors
/// When something is unused; cargo-shear has printed where.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = cargo_tool::SHEAR.provide(workspace)?;
    let mut shear = workspace.command(program);
    process::run(shear.args(["--locked", "--deny-warnings"]))
}
