//! `readmark ca export`.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Subcommand;

use super::Global;
use crate::{
    catalog::{PortalCatalog, no_portal},
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
    let catalog = PortalCatalog::existing(&config)?;
    if catalog.names()?.is_empty() {
        return Err(no_portal());
    }
    let authority = Authority::open(catalog.data(), &OsRandom, SystemClock.now())?;
    let certificate = fs::read(authority.certificate())?;
    match file {
        Some(file) => write_new(file, &certificate)
            .with_context(|| format!("{} cannot be written", file.display()))?,
        None => io::stdout().write_all(&certificate)?,
    }
    Ok(())
}

/// Writes a file, which is not there yet, or has this content already: another certificate may be trusted by somebody.
fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    match File::create_new(path) {
        Ok(mut file) => file.write_all(content),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && fs::read(path)? == content => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}
