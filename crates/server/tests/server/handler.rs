//! Handlers of events: small web servers that note what they are sent.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use readmark_api::wire::{Limits, php};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a handler does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reaction {
    /// Answers with a status.
    Status(u16),
    /// Answers with a redirect to an address.
    Redirect(String),
    /// Closes the connection without an answer.
    Close,
    /// Answers nothing until the handler is told something else.
    Hang,
    /// Answers with success, and with a body that has no end.
    Endless,
}

/// A request as a handler got it.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The first line and the headers.
    pub(crate) head: String,
    /// The form.
    pub(crate) form: Value,
}

impl Received {
    /// The text of the message that it tells of.
    pub(crate) fn text(&self) -> &str {
        self.form["data"]["message"]["text"]
            .as_str()
            .unwrap_or_default()
    }

    pub(crate) fn event_id(&self) -> &str {
        self.form["event_id"].as_str().expect("an event_id")
    }
}

#[derive(Default)]
struct State {
    reaction: Option<Reaction>,
    received: Vec<Received>,
    /// Events that are being handled, by number.
    handling: Vec<String>,
    /// Events that came while they were being handled.
    doubled: Vec<String>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    ended: AtomicBool,
    tls: Option<Arc<ServerConfig>>,
}

/// A handler on a port of its own, which answers 200 until it is told otherwise.
pub(crate) struct Handler {
    address: SocketAddr,
    shared: Arc<Shared>,
}

trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

impl Handler {
    pub(crate) fn start() -> Self {
        Self::start_over(None)
    }

    /// Over TLS, or without.
    pub(crate) fn start_over(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            tls,
            ..Shared::default()
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.ended.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                if let Ok(stream) = stream {
                    // A connection may break at any time; then the handler has nothing more to do with it.
                    thread::spawn(move || drop(shared.serve(stream)));
                }
            }
        });
        Self { address, shared }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        self.url_of("127.0.0.1")
    }

    /// Its address by another name of this machine.
    pub(crate) fn url_of(&self, host: &str) -> String {
        let scheme = if self.shared.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{host}:{}/events?key=1", self.address.port())
    }

    /// From now on it does this with every request, those that hang included.
    pub(crate) fn reacts(&self, reaction: Reaction) {
        self.shared.lock().reaction = Some(reaction);
        self.shared.changed.notify_all();
    }

    /// What it got so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// Events that came again while they were being handled.
    pub(crate) fn doubled(&self) -> Vec<String> {
        self.shared.lock().doubled.clone()
    }

    /// Waits until it got so many requests.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait_until(|received| received.len() >= count)
    }

    /// Waits until what it got is as wanted.
    pub(crate) fn wait_until(&self, wanted: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let start = Instant::now();
        let mut state = self.shared.lock();
        while !wanted(&state.received) {
            assert!(
                start.elapsed() < PATIENCE,
                "a handler did not get what it waits for: {:#?}",
                state.received
            );
            let waited = self
                .shared
                .changed
                .wait_timeout(state, Duration::from_millis(100));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.received.clone()
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.reacts(Reaction::Close);
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let mut stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some(config) => {
                let session =
                    ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                Box::new(StreamOwned::new(session, stream))
            }
        };
        while let Some(received) = read(&mut *stream)? {
            if !self.answer(&mut *stream, received)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reacts to a request; whether the connection is kept.
    fn answer(&self, stream: &mut dyn Stream, received: Received) -> io::Result<bool> {
        let id = received.event_id().to_owned();
        let mut state = self.lock();
        if state.handling.contains(&id) {
            state.doubled.push(id.clone());
        }
        state.handling.push(id.clone());
        state.received.push(received);
        self.changed.notify_all();
        while matches!(state.reaction, Some(Reaction::Hang)) {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let reaction = state.reaction.clone().unwrap_or(Reaction::Status(200));
        drop(state);
        let kept = react(stream, &reaction);
        self.lock().handling.retain(|other| *other != id);
        kept
    }
}

fn react(stream: &mut dyn Stream, reaction: &Reaction) -> io::Result<bool> {
    match reaction {
        Reaction::Close | Reaction::Hang => return Ok(false),
        Reaction::Status(status) => {
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok")?;
        }
        Reaction::Redirect(to) => {
            write!(
                stream,
                "HTTP/1.1 302 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
            )?;
        }
        Reaction::Endless => {
            write!(
                stream,
                "HTTP/1.1 200 X\r\nContent-Length: 1000000000000\r\n\r\n"
            )?;
            loop {
                stream.write_all(&[b'x'; 1024])?;
            }
        }
    }
    stream.flush()?;
    Ok(true)
}

/// The next request of a connection, or `None` when there is none.
fn read(stream: &mut dyn Stream) -> io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    let mut buffer = [0_u8; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).map_err(io::Error::other)?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(end);
    while body.len() < length {
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            count => body.extend_from_slice(&buffer[..count]),
        }
    }
    let form = php::decode(&body, &Limits::DEFAULT).map_err(|_| io::ErrorKind::InvalidData)?;
    let form = Value::Object(form);
    Ok(Some(Received { head, form }))
}
