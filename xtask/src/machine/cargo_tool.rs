//! Checkers of dependencies that are cargo subcommands, in pinned versions, built from source where they are missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// The folder below cargo's home that holds what is built here. It is outside of `target`, so that every checkout uses it.
const FOLDER: &str = "readmark-tools";

/// A program from the registry.
pub(crate) struct CargoTool {
    /// The name of its package and of its program.
    name: &'static str,
    /// The only version that is used, so that a new release does not change what passes.
    version: &'static str,
}

/// Licences, bans, sources and advisories of dependencies.
pub(crate) const DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Dependencies that no code uses. From 1.13.5 on it needs a newer Rust than this workspace.
pub(crate) const SHEAR: CargoTool = CargoTool {
    name: "cargo-shear",
    version: "1.13.4",
};

impl CargoTool {
    /// Makes sure that the tool is there; its program.
    ///
    /// # Errors
    /// When it is neither installed nor can be built.
    pub(crate) fn provide(&self, workspace: &Workspace) -> Result<PathBuf> {
        let installed = PathBuf::from(self.name);
        if self.is(&installed) {
            return Ok(installed);
        }
        let home = cargo_home().context("cargo's home folder is unknown; set CARGO_HOME")?;
        let root = home.join(FOLDER).join(self.version_name());
        let file = format!("{}{}", self.name, std::env::consts::EXE_SUFFIX);
        let program = root.join("bin").join(file);
        if !self.is(&program) {
            self.build(workspace, &root)?;
        }
        if !self.is(&program) {
            bail!(
                "{} was built and is not version {}",
                self.name,
                self.version
            );
        }
        Ok(program)
    }

    /// Whether a program is there and is this tool in this version.
    fn is(&self, program: &Path) -> bool {
        let printed = process::capture(Command::new(program).arg("--version"));
        // One prints its name before the version, the other a label.
        printed.is_ok_and(|text| text.split_whitespace().next_back() == Some(self.version))
    }

    fn build(&self, workspace: &Workspace, root: &Path) -> Result<()> {
        let Self { name, version } = self;
        let shown = root.display();
        println!("{name} {version} not found: building it into {shown}, once for all checkouts");
        let mut install = workspace.cargo();
        install
            // Without `--force`, cargo trusts its own notes even where the program itself was deleted.
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
            // The checks take a second or two unoptimised, and optimising both tools well over a minute.
            .args(["--profile", "dev", name])
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        process::run(&mut install).with_context(|| {
            format!("{name} {version} not found; `cargo install --locked {name}@{version}` gets it")
        })
    }

    /// `cargo-deny-0.20.2`: versions do not replace each other, as branches may need different ones.
    fn version_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

/// The folder in which cargo keeps what it downloads.
fn cargo_home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").filter(|folder| !folder.is_empty());
    told.map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}
