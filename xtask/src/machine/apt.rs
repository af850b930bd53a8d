//! Installing Debian packages.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs packages, as root or with passwordless sudo.
///
/// `missing` is what the caller looked for; messages begin with it.
///
/// # Errors
/// When apt is not available, root privileges are missing, or the installation fails.
pub(super) fn install(missing: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !process::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("{missing} not found; install the equivalent of Debian's {names}");
    }
    let Some(prefix) = privilege() else {
        bail!("{missing} not found; as root, run `apt-get install {names}`");
    };
    println!("{missing} not found: installing {names}");
    for arguments in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends"],
    ] {
        let mut words = prefix.iter().copied().chain(["apt-get", "--quiet=2"]);
        let mut command = Command::new(words.next().unwrap_or("apt-get"));
        command.args(words).args(arguments);
        if arguments.len() > 1 {
            command.args(packages);
        }
        // Packages must not ask questions. Sudo is told to preserve this variable.
        command.env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut command)
            .with_context(|| format!("{missing} not found, and {names} could not be installed"))?;
    }
    Ok(())
}

/// The command prefix that runs `apt-get` as root; `None` if there is none.
fn privilege() -> Option<&'static [&'static str]> {
    let is_root = process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    if is_root {
        return Some(&[]);
    }
    let has_sudo = process::succeeds(Command::new("sudo").args(["--non-interactive", "true"]));
    has_sudo.then_some(&["sudo", "--preserve-env=DEBIAN_FRONTEND"])
}
