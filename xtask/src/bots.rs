//! Tests of the example bots against a running server, on each store.

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

/// Tests every bot in both event modes on SQLite, then on PostgreSQL.
pub(crate) fn run(session: &Session) -> Result<()> {
    let workspace = session.workspace;
    let program = build::program(workspace, "readmark")?;
    let node = node::install(workspace, &workspace.path("examples/echo-bot-js"))?;
    let python = python_with_sdk(workspace)?;
    test_store(workspace, &program, "SQLite", None, &node, &python)?;
    let postgres = session.postgres_url()?;
    test_store(
        workspace,
        &program,
        "PostgreSQL",
        Some(postgres),
        &node,
        &python,
    )
}

/// A Python with the requirements of the example bot. Its tests need nothing else.
fn python_with_sdk(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.path("examples/echo-bot-python/requirements.txt");
    let requirements = fs::read_to_string(requirements)
        .context("could not read the requirements of the Python bot")?;
    let programs = python::environment(&workspace.target("tools/python-bot"), &requirements)?;
    Ok(programs.join("python"))
}

fn test_store(
    workspace: &Workspace,
    program: &Path,
    store: &str,
    database: Option<&str>,
    node: &Path,
    python: &Path,
) -> Result<()> {
    println!("-- on {store}");
    let demo = Demo::start(workspace, program, database)?;
    let webhook = demo.add_webhook("imbot")?;
    let mut command = Command::new(python);
    command
        .args(["-B", "run.py"])
        .current_dir(workspace.path("tests/bots"))
        .env("REQUESTS_CA_BUNDLE", demo.authority())
        .env("READMARK_BOT_WEBHOOK", webhook)
        .env("READMARK_NODE", node)
        .env("READMARK_PYTHON", python);
    process::run(demo.accessible_to(&mut command))
        .with_context(|| format!("the tests of the example bots on {store}"))
}
