//! Where portals are kept, and those that are open.

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use readmark_api::portal::{Portal, PortalContext};
use readmark_app::{Random, Rules, bus::Bus};
use readmark_model::{Timestamp, UserId};
use readmark_store::{Settings, Store, StoreError, repo};

use crate::{
    config::Config,
    data::{self, DataDir},
    rest::operating::Operating,
};

/// What a portal's schema is called in PostgreSQL: this and the portal's name.
const SCHEMA_PREFIX: &str = "portal_";

/// The longest name of a portal; with the prefix it fits into a name of PostgreSQL.
const LONGEST_NAME: usize = 40;

/// Where the portals of a configuration are kept.
#[derive(Clone, Debug)]
pub struct Shelf {
    config: Config,
    data: DataDir,
}

impl Shelf {
    /// The portals of a configuration.
    ///
    /// # Errors
    /// When the data folder cannot be made.
    pub fn new(config: &Config) -> Result<Self> {
        Ok(Self {
            config: config.clone(),
            data: DataDir::create(&config.data)?,
        })
    }

    /// The data folder.
    #[must_use]
    pub const fn data(&self) -> &DataDir {
        &self.data
    }

    /// The names of all portals, sorted.
    ///
    /// # Errors
    /// When the folder or the database cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut names = if self.config.database_url.is_empty() {
            self.file_names()?
        } else {
            let schemas = readmark_store::postgres_schemas(&self.config.database_url)?;
            schemas
                .iter()
                .filter_map(|schema| schema.strip_prefix(SCHEMA_PREFIX))
                .map(str::to_owned)
                .collect()
        };
        names.sort();
        Ok(names)
    }

    fn file_names(&self) -> Result<Vec<String>> {
        let folder = self.data.portals();
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string()
                && self.file(&name).exists()
            {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.portals().join(name).join("portal.db")
    }

    /// The name that is meant: the one given, else the only portal there is.
    ///
    /// # Errors
    /// When there is no such portal, none at all, or more than one to choose from.
    pub fn choose(&self, given: Option<&str>) -> Result<String> {
        let names = self.names()?;
        match (given, names.as_slice()) {
            (Some(name), _) if names.iter().any(|other| other == name) => Ok(name.to_owned()),
            (Some(name), _) => bail!("there is no portal {name:?}{}", listed(&names)),
            (None, [only]) => Ok(only.clone()),
            (None, []) => {
                bail!("there is no portal yet: make one with `readmark portal create NAME`")
            }
            (None, _) => bail!(
                "there are several portals: choose one with --portal{}",
                listed(&names)
            ),
        }
    }

    /// Opens the store of a portal that is there.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn open(&self, name: &str) -> Result<Store> {
        let settings = if self.config.database_url.is_empty() {
            Settings::Sqlite {
                path: self.file(name),
                readers: self.config.sqlite_readers,
            }
        } else {
            Settings::Postgres {
                url: self.config.database_url.clone(),
                schema: format!("{SCHEMA_PREFIX}{name}"),
                connections: self.config.database_connections,
            }
        };
        Store::open(&settings).with_context(|| format!("the portal {name:?} cannot be opened"))
    }

    /// Opens the store of a new portal. What is in it is for the caller to write.
    ///
    /// # Errors
    /// When the name cannot be used or its store cannot be made.
    pub fn make(&self, name: &str) -> Result<Store> {
        check_name(name)?;
        if self.config.database_url.is_empty() {
            let folder = self.data.portals().join(name);
            data::make_private_dir(&folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        self.open(name)
    }
}

fn check_name(name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inner = |byte: u8| plain(byte) || byte == b'-' || byte == b'_';
    let fits = name.len() <= LONGEST_NAME && name.bytes().all(inner);
    if !fits || !name.bytes().next().is_some_and(plain) {
        bail!(
            "{name:?} cannot be the name of a portal: 1 to {LONGEST_NAME} of a-z, 0-9, - and _, \
             the first one a letter or digit"
        );
    }
    Ok(())
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(" (there is {})", names.join(", "))
    }
}

/// A portal that is being served.
pub struct Served {
    /// Its name.
    pub name: String,
    /// The host that clients name it by.
    pub host: String,
    /// The portal.
    pub portal: Arc<Portal>,
    /// Who was last active when, as far as it is not stored yet.
    pub activity: Activity,
    /// The time that its methods took.
    pub operating: Operating,
}

impl Served {
    /// Opens a portal to be served.
    ///
    /// # Errors
    /// When its store cannot be opened or has no portal in it.
    pub fn open(
        shelf: &Shelf,
        name: &str,
        random: &Arc<dyn Random>,
        base_url: impl FnOnce(&str) -> String,
    ) -> Result<Self> {
        let store = shelf.open(name)?;
        let Some(row) = store.read(|tx| repo::portal::find(tx))? else {
            bail!(
                "the portal {name:?} was not made to its end: run `readmark portal create {name}`"
            );
        };
        let time_zone = TimeZone::get(&row.time_zone)
            .with_context(|| format!("the time zone of the portal {name:?} is unknown here"))?;
        let edit_period = shelf.config.edit_period.unless_zero();
        let context = PortalContext {
            base_url: base_url(&row.host),
            time_zone,
            rules: Rules {
                compat_caps: shelf.config.compat_caps,
                edit_period: edit_period
                    .map(|period| i64::try_from(period.as_millis()).unwrap_or(i64::MAX)),
            },
            random: Arc::clone(random),
        };
        Ok(Self {
            name: row.name,
            host: row.host.to_ascii_lowercase(),
            portal: Arc::new(Portal {
                store,
                context,
                bus: Bus::default(),
            }),
            activity: Activity::default(),
            operating: Operating::default(),
        })
    }
}

/// The portals that are being served.
pub struct Portals(Vec<Arc<Served>>);

impl Portals {
    /// Serves these.
    #[must_use]
    pub fn new(served: Vec<Served>) -> Self {
        Self(served.into_iter().map(Arc::new).collect())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.0.iter()
    }

    /// The portal that a `Host` header names, with or without a port; the only one, whatever the header says.
    #[must_use]
    pub fn by_host(&self, host: Option<&str>) -> Option<&Arc<Served>> {
        if let [only] = self.0.as_slice() {
            return Some(only);
        }
        let host = without_port(host?);
        self.0
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

/// When users were last active; written to the store once in a while instead of with each call.
#[derive(Debug, Default)]
pub struct Activity(Mutex<HashMap<UserId, Timestamp>>);

impl Activity {
    /// Notes that a user called.
    pub fn note(&self, user: UserId, now: Timestamp) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = users.entry(user).or_insert(now);
        *last = now.max(*last);
    }

    /// Writes what was noted since the last time.
    ///
    /// # Errors
    /// When the store fails; then it stays noted.
    pub fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(());
        }
        let users: Vec<_> = noted.into_iter().collect();
        let written = users.clone();
        let outcome = store.write(move |tx| {
            for &(user, at) in &written {
                repo::user::update_activity(tx, user, at)?;
            }
            Ok::<(), StoreError>(())
        });
        if outcome.is_err() {
            for (user, at) in users {
                self.note(user, at);
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_portals_are_plain() {
        for name in ["a", "acme", "acme-2", "7_b", &"a".repeat(LONGEST_NAME)] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "-a",
            "Acme",
            "a/b",
            "..",
            "ü",
            &"a".repeat(LONGEST_NAME + 1),
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

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
