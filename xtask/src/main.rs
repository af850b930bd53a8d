//! Developer commands, run as `cargo xtask COMMAND`.
//!
//! A command is one file. What `test` and `check` do is a list of steps, in [`steps`]; what the
//! steps need from the machine is brought by [`machine`].
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what a developer command prints is its result"
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
    /// Build the program and start a seeded portal with TLS in the foreground
    Run {
        /// Passed on to `readmark demo`, for example `--listen 127.0.0.1:9443`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Measure the release build; writes target/bench/benchmarks.json and docs/benchmarks.md
    #[command(after_help = "Examples:\n  \
        cargo xtask bench\n  \
        cargo xtask bench --only requests --workload read,send\n  \
        cargo xtask bench -- --help             All options of the measuring")]
    Bench {
        /// Passed on to the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run everything that CI runs, installing or starting what it needs
    Test(test::Options),
    /// Run the quick checks: format, lints, generated documents, dependencies, repository
    Check,
    /// Write the generated documents under docs/api
    Gen {
        /// Change nothing, and fail when a document is stale
        #[arg(long)]
        check: bool,
    },
    /// Check licences, bans, sources and advisories of the dependencies against deny.toml
    Deny,
    /// Look for dependencies that no code uses
    Unused,
    /// Check the repository itself: file sizes, links, names, leftovers
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
