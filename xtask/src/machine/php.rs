//! PHP for the command line.

use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use crate::process;

/// What a bot uses of PHP's version and extensions, all of which Debian's package has.
const CHECK: &str = "exit(PHP_VERSION_ID >= 80100 && extension_loaded('openssl') \
                     && extension_loaded('pcntl') ? 0 : 1);";

/// Makes sure that `php` is there.
pub(super) fn provide() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    apt::install("php 8.1 with openssl and pcntl", &["php-cli"])?;
    if !is_there() {
        bail!(
            "php 8.1 with openssl and pcntl not found, although the package php-cli is installed"
        );
    }
    Ok(())
}

fn is_there() -> bool {
    process::succeeds(Command::new("php").args(["-r", CHECK]))
}
