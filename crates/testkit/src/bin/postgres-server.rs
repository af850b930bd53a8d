//! Starts a PostgreSQL server for a whole run of tests, prints its URL on one line, and runs until standard input ends.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use readmark_testkit::postgres_server::PostgresServer;

fn main() -> ExitCode {
    let server = match PostgresServer::start() {
        Ok(server) => server,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut output = io::stdout();
    if writeln!(output, "{}", server.url())
        .and_then(|()| output.flush())
        .is_err()
    {
        return ExitCode::FAILURE;
    }
    // An error means the same as the end: the parent process is gone.
    let _ = io::stdin().read_to_end(&mut Vec::new());
    ExitCode::SUCCESS
}
