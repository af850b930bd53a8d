//! Known vulnerabilities of the dependencies, from the RustSec advisory database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cargo_metadata::Metadata;
use semver::{Version, VersionReq};
use serde::Deserialize;

use super::config::Advisories;
use crate::process;
use crate::workspace::Workspace;

const DATABASE: &str = "https://github.com/RustSec/advisory-db.git";

/// Fetches the database; its folder.
///
/// # Errors
/// When it cannot be fetched, which is how a machine without a network is known.
pub(super) fn database(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("tools/advisory-db");
    let mut git = workspace.command("git");
    // A database that asks for a password is out of reach, not worth a prompt.
    git.env("GIT_TERMINAL_PROMPT", "0");
    if folder.join(".git").is_dir() {
        git.arg("-C")
            .arg(&folder)
            .args(["pull", "--quiet", "--ff-only", "--depth=1"]);
    } else {
        git.args(["clone", "--quiet", "--depth=1", DATABASE])
            .arg(&folder);
    }
    process::capture(&mut git)?;
    Ok(folder)
}

/// An advisory that applies to a package.
pub(super) struct Finding {
    /// The package and the advisory.
    pub(super) line: String,
    /// Whether it is a vulnerability, and not a notice such as that nobody maintains the package.
    pub(super) is_vulnerability: bool,
}

/// The advisories that apply to a package and are not ignored.
pub(super) fn findings(
    rules: &Advisories,
    database: &Path,
    metadata: &Metadata,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let is_published = package
            .source
            .as_ref()
            .is_some_and(|source| source.is_crates_io());
        if !is_published {
            continue;
        }
        for advisory in advisories_of(database, &package.name)? {
            let is_ignored = rules
                .ignore
                .iter()
                .any(|ignored| ignored.id == advisory.about.id);
            if !is_ignored && advisory.applies_to(&package.version) {
                let kind = advisory.about.informational.as_deref();
                findings.push(Finding {
                    line: format!(
                        "advisories: {} {} has {} ({})",
                        package.name,
                        package.version,
                        advisory.about.id,
                        kind.unwrap_or("vulnerability")
                    ),
                    is_vulnerability: kind.is_none(),
                });
            }
        }
    }
    Ok(findings)
}

/// The head of a file of the database.
#[derive(Deserialize)]
struct Advisory {
    #[serde(rename = "advisory")]
    about: About,
    versions: Versions,
}

#[derive(Deserialize)]
struct About {
    id: String,
    /// Since when it is no longer held to be true.
    withdrawn: Option<String>,
    /// What it is when it is no vulnerability: unmaintained, unsound, notice.
    informational: Option<String>,
}

#[derive(Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

impl Advisory {
    fn applies_to(&self, version: &Version) -> bool {
        let mut safe = self
            .versions
            .patched
            .iter()
            .chain(&self.versions.unaffected);
        self.about.withdrawn.is_none() && !safe.any(|range| range.matches(version))
    }
}

fn advisories_of(database: &Path, package: &str) -> Result<Vec<Advisory>> {
    let folder = database.join("crates").join(package);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut advisories = Vec::new();
    for entry in fs::read_dir(&folder).context("could not list the advisories")? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).context("could not read an advisory")?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        advisories.push(parse(&text).with_context(|| format!("advisory {name}"))?);
    }
    Ok(advisories)
}

/// An advisory is a Markdown text that begins with a block of TOML.
fn parse(text: &str) -> Result<Advisory> {
    let head = text
        .split_once("```toml")
        .and_then(|(_, rest)| rest.split_once("```"));
    let Some((toml, _)) = head else {
        bail!("it has no block of TOML");
    };
    toml::from_str(toml).context("its block of TOML")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(extra: &str) -> Advisory {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2030-0001\"\npackage = \"sample\"\n{extra}\n\
             [versions]\npatched = [\">= 1.4.2\", \">= 1.2.9, < 1.3.0\"]\n\
             unaffected = [\"< 1.1.0\"]\n```\n\n# Something was wrong\n"
        );
        parse(&text).unwrap()
    }

    fn applies(extra: &str, version: &str) -> bool {
        advisory(extra).applies_to(&version.parse().unwrap())
    }

    #[test]
    fn versions_between_the_patched_and_the_unaffected_are_vulnerable() {
        assert!(applies("", "1.2.0"));
        assert!(applies("", "1.3.5"));
        assert!(!applies("", "1.2.9"));
        assert!(!applies("", "1.4.2"));
        assert!(!applies("", "1.0.7"));
    }

    #[test]
    fn a_withdrawn_advisory_applies_to_nothing() {
        assert!(!applies("withdrawn = \"2030-05-06\"", "1.2.0"));
    }

    #[test]
    fn advisories_are_found_by_the_name_of_the_package() {
        let database = tempfile::tempdir().unwrap();
        let folder = database.path().join("crates/sample");
        fs::create_dir_all(&folder).unwrap();
        let text =
            "```toml\n[advisory]\nid = \"RUSTSEC-2030-0002\"\n[versions]\npatched = []\n```\n";
        fs::write(folder.join("RUSTSEC-2030-0002.md"), text).unwrap();

        let ids = |package: &str| -> Vec<String> {
            let found = advisories_of(database.path(), package).unwrap();
            found
                .into_iter()
                .map(|advisory| advisory.about.id)
                .collect()
        };

        assert_eq!(ids("sample"), ["RUSTSEC-2030-0002"]);
        assert!(ids("other").is_empty());
    }
}
