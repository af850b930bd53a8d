//! `readmark demo`.

use anyhow::{Context, Result};
use clap::Args;

use super::{Demo, PORTAL, Seeded, seed};
use crate::{
    catalog::PortalCatalog,
    cli::{Global, output, serve},
    running::Running,
};

/// Options of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark demo\n  \
    readmark demo --fresh                          Begin anew: what was written and changed is deleted\n  \
    readmark demo --listen 127.0.0.1:0 --json      One line for scripts, once connections are accepted:\n  \
                                                 {\"url\":…,\"webhook\":…,\"ca\":…,\"users\":[{\"id\":…,\"name\":…,\"webhook\":…},…]}\n\n\
    The portal is called \"demo\" and kept: a second start goes on with it. Its webhooks are the same at every start, also\n\
    after --fresh.")]
pub(in crate::cli) struct DemoArgs {
    /// Print one JSON object on one line
    #[arg(long)]
    json: bool,
    /// Delete the portal "demo" with everything in it first
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    listen: serve::ListenArgs,
}

pub(in crate::cli) fn run(global: &Global, args: &DemoArgs) -> Result<()> {
    let read = || {
        let mut config = global.settings(args.listen.flags())?;
        // Bots under test usually run on the same machine as the demonstration.
        config.delivery_private_addresses = true;
        Ok(config)
    };
    let config = read()?;
    serve::start_log(&config)?;
    if args.fresh {
        let catalog = PortalCatalog::new(&config)?;
        let _alone = catalog.data().lock_serving()?;
        catalog.erase(PORTAL)?;
    }
    let seeded = seed(&config)?;
    let running = Running::start(&config, Some(PORTAL))?;
    let signals = running.listen_for_signals()?;
    let described = describe(&running, seeded)?;
    if args.json {
        output::line(described.to_json())?;
    } else {
        output::line(described.for_people())?;
    }
    running.wait_for(signals, read);
    running.stop();
    Ok(())
}

fn describe(running: &Running, seeded: Seeded) -> Result<Demo> {
    let served = running.portals().next().context("no portal is served")?;
    let base_url = &served.portal.context.base_url;
    Ok(Demo::new(base_url, running.authority(), seeded))
}
