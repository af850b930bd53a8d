//! Where portals are stored.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use readmark_store::{HotMemory, Settings, Store};

use crate::{
    config::Config,
    data::{self, DataDir},
    files::Contents,
};

/// The prefix of a portal's PostgreSQL schema, followed by the portal's name.
const SCHEMA_PREFIX: &str = "portal_";

/// The longest name of a portal; with the prefix it fits into a PostgreSQL identifier.
const LONGEST_NAME: usize = 40;

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
            (None, []) => {
                bail!("there is no portal yet: make one with `readmark portal create NAME`")
            }
            (None, _) => bail!(
                "there are several portals: choose one with --portal{}",
                listed(&names)
            ),
        }
    }

    /// Opens the store of an existing portal.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn open(&self, name: &str) -> Result<Store> {
        let settings = if self.config.database_url.is_empty() {
            Settings::Sqlite {
                path: self.file(name),
                readers: self.config.sqlite_readers,
                memory: HotMemory {
                    bytes: self.config.hot_memory,
                    compared: false,
                },
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

    /// Opens the store of a new portal. The caller writes its contents.
    ///
    /// # Errors
    /// When the name is invalid or the store cannot be created.
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
