//! `cargo xtask gen`: the documents under `docs/api`, generated from the contract.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{build, process};

/// The contents of the files under `docs/api`, by name.
type Documents = BTreeMap<String, String>;

/// Generates the documents from the current contract.
fn documents(workspace: &Workspace) -> Result<Documents> {
    let program = build::program(workspace, "api-documents")?;
    let printed = process::capture(&mut workspace.command(program))?;
    serde_json::from_str(&printed).context("could not parse the generated documents")
}

/// Writes the documents that differ.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let folder = workspace.path("docs/api");
    fs::create_dir_all(&folder).context("could not create docs/api")?;
    let documents = documents(workspace)?;
    for name in stale(&folder, &documents)? {
        let path = folder.join(&name);
        match documents.get(&name) {
            Some(text) => fs::write(&path, text),
            None => fs::remove_file(&path),
        }
        .with_context(|| format!("could not update docs/api/{name}"))?;
        println!("updated docs/api/{name}");
    }
    Ok(())
}

/// Compares the documents with the contract.
///
/// # Errors
/// When any are stale; the error names them.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let stale = stale(&workspace.path("docs/api"), &documents(workspace)?)?;
    if !stale.is_empty() {
        bail!(
            "stale under docs/api: {}; run `cargo xtask gen`",
            stale.join(", ")
        );
    }
    Ok(())
}

/// The names of missing, outdated and superfluous files, sorted.
fn stale(folder: &Path, documents: &Documents) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for (name, text) in documents {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            names.push(name.clone());
        }
    }
    for entry in fs::read_dir(folder).context("could not list docs/api")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !documents.contains_key(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_changed_and_superfluous_files_are_stale() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("current.md"), "same").unwrap();
        fs::write(folder.path().join("changed.md"), "old").unwrap();
        fs::write(folder.path().join("superfluous.md"), "left behind").unwrap();
        let documents = [
            ("current.md", "same"),
            ("changed.md", "new"),
            ("missing.md", "new"),
        ];
        let documents = documents
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();

        let stale = stale(folder.path(), &documents).unwrap();

        assert_eq!(stale, ["changed.md", "missing.md", "superfluous.md"]);
    }
}
