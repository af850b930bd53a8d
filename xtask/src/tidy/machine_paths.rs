//! The repository contains no paths that exist on one machine only.

use std::path::Path;

use super::SourceFile;

/// Folders that contain home directories.
const HOMES: [&str; 3] = ["home", "root", "Users"];

pub(super) fn findings(files: &[SourceFile], root: &Path) -> Vec<String> {
    let mut forbidden: Vec<String> = HOMES.iter().map(|folder| format!("/{folder}/")).collect();
    // The checkout and its parent folder, unless that is the root of the file system.
    let checkout = root
        .ancestors()
        .take(2)
        .map(|folder| format!("{}/", folder.display()));
    forbidden.extend(checkout.filter(|folder| !folder.starts_with("//")));
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.lines() {
            if let Some(path) = forbidden.iter().find(|path| starts_a_path(line, path)) {
                findings.push(format!(
                    "{}:{number}: path that exists on one machine only: {path}",
                    file.path
                ));
            }
        }
    }
    findings
}

/// Whether a path in the line starts like this. Matches inside a path, such as in a URL, do not count.
fn starts_a_path(line: &str, start_of_path: &str) -> bool {
    line.match_indices(start_of_path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~/$}*)".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Vec<String> {
        findings(
            &[SourceFile::new("notes.md", line)],
            Path::new("/builds/readmark"),
        )
    }

    #[test]
    fn paths_in_home_directories_and_the_checkout_are_found() {
        let person = format!("see `/{}/ada/notes`", HOMES[0]);
        assert_eq!(check(&person).len(), 1);
        assert_eq!(check("cd /builds/readmark/crates").len(), 1);
        assert_eq!(check("cat /builds/other/file").len(), 1);
    }

    #[test]
    fn folders_of_the_same_name_elsewhere_are_accepted() {
        let folder = HOMES[0];
        assert!(check(&format!("https://portal.example/{folder}/page")).is_empty());
        assert!(check(&format!("$PREFIX/{folder}/page")).is_empty());
        assert!(check("/var/lib/readmark").is_empty());
    }
}
