//! `readmark webhook add|list|revoke`.

use anyhow::Result;
use clap::{Args, Subcommand};
use readmark_app::webhook;

use super::{Global, Session, keeper::change, output};
use crate::operator::{NewWebhook, Operation};

/// `readmark webhook …`.
#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Create an incoming webhook and print its URL, which is shown only this once
    Add(AddArgs),
    /// List webhooks, without their secrets
    List,
    /// Revoke a webhook: its URL is refused from now on
    Revoke {
        /// Id of the webhook, as shown by `readmark webhook list`
        id: i64,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark webhook add --user 1                             All scopes, no end\n  \
    readmark webhook add --user 1 --scope im,user_brief --expires 30d --title \"Nightly report\"")]
pub(super) struct AddArgs {
    /// Id of the user whose rights it has
    #[arg(long, value_name = "ID")]
    user: i64,
    /// Its scopes, separated by commas [default: all]
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// A description of its purpose
    #[arg(long, default_value = "")]
    title: String,
    /// When it expires: a date, a time, or a duration from now such as 30d [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
}

pub(super) fn run(global: &Global, command: WebhookCommand) -> Result<()> {
    let operation = match command {
        WebhookCommand::Add(args) => Operation::AddWebhook(NewWebhook {
            user: args.user,
            scopes: args.scopes,
            title: args.title,
            expires: args.expires,
        }),
        WebhookCommand::Revoke { id } => Operation::RevokeWebhook { id },
        WebhookCommand::List => return list(&Session::open(global)?),
    };
    output::outcome(&change(global, operation)?)?;
    Ok(())
}

fn list(session: &Session) -> Result<()> {
    let webhooks = session.store.read(|tx| webhook::list(tx))?;
    let rows: Vec<_> = webhooks
        .iter()
        .map(|webhook| {
            let state = match (webhook.revoked_at, webhook.expires_at) {
                (Some(_), _) => "revoked".to_owned(),
                (None, Some(end)) if end <= session.now => "expired".to_owned(),
                (None, Some(end)) => format!("until {}", session.shown(end)),
                (None, None) => "valid".to_owned(),
            };
            [
                webhook.id.to_string(),
                webhook.user.to_string(),
                state,
                webhook.scopes.to_string(),
                webhook.title.clone(),
            ]
        })
        .collect();
    output::table(["ID", "USER", "STATE", "SCOPES", "TITLE"], &rows)?;
    Ok(())
}
