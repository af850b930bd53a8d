//! Where portals are stored.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use readmark_store::{Claim, HotMemory, Settings, Store, StoreError};

use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    data::{self, DataDir},
    files::{Contents, Waiting},
    version,
};

/// The prefix of a portal's PostgreSQL schema, followed by the portal's name.
const SCHEMA_PREFIX: &str = "portal_";

/// The longest name of a portal; with the prefix it fits into a PostgreSQL identifier.
const LONGEST_NAME: usize = 40;

/// How long to wait for a command that owns a portal.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The storage of the configured portals.
#[derive(Clone, Debug)]
pub struct PortalCatalog {
    config: Config,
    data: DataDir,
}

impl PortalCatalog {
    /// The portals of a configuration.
    ///
    /// # Errors
    /// When the data folder cannot be created.
    pub fn new(config: &Config) -> Result<Self> {
        Ok(Self {
            config: config.clone(),
            data: DataDir::create(&config.data)?,
        })
    }

    /// The same where a portal was created before: makes no folder where there is none.
    ///
    /// # Errors
    /// When no portal exists, or the folder or the database cannot be read.
    pub fn existing(config: &Config) -> Result<Self> {
        if !config.data.exists() {
            let names = if config.database_url.is_empty() {
                Vec::new()
            } else {
                schema_names(&config.database_url)?
            };
            if names.is_empty() {
                return Err(no_portal());
            }
        }
        Self::new(config)
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
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
            schema_names(&self.config.database_url)?
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

    /// The storage of a portal's file contents.
    ///
    /// # Errors
    /// When the folder cannot be created, or the bucket cannot be used as configured.
    pub fn contents(&self, name: &str) -> Result<Contents> {
        Contents::open(
            &self.config,
            name,
            self.data.portals().join(name).join("files"),
        )
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.portals().join(name).join("portal.db")
    }

    /// Resolves a portal name: the one given, else the only portal.
    ///
    /// # Errors
    /// When that portal does not exist, or none is given and there is not exactly one.
    pub fn choose(&self, given: Option<&str>) -> Result<String> {
        let names = self.names()?;
        match (given, names.as_slice()) {
            (Some(name), _) if names.iter().any(|other| other == name) => Ok(name.to_owned()),
            (Some(name), _) => bail!("there is no portal {name:?}{}", listed(&names)),
            (None, [only]) => Ok(only.clone()),
            (None, []) => Err(no_portal()),
            (None, _) => bail!(
                "there are several portals: choose one with --portal{}",
                listed(&names)
            ),
        }
    }

    /// Opens the store of an existing portal as its only owner. `door` is where a server takes operations; a command has none.
    ///
    /// # Errors
    /// When another process owns it for longer than `patience` ([`StoreError::Held`]), or the store cannot be opened.
    pub fn own(&self, name: &str, door: &Path, patience: Duration) -> Result<Store> {
        let settings = self.settings(
            name,
            self.config.sqlite_readers,
            self.config.database_connections,
        );
        Store::own(&settings, &claim(door, patience))
            .map_err(|error| refused(name, error, "opened"))
    }

    /// Opens the store of an existing portal to read it, whoever owns it.
    ///
    /// # Errors
    /// When the store cannot be opened, or has another schema than this program's.
    pub fn open_to_read(&self, name: &str) -> Result<Store> {
        Store::open_to_read(&self.settings(name, 1, 1))
            .map_err(|error| refused(name, error, "opened"))
    }

    /// How the store of a portal is opened.
    fn settings(&self, name: &str, readers: usize, connections: usize) -> Settings {
        if self.config.database_url.is_empty() {
            Settings::Sqlite {
                path: self.file(name),
                readers,
                memory: HotMemory {
                    bytes: self.config.hot_memory,
                    compared: false,
                },
            }
        } else {
            Settings::Postgres {
                url: self.config.database_url.clone(),
                schema: format!("{SCHEMA_PREFIX}{name}"),
                connections,
            }
        }
    }

    /// Deletes a portal with its messages and the contents of its files, if there is one. Nobody owns it meanwhile.
    ///
    /// # Errors
    /// When another process owns it ([`StoreError::Held`]), or something cannot be deleted; what is left then can be deleted by the next
    /// attempt.
    pub fn erase(&self, name: &str) -> Result<()> {
        check_name(name)?;
        let settings = self.settings(name, 1, 1);
        let folder = self.data.portals().join(name);
        let lock = settings.lock_file();
        if lock.is_some() {
            self.make_folder(name)?;
        }
        // The database comes first: contents that nothing refers to do no harm.
        readmark_store::erase(&settings, &claim(Path::new(""), PATIENCE), || {
            let contents = self.contents(name)?;
            Waiting::alone()?
                .on(contents.erase())
                .with_context(|| format!("the files of the portal {name:?} cannot be deleted"))?;
            empty(&folder, lock.as_deref())
                .with_context(|| format!("the folder of the portal {name:?} cannot be deleted"))
        })
        .map_err(|error: anyhow::Error| match error.downcast() {
            Ok(error) => refused(name, error, "deleted"),
            Err(other) => other,
        })
    }

    /// Opens the store of a new portal as its only owner. The caller writes its contents.
    ///
    /// # Errors
    /// When the name is invalid or the store cannot be created.
    pub fn make(&self, name: &str) -> Result<Store> {
        check_name(name)?;
        if self.config.database_url.is_empty() {
            self.make_folder(name)?;
        }
        self.own(name, Path::new(""), PATIENCE)
    }

    fn make_folder(&self, name: &str) -> Result<()> {
        let folder = self.data.portals().join(name);
        data::make_private_dir(&folder)
            .with_context(|| format!("{} cannot be created", folder.display()))
    }
}

/// The claim of this process to a portal.
fn claim(door: &Path, patience: Duration) -> Claim {
    Claim {
        program: version::program(),
        host: version::host(),
        door: door.to_string_lossy().into_owned(),
        now: SystemClock.now(),
        patience,
    }
}

/// Says who owns the portal, where somebody does; else what cannot be done with it.
fn refused(name: &str, error: StoreError, done: &str) -> anyhow::Error {
    match error {
        StoreError::Held(Some(holder)) => {
            let at = jiff::Timestamp::from_millisecond(holder.taken_at.get());
            let since = at.map_or_else(|_| String::new(), |at| format!(" since {at:.0}"));
            let (program, host) = (&holder.program, &holder.host);
            let what = if holder.door.is_empty() {
                "a command works on"
            } else {
                "another server serves"
            };
            anyhow::Error::from(StoreError::Held(Some(holder.clone()))).context(format!(
                "{what} the portal {name:?}: {program} on the host {host:?}{since}"
            ))
        }
        other => {
            anyhow::Error::from(other).context(format!("the portal {name:?} cannot be {done}"))
        }
    }
}

/// Deletes a folder, if there is one. Where a file in it is kept, the folder stays, too.
fn empty(folder: &Path, kept: Option<&Path>) -> io::Result<()> {
    let Some(kept) = kept else {
        return match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path == kept {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(path)?;
        } else {
            fs::remove_file(path)?;
        }
    }
    Ok(())
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

/// The names of the portals of a database.
fn schema_names(url: &str) -> Result<Vec<String>> {
    let schemas = readmark_store::postgres_schemas(url)?;
    let names = schemas
        .iter()
        .filter_map(|schema| schema.strip_prefix(SCHEMA_PREFIX));
    Ok(names.map(str::to_owned).collect())
}

/// Why nothing can be done where no portal is.
pub(crate) fn no_portal() -> anyhow::Error {
    anyhow!("there is no portal yet: create one with `readmark portal create NAME`")
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(" (there is {})", names.join(", "))
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
}
