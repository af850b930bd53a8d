//! Servers in separate processes, and their resource use as the system reports it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::runtime;

use crate::load::Connection;

/// How long a server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Clock ticks per second, as Linux reports CPU time.
const TICKS: f64 = 100.0;

/// A running server. Dropping it stops it.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// From the start of the process to the first response.
    pub(crate) started_in: Duration,
}

/// Where the data of a served portal is.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// The data folder; with PostgreSQL only keys are in it.
    pub(crate) data: PathBuf,
    /// PostgreSQL instead of SQLite, with the number of connections.
    pub(crate) postgres: Option<(String, usize)>,
}

impl Server {
    /// Starts the program on a free port and waits until it responds.
    pub(crate) fn readmark(program: &Path, home: &Home) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(program);
        // Only these settings: neither a file in the current folder nor the environment.
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| name.to_string_lossy().starts_with("READMARK_")) {
            command.env_remove(name);
        }
        command
            .current_dir(&home.data)
            .arg("serve")
            .arg("--data")
            .arg(&home.data)
            .args(["--allow-http", "--log", "warn", "--listen"])
            .arg(address.to_string())
            .args(["--set", "max_connections=5000"])
            .args(["--set", "max_connections_per_address=5000"])
            .args(["--set", "max_connections_per_user=5000"])
            .args(["--set", "max_requests_per_address=5000"])
            .args(["--set", "max_requests_per_user=5000"]);
        if let Some((url, connections)) = &home.postgres {
            command.args(["--database-url", url, "--set"]);
            command.arg(format!("database_connections={connections}"));
        }
        Self::start(command, address)
    }

    /// Starts this program as the limit.
    pub(crate) fn limit() -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["limit", &address.to_string()]);
        Self::start(command, address)
    }

    /// Starts a server that will listen at the address.
    pub(crate) fn start(mut command: Command, address: SocketAddr) -> Result<Self> {
        let started = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut server = Self {
            child,
            address,
            started_in: Duration::ZERO,
        };
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("a server ended instead of serving: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("a server does not start");
            }
            thread::sleep(Duration::from_millis(1));
        }
        // Any response will do: it has been through the store.
        let request = b"GET /rest/1/nobody/server.time HTTP/1.1\r\nHost: localhost\r\n\r\n";
        server.ask(request)?;
        server.started_in = started.elapsed();
        Ok(server)
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends one request on a new connection; returns status and body.
    pub(crate) fn ask(&self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut connection = Connection::open(self.address).await?;
            let answer = connection.ask(request).await?;
            Ok((answer.status, answer.body.to_vec()))
        })
    }

    /// CPU seconds used so far.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        // The name in parentheses may contain anything; user and system time are the 12th and 13th field after it.
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .context("no name in stat")?
            .1
            .split_whitespace()
            .collect();
        let field = |at: usize| -> Result<f64> {
            Ok(fields.get(at).context("too few fields in stat")?.parse()?)
        };
        Ok((field(11)? + field(12)?) / TICKS)
    }

    /// Bytes of private memory, without shared libraries and mapped files.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
        Ok(kilobytes.context("no RssAnon in status")?.parse::<u64>()? * 1024)
    }

    /// Stops it as an administrator would, so that a SQLite file is left complete.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        Command::new("kill").arg(self.id().to_string()).status()?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > PATIENCE {
                self.child.kill()?;
                bail!("a server did not stop");
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Callers that need a complete file have called `stop`.
        let _ = self.end();
    }
}

/// A free local address.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(socket.local_addr()?)
}
