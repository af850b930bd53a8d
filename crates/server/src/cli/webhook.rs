//! `readmark webhook add|list|revoke`.

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use readmark_app::{
    Refused,
    webhook::{self, NewWebhook, Refusal},
};
use readmark_model::UserId;

use super::{
    Global, Session, output,
    session::{no_person, scopes},
};

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

pub(super) fn run(global: &Global, command: &WebhookCommand) -> Result<()> {
    let session = Session::open(global)?;
    match command {
        WebhookCommand::Add(args) => add(&session, args)?,
        WebhookCommand::List => list(&session)?,
        WebhookCommand::Revoke { id } => revoke(&session, *id)?,
    }
    Ok(())
}

fn add(session: &Session, args: &AddArgs) -> Result<()> {
    let user = UserId(args.user);
    let scopes = scopes(&args.scopes)?;
    let expires = args.expires.as_deref();
    let expires = expires
        .map(|text| session.point_in_time(text))
        .transpose()?;
    let title = args.title.clone();
    let added = session.operate(move |cx| {
        let new = NewWebhook {
            user,
            scopes,
            title: &title,
            expires_at: expires,
        };
        webhook::add(cx, &new)
    });
    let secret = added.map_err(|refused| match refused {
        Refused::Because(Refusal::User(reason)) => no_person(user, reason),
        Refused::Because(Refusal::Expired) => anyhow!("that time has already passed"),
        Refused::Interrupted(fault) => fault.into(),
    })?;
    output::line(session.webhook_url(user, &secret))?;
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

fn revoke(session: &Session, id: i64) -> Result<()> {
    let now = session.now;
    if !session
        .store
        .write(move |tx| webhook::revoke(tx, id, now))?
    {
        bail!("there is no webhook {id} that could be revoked: see `readmark webhook list`");
    }
    Ok(())
}
