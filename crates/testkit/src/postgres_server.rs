//! A dedicated PostgreSQL server for tests.
//!
//! It runs the system's PostgreSQL in a temporary directory, with `fsync` on, on a free port of 127.0.0.1. A small shell
//! process watches it: it stops the server and removes the directory when the process that started it ends, even if killed.

mod programs;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use self::programs::Programs;
use readmark_store::Settings;

/// Names a running server to use instead of a new one: `postgres://user@host:port/database`.
pub const URL_VARIABLE: &str = "READMARK_TEST_POSTGRES_URL";

/// How long the server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server given as its arguments until its standard input ends, then stops it: fast, and by force after 10 s.
/// Unless it read a line before the end, it also removes the directory.
const WATCHDOG: &str = r#"
directory=$1
shift
"$@" </dev/null >>"$directory/log" 2>&1 &
server=$!
trap '' HUP INT TERM
read -r keep
kill -INT "$server"
tries=0
while kill -0 "$server" && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -QUIT "$server"
wait "$server"
[ -n "$keep" ] || rm -rf "$directory"
"#;

/// A running PostgreSQL server. Dropping it stops it and removes its data.
pub struct PostgresServer {
    programs: Programs,
    directory: PathBuf,
    port: u16,
    watchdog: Option<Child>,
}

impl PostgresServer {
    /// Creates and starts a server; takes a second or two.
    ///
    /// # Errors
    /// One line saying what is missing or what went wrong.
    pub fn start() -> Result<Self, String> {
        let programs = Programs::find()?;
        let directory = tempfile::Builder::new()
            .prefix("readmark-postgres-")
            .tempdir();
        let directory = directory
            .map_err(|error| format!("no temporary directory: {error}"))?
            .keep();
        let mut server = Self {
            programs,
            directory,
            port: 0,
            watchdog: None,
        };
        server.make_database()?;
        for _ in 0..5 {
            server.port = free_port()?;
            // Another process may take the port meanwhile.
            if server.launch()? {
                return Ok(server);
            }
        }
        Err(format!(
            "PostgreSQL does not start: {}",
            server.last_log_line()
        ))
    }

    /// The URL of a database on this process's own server, or on the one that [`URL_VARIABLE`] names.
    ///
    /// The server is started on the first call and stops when the process ends.
    ///
    /// # Panics
    /// When there is no PostgreSQL: tests that need it fail instead of being skipped.
    pub fn shared_url() -> &'static str {
        static URL: OnceLock<String> = OnceLock::new();
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        URL.get_or_init(|| {
            match std::env::var(URL_VARIABLE) {
                Ok(url) if !url.is_empty() => return url,
                _ => {}
            }
            match Self::start() {
                Ok(server) => SERVER.get_or_init(|| server).url(),
                Err(error) => panic!("{error}"),
            }
        })
    }

    /// A new portal on the shared server, in its own schema.
    ///
    /// # Panics
    /// As [`Self::shared_url`].
    pub fn shared_settings(connections: usize) -> Settings {
        Settings::Postgres {
            url: Self::shared_url().to_owned(),
            schema: Self::fresh_schema(),
            connections,
        }
    }

    /// A unique schema name.
    pub fn fresh_schema() -> String {
        // The seed of the standard hasher differs in every process and call.
        format!("test_{:016x}", RandomState::new().build_hasher().finish())
    }

    /// `postgres://…` of its database, as superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server as an administrator would; its data stays.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&mut self) -> Result<(), String> {
        self.end(true)
    }

    /// Restarts the server after [`Self::stop`], on the same port.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> Result<(), String> {
        self.stop()?;
        if self.launch()? {
            Ok(())
        } else {
            Err(format!(
                "PostgreSQL does not start: {}",
                self.last_log_line()
            ))
        }
    }

    fn make_database(&self) -> Result<(), String> {
        self.programs.give(&self.directory)?;
        let mut initdb = self.programs.command("initdb");
        initdb.arg("--pgdata").arg(self.data());
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        let output = initdb
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("initdb: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "initdb failed: {}",
            text.lines().last().unwrap_or_default()
        ))
    }

    /// Starts the server and waits until it accepts connections; `false` if it exited instead.
    fn launch(&mut self) -> Result<bool, String> {
        let log = self.directory.join("log");
        std::fs::write(&log, "").map_err(|error| format!("{}: {error}", log.display()))?;
        let server = self.server_command();
        let mut watchdog = Command::new("sh");
        watchdog
            .arg("-c")
            .arg(WATCHDOG)
            .arg("sh")
            .arg(&self.directory);
        watchdog.arg(server.get_program()).args(server.get_args());
        watchdog
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // A signal to the tests' process group, as from a terminal or a test runner, must not reach it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut watchdog, 0);
        self.watchdog = Some(watchdog.spawn().map_err(|error| format!("sh: {error}"))?);

        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if self.accepts() {
                return Ok(true);
            }
            if self.has_ended() {
                self.end(true)?;
                return Ok(false);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!(
            "PostgreSQL does not accept connections: {}",
            self.last_log_line()
        ))
    }

    fn server_command(&self) -> Command {
        let mut server = self.programs.command("postgres");
        server
            .arg("-D")
            .arg(self.data())
            .arg("-p")
            .arg(self.port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "fsync=on",
            "synchronous_commit=on",
            "shared_buffers=64MB",
        ] {
            server.arg("-c").arg(setting);
        }
        server
    }

    fn accepts(&self) -> bool {
        let mut probe = Command::new(self.programs.directory.join("pg_isready"));
        probe
            .args(["--quiet", "--host=127.0.0.1", "--port"])
            .arg(self.port.to_string());
        probe
            .stdin(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Whether the server gave up, for example because its port is taken.
    fn has_ended(&self) -> bool {
        // While starting, it also rejects each connection attempt with an error of that severity.
        let fatal = |line: &str| line.contains("FATAL:") && !line.contains("starting up");
        self.log().lines().any(fatal)
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    fn last_log_line(&self) -> String {
        let log = self.log();
        log.lines().last().unwrap_or("no log").to_owned()
    }

    fn end(&mut self, keep: bool) -> Result<(), String> {
        let Some(mut watchdog) = self.watchdog.take() else {
            return Ok(());
        };
        if let Some(mut input) = watchdog.stdin.take()
            && keep
        {
            input
                .write_all(b"keep\n")
                .map_err(|error| format!("the server's watchdog is gone: {error}"))?;
        }
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if watchdog.try_wait().is_ok_and(|ended| ended.is_some()) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err("PostgreSQL does not stop".to_owned())
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // A failure leaves at most a temporary directory behind, which no test depends on.
        let _ = self.end(false);
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn free_port() -> Result<u16, String> {
    let address =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    address
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_stops_starts_again_and_leaves_nothing() {
        let mut server = PostgresServer::start().unwrap();
        let url = server.url();
        assert!(server.accepts());
        server.stop().unwrap();
        assert!(!server.accepts());
        server.start_again().unwrap();
        assert!(server.accepts());
        assert_eq!(server.url(), url);
        let directory = server.directory.clone();
        drop(server);
        assert!(!directory.exists());
    }

    #[test]
    fn schemas_differ() {
        assert_ne!(
            PostgresServer::fresh_schema(),
            PostgresServer::fresh_schema()
        );
    }
}
