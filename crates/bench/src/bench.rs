//! The context shared by all scenes.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use readmark_store::{HotMemory, Settings};

use crate::{
    figures::{Figure, Rate, StoreUsed, Target},
    load::{self, Load, Source, Span},
    populate::Filling,
    process::{Home, Server},
};

/// The name of every portal that is measured.
const PORTAL: &str = "bench";

/// The programs, the folders, and the results so far.
pub(crate) struct Bench {
    /// The measured program.
    pub(crate) program: PathBuf,
    /// Where portals are prepared.
    pub(crate) data: PathBuf,
    /// How long one workload is measured.
    pub(crate) counted: Duration,
    /// How often the two sides of a comparison take turns.
    pub(crate) rounds: usize,
    pub(crate) targets: Vec<Target>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) missing: Vec<String>,
    begun: Instant,
}

impl Bench {
    pub(crate) fn new(program: PathBuf, data: PathBuf, counted: Duration, rounds: usize) -> Self {
        Self {
            program,
            data,
            counted,
            rounds,
            targets: Vec::new(),
            rates: Vec::new(),
            figures: Vec::new(),
            missing: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// Seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Prints progress.
    pub(crate) fn say(&self, what: &str) {
        eprintln!("{:6.1} s  {what}", self.seconds());
    }

    pub(crate) fn figure(
        &mut self,
        group: &'static str,
        name: impl Into<String>,
        store: StoreUsed,
        value: f64,
        unit: &'static str,
    ) {
        let name = name.into();
        self.say(&format!("{name}: {value:.3} {unit}"));
        self.figures.push(Figure {
            group,
            name,
            store,
            value,
            unit,
        });
    }

    pub(crate) fn target(&mut self, target: Target) {
        self.say(&format!(
            "target: {}: wanted {}, measured {}",
            target.what, target.wanted, target.measured
        ));
        self.targets.push(target);
    }

    pub(crate) fn span(&self) -> Span {
        Span::Time {
            warm_up: self.counted / 4,
            counted: self.counted,
        }
    }

    /// A portal in a SQLite file, made by `fill` unless it is there from an earlier run.
    pub(crate) fn kept_portal(
        &self,
        name: &str,
        fill: impl FnOnce(&Filling) -> Result<()>,
    ) -> Result<Home> {
        let home = self.home(name);
        let complete = home.data.join("complete");
        if complete.exists() {
            return Ok(home);
        }
        self.say(&format!("preparing {name}"));
        let filling = self.begin_portal(&home)?;
        fill(&filling)?;
        drop(filling);
        fs::write(complete, "")?;
        Ok(home)
    }

    /// A newly created portal.
    pub(crate) fn fresh_portal(
        &self,
        name: &str,
        fill: impl FnOnce(&Filling) -> Result<()>,
    ) -> Result<Home> {
        let home = self.home(name);
        self.say(&format!("preparing {name}"));
        let filling = self.begin_portal(&home)?;
        fill(&filling)?;
        Ok(home)
    }

    fn home(&self, name: &str) -> Home {
        Home {
            data: self.data.join(name),
            postgres: None,
        }
    }

    fn begin_portal(&self, home: &Home) -> Result<Filling> {
        if home.data.exists() {
            fs::remove_dir_all(&home.data)?;
        }
        let file = portal_file(home);
        fs::create_dir_all(file.parent().context("a folder")?)?;
        Filling::begin(&sqlite(&file))
    }

    pub(crate) fn serve(&self, home: &Home) -> Result<Server> {
        Server::readmark(&self.program, home)
    }
}

/// The database of a portal.
pub(crate) fn portal_file(home: &Home) -> PathBuf {
    home.data.join("portals").join(PORTAL).join("portal.db")
}

/// The schema of a portal on PostgreSQL.
pub(crate) fn portal_schema() -> String {
    format!("portal_{PORTAL}")
}

pub(crate) fn sqlite(file: &Path) -> Settings {
    Settings::Sqlite {
        path: file.to_owned(),
        readers: 1,
        memory: HotMemory::default(),
    }
}

/// A load and its cost to the server.
pub(crate) struct Measured {
    pub(crate) load: Load,
    /// CPU seconds.
    cpu: f64,
    /// The requests that used them, including the warm-up.
    served: f64,
}

impl Measured {
    /// Sends requests to a server and measures its CPU time.
    pub(crate) fn of(server: &Server, sources: Vec<Source>, span: Span) -> Result<Self> {
        let before = server.cpu_seconds()?;
        let load = load::run(server.address(), sources, span)?;
        let cpu = server.cpu_seconds()? - before;
        let served = match span {
            Span::Time { warm_up, counted } => {
                load.per_second() * (warm_up + counted).as_secs_f64()
            }
            Span::All => load.requests as f64,
        };
        Ok(Self { load, cpu, served })
    }

    /// CPU microseconds per request.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu / self.served.max(1.0) * 1e6
    }

    pub(crate) fn join(&mut self, other: &Self) -> Result<()> {
        self.cpu += other.cpu;
        self.served += other.served;
        self.load.join(&other.load)
    }

    /// Adds a further round.
    pub(crate) fn add_to(self, sum: &mut Option<Self>) -> Result<()> {
        match sum {
            Some(sum) => sum.join(&self),
            None => {
                *sum = Some(self);
                Ok(())
            }
        }
    }
}
