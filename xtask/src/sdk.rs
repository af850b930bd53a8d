//! Tests of the official SDKs, unchanged, against a running server, on each store.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::demo::Demo;
use crate::machine::{node, python};
use crate::process;
use crate::session::Session;
use crate::workspace::Workspace;

/// Tests both SDKs on SQLite, then on PostgreSQL.
pub(crate) fn run(session: &Session) -> Result<()> {
    let workspace = session.workspace;
    let program = build::program(workspace, "readmark")?;
    let suites = [javascript(workspace)?, python(workspace)?];
    test_store(workspace, &program, "SQLite", None, &suites)?;
    test_store(
        workspace,
        &program,
        "PostgreSQL",
        Some(session.postgres_url()?),
        &suites,
    )
}

/// The test suite of one SDK.
struct Suite {
    name: &'static str,
    program: PathBuf,
    args: &'static [&'static str],
    folder: PathBuf,
    /// The environment variable that gives this SDK the file of a certificate authority.
    authority: &'static str,
}

/// Installs the JavaScript SDK in the locked version.
fn javascript(workspace: &Workspace) -> Result<Suite> {
    let folder = workspace.path("tests/sdk/js");
    Ok(Suite {
        name: "@bitrix24/b24jssdk",
        program: node::install(workspace, &folder)?,
        args: &[
            "--test",
            "--test-concurrency=1",
            "--test-reporter=./summary.js",
        ],
        folder,
        authority: "NODE_EXTRA_CA_CERTS",
    })
}

/// Installs the Python SDK in the pinned version.
fn python(workspace: &Workspace) -> Result<Suite> {
    let folder = workspace.path("tests/sdk/python");
    let requirements = fs::read_to_string(folder.join("requirements.txt"))
        .context("could not read the requirements of the Python tests")?;
    let programs = python::environment(&workspace.target("tools/python-sdk"), &requirements)?;
    Ok(Suite {
        name: "b24pysdk",
        program: programs.join("python"),
        args: &["-B", "run.py"],
        folder,
        authority: "REQUESTS_CA_BUNDLE",
    })
}

fn test_store(
    workspace: &Workspace,
    program: &Path,
    store: &str,
    database: Option<&str>,
    suites: &[Suite],
) -> Result<()> {
    let demo = Demo::start(workspace, program, database)?;
    let limited_webhook = demo.add_webhook("im")?;
    for suite in suites {
        println!("-- {} on {store}", suite.name);
        let mut command = Command::new(&suite.program);
        command
            .args(suite.args)
            .current_dir(&suite.folder)
            .env(suite.authority, demo.authority())
            .env("READMARK_LIMITED_WEBHOOK", &limited_webhook);
        process::run(demo.accessible_to(&mut command))
            .with_context(|| format!("the tests of {} on {store}", suite.name))?;
    }
    Ok(())
}
