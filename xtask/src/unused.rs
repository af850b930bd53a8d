//! `cargo xtask unused`: finds unused dependencies.

use anyhow::Result;

use crate::machine::cargo_tool;
use crate::process;
use crate::workspace::Workspace;

/// Compares every `Cargo.toml` with the code, using cargo-shear. It also finds source files that are not part of a module, dependencies
/// that should be dev-dependencies, and exceptions that are no longer needed.
///
/// # Errors
/// When it finds anything; cargo-shear has printed the findings.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = cargo_tool::SHEAR.provide(workspace)?;
    let mut shear = workspace.command(program);
    process::run(shear.args(["--locked", "--deny-warnings"]))
}
