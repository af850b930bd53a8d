//! No path of one person's machine is in the repository.

use std::path::Path;

use super::SourceFile;

/// Folders in which people's files are.
const PEOPLE: [&str; 3] = ["home", "root", "Users"];

pub(super) fn findings(files: &[SourceFile], root: &Path) -> Vec<String> {
    let mut forbidden: Vec<String> = PEOPLE.iter().map(|folder| format!("/{folder}/")).collect();
    // The checkout itself and the folder it is in, unless that is all of the machine.
    let checkout = root
        .ancestors()
        .take(2)
        .map(|folder| format!("{}/", folder.display()));
    forbidden.extend(checkout.filter(|folder| !folder.starts_with("//")));
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in file.lines() {
            if let Some(path) = forbidden.iter().find(|path| begins_a_path(line, path)) {
                findings.push(format!(
                    "{}:{number}: path of one machine: {path}",
                    file.path
                ));
            }
        }
    }
    findings
}

/// Whether a path of the line begins so; in the middle of one, as in a URL, it means nothing.
fn begins_a_path(line: &str, beginning: &str) -> bool {
    line.match_indices(beginning).any(|(start, _)| {
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
    fn home_folders_and_the_checkout_are_found() {
        let person = format!("see `/{}/ada/notes`", PEOPLE[0]);
        assert_eq!(check(&person).len(), 1);
        assert_eq!(check("cd /builds/readmark/crates").len(), 1);
        assert_eq!(check("cat /builds/other/file").len(), 1);
    }

    #[test]
    fn folders_of_the_same_name_elsewhere_are_fine() {
        let folder = PEOPLE[0];
        assert!(check(&format!("https://portal.example/{folder}/page")).is_empty());
        assert!(check(&format!("$PREFIX/{folder}/page")).is_empty());
        assert!(check("/var/lib/readmark").is_empty());
    }
}
