//! `cargo xtask test`: everything that CI runs.

use anyhow::{Result, bail};
use clap::Args;

use crate::session::Session;
use crate::steps::{self, Step};
use crate::workspace::Workspace;

/// Which steps to run; all of them by default.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this step; may be repeated
    #[arg(long, value_name = "STEP", conflicts_with = "skip")]
    only: Vec<String>,
    /// Skip this step; may be repeated
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
}

/// Runs the chosen steps and stops at the first failure.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let chosen = choose(options)?;
    steps::run(&chosen, &Session::new(workspace))
}

fn choose(options: &Options) -> Result<Vec<&'static Step>> {
    for name in options.only.iter().chain(&options.skip) {
        if !steps::ALL.iter().any(|step| step.name == name) {
            let known: Vec<_> = steps::ALL.iter().map(|step| step.name).collect();
            bail!("unknown step {name}; the steps are {}", known.join(", "));
        }
    }
    let wanted = |step: &&Step| {
        let named = |names: &[String]| names.iter().any(|name| name == step.name);
        (options.only.is_empty() || named(&options.only)) && !named(&options.skip)
    };
    Ok(steps::ALL.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Result<Vec<&'static str>> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let options = Options {
            only: owned(only),
            skip: owned(skip),
        };
        Ok(choose(&options)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn all_steps_are_chosen_by_default() {
        assert_eq!(names(&[], &[]).unwrap().len(), steps::ALL.len());
    }

    #[test]
    fn steps_run_in_order_regardless_of_the_order_of_flags() {
        assert_eq!(names(&["tidy", "fmt"], &[]).unwrap(), ["fmt", "tidy"]);
    }

    #[test]
    fn skipped_steps_are_left_out() {
        assert!(!names(&[], &["sdk"]).unwrap().contains(&"sdk"));
    }

    #[test]
    fn unknown_steps_are_refused_by_name() {
        let error = names(&["fnt"], &[]).unwrap_err().to_string();
        assert!(
            error.starts_with("unknown step fnt; the steps are fmt, "),
            "{error}"
        );
    }
}
