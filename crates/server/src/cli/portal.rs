//! `readmark portal create|list`.

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::tz::TimeZone;
use readmark_app::portal;
use readmark_model::{Timestamp, portal::PortalInfo};
use readmark_store::Store;

use super::{Global, output};
use crate::{
    catalog::PortalCatalog,
    clock::{self, Clock, OsRandom, SystemClock},
};

/// `readmark portal …`.
#[derive(Debug, Subcommand)]
pub(super) enum PortalCommand {
    /// Create a portal: one organisation with its users, chats and webhooks
    #[command(after_help = "Examples:\n  \
        readmark portal create acme\n  \
        readmark portal create acme --host chat.acme.example --time-zone Europe/Lisbon\n\n\
        A running server serves it from its next start on.")]
    Create {
        /// Its name: a-z, 0-9, - and _
        name: String,
        /// The host name that clients use for it [default: localhost, then NAME.localhost]
        #[arg(long)]
        host: Option<String>,
        /// The time zone of its times
        #[arg(long, value_name = "ZONE", default_value = "UTC")]
        time_zone: String,
    },
    /// List the portals
    List,
}

pub(super) fn run(global: &Global, command: &PortalCommand) -> Result<()> {
    let config = global.settings(Vec::new())?;
    crate::log::start("warn", config.log_format).map_err(anyhow::Error::msg)?;
    let catalog = PortalCatalog::new(&config)?;
    match command {
        PortalCommand::Create {
            name,
            host,
            time_zone,
        } => create(&catalog, name, host.as_deref(), time_zone)?,
        PortalCommand::List => list(&catalog)?,
    }
    Ok(())
}

fn create(catalog: &PortalCatalog, name: &str, host: Option<&str>, time_zone: &str) -> Result<()> {
    TimeZone::get(time_zone)
        .with_context(|| format!("{time_zone:?} is not a time zone such as Europe/Lisbon"))?;
    let others = rows(catalog, Some(name))?;
    let taken = |host: &str| {
        others
            .iter()
            .any(|other| other.host.eq_ignore_ascii_case(host))
    };
    let host = match host {
        Some(host) if taken(host) => bail!("another portal has the host {host:?}"),
        Some(host) if !is_host(host) => bail!("{host:?} is not a host name"),
        Some(host) => host.to_ascii_lowercase(),
        None if taken("localhost") => format!("{name}.localhost"),
        None => "localhost".to_owned(),
    };
    let store = catalog.make(name)?;
    if !insert(&store, name, &host, time_zone, SystemClock.now())? {
        bail!("the portal {name:?} already exists");
    }
    output::line(format_args!("portal {name} at host {host}"))?;
    output::note(&format!(
        "add its first user with `readmark user add --portal {name} --name NAME --admin`"
    ));
    Ok(())
}

/// Whether it is a valid URL host: a name or an address, IPv6 in brackets.
fn is_host(host: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let address = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    address || !host.is_empty() && host.len() <= 253 && host.bytes().all(name)
}

/// Writes the row of a new portal; `false` if there already is one.
pub(super) fn insert(
    store: &Store,
    name: &str,
    host: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<bool> {
    let row = new_row(name, host, time_zone, now);
    Ok(store.write(move |tx| portal::create(tx, &row))?)
}

/// The row of a new portal.
pub(crate) fn new_row(name: &str, host: &str, time_zone: &str, now: Timestamp) -> PortalInfo {
    PortalInfo {
        name: name.to_owned(),
        host: host.to_owned(),
        member_id: clock::hex(&OsRandom, 32),
        time_zone: time_zone.to_owned(),
        created_at: now,
    }
}

/// The rows of all portals but one; incompletely created ones have none.
fn rows(catalog: &PortalCatalog, but: Option<&str>) -> Result<Vec<PortalInfo>> {
    let mut rows = Vec::new();
    for name in catalog.names()? {
        if but != Some(name.as_str()) {
            rows.extend(catalog.open(&name)?.read(|tx| portal::find(tx))?);
        }
    }
    Ok(rows)
}

fn list(catalog: &PortalCatalog) -> Result<()> {
    let rows: Vec<_> = rows(catalog, None)?
        .into_iter()
        .map(|row| [row.name, row.host, row.time_zone])
        .collect();
    output::table(["NAME", "HOST", "TIME ZONE"], &rows)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_can_stand_in_urls() {
        for host in [
            "localhost",
            "chat.acme.example",
            "192.0.2.7",
            "[2001:db8::1]",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            "a b",
            "acme.example:443",
            "https://acme.example",
            "[::1",
            "ü.example",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }
}
