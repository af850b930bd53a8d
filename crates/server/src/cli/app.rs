//! `readmark app add|list|show|change|secret|remove|install|finish`.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use readmark_app::application;
use readmark_model::{Application, ApplicationId, application::Audience};

use super::{Global, Session, keeper::change, output};
use crate::operator::{ApplicationChange, ForWhom, NewApplication, Operation};

/// `readmark app …`.
#[derive(Debug, Subcommand)]
pub(super) enum AppCommand {
    /// Register a local application and print its client id and its secret, which is shown only this once
    Add(AddArgs),
    /// List applications
    List,
    /// Show everything about an application but its secret
    Show {
        /// Number or client id of the application
        app: String,
    },
    /// Change an application; what its tokens may be used for changes at once
    Change(ChangeArgs),
    /// Replace the secret of an application and print the new one; the old one is refused from now on
    Secret {
        /// Number or client id of the application
        app: String,
    },
    /// Remove an application: its tokens are refused from now on, and its bots are unregistered
    Remove {
        /// Number or client id of the application
        app: String,
    },
    /// Begin the installation of an application anew
    Install {
        /// Number or client id of the application
        app: String,
    },
    /// Finish the installation of an application; until then only administrators use it
    Finish {
        /// Number or client id of the application
        app: String,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark app add --name Tides --handler https://tides.example/app --scope im,user_brief\n  \
    readmark app add --name Tides --handler http://localhost:9000/ --install http://localhost:9000/install --no-ui\n\n\
    Users return to the handler's address with a code, which the application exchanges for tokens at /oauth/token/.")]
pub(super) struct AddArgs {
    /// Its name for people
    #[arg(long)]
    name: String,
    /// Where it is opened and where users return to
    #[arg(long, value_name = "URL")]
    handler: String,
    /// The address that installs it [default: none, it is installed at once]
    #[arg(
        long,
        value_name = "URL",
        default_value = "",
        hide_default_value = true
    )]
    install: String,
    /// The most that its tokens may be used for, separated by commas [default: all]
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// It only calls methods and is not opened in the portal
    #[arg(long)]
    no_ui: bool,
    #[command(flatten)]
    audience: AudienceArgs,
}

#[derive(Debug, Args)]
struct AudienceArgs {
    /// Only administrators use it
    #[arg(long, conflicts_with = "users")]
    admins: bool,
    /// Only administrators and these users use it: ids separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    users: Vec<i64>,
}

impl AudienceArgs {
    fn given(self) -> Option<ForWhom> {
        if self.admins {
            Some(ForWhom::Admins)
        } else if self.users.is_empty() {
            None
        } else {
            Some(ForWhom::Users(self.users))
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark app change 3 --scope im,imbot\n  \
    readmark app change 3 --users 2,5")]
pub(super) struct ChangeArgs {
    /// Number or client id of the application
    app: String,
    /// Another name
    #[arg(long)]
    name: Option<String>,
    /// Another address
    #[arg(long, value_name = "URL")]
    handler: Option<String>,
    /// Another address that installs it; \"\" for none
    #[arg(long, value_name = "URL")]
    install: Option<String>,
    /// Other scopes, separated by commas
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// It only calls methods and is not opened in the portal
    #[arg(long)]
    no_ui: bool,
    /// It is opened in the portal
    #[arg(long, conflicts_with = "no_ui")]
    ui: bool,
    #[command(flatten)]
    audience: AudienceArgs,
    /// Everybody uses it
    #[arg(long, conflicts_with_all = ["admins", "users"])]
    everyone: bool,
}

pub(super) fn run(global: &Global, command: AppCommand) -> Result<()> {
    let operation = match command {
        AppCommand::Add(args) => Operation::AddApplication(NewApplication {
            name: args.name,
            handler: args.handler,
            install: args.install,
            scopes: args.scopes,
            has_ui: !args.no_ui,
            audience: args.audience.given().unwrap_or(ForWhom::Everyone),
        }),
        AppCommand::List => return list(&Session::open(global)?),
        AppCommand::Show { app } => return show(&Session::open(global)?, app),
        AppCommand::Change(args) => {
            let everyone = args.everyone.then_some(ForWhom::Everyone);
            Operation::ChangeApplication(ApplicationChange {
                application: args.app,
                name: args.name,
                handler: args.handler,
                install: args.install,
                scopes: args.scopes,
                has_ui: (args.no_ui || args.ui).then_some(args.ui),
                audience: args.audience.given().or(everyone),
            })
        }
        AppCommand::Secret { app } => Operation::ReplaceSecret { application: app },
        AppCommand::Remove { app } => Operation::RemoveApplication { application: app },
        AppCommand::Install { app } => Operation::Install { application: app },
        AppCommand::Finish { app } => Operation::FinishInstall { application: app },
    };
    output::outcome(&change(global, operation)?)?;
    Ok(())
}

fn state(session: &Session, application: &Application) -> String {
    match application.installed_at {
        Some(at) => format!("installed {}", session.shown(at)),
        None => "not installed".to_owned(),
    }
}

fn list(session: &Session) -> Result<()> {
    let applications = session.store.read(|tx| application::list(tx))?;
    let rows: Vec<_> = applications
        .iter()
        .map(|application| {
            [
                application.id.to_string(),
                application.client_id.clone(),
                state(session, application),
                application.audience.as_str().to_owned(),
                application.scopes.to_string(),
                application.name.clone(),
            ]
        })
        .collect();
    output::table(["ID", "CLIENT ID", "STATE", "FOR", "SCOPES", "NAME"], &rows)?;
    Ok(())
}

fn show(session: &Session, given: String) -> Result<()> {
    let wanted = given.clone();
    let found = session.store.read(move |tx| {
        let found = match wanted.parse() {
            Ok(id) => application::find(tx, ApplicationId(id))?,
            Err(_) => application::find_by_client(tx, &wanted)?,
        };
        let Some(found) = found else {
            return Ok::<_, readmark_store::StoreError>(None);
        };
        let chosen = application::chosen(tx, found.id)?;
        Ok(Some((found, chosen)))
    })?;
    let (found, chosen) = found
        .with_context(|| format!("there is no application {given:?}: see `readmark app list`"))?;
    let audience = match found.audience {
        Audience::Everyone => "everyone".to_owned(),
        Audience::Admins => "administrators".to_owned(),
        Audience::Chosen => {
            let ids: Vec<_> = chosen.iter().map(ToString::to_string).collect();
            format!("administrators and users {}", ids.join(", "))
        }
    };
    for (name, value) in [
        ("id", found.id.to_string()),
        ("client_id", found.client_id.clone()),
        ("name", found.name.clone()),
        ("handler", found.handler_url.clone()),
        ("install", found.install_url.clone()),
        ("scopes", found.scopes.to_string()),
        (
            "opened",
            if found.has_ui {
                "in the portal"
            } else {
                "never"
            }
            .to_owned(),
        ),
        ("for", audience),
        ("version", found.version.to_string()),
        ("created", session.shown(found.created_at)),
        ("state", state(session, &found)),
    ] {
        output::line(format!("{name:<11}{value}").trim_end())?;
    }
    Ok(())
}
