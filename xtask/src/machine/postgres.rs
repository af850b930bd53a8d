//! The programs of a PostgreSQL server.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::apt;

/// Where Debian installs the programs of each major version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// Makes sure that `initdb` is installed, which creates the data directory of a server.
pub(super) fn provide() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    apt::install("PostgreSQL's initdb", &["postgresql"])?;
    if !is_installed() {
        bail!("PostgreSQL's initdb not found after installing the package postgresql");
    }
    Ok(())
}

fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = Path::new(DEBIAN_FOLDER).read_dir() {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.iter().any(|folder| folder.join("initdb").is_file())
}
