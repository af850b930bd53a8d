//! `readmark token add|expire`.

use std::io::Read;

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use readmark_app::{
    Refused,
    token::{self, NewToken, Refusal},
};
use readmark_model::{SecretHash, Timestamp};

use super::{Global, Session, output, session::scopes};
use crate::config::Span;

/// `readmark token …`.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Issue an access token of an application and print it, only this once
    Add(AddArgs),
    /// Expire an access token now
    Expire {
        /// The token; - reads it from standard input
        token: String,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    readmark token add --client-id local.5f3c9a1e2b7d48.10273645 --user 1 --scope im,imbot --lifetime 1h")]
pub(super) struct AddArgs {
    /// Client id of the application; bots that it registers belong to it
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Id of the user whose rights it has
    #[arg(long, value_name = "ID")]
    user: i64,
    /// Its scopes, separated by commas [default: all]
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// How long it is valid
    #[arg(long, value_name = "TIME", default_value = "1h")]
    lifetime: Span,
}

pub(super) fn run(global: &Global, command: &TokenCommand) -> Result<()> {
    let session = Session::open(global)?;
    match command {
        TokenCommand::Add(args) => add(&session, args)?,
        TokenCommand::Expire { token } => expire(&session, token)?,
    }
    Ok(())
}

fn add(session: &Session, args: &AddArgs) -> Result<()> {
    let user = session.person(args.user)?.id;
    let scopes = scopes(&args.scopes)?;
    let lifetime = i64::try_from(args.lifetime.0.as_millis()).unwrap_or(i64::MAX);
    let expires_at = Timestamp(session.now.get().saturating_add(lifetime));
    let client = args.client_id.clone();
    let issued = session.operate(move |cx| {
        let new = NewToken {
            client: &client,
            user,
            scopes,
            expires_at,
        };
        token::issue(cx, &new)
    });
    let token = issued.map_err(|refused| match refused {
        Refused::Because(Refusal::NoClient) => anyhow!("an application needs a client id"),
        Refused::Because(Refusal::User) => anyhow!("user {user} is dismissed"),
        Refused::Because(Refusal::Expired) => anyhow!("a token needs a lifetime"),
        Refused::Interrupted(fault) => fault.into(),
    })?;
    output::line(token)?;
    Ok(())
}

fn expire(session: &Session, token: &str) -> Result<()> {
    let mut given = token.to_owned();
    if given == "-" {
        given.clear();
        std::io::stdin().read_to_string(&mut given)?;
    }
    let (hash, now) = (SecretHash::of(given.trim()), session.now);
    if !session
        .store
        .write(move |tx| token::expire(tx, &hash, now))?
    {
        bail!("there is no such token, or it has expired");
    }
    Ok(())
}
