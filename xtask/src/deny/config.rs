//! The part of cargo-deny's configuration that is understood. Any other key is an error, so that
//! no rule is written that nobody keeps.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use semver::VersionReq;
use serde::Deserialize;

/// `deny.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    pub(super) advisories: Advisories,
    pub(super) licenses: Licenses,
    pub(super) bans: Bans,
    pub(super) sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advisories {
    /// Advisories that are known not to matter here.
    #[serde(default)]
    pub(super) ignore: Vec<Ignored>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ignored {
    pub(super) id: String,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Licenses {
    /// Licences that any package may have.
    pub(super) allow: Vec<String>,
    /// Licences that one package may have beside them.
    #[serde(default)]
    pub(super) exceptions: Vec<LicenseException>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenseException {
    #[serde(rename = "crate")]
    pub(super) package: PackageSpec,
    pub(super) allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Bans {
    pub(super) wildcards: Level,
    #[serde(default)]
    pub(super) allow_wildcard_paths: bool,
    #[serde(default)]
    pub(super) deny: Vec<Ban>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ban {
    #[serde(rename = "crate")]
    pub(super) package: PackageSpec,
    pub(super) reason: String,
    /// The only packages that may depend on this one; none may when there are no wrappers.
    #[serde(default)]
    pub(super) wrappers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Sources {
    pub(super) unknown_registry: Level,
    pub(super) unknown_git: Level,
}

/// What follows when a rule is broken.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Deny,
    Allow,
}

/// A package by name, or by name and version as `name@1.2`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PackageSpec {
    pub(super) name: String,
    version: VersionReq,
}

impl PackageSpec {
    pub(super) fn matches(&self, package: &cargo_metadata::Package) -> bool {
        *package.name == self.name && self.version.matches(&package.version)
    }
}

impl TryFrom<String> for PackageSpec {
    type Error = semver::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, VersionReq::parse(&format!("={version}"))?),
            None => (text.as_str(), VersionReq::STAR),
        };
        Ok(Self {
            name: name.to_owned(),
            version,
        })
    }
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is missing, is no TOML, or holds a key that is not understood.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).context("could not read deny.toml")?;
        toml::from_str(&text).context("deny.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bans(text: &str) -> Result<Bans, toml::de::Error> {
        toml::from_str(&format!("wildcards = \"deny\"\n{text}"))
    }

    #[test]
    fn a_rule_that_is_not_understood_is_refused() {
        let error = bans("external-default-features = \"deny\"").err().unwrap();
        assert!(
            error.to_string().contains("external-default-features"),
            "{error}"
        );
    }

    #[test]
    fn a_ban_without_a_reason_is_refused() {
        let error = bans("deny = [{ crate = \"openssl-sys\" }]").err().unwrap();
        assert!(error.to_string().contains("reason"), "{error}");
    }

    #[test]
    fn a_version_in_a_specification_stands_for_all_that_begin_so() {
        let spec = PackageSpec::try_from("syn@1".to_owned()).unwrap();
        assert_eq!(spec.name, "syn");
        assert!(spec.version.matches(&"1.9.0".parse().unwrap()));
        assert!(!spec.version.matches(&"2.0.0".parse().unwrap()));
    }
}
