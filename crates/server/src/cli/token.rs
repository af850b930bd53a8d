//! `readmark token add|expire`.

use std::io::Read;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use readmark_model::{SecretHash, Timestamp};
use readmark_store::repo::auth;

use super::{Global, Session, output, session::scopes};
use crate::{
    clock::{self, OsRandom},
    config::Span,
};

/// Hexadecimal digits of a new token.
const TOKEN_LENGTH: usize = 64;

/// `readmark token …`.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make an access token of an application; answers it, this once
    Add(AddArgs),
    /// End an access token now, as if its lifetime were over
    Expire {
        /// The token; - reads it from standard input
        token: String,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    readmark token add --client-id local.5f3c9a1e2b7d48.10273645 --user 1 --scope im,imbot --lifetime 1h")]
pub(super) struct AddArgs {
    /// The application: bots that it registers belong to it
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Number of the user whose rights it has
    #[arg(long, value_name = "ID")]
    user: i64,
    /// What it may be used for, separated by commas [default: everything]
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: Vec<String>,
    /// How long it is good
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
    if args.client_id.trim().is_empty() {
        bail!("an application needs a client id");
    }
    let user = session.person(args.user)?.id;
    let scopes = scopes(&args.scopes)?;
    let token = clock::hex(&OsRandom, TOKEN_LENGTH);
    let lifetime = i64::try_from(args.lifetime.0.as_millis()).unwrap_or(i64::MAX);
    let (now, end) = (session.now, session.now.get().saturating_add(lifetime));
    let (hash, client) = (SecretHash::of(&token), args.client_id.trim().to_owned());
    session.store.write(move |tx| {
        auth::insert_token(tx, &hash, &client, user, scopes, now, Timestamp(end))
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
        .write(move |tx| auth::expire_token(tx, &hash, now))?
    {
        bail!("there is no such token that is still good");
    }
    Ok(())
}
