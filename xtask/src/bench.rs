//! `cargo xtask bench`: benchmarks of the release build.

use anyhow::Result;

use crate::{process, workspace::Workspace};

/// Builds the program and the benchmark in release mode and runs the benchmark, which writes `target/bench/benchmarks.json`
/// and `docs/benchmarks.md`.
///
/// # Errors
/// When the build or the benchmark fails.
pub(crate) fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let packages = ["--package", "readmark", "--package", "readmark-bench"];
    // One build for both, so that they have the same database schema.
    process::run(
        workspace
            .cargo()
            .args(["build", "--release"])
            .args(packages),
    )?;
    let mut bench = workspace.command(workspace.release_binary("readmark-bench"));
    bench
        .arg("run")
        .arg("--program")
        .arg(workspace.release_binary("readmark"))
        .arg("--repository")
        .arg(workspace.root())
        .arg("--output")
        .arg(workspace.target("bench"))
        .args(args);
    process::run(&mut bench)
}
