//! Python and its virtual environments.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{apt, version};
use crate::process;

/// The oldest Python that the Python SDK and its dependencies support.
const OLDEST: (u32, u32) = (3, 10);

/// The file in an environment that records the installed requirements.
const INSTALLED: &str = "installed-requirements.txt";

/// Makes sure that a Python is installed that can create virtual environments.
pub(super) fn provide() -> Result<()> {
    if installed_version().is_none() || !can_create_environments() {
        apt::install("python3 with venv", &["python3", "python3-venv"])?;
    }
    match installed_version() {
        Some(found) if found >= OLDEST => Ok(()),
        Some((major, minor)) => {
            let (oldest_major, oldest_minor) = OLDEST;
            bail!("python3 is {major}.{minor}; install {oldest_major}.{oldest_minor} or newer")
        }
        None => bail!("python3 not found after installing the package python3"),
    }
}

fn installed_version() -> Option<(u32, u32)> {
    version(&process::capture(Command::new("python3").arg("--version")).ok()?)
}

/// Debian packages `ensurepip`, which installs pip into environments, separately from Python.
fn can_create_environments() -> bool {
    process::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"]))
}

/// Creates a virtual environment with exactly the given requirements, unless it exists, and returns its folder of programs.
///
/// # Errors
/// When Python is missing or a requirement cannot be installed.
pub(crate) fn environment(folder: &Path, requirements: &str) -> Result<PathBuf> {
    let programs = folder.join("bin");
    let stamp = folder.join(INSTALLED);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(programs);
    }
    provide()?;
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )?;
    let wanted = folder.join("wanted-requirements.txt");
    fs::write(&wanted, requirements).context("could not write the list of requirements")?;
    process::run(
        Command::new(programs.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg("--requirement")
            .arg(&wanted),
    )?;
    fs::rename(wanted, stamp).context("could not record what was installed")?;
    Ok(programs)
}
