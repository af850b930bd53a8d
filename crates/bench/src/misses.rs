//! Why targets are missed: written by hand in `docs/benchmarks/misses.md`, and shown beside the measurements.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result};

/// The page of explanations: a heading `## TARGET` for each, named as in the table of targets.
pub(crate) const KEPT: &str = "docs/benchmarks/misses.md";

/// Explanations by the names of targets.
#[derive(Debug, Default)]
pub(crate) struct Misses(BTreeMap<String, String>);

impl Misses {
    /// Reads the page; if it is missing there are no explanations.
    pub(crate) fn read(repository: &Path) -> Result<Self> {
        match fs::read_to_string(repository.join(KEPT)) {
            Ok(page) => Ok(Self::parse(&page)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).context(KEPT),
        }
    }

    fn parse(page: &str) -> Self {
        let sections = page.split("\n## ").skip(1);
        let split = |section: &str| {
            let (target, text) = section.split_once('\n').unwrap_or((section, ""));
            (target.trim().to_owned(), text.trim().to_owned())
        };
        Self(sections.map(split).collect())
    }

    /// Why a target is missed.
    pub(crate) fn of(&self, target: &str) -> Option<&str> {
        self.0
            .get(target)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_is_a_target_and_what_follows_its_explanation() {
        let page = "# Misses\n\nOf all.\n\n## `a` against the limit\n\nBecause.\n\nAnd why.\n\n## b\n\n## c\nLast\n";
        let misses = Misses::parse(page);
        assert_eq!(
            misses.of("`a` against the limit"),
            Some("Because.\n\nAnd why.")
        );
        assert_eq!(misses.of("b"), None);
        assert_eq!(misses.of("c"), Some("Last"));
        assert_eq!(misses.of("Misses"), None);
    }

    #[test]
    fn the_kept_page_explains_something_under_each_heading() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let misses = Misses::read(&repository).unwrap();
        assert!(!misses.0.is_empty());
        for target in misses.0.keys() {
            assert!(misses.of(target).is_some(), "{target}");
        }
    }
}
