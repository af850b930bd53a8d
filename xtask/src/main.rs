//! Developer commands, run as `cargo xtask COMMAND`.
//!
//! Each command has one file. `test` and `check` run the steps that [`steps`] lists; [`machine`] installs what the steps require.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "developer commands print their results"
)]

mod bench;
mod bots;
mod build;
mod check;
mod demo;
mod deny;
mod generate;
mod machine;
mod process;
mod run;
mod sdk;
mod session;
mod steps;
mod test;
mod tidy;
mod unused;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Developer commands of readmark",
    version
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the program and run a portal with demonstration data over TLS in the foreground
    Run {
        /// Passed on to `readmark demo`, for example `--listen 127.0.0.1:9443`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Benchmark the release build; writes target/bench/benchmarks.json and docs/benchmarks.md
    #[command(after_help = "Examples:\n  \
        cargo xtask bench\n  \
        cargo xtask bench --only requests --workload read,send\n  \
        cargo xtask bench -- --help             All options of the benchmark")]
    Bench {
        /// Passed on to the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run everything that CI runs, and install or start what it requires
    Test(test::Options),
    /// Run the quick checks: format, lints, generated documents, dependencies, repository
    Check,
    /// Update the generated documents under docs/api
    Gen {
        /// Change nothing; fail if a document is stale
        #[arg(long)]
        check: bool,
    },
    /// Check the licences, bans, sources and advisories of dependencies against deny.toml
    Deny,
    /// Find unused dependencies
    Unused,
    /// Check the repository: layers, dependency cycles, file sizes, links, names, leftovers
    Tidy,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = Workspace::find().and_then(|workspace| match cli.command {
        Command::Run { args } => run::run(&workspace, &args),
        Command::Bench { args } => bench::run(&workspace, &args),
        Command::Test(options) => test::run(&workspace, &options),
        Command::Check => check::run(&workspace),
        Command::Gen { check: true } => generate::check(&workspace),
        Command::Gen { check: false } => generate::write(&workspace),
        Command::Deny => deny::run(&workspace),
        Command::Unused => unused::run(&workspace),
        Command::Tidy => tidy::run(&workspace),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
