//! `cargo xtask tidy`: checks of the repository that no other tool has.
//!
//! Each check has one file, with a function that takes the files of the repository and returns its findings.

mod cycles;
mod decisions;
mod file_size;
mod layers;
mod leftovers;
mod links;
mod machine_paths;
mod statements;
mod test_names;

use std::fs;

use anyhow::{Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// A text file of the repository.
struct SourceFile {
    /// Relative to the root of the repository, with `/`.
    path: String,
    text: String,
}

impl SourceFile {
    fn has_extension(&self, extension: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| found == extension)
    }

    /// The lines and their numbers, which start at 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    #[cfg(test)]
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Checks all files that are tracked by git, or untracked and not ignored.
///
/// # Errors
/// When a check finds something; the findings are printed with their places.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let files = source_files(workspace)?;
    let mut findings = Vec::new();
    findings.extend(file_size::findings(&files));
    findings.extend(test_names::findings(&files));
    findings.extend(leftovers::findings(&files));
    findings.extend(decisions::findings(&files));
    findings.extend(layers::findings(&files));
    findings.extend(statements::findings(&files));
    findings.extend(cycles::findings(&files));
    findings.extend(links::findings(&files, workspace.root()));
    findings.extend(machine_paths::findings(&files, workspace.root()));
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    println!("checked {} files", files.len());
    Ok(())
}

fn source_files(workspace: &Workspace) -> Result<Vec<SourceFile>> {
    let mut list = workspace.command("git");
    list.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let names = process::capture(&mut list)?;
    let mut files = Vec::new();
    for path in names.split('\0').filter(|path| !path.is_empty()) {
        // Skips binary files, and files whose deletion is not staged.
        if let Ok(text) = fs::read_to_string(workspace.path(path)) {
            files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
