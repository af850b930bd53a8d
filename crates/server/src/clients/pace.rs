//! Client pace: whether a connection has been idle, or sending the head of a request, for too long.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The recent activity of a connection.
#[derive(Debug)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Requests in progress.
    open: usize,
    /// Since when there have been none.
    quiet_since: Instant,
    /// When the first byte after that arrived.
    head_since: Option<Instant>,
    /// Whether requests share the connection: then bytes need not belong to the head of one.
    multiplexed: bool,
}

/// How a client is too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slow {
    /// It has begun a request and does not finish its head.
    Head,
    /// It sends no request.
    Idle,
}

/// A request in progress.
#[derive(Debug)]
pub(crate) struct Open(Arc<Pace>);

impl Open {
    /// Records that an answer is still being sent.
    pub(crate) fn progress(&self) -> impl Fn() + Send + use<> {
        let pace = Arc::clone(&self.0);
        move || pace.state().quiet_since = Instant::now()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.open -= 1;
        state.quiet_since = Instant::now();
        state.head_since = None;
    }
}

impl Pace {
    pub(crate) fn new(multiplexed: bool) -> Self {
        Self(Mutex::new(State {
            open: 0,
            quiet_since: Instant::now(),
            head_since: None,
            multiplexed,
        }))
    }

    /// Records that requests share the connection, which is known after the TLS handshake.
    pub(crate) fn share(&self) {
        self.state().multiplexed = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records the arrival of a request.
    pub(crate) fn open(self: &Arc<Self>) -> Open {
        self.state().open += 1;
        Open(Arc::clone(self))
    }

    /// Since when no request has been in progress; `None` while one is.
    pub(crate) fn quiet_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.open == 0).then_some(state.quiet_since)
    }

    #[cfg(test)]
    pub(crate) fn quiet_for(&self, time: Duration) {
        let since = Instant::now().checked_sub(time);
        self.state().quiet_since = since.expect("a machine that runs for longer");
    }

    fn read(&self) {
        let mut state = self.state();
        if state.open == 0 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// How the client is too slow, if it is.
    pub(crate) fn slow(&self, head: Duration, idle: Duration) -> Option<Slow> {
        let state = self.state();
        if state.open > 0 {
            return None;
        }
        let late = |since: Instant, patience: Duration| since.elapsed() >= patience;
        match state.head_since {
            Some(since) if !state.multiplexed => late(since, head).then_some(Slow::Head),
            _ => late(state.quiet_since, idle).then_some(Slow::Idle),
        }
    }
}

/// A stream whose reads are recorded.
pub(crate) struct Paced<S> {
    pub(crate) stream: S,
    pub(crate) pace: Arc<Pace>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            this.pace.read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: Duration = Duration::from_secs(3600);
    const NOW: Duration = Duration::ZERO;

    #[test]
    fn a_connection_is_idle_until_a_byte_comes_and_then_owes_a_head() {
        let pace = Arc::new(Pace::new(false));
        assert_eq!(pace.slow(NEVER, NOW), Some(Slow::Idle));
        assert_eq!(pace.slow(NOW, NEVER), None);
        pace.read();
        assert_eq!(pace.slow(NOW, NEVER), Some(Slow::Head));
        assert_eq!(pace.slow(NEVER, NOW), None);
        let request = pace.open();
        assert_eq!(pace.slow(NOW, NOW), None);
        drop(request);
        assert_eq!(pace.slow(NEVER, NOW), Some(Slow::Idle));
        assert_eq!(pace.slow(NOW, NEVER), None);
    }

    #[test]
    fn bytes_of_a_shared_connection_are_no_head() {
        let pace = Arc::new(Pace::new(true));
        pace.read();
        assert_eq!(pace.slow(NOW, NEVER), None);
        assert_eq!(pace.slow(NEVER, NOW), Some(Slow::Idle));
    }
}
