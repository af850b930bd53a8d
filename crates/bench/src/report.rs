//! The results: as JSON for programs, as a table for people.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    figures::{Figure, Rate, StoreUsed, Target, number},
    machine::Machine,
    misses::{self, Misses},
};

/// All results.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) targets: Vec<Target>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) figures: Vec<Figure>,
    /// What could not be measured here, and why.
    pub(crate) missing: Vec<String>,
    pub(crate) seconds: f64,
}

impl Report {
    /// As a page for `docs/`.
    pub(crate) fn to_markdown(&self, misses: &Misses) -> String {
        let mut page = String::new();
        // Writing into a string cannot fail.
        let _ = self.write(&mut page, misses);
        page
    }

    fn write(&self, page: &mut String, misses: &Misses) -> std::fmt::Result {
        let machine = &self.machine;
        page.push_str(INTRODUCTION);
        writeln!(page, "\n## Machine and versions\n")?;
        for (name, value) in machine.rows() {
            writeln!(page, "- {name}: {value}")?;
        }
        writeln!(page, "- the whole run: {:.0} s\n", self.seconds)?;
        writeln!(page, "## Targets\n")?;
        writeln!(
            page,
            "| what | wanted | measured | met |\n|---|---|---|---|"
        )?;
        for target in &self.targets {
            let met = if target.met { "yes" } else { "**no**" };
            let Target {
                what,
                wanted,
                measured,
                ..
            } = target;
            writeln!(page, "| {what} | {wanted} | {measured} | {met} |")?;
        }
        self.write_misses(page, misses)?;
        writeln!(page, "\n## Requests\n\n{REQUESTS}")?;
        for store in [StoreUsed::Sqlite, StoreUsed::Postgres] {
            self.write_rates(page, store)?;
        }
        let mut group = "";
        for figure in &self.figures {
            if figure.group != group {
                group = figure.group;
                writeln!(
                    page,
                    "\n## {group}\n\n| what | store | measured |\n|---|---|---|"
                )?;
            }
            let (name, store) = (&figure.name, figure.store.text());
            writeln!(
                page,
                "| {name} | {store} | {} {} |",
                number(figure.value),
                figure.unit
            )?;
        }
        if !self.missing.is_empty() {
            writeln!(page, "\n## Not measured\n")?;
            for reason in &self.missing {
                writeln!(page, "- {reason}")?;
            }
        }
        Ok(())
    }

    /// The targets that are missed, each with the explanation that is kept.
    fn write_misses(&self, page: &mut String, misses: &Misses) -> std::fmt::Result {
        let mut missed = self.targets.iter().filter(|target| !target.met).peekable();
        if missed.peek().is_none() {
            return Ok(());
        }
        writeln!(page, "\n### What is missed, and why")?;
        for target in missed {
            let Target {
                what,
                wanted,
                measured,
                ..
            } = target;
            writeln!(page, "\n**{what}**: wanted {wanted}, measured {measured}.")?;
            match misses.of(what) {
                Some(text) => writeln!(page, "{text}")?,
                None => writeln!(page, "Nothing is said about it in `{}`.", misses::KEPT)?,
            }
        }
        Ok(())
    }

    fn write_rates(&self, page: &mut String, store: StoreUsed) -> std::fmt::Result {
        let mut rates = self
            .rates
            .iter()
            .filter(|rate| rate.store == store)
            .peekable();
        if rates.peek().is_none() {
            return Ok(());
        }
        let limit = match store {
            StoreUsed::Postgres => "pgbench -N",
            _ => "limit",
        };
        writeln!(page, "\n### {}\n", store.text())?;
        writeln!(
            page,
            "| method | connections | requests/s | {limit}/s | ratio | p50 ms | p99 ms | server CPU µs | limit CPU µs | body |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        )?;
        for rate in rates {
            let Rate {
                name,
                connections,
                per_second,
                limit_per_second,
                of_limit,
                ..
            } = rate;
            let Rate {
                p50,
                p99,
                cpu,
                limit_cpu,
                body,
                ..
            } = rate;
            writeln!(
                page,
                "| {name} | {connections} | {per_second:.0} | {limit_per_second:.0} | {of_limit:.2} | {p50:.2} | {p99:.2} \
                 | {cpu:.1} | {limit_cpu:.1} | {body} |"
            )?;
        }
        Ok(())
    }
}

const INTRODUCTION: &str = "\
# Benchmarks

Written by `cargo xtask bench`; run it to measure your own machine. How it measures, and what was tried to make it faster:
[decisions](adr/).
";

const REQUESTS: &str = "\
Whole requests of plain HTTP over loopback with keep-alive. The load generator and the server share the machine. The limit is the
same HTTP library and the same parser answering a fixed body of the same size without a store; each method and the limit
are measured in turn. Every answer to a read and a send is given after its commit is on the disk.
";
