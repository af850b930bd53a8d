//! Running other programs: in the foreground, for their output, or in the background.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Runs a command and lets it print to the terminal.
///
/// # Errors
/// When it cannot be started or fails; the error names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns its standard output, trimmed.
///
/// # Errors
/// When it cannot be started or fails; the error ends with its last line on standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{shown}`"))?;
    text_of(&output, &shown)
}

/// Like [`capture`], with a time limit, for commands that depend on the network. The command must not print more than a few lines.
///
/// # Errors
/// When it cannot be started, fails, or takes longer than `timeout`.
pub(crate) fn capture_within(command: &mut Command, timeout: Duration) -> Result<String> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !exits_within(&mut child, timeout) {
        // Fails only if it has exited in the meantime.
        let _ = child.kill();
        let _ = child.wait();
        bail!("`{shown}` did not finish within {timeout:?}");
    }
    let output = child
        .wait_with_output()
        .with_context(|| format!("could not read the output of `{shown}`"))?;
    text_of(&output, &shown)
}

/// The standard output of a command, trimmed; an error if it failed.
fn text_of(output: &Output, shown: &str) -> Result<String> {
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.trim().lines().next_back().unwrap_or_default();
        bail!("`{shown}` failed ({}): {last}", output.status);
    }
    let text = str::from_utf8(&output.stdout).context("the output is not UTF-8")?;
    Ok(text.trim().to_owned())
}

/// Waits for a program to exit; `false` if it is still running after `timeout`.
fn exits_within(child: &mut Child, timeout: Duration) -> bool {
    let pause = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    while waited < timeout {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return true;
        }
        std::thread::sleep(pause);
        waited += pause;
    }
    false
}

/// Whether a command can be started and succeeds. Its output is discarded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command for messages, without its environment, which can contain secrets.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|arg| arg.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// How a background program is stopped.
#[derive(Clone, Copy)]
pub(crate) enum StopBy {
    /// By closing its standard input.
    ClosingInput,
    /// By SIGTERM.
    Signal,
}

/// A program in the background that has reported that it is ready. Dropping it stops the program.
pub(crate) struct Background {
    child: Child,
    stdin: Option<ChildStdin>,
    stop_by: StopBy,
    /// The first line of its standard output, which reports that it is ready.
    pub(crate) ready: String,
}

impl Background {
    /// Starts a program and waits for its first line on standard output.
    ///
    /// # Errors
    /// When it cannot be started, exits before that line, or does not print it within `timeout`.
    pub(crate) fn start(command: &mut Command, stop_by: StopBy, timeout: Duration) -> Result<Self> {
        let shown = shown(command);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{shown}`"))?;
        let stdin = child.stdin.take();
        let stdout = child
            .stdout
            .take()
            .context("the program has no standard output")?;
        let mut started = Self {
            child,
            stdin,
            stop_by,
            ready: String::new(),
        };
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // All lines are read, so that the program never blocks when it writes.
                let _ = send.send(line);
            }
        });
        match receive.recv_timeout(timeout) {
            Ok(line) => started.ready = line,
            Err(RecvTimeoutError::Timeout) => {
                bail!("`{shown}` was not ready after {} s", timeout.as_secs())
            }
            Err(RecvTimeoutError::Disconnected) => {
                bail!("`{shown}` exited before it was ready")
            }
        }
        Ok(started)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        match self.stop_by {
            StopBy::ClosingInput => drop(self.stdin.take()),
            StopBy::Signal => {
                let _ = Command::new("kill")
                    .arg(self.child.id().to_string())
                    .status();
            }
        }
        if !exits_within(&mut self.child, Duration::from_secs(10)) {
            // Both fail only if the program has exited in the meantime.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_background_program_is_ready_after_its_first_line_and_stops_with_its_input() {
        let marker = tempfile::NamedTempFile::new().unwrap();
        let script = format!("echo ready; cat; echo ended > {}", marker.path().display());

        let program =
            Background::start(&mut shell(&script), StopBy::ClosingInput, TIMEOUT).unwrap();
        assert_eq!(program.ready, "ready");
        drop(program);

        assert_eq!(std::fs::read_to_string(marker.path()).unwrap(), "ended\n");
    }

    #[test]
    fn a_program_that_exits_before_it_is_ready_is_an_error() {
        let error = Background::start(&mut shell("exit 3"), StopBy::Signal, TIMEOUT).err();
        assert_eq!(
            error.unwrap().to_string(),
            "`sh -c exit 3` exited before it was ready"
        );
    }

    #[test]
    fn a_program_that_stops_by_signal_receives_one() {
        let marker = tempfile::NamedTempFile::new().unwrap();
        let script = format!(
            "trap 'echo told > {}; exit' TERM; echo ready; while :; do sleep 0.05; done",
            marker.path().display()
        );

        drop(Background::start(&mut shell(&script), StopBy::Signal, TIMEOUT).unwrap());

        assert_eq!(std::fs::read_to_string(marker.path()).unwrap(), "told\n");
    }

    #[test]
    fn a_command_that_takes_too_long_is_killed() {
        let quick = capture_within(&mut shell("echo told"), TIMEOUT).unwrap();
        assert_eq!(quick, "told");

        let start = Instant::now();
        let slow = capture_within(&mut shell("exec sleep 60"), Duration::from_millis(100));
        assert_eq!(
            slow.unwrap_err().to_string(),
            "`sh -c exec sleep 60` did not finish within 100ms"
        );
        assert!(start.elapsed() < TIMEOUT);
    }

    #[test]
    fn a_failure_is_reported_with_the_last_line() {
        let error = capture(&mut shell("echo first >&2; echo second >&2; exit 1")).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("failed (exit status: 1): second"),
            "{error}"
        );
    }
}
