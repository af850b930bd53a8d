//! Relative links in documents lead to existing files, and so do the paths in the code map and the README.

use std::path::Path;

use super::SourceFile;

/// Documents in which paths in backticks are checked too.
const MAPS: [&str; 2] = ["ARCHITECTURE.md", "README.md"];

pub(super) fn findings(files: &[SourceFile], root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("md")) {
        let folder = root.join(&file.path).parent().unwrap_or(root).to_path_buf();
        for (number, line) in file.lines() {
            let mut report = |target: &str| {
                findings.push(format!("{}:{number}: {target} does not exist", file.path));
            };
            for target in link_targets(line) {
                if !folder.join(target).exists() {
                    report(target);
                }
            }
            if MAPS.contains(&file.path.as_str()) {
                for path in quoted_paths(line, root) {
                    if !root.join(path).exists() {
                        report(path);
                    }
                }
            }
        }
    }
    findings
}

/// The targets of links `[text](target)` to files, without fragments.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?;
        let file = target.split('#').next()?;
        let is_external = file.contains("://") || file.starts_with("mailto:");
        (!file.is_empty() && !is_external).then_some(file)
    })
}

/// Words in backticks that are paths in the repository: they start with one of its top-level folders and contain no placeholder
/// such as `*` or `NAME`.
fn quoted_paths<'l>(line: &'l str, root: &Path) -> impl Iterator<Item = &'l str> {
    line.split('`').skip(1).step_by(2).filter(move |word| {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c);
        let folder = word.split_once('/').map(|(folder, _)| folder);
        let is_inside = |folder: &str| {
            !matches!(folder, "" | "." | ".." | "target") && root.join(folder).is_dir()
        };
        word.chars().all(is_plain) && folder.is_some_and(is_inside)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("crates/model")).unwrap();
        fs::write(root.path().join("crates/model/ids.rs"), "").unwrap();
        findings(&[SourceFile::new(path, text)], root.path())
    }

    #[test]
    fn links_are_relative_to_the_document() {
        assert!(check("README.md", "[ids](crates/model/ids.rs#top)").is_empty());
        assert!(check("crates/notes.md", "[ids](model/ids.rs)").is_empty());
        assert_eq!(
            check(
                "README.md",
                "[a](https://portal.example), [b](crates/gone.rs)"
            ),
            ["README.md:1: crates/gone.rs does not exist"]
        );
    }

    #[test]
    fn paths_in_the_code_map_must_exist() {
        let text = "`crates/model/ids.rs`\n`crates/model/gone.rs`\n`im/chat` `crates/NAME`\n";
        assert_eq!(
            check("ARCHITECTURE.md", text),
            ["ARCHITECTURE.md:2: crates/model/gone.rs does not exist"]
        );
        assert!(check("docs/notes.md", text).is_empty());
    }
}
