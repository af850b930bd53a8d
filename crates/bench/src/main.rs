//! Measures the built program on SQLite and PostgreSQL, and writes the results as JSON and as a table. Started by
//! `cargo xtask bench`.
#![expect(clippy::print_stderr, reason = "progress goes to standard error")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "numbers of a benchmark are far from any bound"
)]

mod bench;
mod figures;
mod limit;
mod load;
mod machine;
mod misses;
mod populate;
mod process;
mod report;
mod request;
mod scene;

use std::{fs, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    bench::Bench,
    machine::Machine,
    misses::Misses,
    report::Report,
    scene::{hot::Workload, throughput::Choice},
};

/// The same allocator as the program's, so that the limit differs in nothing else.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "readmark-bench", about = "Measures readmark")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure
    Run(RunArgs),
    /// Answer every request with a fixed body: what the program is measured against
    Limit {
        /// Address and port
        listen: SocketAddr,
    },
}

#[derive(Args)]
struct RunArgs {
    /// The built program
    #[arg(long)]
    program: PathBuf,
    /// The repository: the table goes to its docs
    #[arg(long)]
    repository: PathBuf,
    /// Folder of results and prepared portals
    #[arg(long)]
    output: PathBuf,
    /// Only these scenes, and no table in docs
    #[arg(long, value_delimiter = ',')]
    only: Vec<Scene>,
    /// Of the scene `requests` only these workloads
    #[arg(long, value_delimiter = ',')]
    workload: Vec<WorkloadName>,
    /// Of the scene `requests` only these numbers of connections
    #[arg(long, value_delimiter = ',')]
    connections: Vec<usize>,
    /// Seconds that each workload is measured in each round
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// How often the two sides of a comparison take turns
    #[arg(long, default_value_t = 2)]
    rounds: usize,
    /// The most messages of a portal; ten million take about a minute to make
    #[arg(long, default_value_t = 10_000_000)]
    messages: i64,
    /// Keep the counted instructions as those to compare with
    #[arg(long)]
    keep_instructions: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scene {
    Requests,
    Members,
    Messages,
    Chats,
    Import,
    Footprint,
    Postgres,
    Instructions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WorkloadName {
    Read,
    ReadApart,
    ReadSpread,
    Unread,
    Send,
    Get,
    Counters,
    Recent,
    BotRead,
    Mix,
}

impl From<WorkloadName> for Workload {
    fn from(name: WorkloadName) -> Self {
        match name {
            WorkloadName::Read => Self::Read,
            WorkloadName::ReadApart => Self::ReadApart,
            WorkloadName::ReadSpread => Self::ReadSpread,
            WorkloadName::Unread => Self::Unread,
            WorkloadName::Send => Self::Send,
            WorkloadName::Get => Self::Get,
            WorkloadName::Counters => Self::Counters,
            WorkloadName::Recent => Self::Recent,
            WorkloadName::BotRead => Self::BotRead,
            WorkloadName::Mix => Self::Mix,
        }
    }
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Limit { listen } => limit::serve(listen),
        Command::Run(args) => run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &RunArgs) -> Result<()> {
    let data = args.output.join("data");
    fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    let counted = Duration::from_secs_f64(args.seconds);
    let mut bench = Bench::new(args.program.clone(), data, counted, args.rounds.max(1));
    let machine = Machine::look(&bench.data)?;
    let sizes: Vec<i64> = [1_000, 100_000, args.messages]
        .into_iter()
        .filter(|size| *size <= args.messages)
        .collect();
    let choice = Choice {
        workloads: args.workload.iter().copied().map(Workload::from).collect(),
        connections: args.connections.clone(),
    };
    for scene in Scene::value_variants() {
        if !args.only.is_empty() && !args.only.contains(scene) {
            continue;
        }
        match scene {
            Scene::Requests => scene::throughput::run(&mut bench, &choice),
            Scene::Members => scene::growth_members::run(&mut bench),
            Scene::Messages => scene::growth_messages::run(&mut bench, &sizes),
            Scene::Chats => scene::growth_chats::run(&mut bench),
            Scene::Import => scene::importing::run(&mut bench),
            Scene::Footprint => scene::footprint::run(&mut bench),
            Scene::Postgres => scene::postgres::run(&mut bench),
            Scene::Instructions => {
                scene::instructions::run(&mut bench, &args.repository, args.keep_instructions)
            }
        }
        .with_context(|| format!("the scene {scene:?}"))?;
    }
    let seconds = bench.seconds();
    let report = Report {
        machine,
        targets: bench.targets,
        rates: bench.rates,
        figures: bench.figures,
        missing: bench.missing,
        seconds,
    };
    let page = report.to_markdown(&Misses::read(&args.repository)?);
    fs::write(
        args.output.join("benchmarks.json"),
        serde_json::to_string_pretty(&report)? + "\n",
    )?;
    fs::write(args.output.join("benchmarks.md"), &page)?;
    if args.only.is_empty() {
        fs::write(args.repository.join("docs/benchmarks.md"), &page)?;
    }
    Ok(())
}
