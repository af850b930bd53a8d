//! Cargo subcommands in pinned versions, built from source if they are not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// The folder in cargo's home for the tools built here, outside of `target` so that all checkouts share it.
const FOLDER: &str = "readmark-tools";

/// A tool on crates.io.
pub(crate) struct CargoTool {
    /// The name of the package and of its program.
    name: &'static str,
    /// The only version that is used, so that new releases do not change the results.
    version: &'static str,
}

/// Checks licences, bans, sources and advisories of dependencies.
pub(crate) const DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Finds unused dependencies. Versions from 1.13.5 on need a newer Rust than this workspace.
pub(crate) const SHEAR: CargoTool = CargoTool {
    name: "cargo-shear",
    version: "1.13.4",
};

impl CargoTool {
    /// Makes sure that the tool is installed and returns its program.
    ///
    /// # Errors
    /// When it is missing and cannot be built.
    pub(crate) fn provide(&self, workspace: &Workspace) -> Result<PathBuf> {
        let installed = PathBuf::from(self.name);
        if self.is_at(&installed) {
            return Ok(installed);
        }
        let home = cargo_home().context("could not find cargo's home folder; set CARGO_HOME")?;
        let root = home.join(FOLDER).join(self.version_name());
        let file = format!("{}{}", self.name, std::env::consts::EXE_SUFFIX);
        let program = root.join("bin").join(file);
        if !self.is_at(&program) {
            self.build(workspace, &root)?;
        }
        if !self.is_at(&program) {
            bail!(
                "{} does not report version {} after it was built",
                self.name,
                self.version
            );
        }
        Ok(program)
    }

    /// Whether a program exists and is this tool in this version.
    fn is_at(&self, program: &Path) -> bool {
        let printed = process::capture(Command::new(program).arg("--version"));
        // cargo-deny prints its name before the version, cargo-shear a label.
        printed.is_ok_and(|text| text.split_whitespace().next_back() == Some(self.version))
    }

    fn build(&self, workspace: &Workspace, root: &Path) -> Result<()> {
        let Self { name, version } = self;
        let shown = root.display();
        println!(
            "{name} {version} not found: building it in {shown}, once for all checkouts; this takes a minute or two"
        );
        let mut install = workspace.cargo();
        install
            // Without it, cargo does not rebuild a program that it installed and that was deleted since.
            .args([
                "install",
                "--quiet",
                "--locked",
                "--force",
                "--version",
                version,
            ])
            .arg("--root")
            .arg(root)
            // Optimising the tools takes minutes; the checks take seconds without.
            .args(["--profile", "dev", name])
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        process::run(&mut install).with_context(|| {
            format!(
                "{name} {version} not found; `cargo install --locked {name}@{version}` installs it"
            )
        })
    }

    /// `cargo-deny-0.20.2`: branches can use different versions side by side.
    fn version_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

/// The folder where cargo keeps downloads and installed programs.
fn cargo_home() -> Option<PathBuf> {
    let configured = std::env::var_os("CARGO_HOME").filter(|folder| !folder.is_empty());
    configured
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}
