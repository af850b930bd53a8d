//! The folder in which a server keeps its portals and keys.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The data folder.
#[derive(Clone, Debug)]
pub struct DataDir {
    root: PathBuf,
}

/// How clients reach the server of a data folder; the server writes it for the command line.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Reach {
    /// The port for clients.
    pub port: u16,
}

/// Claims the folder for one server until dropped.
#[derive(Debug)]
pub struct ServingLock {
    _file: File,
}

impl DataDir {
    /// The folder, created if missing, with access for its owner only.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(root: &Path) -> Result<Self> {
        // Absolute and without links, so that its files can be named to other programs.
        let root = make_private_dir(root)
            .and_then(|()| root.canonicalize())
            .with_context(|| format!("the data folder {} cannot be created", root.display()))?;
        Ok(Self { root })
    }

    /// The folder of all SQLite portals.
    #[must_use]
    pub fn portals(&self) -> PathBuf {
        self.root.join("portals")
    }

    /// The folder of the certificate authority, created if missing.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn tls(&self) -> Result<PathBuf> {
        let path = self.root.join("tls");
        make_private_dir(&path)
            .with_context(|| format!("the folder {} cannot be created", path.display()))?;
        Ok(path)
    }

    /// A file in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Claims the folder for one server.
    ///
    /// # Errors
    /// When another server has claimed it.
    pub fn lock_serving(&self) -> Result<ServingLock> {
        let path = self.file("serving.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(ServingLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another readmark is already serving {}",
                    self.root.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Records how clients reach the server.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note_reach(&self, reach: Reach) -> Result<()> {
        let path = self.file("reach.json");
        let text = serde_json::to_vec(&reach)?;
        write_private(&path, &text).with_context(|| format!("{} cannot be written", path.display()))
    }

    /// How clients reach the server that last served the folder, if any.
    #[must_use]
    pub fn reach(&self) -> Option<Reach> {
        let text = fs::read(self.file("reach.json")).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

/// Creates a folder and its parents; a new one is accessible to its owner only.
///
/// # Errors
/// When it cannot be created.
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file atomically and durably, readable by its owner only.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    // The file's name is durable only once its folder is synced.
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_served_once_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::create(dir.path()).unwrap();
        let lock = data.lock_serving().unwrap();
        let error = data.lock_serving().unwrap_err().to_string();
        assert!(error.contains("already serving"), "{error}");
        drop(lock);
        assert!(data.lock_serving().is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn private_files_and_folders_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("new");
        let data = DataDir::create(&root).unwrap();
        let path = data.file("secret");
        write_private(&path, b"first").unwrap();
        write_private(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&path)), (0o700, 0o600));
    }

    #[test]
    fn the_port_of_the_last_server_is_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::create(dir.path()).unwrap();
        assert!(data.reach().is_none());
        data.note_reach(Reach { port: 8443 }).unwrap();
        assert_eq!(data.reach().unwrap().port, 8443);
    }
}
