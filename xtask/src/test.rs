//! `cargo xtask test`: everything that CI runs.

use anyhow::{Result, bail};
use clap::Args;

use crate::session::Session;
use crate::steps::{self, Step};
use crate::workspace::Workspace;

/// Which of the steps to run; all of them when nothing is said.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this step; may be repeated
    #[arg(long, value_name = "STEP", conflicts_with = "skip")]
    only: Vec<String>,
    /// Leave this step out; may be repeated
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
}

/// Runs the chosen steps, stopping at the first that fails.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let chosen = choose(options)?;
    steps::run(&chosen, &Session::new(workspace))
}

fn choose(options: &Options) -> Result<Vec<&'static Step>> {
    for name in options.only.iter().chain(&options.skip) {
        if !steps::ALL.iter().any(|step| step.name == name) {
            let known: Vec<_> = steps::ALL.iter().map(|step| step.name).collect();
            bail!(
                "there is no step {name}; the steps are {}",
                known.join(", ")
            );
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
    fn every_step_is_chosen_unless_told_otherwise() {
        assert_eq!(names(&[], &[]).unwrap().len(), steps::ALL.len());
    }

    #[test]
    fn steps_run_in_their_own_order_whatever_the_order_of_the_flags() {
        assert_eq!(names(&["tidy", "fmt"], &[]).unwrap(), ["fmt", "tidy"]);
    }

    #[test]
    fn a_skipped_step_is_left_out() {
        assert!(!names(&[], &["sdk"]).unwrap().contains(&"sdk"));
    }

    #[test]
    fn an_unknown_step_is_refused_by_name() {
        let error = names(&["fnt"], &[]).unwrap_err().to_string();
        assert!(
            error.starts_with("there is no step fnt; the steps are fmt, "),
            "{error}"
        );
    }
}
