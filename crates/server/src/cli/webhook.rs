//! `readmark webhook add|list|revoke`.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use readmark_model::SecretHash;
use readmark_store::repo::auth;

use super::{Global, Session, output, session::scopes};
use crate::clock::{self, OsRandom};

/// Letters and digits of a new secret: some 165 bits.
pub(crate) const SECRET_LENGTH: usize = 32;

/// `readmark webhook …`.
#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Make an incoming webhook; answers its URL, which is shown this once
    Add(AddArgs),
    /// List webhooks, without their secrets
    List,
    /// Revoke a webhook: its URL is refused from now on
    Revoke {
        /// Number of the webhook, as `readmark webhook list` shows it
        id: i64,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark webhook add --user 1                             All scopes, no end\n  \
    readmark webhook add --user 1 --scope im,user_brief --expires 30d --title \"Nightly report\"")]
pub(super) struct AddArgs {
    /// Number of the user whose rights it has
    #[arg(long, value_name = "ID")]
    user: i64,
    /// What it may be used for, separated by commas [default: everything]
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// What it is for
    #[arg(long, default_value = "")]
    title: String,
    /// When it ends: a date, a time, or a length of time from now on as 30d [default: never]
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
    let user = session.person(args.user)?.id;
    let scopes = scopes(&args.scopes)?;
    let expires = args.expires.as_deref();
    let expires = expires
        .map(|text| session.point_in_time(text))
        .transpose()?;
    if expires.is_some_and(|end| end <= session.now) {
        bail!("that time is over already");
    }
    let secret = clock::secret(&OsRandom, SECRET_LENGTH);
    let (hash, title, now) = (SecretHash::of(&secret), args.title.clone(), session.now);
    session
        .store
        .write(move |tx| auth::insert_webhook(tx, user, &hash, scopes, &title, now, expires))?;
    output::line(session.webhook_url(user, &secret))?;
    Ok(())
}

fn list(session: &Session) -> Result<()> {
    let webhooks = session.store.read(|tx| auth::list_webhooks(tx))?;
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
        .write(move |tx| auth::revoke_webhook(tx, id, now))?
    {
        bail!("there is no webhook {id} that could be revoked: see `readmark webhook list`");
    }
    Ok(())
}
