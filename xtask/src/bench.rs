//! `cargo xtask bench`: measures the release build.

use anyhow::Result;

use crate::{process, workspace::Workspace};

/// Builds the program and the benchmark in release mode and runs the benchmark, which writes `target/bench/benchmarks.json`
/// and `docs/benchmarks.md`.
///
/// # Errors
/// When the build or the benchmark fails.
pub(crate) fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let packages = ["--package", "readmark", "--package", "readmark-bench"];
    // Both in one build, so that they agree about the schema of the database.
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
