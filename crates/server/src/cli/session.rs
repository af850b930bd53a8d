//! Shared by commands that work on one portal.

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use readmark_api::wire;
use readmark_app::portal;
use readmark_model::{PortalInfo, Timestamp};
use readmark_store::Store;

use super::Global;
use crate::{
    catalog::PortalCatalog,
    clock::{Clock, SystemClock},
    config::Config,
    running::base_url,
};

/// A portal that a command only reads.
pub struct Session {
    /// The settings.
    pub config: Config,
    /// Where portals are kept.
    pub catalog: PortalCatalog,
    /// The portal's store.
    pub store: Store,
    /// The portal's own row.
    pub portal: PortalInfo,
    /// When the command started.
    pub now: Timestamp,
}

impl Session {
    /// Opens the selected portal to read it, whoever owns it.
    ///
    /// # Errors
    /// When settings are wrong, or the portal does not exist.
    pub fn open(global: &Global) -> Result<Self> {
        let config = global.settings(Vec::new())?;
        crate::log::start("warn", config.log_format).map_err(anyhow::Error::msg)?;
        let catalog = PortalCatalog::existing(&config)?;
        let name = catalog.choose(global.portal.as_deref())?;
        let store = catalog.open_to_read(&name)?;
        let row = store.read(|tx| portal::find(tx))?;
        let portal =
            row.with_context(|| format!("the portal {name:?} was not created completely"))?;
        Ok(Self {
            config,
            catalog,
            store,
            portal,
            now: SystemClock.now(),
        })
    }

    /// A time for display, in the portal's zone; in UTC, as its offset then says, where this machine does not know that zone.
    #[must_use]
    pub fn shown(&self, time: Timestamp) -> String {
        wire::format_atom(time, &self.zone())
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.portal.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// Scheme, host and port for clients: a best guess, as no server need be running.
pub(super) fn guess_base_url(catalog: &PortalCatalog, host: &str) -> String {
    let config = catalog.config();
    let reach = catalog.data().reach();
    let listen = || config.addresses().ok()?.first().map(|at| at.port());
    let port = config.public_port;
    let port = port.or(reach.map(|reach| reach.port)).or_else(listen);
    base_url(host, port.unwrap_or(443))
}
