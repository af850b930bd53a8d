//! The command line, one file per command.
//!
//! A command's result goes to standard output, everything else to standard error. Exit codes: 0 for success, 2 for wrong
//! usage or settings, 1 for every other failure, which is reported in one line.

mod app;
mod bot;
mod ca;
mod delivery;
pub mod demo;
mod department;
mod import;
mod keeper;
mod output;
mod portal;
mod progress;
mod serve;
mod session;
mod token;
mod user;
mod verify;
mod webhook;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

pub(crate) use self::portal::new_row as new_portal;
pub use self::session::Session;
use crate::{
    catalog::PortalCatalog,
    clock::{Clock, SystemClock},
    config::{Config, ConfigError, Flags, SAMPLE},
};

/// A chat server that speaks the Bitrix24 REST chat API, with exact read state.
#[derive(Debug, Parser)]
#[command(
    name = "readmark",
    version = crate::version::FULL,
    propagate_version = true,
    after_help = "Examples:\n  \
        readmark demo                                 Try it: a portal with people and chats\n  \
        readmark portal create acme --host chat.acme.example\n  \
        readmark user add --name Ada --email ada@acme.example --admin\n  \
        readmark webhook add --user 1 --scope im,user_brief\n  \
        readmark serve --listen 0.0.0.0:443\n\n\
        Settings come from readmark.toml, from the environment (READMARK_LISTEN=…) and from flags; later ones win.\n        `readmark settings` explains them all."
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Folder for portals and keys [env: READMARK_DATA=] [default: readmark-data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Keep portals in PostgreSQL instead of SQLite files [env: READMARK_DATABASE_URL=]
    #[arg(long, global = true, value_name = "postgres://…")]
    database_url: Option<String>,
    /// Settings file [default: readmark.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE", env = "READMARK_CONFIG")]
    config: Option<PathBuf>,
    /// Any setting of the file, such as `--set max_connections=2000`
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// The portal to use, if there are several
    #[arg(long, global = true, value_name = "NAME", env = "READMARK_PORTAL")]
    portal: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portals until stopped
    Serve(serve::ServeArgs),
    /// Create and list portals
    #[command(subcommand)]
    Portal(portal::PortalCommand),
    /// Add and list users
    #[command(subcommand)]
    User(user::UserCommand),
    /// Add, list, change and delete departments
    #[command(subcommand)]
    Department(department::DepartmentCommand),
    /// Create, list and revoke incoming webhooks
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Register, change, install and remove local applications
    #[command(subcommand)]
    App(app::AppCommand),
    /// Issue access tokens of applications, and expire tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Watch the events of bots
    #[command(subcommand)]
    Bot(bot::BotCommand),
    /// List and replay the events sent to handlers of bots
    #[command(subcommand)]
    Delivery(delivery::DeliveryCommand),
    /// Export the certificate of the local authority
    #[command(subcommand)]
    Ca(ca::CaCommand),
    /// Import an archive of another messenger
    Import(import::ImportArgs),
    /// Recount everything from the messages and print the differences
    Verify,
    /// Print a settings file with every setting explained
    #[command(after_help = "Example:\n  readmark settings > readmark.toml")]
    Settings,
    /// Serve a demonstration portal with sample people and chats
    Demo(demo::command::DemoArgs),
}

impl Global {
    /// The settings, with additional flags of a command.
    fn settings(&self, flags: Vec<(&str, Option<String>)>) -> Result<Config, ConfigError> {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let own = [
            ("data", self.data.as_ref().map(text)),
            ("database_url", self.database_url.clone()),
        ];
        let given = own
            .into_iter()
            .chain(flags)
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Config::load(&Flags {
            file: self.config.clone(),
            settings: self.set.iter().cloned().chain(given).collect(),
        })
    }
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    match run(&global, command) {
        Ok(code) => code,
        Err(error) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}");
            let words: Vec<_> = text.split_whitespace().collect();
            output::note(&format!("error: {}", words.join(" ")));
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}

fn run(global: &Global, command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(global, &args)?,
        Command::Portal(command) => portal::run(global, &command)?,
        Command::User(command) => user::run(global, command)?,
        Command::Department(command) => department::run(global, command)?,
        Command::Webhook(command) => webhook::run(global, command)?,
        Command::App(command) => app::run(global, command)?,
        Command::Token(command) => token::run(global, command)?,
        Command::Bot(command) => bot::run(global, &command)?,
        Command::Delivery(command) => delivery::run(global, command)?,
        Command::Ca(command) => ca::run(global, &command)?,
        Command::Demo(args) => demo::command::run(global, &args)?,
        Command::Settings => output::line(SAMPLE.trim_end())?,
        Command::Import(args) => {
            let config = global.settings(Vec::new())?;
            crate::log::start("warn", config.log_format).map_err(anyhow::Error::msg)?;
            let catalog = PortalCatalog::existing(&config)?;
            let name = catalog.choose(global.portal.as_deref())?;
            let owned = keeper::own(&catalog, &name)?.map_err(keeper::Busy::into_reason);
            let owned = owned.context("stop the server first")?;
            let now = SystemClock.now();
            return import::run(&args, &owned.store, now, &mut std::io::stdout());
        }
        Command::Verify => {
            let session = Session::open(global)?;
            let contents = session.catalog.contents(&session.portal.name)?;
            let out = &mut std::io::stdout();
            return verify::run(&session.store, &contents, session.now, out);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("a setting is written NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_part_of_it_is_explained() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                let explained = argument.get_help().is_some();
                assert!(explained, "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        let mut command = Cli::command();
        command.build();
        command
            .get_subcommands()
            .filter(|command| command.get_name() != "help")
            .for_each(check);
    }
}
