//! Packages that must not be there, or only under certain others, and requirements that take any version.

use std::collections::HashMap;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, Package, PackageId};

use super::config::{Ban, Bans, Level};

/// One line for each broken rule.
pub(super) fn problems(rules: &Bans, metadata: &Metadata) -> Result<Vec<String>> {
    let mut problems = banned(&rules.deny, metadata)?;
    if rules.wildcards == Level::Deny {
        problems.extend(wildcards(rules, metadata));
    }
    Ok(problems)
}

fn banned(bans: &[Ban], metadata: &Metadata) -> Result<Vec<String>> {
    let users = users(metadata)?;
    let mut problems = Vec::new();
    for package in &metadata.packages {
        for ban in bans.iter().filter(|ban| ban.package.matches(package)) {
            let users = users.get(&package.id).map_or(&[][..], Vec::as_slice);
            for user in users
                .iter()
                .filter(|user| !ban.wrappers.iter().any(|name| name == *user))
            {
                problems.push(format!(
                    "bans: {user} depends on {}: {}",
                    package.name, ban.reason
                ));
            }
        }
    }
    Ok(problems)
}

/// The names of the packages that depend directly on each package.
fn users(metadata: &Metadata) -> Result<HashMap<&PackageId, Vec<&str>>> {
    let resolve = metadata
        .resolve
        .as_ref()
        .context("cargo resolved no dependencies")?;
    let names: HashMap<&PackageId, &str> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let mut users: HashMap<&PackageId, Vec<&str>> = HashMap::new();
    for node in &resolve.nodes {
        for dependency in &node.dependencies {
            users
                .entry(dependency)
                .or_default()
                .extend(names.get(&node.id));
        }
    }
    Ok(users)
}

fn wildcards(rules: &Bans, metadata: &Metadata) -> Vec<String> {
    let mut problems = Vec::new();
    for package in metadata.workspace_packages() {
        for name in wildcard_dependencies(package, rules.allow_wildcard_paths) {
            problems.push(format!(
                "bans: {} depends on any version of {name}",
                package.name
            ));
        }
    }
    problems
}

fn wildcard_dependencies(package: &Package, allow_paths: bool) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.req == semver::VersionReq::STAR)
        .filter(move |dependency| dependency.path.is_none() || !allow_paths)
        .map(|dependency| dependency.name.as_str())
}
