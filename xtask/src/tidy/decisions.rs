//! Decision records in `docs/adr` are named like `0001-what-was-decided.md` and numbered from 1 without gaps.

use super::SourceFile;

const FOLDER: &str = "docs/adr/";
const DIGITS: usize = 4;

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut numbers = Vec::new();
    for name in files
        .iter()
        .filter_map(|file| file.path.strip_prefix(FOLDER))
    {
        if name == "README.md" {
            continue;
        }
        match number(name) {
            Some(number) => numbers.push(number),
            None => findings.push(format!(
                "{FOLDER}{name}: is not named like 0001-decision.md"
            )),
        }
    }
    numbers.sort_unstable();
    for (expected, number) in (1..).zip(&numbers) {
        if *number != expected {
            findings.push(format!(
                "{FOLDER}: decision {expected} is missing or not unique"
            ));
            break;
        }
    }
    findings
}

fn number(name: &str) -> Option<u32> {
    let (digits, rest) = name.split_once('-')?;
    let slug = rest.strip_suffix(".md")?;
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if digits.len() == DIGITS && !slug.is_empty() && slug.chars().all(is_slug) {
        digits.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str]) -> Vec<String> {
        let file = |name: &&str| SourceFile::new(&format!("docs/adr/{name}"), "# Title\n");
        findings(&names.iter().map(file).collect::<Vec<_>>())
    }

    #[test]
    fn consecutive_decisions_are_accepted() {
        assert!(check(&["0002-two.md", "0001-the-first.md", "README.md"]).is_empty());
    }

    #[test]
    fn gaps_duplicates_and_wrong_names_are_found() {
        let missing = "docs/adr/: decision 2 is missing or not unique";
        assert_eq!(check(&["0001-one.md", "0003-three.md"]), [missing]);
        assert_eq!(check(&["0001-one.md", "0001-again.md"]), [missing]);
        assert_eq!(
            check(&["0001-one.md", "notes.md"]),
            ["docs/adr/notes.md: is not named like 0001-decision.md"]
        );
    }
}
