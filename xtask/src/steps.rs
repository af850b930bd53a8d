//! The steps of `test` and `check`, in the order in which they run: those that fail fastest come first.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::machine::{self, Need};
use crate::process;
use crate::session::Session;
use crate::{bots, deny, generate, sdk, tidy, unused};

/// A check or a test suite.
pub(crate) struct Step {
    /// Its name for `--only` and `--skip`.
    pub(crate) name: &'static str,
    /// Printed as its heading.
    title: &'static str,
    /// Whether it is part of `check`.
    pub(crate) quick: bool,
    needs: &'static [Need],
    run: fn(&Session) -> Result<()>,
}

/// All steps.
pub(crate) static ALL: &[Step] = &[
    Step {
        name: "fmt",
        title: "format",
        quick: true,
        needs: &[],
        run: |session| session.cargo(&["fmt", "--all", "--check"]),
    },
    Step {
        name: "tidy",
        title: "repository",
        quick: true,
        needs: &[],
        run: |session| tidy::run(session.workspace),
    },
    Step {
        name: "deny",
        title: "dependencies: licences, bans, sources, advisories",
        quick: true,
        needs: &[Need::CargoDeny],
        run: |session| deny::run(session.workspace),
    },
    Step {
        name: "unused",
        title: "unused dependencies",
        quick: true,
        needs: &[Need::CargoShear],
        run: |session| unused::run(session.workspace),
    },
    Step {
        name: "clippy",
        title: "lints",
        quick: true,
        needs: &[],
        run: |session| {
            let args = [
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "--deny",
                "warnings",
            ];
            session.cargo(&args)
        },
    },
    Step {
        name: "gen",
        title: "generated documents",
        quick: true,
        needs: &[],
        run: |session| generate::check(session.workspace),
    },
    Step {
        name: "tests",
        title: "tests of the workspace on SQLite and PostgreSQL",
        quick: false,
        needs: &[Need::PostgreSql],
        run: workspace_tests,
    },
    Step {
        name: "doctests",
        title: "examples in the documentation",
        quick: false,
        needs: &[],
        run: |session| session.cargo(&["test", "--workspace", "--doc"]),
    },
    Step {
        name: "rustdoc",
        title: "documentation",
        quick: false,
        needs: &[],
        run: documentation,
    },
    Step {
        name: "sdk",
        title: "the official SDKs against a running server",
        quick: false,
        needs: &[Need::PostgreSql, Need::Node, Need::Python],
        run: sdk::run,
    },
    Step {
        name: "bots",
        title: "the example bots against a running server",
        quick: false,
        needs: &[Need::PostgreSql, Need::Node, Need::Python, Need::Php],
        run: bots::run,
    },
];

/// Provides what the steps need, then runs them in order, and prints a heading and the duration of each.
///
/// # Errors
/// The first failure, with the name of the step.
pub(crate) fn run(steps: &[&Step], session: &Session) -> Result<()> {
    let mut needs: Vec<Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    for need in needs {
        machine::provide(need, session.workspace)?;
    }
    for step in steps {
        println!("\n== {}: {}", step.name, step.title);
        let start = Instant::now();
        (step.run)(session).with_context(|| format!("step {}", step.name))?;
        println!(
            "== {}: passed in {:.1} s",
            step.name,
            start.elapsed().as_secs_f64()
        );
    }
    println!("\n{} steps passed", steps.len());
    Ok(())
}

fn workspace_tests(session: &Session) -> Result<()> {
    let has_nextest = process::succeeds(session.workspace.cargo().args(["nextest", "--version"]));
    let args: &[&str] = if has_nextest {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &[
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]
    };
    let mut command = session.workspace.cargo();
    command.args(args);
    process::run(command.env("READMARK_TEST_POSTGRES_URL", session.postgres_url()?))
}

fn documentation(session: &Session) -> Result<()> {
    let mut command = session.workspace.cargo();
    command
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "--deny warnings");
    process::run(&mut command)
}
