//! The portals being served.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use readmark_api::portal::{
    context::{FileRules, Portal, PortalContext},
    file_link::LinkKey,
};
use readmark_app::{Random, Rules, bus::Bus, portal, presence::Presence, wakeup::Wakeup};
use tokio::runtime::Handle;

use crate::{
    catalog::{PATIENCE, PortalCatalog},
    files::{Contents, ServedContents},
    operating::Operating,
};

/// A portal being served.
pub struct Served {
    /// Its name.
    pub name: String,
    /// The host by which clients address it.
    pub host: String,
    /// The portal.
    pub portal: Arc<Portal>,
    /// The contents of its files.
    pub contents: Contents,
    /// The time used by its methods.
    pub operating: Operating,
}

impl Served {
    /// Opens a portal for serving.
    ///
    /// # Errors
    /// When its store cannot be opened or contains no portal.
    pub fn open(
        catalog: &PortalCatalog,
        name: &str,
        random: &Arc<dyn Random>,
        handle: &Handle,
        base_url: impl FnOnce(&str) -> String,
    ) -> Result<Self> {
        let store = catalog.own(name, &catalog.data().door(), PATIENCE)?;
        let Some(row) = store.read(|tx| portal::find(tx))? else {
            bail!(
                "the portal {name:?} was not created completely: run `readmark portal create {name}`"
            );
        };
        let time_zone = TimeZone::get(&row.time_zone)
            .with_context(|| format!("the time zone of the portal {name:?} is unknown here"))?;
        let config = catalog.config();
        let contents = catalog.contents(name)?;
        let mut fresh = [0_u8; 32];
        random.fill(&mut fresh);
        let secret = store.write(move |tx| portal::link_key(tx, &fresh))?;
        let edit_period = config.edit_period.unless_zero();
        let context = PortalContext {
            base_url: base_url(&row.host),
            time_zone,
            rules: Rules {
                compat_caps: config.compat_caps,
                edit_period: edit_period
                    .map(|period| i64::try_from(period.as_millis()).unwrap_or(i64::MAX)),
            },
            files: FileRules {
                most: config.max_file,
                link_key: LinkKey::new(&secret),
            },
            random: Arc::clone(random),
            presence: Presence::default(),
        };
        let blobs = ServedContents {
            contents: contents.clone(),
            handle: handle.clone(),
        };
        Ok(Self {
            name: row.name,
            host: row.host.to_ascii_lowercase(),
            portal: Arc::new(Portal {
                store,
                context,
                bus: Bus::default(),
                deliveries: Wakeup::default(),
                blobs: Arc::new(blobs),
            }),
            contents,
            operating: Operating::default(),
        })
    }
}

/// The portals being served.
pub struct Portals {
    served: Vec<Arc<Served>>,
    /// Other host names of the authorisation server.
    aliases: Vec<String>,
}

impl Portals {
    /// Serves these; `aliases` are other host names of the authorisation server, in lower case. The host of a portal is none.
    #[must_use]
    pub fn new(served: Vec<Served>, mut aliases: Vec<String>) -> Self {
        aliases.retain(|alias| served.iter().all(|served| served.host != *alias));
        Self {
            served: served.into_iter().map(Arc::new).collect(),
            aliases,
        }
    }

    /// The other host names of the authorisation server.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(String::as_str)
    }

    /// Whether a `Host` header names the authorisation server of all portals.
    #[must_use]
    pub fn is_alias(&self, host: &str) -> bool {
        let host = without_port(host);
        self.aliases().any(|alias| alias.eq_ignore_ascii_case(host))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.served.iter()
    }

    /// The portal that a `Host` header names, with or without a port. The only portal answers to any header.
    #[must_use]
    pub fn by_host(&self, host: Option<&str>) -> Option<&Arc<Served>> {
        if let [only] = self.served.as_slice() {
            return Some(only);
        }
        let host = without_port(host?);
        self.served
            .iter()
            .find(|served| served.host.eq_ignore_ascii_case(host))
    }
}

/// `[::1]:8443` and `example.org:8443` without the port.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_does_not_belong_to_the_host() {
        for (header, host) in [
            ("example.org", "example.org"),
            ("example.org:8443", "example.org"),
            ("[::1]:8443", "[::1]"),
            ("[::1]", "[::1]"),
            ("127.0.0.1:1", "127.0.0.1"),
        ] {
            assert_eq!(without_port(header), host);
        }
    }
}
