//! The program `postgres-server` takes its server with it, however it ends.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The started program, and host and port from the one line that it prints.
fn started() -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_postgres-server"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let address = url.trim().strip_prefix("postgres://postgres@").unwrap();
    let address = address.strip_suffix("/postgres").unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    (program, address)
}

fn assert_server_ends(address: &str) {
    let started = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the server outlives its program"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_server_ends_with_standard_input() {
    let (mut program, address) = started();
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
    assert_server_ends(&address);
}

#[test]
fn the_server_ends_when_the_program_is_killed() {
    let (mut program, address) = started();
    program.kill().unwrap();
    program.wait().unwrap();
    assert_server_ends(&address);
}
