//! Every package must come from the registry that cargo uses by default.

use cargo_metadata::{Metadata, Source};

use super::config::{Level, Sources};

/// One line for each package from another registry or from a git repository.
pub(super) fn problems(rules: &Sources, metadata: &Metadata) -> Vec<String> {
    let mut problems = Vec::new();
    for package in &metadata.packages {
        if let Some(source) = package
            .source
            .as_ref()
            .filter(|source| !is_allowed(rules, source))
        {
            problems.push(format!(
                "sources: {} {} comes from {source}",
                package.name, package.version
            ));
        }
    }
    problems
}

fn is_allowed(rules: &Sources, source: &Source) -> bool {
    let level = if source.repr.starts_with("git+") {
        rules.unknown_git
    } else {
        rules.unknown_registry
    };
    source.is_crates_io() || level == Level::Allow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_and_other_registries_are_told_apart() {
        let rules = Sources {
            unknown_registry: Level::Allow,
            unknown_git: Level::Deny,
        };
        let source = |repr: &str| Source {
            repr: repr.to_owned(),
        };
        assert!(is_allowed(
            &rules,
            &source("registry+https://packages.example/index")
        ));
        assert!(!is_allowed(
            &rules,
            &source("git+https://code.example/fork")
        ));
    }
}
