//! Every package's licence must be one that is allowed.

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, Package};
use spdx::{Expression, Licensee, ParseMode};

use super::config::Licenses;

/// One line for each package of someone else whose licence is missing or not allowed, and for each
/// exception that no package needs.
pub(super) fn problems(rules: &Licenses, metadata: &Metadata) -> Result<Vec<String>> {
    let allowed = licensees(&rules.allow)?;
    let mut problems = Vec::new();
    let foreign = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some());
    for package in foreign {
        let mut accepted = allowed.clone();
        for exception in &rules.exceptions {
            if exception.package.matches(package) {
                accepted.extend(licensees(&exception.allow)?);
            }
        }
        if let Some(problem) = problem(package, &accepted) {
            problems.push(problem);
        }
    }
    for exception in &rules.exceptions {
        if !metadata
            .packages
            .iter()
            .any(|package| exception.package.matches(package))
        {
            problems.push(format!(
                "licences: the exception for {} applies to no package",
                exception.package.name
            ));
        }
    }
    Ok(problems)
}

fn licensees(names: &[String]) -> Result<Vec<Licensee>> {
    let parse = |name: &String| Licensee::parse(name).with_context(|| format!("licence {name}"));
    names.iter().map(parse).collect()
}

fn problem(package: &Package, accepted: &[Licensee]) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    let Some(text) = &package.license else {
        return Some(format!("licences: {name} names none"));
    };
    match is_accepted(text, accepted) {
        Ok(true) => None,
        Ok(false) => Some(format!("licences: {name} has {text}, which is not allowed")),
        Err(_) => Some(format!(
            "licences: {name} has {text:?}, which is no SPDX expression"
        )),
    }
}

fn is_accepted(expression: &str, accepted: &[Licensee]) -> Result<bool, spdx::ParseError> {
    let expression = Expression::parse_mode(expression, ParseMode::LAX)?;
    Ok(expression.evaluate(|wanted| accepted.iter().any(|licensee| licensee.satisfies(wanted))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(allowed: &[&str], expression: &str) -> bool {
        let names: Vec<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        is_accepted(expression, &licensees(&names).unwrap()).unwrap()
    }

    #[test]
    fn one_of_alternatives_is_enough_and_all_of_a_sum_are_needed() {
        assert!(accepts(&["MIT"], "MIT OR GPL-3.0-only"));
        assert!(!accepts(&["MIT"], "MIT AND GPL-3.0-only"));
        assert!(accepts(&["MIT", "ISC"], "MIT AND ISC"));
    }

    #[test]
    fn the_old_way_to_write_alternatives_is_understood() {
        assert!(accepts(&["Apache-2.0"], "MIT/Apache-2.0"));
    }

    #[test]
    fn a_licence_with_an_addition_is_not_the_licence_alone() {
        let expression = "Apache-2.0 WITH LLVM-exception";
        assert!(!accepts(&["Apache-2.0"], expression));
        assert!(accepts(&["Apache-2.0 WITH LLVM-exception"], expression));
    }
}
