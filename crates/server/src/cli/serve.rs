//! `readmark serve`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Global;
use crate::{config::Config, log, running::Running};

/// Options of `serve` and `demo`.
#[derive(Clone, Debug, Args)]
pub(super) struct ListenArgs {
    /// Address and port to listen on; port 0 picks a free one [env: READMARK_LISTEN=] [default: 127.0.0.1:8443]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Also serve plain HTTP on the same port [env: READMARK_ALLOW_HTTP=]
    #[arg(long)]
    allow_http: bool,
}

impl ListenArgs {
    pub(super) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("listen", self.listen.clone()),
            ("allow_http", self.allow_http.then(|| "true".to_owned())),
        ]
    }
}

/// Options of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark serve\n  \
    readmark serve --listen 0.0.0.0:443 --tls-certificate chain.pem --tls-key key.pem\n  \
    readmark serve --listen 127.0.0.1:8080 --allow-http --public-port 443     Behind a proxy that does TLS\n\n\
    Without a certificate of your own, a local authority is made at the first start: hand it to clients with\n\
    `readmark ca export`.")]
pub(super) struct ServeArgs {
    #[command(flatten)]
    listen: ListenArgs,
    /// The port that clients use, if it differs from the one listened on [env: READMARK_PUBLIC_PORT=]
    #[arg(long, value_name = "PORT")]
    public_port: Option<u16>,
    /// Your own certificate chain, PEM [env: READMARK_TLS_CERTIFICATE=]
    #[arg(long, value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// The key of that certificate, PEM [env: READMARK_TLS_KEY=]
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// What is logged to standard error: error, warn, info, debug, trace [env: READMARK_LOG=] [default: info]
    #[arg(long, value_name = "LEVEL")]
    log: Option<String>,
}

pub(super) fn run(global: &Global, args: &ServeArgs) -> Result<()> {
    let path = |path: &Option<PathBuf>| {
        path.as_ref()
            .map(|path| path.to_string_lossy().into_owned())
    };
    let mut flags = args.listen.flags();
    flags.extend([
        ("public_port", args.public_port.map(|port| port.to_string())),
        ("tls_certificate", path(&args.tls_certificate)),
        ("tls_key", path(&args.tls_key)),
        ("log", args.log.clone()),
    ]);
    let read = || global.settings(flags.clone());
    let config = read()?;
    start_log(&config)?;
    let running = Running::start(&config, global.portal.as_deref())?;
    let signals = running.listen_for_signals()?;
    running.wait_for(signals, read);
    running.stop();
    Ok(())
}

pub(super) fn start_log(config: &Config) -> Result<()> {
    log::start(&config.log, config.log_format).map_err(anyhow::Error::msg)
}
