//! Running other programs: to the end, for their output, or in the background.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Runs a command to its end with its output shown.
///
/// # Errors
/// When it cannot be started or does not succeed; the error names the command.
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

/// Runs a command to its end and answers what it wrote to standard output, trimmed.
///
/// # Errors
/// When it cannot be started or does not succeed; the error ends with its last line on standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{shown}`"))?;
    text_of(&output, &shown)
}

/// Like [`capture`], for a command that may wait for another machine and writes no more than a few lines.
///
/// # Errors
/// When it cannot be started, does not succeed, or takes longer than `patience`.
pub(crate) fn capture_within(command: &mut Command, patience: Duration) -> Result<String> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    if !ends_within(&mut child, patience) {
        // It may have ended in between, which is as good.
        let _ = child.kill();
        let _ = child.wait();
        bail!("`{shown}` did not end within {patience:?}");
    }
    let output = child
        .wait_with_output()
        .with_context(|| format!("could not read the output of `{shown}`"))?;
    text_of(&output, &shown)
}

/// What a command that has ended wrote to standard output, trimmed.
fn text_of(output: &Output, shown: &str) -> Result<String> {
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.trim().lines().next_back().unwrap_or_default();
        bail!("`{shown}` failed ({}): {last}", output.status);
    }
    let text = str::from_utf8(&output.stdout).context("the output is not UTF-8")?;
    Ok(text.trim().to_owned())
}

/// Whether a program ends within a time, by itself.
fn ends_within(child: &mut Child, patience: Duration) -> bool {
    let pause = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    while waited < patience {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return true;
        }
        std::thread::sleep(pause);
        waited += pause;
    }
    false
}

/// Whether a command can be started and succeeds; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a reader would type it; the environment, which may hold secrets, is left out.
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

/// How a background program is asked to end.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    /// Its standard input is closed.
    ClosedInput,
    /// It is sent SIGTERM.
    Signal,
}

/// A program running in the background that has said that it is ready. It ends with this value.
pub(crate) struct Background {
    child: Child,
    stdin: Option<ChildStdin>,
    ending: Ending,
    /// The line on standard output by which the program said that it is ready.
    pub(crate) ready: String,
}

impl Background {
    /// Starts a program and waits for its first line on standard output.
    ///
    /// # Errors
    /// When it cannot be started, ends before that line, or says nothing within `patience`.
    pub(crate) fn start(command: &mut Command, ending: Ending, patience: Duration) -> Result<Self> {
        let shown = shown(command);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{shown}`"))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("the program has no output")?;
        let mut started = Self {
            child,
            stdin,
            ending,
            ready: String::new(),
        };
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Reading goes on after the first line, so that the program never blocks on writing.
                let _ = send.send(line);
            }
        });
        match receive.recv_timeout(patience) {
            Ok(line) => started.ready = line,
            Err(RecvTimeoutError::Timeout) => {
                bail!("`{shown}` was not ready after {} s", patience.as_secs())
            }
            Err(RecvTimeoutError::Disconnected) => {
                bail!("`{shown}` ended before it was ready")
            }
        }
        Ok(started)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        match self.ending {
            Ending::ClosedInput => drop(self.stdin.take()),
            Ending::Signal => {
                let _ = Command::new("kill")
                    .arg(self.child.id().to_string())
                    .status();
            }
        }
        if !ends_within(&mut self.child, Duration::from_secs(10)) {
            // Nothing is left to be done when the program has gone by itself in between.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_background_program_is_ready_with_its_first_line_and_ends_with_its_input() {
        let marker = tempfile::NamedTempFile::new().unwrap();
        let script = format!("echo ready; cat; echo ended > {}", marker.path().display());

        let program =
            Background::start(&mut shell(&script), Ending::ClosedInput, PATIENCE).unwrap();
        assert_eq!(program.ready, "ready");
        drop(program);

        assert_eq!(std::fs::read_to_string(marker.path()).unwrap(), "ended\n");
    }

    #[test]
    fn a_program_that_ends_before_it_is_ready_is_an_error() {
        let error = Background::start(&mut shell("exit 3"), Ending::Signal, PATIENCE).err();
        assert_eq!(
            error.unwrap().to_string(),
            "`sh -c exit 3` ended before it was ready"
        );
    }

    #[test]
    fn a_program_that_ends_by_signal_is_told_to_end() {
        let marker = tempfile::NamedTempFile::new().unwrap();
        let script = format!(
            "trap 'echo told > {}; exit' TERM; echo ready; while :; do sleep 0.05; done",
            marker.path().display()
        );

        drop(Background::start(&mut shell(&script), Ending::Signal, PATIENCE).unwrap());

        assert_eq!(std::fs::read_to_string(marker.path()).unwrap(), "told\n");
    }

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let quick = capture_within(&mut shell("echo told"), PATIENCE).unwrap();
        assert_eq!(quick, "told");

        let start = Instant::now();
        let slow = capture_within(&mut shell("exec sleep 60"), Duration::from_millis(100));
        assert_eq!(
            slow.unwrap_err().to_string(),
            "`sh -c exec sleep 60` did not end within 100ms"
        );
        assert!(start.elapsed() < PATIENCE);
    }

    #[test]
    fn a_failed_command_is_reported_with_its_last_line() {
        let error = capture(&mut shell("echo first >&2; echo second >&2; exit 1")).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("failed (exit status: 1): second"),
            "{error}"
        );
    }
}
