//! `cargo xtask deny`: what may be depended on, by the rules of `deny.toml`.
//!
//! The file is cargo-deny's, which takes many minutes to build where it is not installed. These
//! checks understand a part of its language, refuse the rest of it, and read nothing but what cargo
//! knows already, so that they run anywhere in seconds.

mod advisories;
mod bans;
mod config;
mod licences;
mod sources;

use anyhow::{Result, bail};

use self::config::Config;
use crate::workspace::Workspace;

/// Checks all dependencies on all platforms.
///
/// # Errors
/// When one breaks a rule; each is printed with the rule it breaks.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let config = Config::read(&workspace.path("deny.toml"))?;
    let metadata = workspace.locked_dependencies()?;
    let mut problems = licences::problems(&config.licenses, &metadata)?;
    problems.extend(bans::problems(&config.bans, &metadata)?);
    problems.extend(sources::problems(&config.sources, &metadata));
    match advisories::database(workspace) {
        Ok(folder) => {
            for finding in advisories::findings(&config.advisories, &folder, &metadata)? {
                if finding.is_vulnerability {
                    problems.push(finding.line);
                } else {
                    println!("{}", finding.line);
                }
            }
        }
        Err(error) => println!("advisories skipped, as their database is out of reach: {error:#}"),
    }
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} dependency rules broken", problems.len());
    }
    println!(
        "{} packages are as deny.toml allows",
        metadata.packages.len()
    );
    Ok(())
}
