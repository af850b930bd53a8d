//! Sockets with long paths.
//!
//! The path of a Unix socket has about a hundred bytes at most, less than that of a data folder may have. Where it is longer, the socket is
//! reached by way of a link to its folder, in a folder for temporary files.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The length that every system allows, in bytes.
const LONGEST: usize = 100;

/// A path of a socket that is short enough for as long as this lives.
pub(super) struct ShortPath {
    path: PathBuf,
    /// The folder of the link.
    _folder: Option<tempfile::TempDir>,
}

impl ShortPath {
    /// # Errors
    /// When the link cannot be created.
    pub(super) fn to(socket: &Path) -> io::Result<Self> {
        if socket.as_os_str().len() <= LONGEST {
            return Ok(Self {
                path: socket.to_owned(),
                _folder: None,
            });
        }
        let (Some(parent), Some(name)) = (socket.parent(), socket.file_name()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix("readmark-");
        let usual = std::env::temp_dir();
        let folder = if usual.as_os_str().len() <= LONGEST / 2 {
            builder.tempdir_in(usual)?
        } else {
            builder.tempdir_in("/tmp")?
        };
        let link = folder.path().join("d");
        std::os::unix::fs::symlink(parent, &link)?;
        Ok(Self {
            path: link.join(name),
            _folder: Some(folder),
        })
    }
}

impl AsRef<Path> for ShortPath {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixListener, UnixStream};

    use super::*;

    #[test]
    fn a_socket_deep_down_is_made_in_its_place_and_reached() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("d".repeat(120)).join("e".repeat(120));
        std::fs::create_dir_all(&deep).unwrap();
        let socket = deep.join("door.sock");
        assert!(UnixListener::bind(&socket).is_err());
        let listener = UnixListener::bind(ShortPath::to(&socket).unwrap()).unwrap();
        assert!(socket.exists());
        UnixStream::connect(ShortPath::to(&socket).unwrap()).unwrap();
        listener.accept().unwrap();
    }
}
