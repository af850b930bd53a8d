//! Accepts connections up to a limit, and ends them all at shutdown.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use super::{connection, gate::Phase, serving::Serving};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};

/// Connections above the limit that get an answer saying so; further ones are closed silently.
const TOLD: usize = 16;

/// How long new requests on open connections are refused with an answer before the connections are closed.
const NOTICE: Duration = Duration::from_millis(300);

/// How long idle connections may take to close.
const FAREWELL: Duration = Duration::from_secs(2);

/// The pause after a failed accept, mostly for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections.
pub struct Listener {
    socket: TcpListener,
    shared: Arc<Serving>,
    /// Slots for connections that only get the overload error.
    told: Arc<Semaphore>,
}

impl Listener {
    /// Serves clients of a socket. Must run on an asynchronous runtime.
    ///
    /// # Errors
    /// When the socket cannot be used.
    pub fn new(socket: std::net::TcpListener, serving: Serving) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket: TcpListener::from_std(socket)?,
            shared: Arc::new(serving),
            told: Arc::new(Semaphore::new(TOLD)),
        })
    }

    /// Accepts and serves connections until the gate leaves the serving phase, then ends them: accepted requests are answered
    /// within the time allowed for that.
    pub async fn run(self) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, address)) => self.serve(&mut connections, stream, address),
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = connections.join_next() => {}
                () = self.shared.gate.reached(Phase::Draining) => break,
            }
        }
        // Close the listening socket.
        let Self { socket, shared, .. } = self;
        drop(socket);
        drain(&shared, connections).await;
    }

    fn serve(&self, connections: &mut JoinSet<()>, stream: TcpStream, address: SocketAddr) {
        let (shared, told) = (Arc::clone(&self.shared), Arc::clone(&self.told));
        connections.spawn(connection::serve(shared, told, stream, address.ip()));
    }
}

async fn drain(shared: &Serving, mut connections: JoinSet<()>) {
    let gate = &shared.gate;
    let started = Instant::now();
    let last = started + shared.timeouts().shutdown;
    if !connections.is_empty() {
        sleep_until((started + NOTICE).min(last)).await;
    }
    while gate.inside() > 0 && Instant::now() < last {
        sleep(Duration::from_millis(5)).await;
    }
    if gate.inside() > 0 {
        tracing::warn!(
            unanswered = gate.inside(),
            "giving up on calls that take too long"
        );
    }
    gate.set(Phase::Closing);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL, all).await.is_err() {
        connections.shutdown().await;
    }
}
