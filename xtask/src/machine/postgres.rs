//! The programs of a PostgreSQL server.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::apt;

/// Where Debian keeps a folder of programs per major version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// Makes sure that `initdb` is there, by which a server's data directory is made.
pub(super) fn provide() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    apt::install("PostgreSQL's initdb", &["postgresql"])?;
    if !is_there() {
        bail!("PostgreSQL's initdb not found, although the package postgresql is installed");
    }
    Ok(())
}

fn is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = Path::new(DEBIAN_FOLDER).read_dir() {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.iter().any(|folder| folder.join("initdb").is_file())
}
