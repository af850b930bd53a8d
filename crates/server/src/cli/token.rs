//! `readmark token add|expire`.

use std::io::Read;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::{Global, keeper::change, output};
use crate::{
    config::Span,
    operator::{NewToken, Operation},
};

/// `readmark token …`.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Issue an access token of an application and print it, only this once
    Add(AddArgs),
    /// Expire an access token or a refresh token now, to rehearse its renewal
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

pub(super) fn run(global: &Global, command: TokenCommand) -> Result<()> {
    let operation = match command {
        TokenCommand::Add(args) => Operation::AddToken(NewToken {
            client: args.client_id,
            user: args.user,
            scopes: args.scopes,
            lifetime: u64::try_from(args.lifetime.0.as_millis()).unwrap_or(u64::MAX),
        }),
        TokenCommand::Expire { token } => Operation::ExpireToken {
            token: given(token)?,
        },
    };
    output::outcome(&change(global, operation)?)?;
    Ok(())
}

fn given(mut token: String) -> Result<String> {
    if token == "-" {
        token.clear();
        std::io::stdin().read_to_string(&mut token)?;
    }
    Ok(token.trim().to_owned())
}
