//! The official SDKs, unchanged, against a running server on each store.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::machine::{node, python};
use crate::process::{self, Background, Ending};
use crate::run;
use crate::steps::Session;
use crate::workspace::Workspace;

/// The environment variable that makes the program keep its portals in PostgreSQL.
const DATABASE_URL: &str = "READMARK_DATABASE_URL";

/// What `readmark demo --json` prints, as far as it matters here.
#[derive(Deserialize)]
struct Demo {
    /// The certificate of the local authority that the server's certificate is signed with.
    ca: PathBuf,
    users: Vec<DemoUser>,
}

#[derive(Deserialize)]
struct DemoUser {
    id: u64,
}

/// Runs the tests of both SDKs on SQLite, then on PostgreSQL.
pub(crate) fn run(session: &Session) -> Result<()> {
    let workspace = session.workspace;
    run::build(workspace)?;
    let suites = [javascript(workspace)?, python(workspace)?];
    test_store(workspace, "SQLite", None, &suites)?;
    test_store(
        workspace,
        "PostgreSQL",
        Some(session.postgres_url()?),
        &suites,
    )
}

/// The tests of one SDK.
struct Suite {
    name: &'static str,
    program: PathBuf,
    args: &'static [&'static str],
    folder: PathBuf,
    /// The environment variable in which this SDK takes the file of a certificate authority.
    authority: &'static str,
}

/// Installs the JavaScript SDK, as locked.
fn javascript(workspace: &Workspace) -> Result<Suite> {
    let programs = node::provide(workspace)?;
    let program = |name: &str| match &programs {
        Some(folder) => folder.join(name),
        None => PathBuf::from(name),
    };
    let folder = workspace.path("tests/sdk/js");
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .context("could not read the lock file of the JavaScript tests")?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        let mut install = Command::new(program("npm"));
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        process::run(in_path(install.current_dir(&folder), programs.as_deref()))?;
        fs::write(&stamp, lock).context("could not note what npm installed")?;
    }
    Ok(Suite {
        name: "@bitrix24/b24jssdk",
        program: program("node"),
        args: &[
            "--test",
            "--test-concurrency=1",
            "--test-reporter=./summary.js",
        ],
        folder,
        authority: "NODE_EXTRA_CA_CERTS",
    })
}

/// npm is itself a script that starts the first `node` in PATH.
fn in_path<'c>(command: &'c mut Command, folder: Option<&Path>) -> &'c mut Command {
    if let Some(folder) = folder {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(folders) {
            command.env("PATH", path);
        }
    }
    command
}

/// Installs the Python SDK in the pinned versions.
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
    store: &str,
    database: Option<&str>,
    suites: &[Suite],
) -> Result<()> {
    let data = tempfile::tempdir().context("could not make a folder for the portal")?;
    let readmark = || {
        let mut command = workspace.command(workspace.debug_binary("readmark"));
        match database {
            Some(url) => command.env(DATABASE_URL, url),
            None => command.env_remove(DATABASE_URL),
        };
        command
    };
    let mut start = readmark();
    start
        .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path());
    let server = Background::start(&mut start, Ending::Signal, Duration::from_secs(60))?;
    let demo: Demo = serde_json::from_str(&server.ready)
        .context("`readmark demo --json` did not print what it promises")?;

    let user = demo
        .users
        .get(1)
        .context("the demonstration has no second user")?;
    let mut add = readmark();
    add.args([
        "webhook",
        "add",
        "--scope",
        "im",
        "--user",
        &user.id.to_string(),
        // Other tests leave portals of their own in a PostgreSQL database.
        "--portal",
        "demo",
        "--data",
    ]);
    let limited_webhook = process::capture(add.arg(data.path()))?;

    for suite in suites {
        println!("-- {} on {store}", suite.name);
        let mut command = Command::new(&suite.program);
        command
            .args(suite.args)
            .current_dir(&suite.folder)
            .env(suite.authority, &demo.ca)
            // A proxy for the world outside does not reach a server on this machine.
            .env("NO_PROXY", "localhost,127.0.0.1")
            .env("no_proxy", "localhost,127.0.0.1")
            .env("READMARK_DEMO", &server.ready)
            .env("READMARK_LIMITED_WEBHOOK", &limited_webhook);
        process::run(&mut command)
            .with_context(|| format!("the tests of {} on {store}", suite.name))?;
    }
    Ok(())
}
