//! The server's side of the door.

use std::{
    collections::HashMap,
    fs, io,
    net::Shutdown,
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{
    net::UnixListener,
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
};

use super::{Hello, Reply, Request, frame, path::ShortPath};
use crate::{
    clock::Clock,
    operator::{self, Ground},
    rest::Rest,
};

/// The number of commands that are listened to at the same time; more wait.
const GUESTS: u32 = 16;

/// How long a command may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long operations may take to end when the server stops.
const ENDING: Duration = Duration::from_secs(30);

/// What is done at the door.
pub struct Desk {
    /// The portals that are served.
    pub rest: Weak<Rest>,
    /// The clock of operations.
    pub clock: Arc<dyn Clock>,
}

/// A door that is open until [`Door::close`].
pub struct Door {
    path: PathBuf,
    listening: JoinHandle<()>,
    guests: Arc<Guests>,
}

/// Who is listened to.
struct Guests {
    desk: Desk,
    places: Arc<Semaphore>,
    streams: Mutex<HashMap<u64, UnixStream>>,
    next: AtomicU64,
}

impl Door {
    /// Opens the door at this path. The caller holds the lock of the folder, so that a socket which is there already is a leftover.
    ///
    /// # Errors
    /// When the socket cannot be created.
    pub fn open(path: &Path, runtime: &Handle, desk: Desk) -> Result<Self> {
        let _entered = runtime.enter();
        let listener = listen(path)
            .with_context(|| format!("the socket {} cannot be created", path.display()))?;
        let guests = Arc::new(Guests {
            desk,
            places: Arc::new(Semaphore::new(GUESTS as usize)),
            streams: Mutex::default(),
            next: AtomicU64::new(0),
        });
        let listening = runtime.spawn(accept(listener, Arc::clone(&guests)));
        Ok(Self {
            path: path.to_owned(),
            listening,
            guests,
        })
    }

    /// Lets nobody in any more, and waits for operations that have begun.
    pub async fn close(self) {
        self.listening.abort();
        // Others would find a socket at which nobody listens.
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!("{} cannot be removed: {error}", self.path.display());
        }
        for stream in self.guests.lock().values() {
            // Whoever is gone already needs no goodbye.
            let _ = stream.shutdown(Shutdown::Read);
        }
        let gone = self.guests.places.acquire_many(GUESTS);
        if tokio::time::timeout(ENDING, gone).await.is_err() {
            tracing::warn!("an operation of the command line takes long and is left behind");
        }
    }
}

fn listen(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // The link is there until the socket is made.
    let short = ShortPath::to(path)?;
    let listener = UnixListener::bind(&short)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn accept(listener: UnixListener, guests: Arc<Guests>) {
    while let Ok(place) = Arc::clone(&guests.places).acquire_owned().await {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("the door cannot let anybody in: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let own = rustix::process::geteuid().as_raw();
        match stream.peer_cred() {
            Ok(peer) if peer.uid() == own || peer.uid() == 0 => {}
            _ => {
                tracing::warn!("another user was not let in at the door");
                continue;
            }
        }
        let Ok(stream) = stream.into_std() else {
            continue;
        };
        let guests = Arc::clone(&guests);
        tokio::task::spawn_blocking(move || guests.attend(stream, place));
    }
}

impl Guests {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, UnixStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attend(&self, mut stream: UnixStream, place: OwnedSemaphorePermit) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if let Ok(clone) = stream.try_clone() {
            self.lock().insert(number, clone);
        }
        if let Err(error) = self.converse(&mut stream) {
            tracing::debug!("a command went away from the door: {error}");
        }
        self.lock().remove(&number);
        drop(place);
    }

    fn converse(&self, stream: &mut UnixStream) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        frame::send(stream, &Hello::ours())?;
        let Some(theirs) = frame::receive::<Hello>(stream)? else {
            return Ok(());
        };
        if !Hello::ours().agrees(&theirs) {
            return Ok(());
        }
        loop {
            let reply = match frame::receive::<Request>(stream) {
                Ok(Some(request)) => self.desk.serve(request),
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let reason = "the server does not understand it: use the same program for both";
                    frame::send(stream, &Reply::Refused(reason.to_owned()))?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            frame::send(stream, &reply)?;
        }
    }
}

impl Desk {
    fn serve(&self, request: Request) -> Reply {
        let Some(rest) = self.rest.upgrade() else {
            return Reply::Refused("the server is stopping".to_owned());
        };
        let mut portals = rest.portals().iter();
        let Some(served) = portals.find(|served| served.name == request.portal) else {
            return Reply::NotServed;
        };
        let done = Ground::served(&served.portal, &*self.clock)
            .and_then(|ground| operator::carry_out(&ground, request.operation));
        match done {
            Ok(outcome) => Reply::Done(outcome),
            Err(error) => Reply::Refused(format!("{error:#}")),
        }
    }
}
