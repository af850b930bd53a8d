//! The repository and the commands that are run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

/// The repository that contains the source of this program.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the root of the workspace and its target directory.
    pub(crate) fn find() -> Result<Self> {
        let metadata = metadata_command(&own_manifest())
            .no_deps()
            .exec()
            .context("cargo could not read the workspace")?;
        Ok(Self {
            root: metadata.workspace_root.into_std_path_buf(),
            target: metadata.target_directory.into_std_path_buf(),
        })
    }

    /// The root of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the repository.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path inside cargo's target directory.
    pub(crate) fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// The debug build of a binary of this workspace.
    pub(crate) fn debug_binary(&self, name: &str) -> PathBuf {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.target.join("debug").join(file)
    }

    /// The release build of a binary of this workspace.
    pub(crate) fn release_binary(&self, name: &str) -> PathBuf {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.target.join("release").join(file)
    }

    /// A command that runs a program in the root of the repository.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// A command that runs the cargo that started this program, in the root of the repository.
    ///
    /// It does not inherit the variables that `cargo run` sets about this package. Build scripts of some dependencies run again when
    /// these change, so builds from here and by hand would invalidate each other.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command(cargo());
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(describes_package) {
                command.env_remove(name);
            }
        }
        command
    }
}

/// Whether `cargo run` sets a variable about the package that it runs.
fn describes_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn own_manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")
}

fn metadata_command(manifest: &Path) -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo()).manifest_path(manifest);
    command
}
