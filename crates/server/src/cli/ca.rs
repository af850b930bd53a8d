//! `readmark ca export`.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Subcommand;

use super::Global;
use crate::{
    catalog::PortalCatalog,
    clock::{Clock, OsRandom, SystemClock},
    tls::Authority,
};

/// `readmark ca …`.
#[derive(Debug, Subcommand)]
pub(super) enum CaCommand {
    /// Write the certificate of the local authority (PEM), which clients need to trust
    #[command(after_help = "Examples:\n  \
        readmark ca export readmark-ca.pem\n  \
        curl --cacert readmark-ca.pem https://localhost:8443/…\n  \
        NODE_EXTRA_CA_CERTS=readmark-ca.pem node bot.js\n  \
        REQUESTS_CA_BUNDLE=readmark-ca.pem python bot.py")]
    Export {
        /// The file to write [default: standard output]
        file: Option<PathBuf>,
    },
}

pub(super) fn run(global: &Global, command: &CaCommand) -> Result<()> {
    let CaCommand::Export { file } = command;
    let config = global.settings(Vec::new())?;
    let catalog = PortalCatalog::new(&config)?;
    let authority = Authority::open(catalog.data(), &OsRandom, SystemClock.now())?;
    let certificate = fs::read(authority.certificate())?;
    match file {
        Some(file) => fs::write(file, certificate)
            .with_context(|| format!("{} cannot be written", file.display()))?,
        None => io::stdout().write_all(&certificate)?,
    }
    Ok(())
}
