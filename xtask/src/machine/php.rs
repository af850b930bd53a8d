//! The PHP command line.

use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use crate::process;

/// Succeeds with the PHP version and the extensions that the bot needs, which Debian's package has.
const CHECK: &str = "exit(PHP_VERSION_ID >= 80100 && extension_loaded('openssl') \
                     && extension_loaded('pcntl') ? 0 : 1);";

/// Makes sure that `php` is installed.
pub(super) fn provide() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    apt::install("php 8.1 with openssl and pcntl", &["php-cli"])?;
    if !is_installed() {
        bail!("php 8.1 with openssl and pcntl not found after installing the package php-cli");
    }
    Ok(())
}

fn is_installed() -> bool {
    process::succeeds(Command::new("php").args(["-r", CHECK]))
}
