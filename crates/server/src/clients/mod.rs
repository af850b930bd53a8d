//! The open connections by client: how many an address or a user has, and which one is closed when room is needed.
//!
//! A connection counts to its network until a call on it was authorised, and to that call's user from then on: a company behind one
//! address has many of both. When there are too many, the one that was quiet for longest goes, those without credentials first.

pub mod network;
pub(crate) mod pace;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use readmark_model::UserId;
use tokio::sync::Notify;

use self::{network::Network, pace::Pace};

/// How long a connection must have been quiet to be closed for another one. Shorter pauses are those of clients at work.
const QUIET: Duration = Duration::from_millis(500);

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// In all.
    pub total: usize,
    /// Of one network, without credentials.
    pub per_network: usize,
    /// Of one user.
    pub per_user: usize,
}

/// How many requests may be in progress at once.
#[derive(Clone, Copy, Debug)]
pub struct RequestLimits {
    /// Of one network, by callers that are not known yet.
    pub per_network: usize,
    /// Of one user.
    pub per_user: usize,
}

/// The open connections.
#[derive(Debug)]
pub struct Clients(Mutex<State>);

#[derive(Debug)]
struct State {
    limits: ConnectionLimits,
    last: u64,
    open: HashMap<u64, Connection>,
    held: HashMap<Holder, usize>,
}

/// Whom a connection counts to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Holder {
    /// A trusted proxy, which has as many as it needs.
    Proxy,
    /// Clients without credentials.
    Network(Network),
    /// A user of a portal.
    User(String, UserId),
}

#[derive(Debug)]
struct Connection {
    holder: Holder,
    pace: Arc<Pace>,
    close: Arc<Notify>,
}

/// One open connection; it is counted until this is dropped.
#[derive(Debug)]
pub struct Client {
    number: u64,
    clients: Arc<Clients>,
    close: Arc<Notify>,
    /// Set when it counts to its network no longer.
    known: OnceLock<()>,
    in_progress: AtomicUsize,
}

/// A request in progress on a connection, also after the client has stopped waiting for it.
#[derive(Debug)]
pub struct InProgress(Arc<Client>);

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Clients {
    /// Nobody yet.
    #[must_use]
    pub fn new(limits: ConnectionLimits) -> Self {
        Self(Mutex::new(State {
            limits,
            last: 0,
            open: HashMap::new(),
            held: HashMap::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Other limits, for connections that come from now on.
    pub fn set_limits(&self, limits: ConnectionLimits) {
        self.state().limits = limits;
    }

    /// Counts a new connection; `None` when there is no room and no other one makes room.
    pub(crate) fn admit(
        self: &Arc<Self>,
        network: Network,
        of_proxy: bool,
        pace: &Arc<Pace>,
    ) -> Option<Arc<Client>> {
        let mut state = self.state();
        let holder = if of_proxy {
            Holder::Proxy
        } else {
            Holder::Network(network)
        };
        if !of_proxy
            && state.count(&holder) >= state.limits.per_network
            && !state.close_quietest(|connection| connection.holder == holder)
        {
            return None;
        }
        if state.open.len() >= state.limits.total
            && !state.close_quietest(|connection| connection.holder != Holder::Proxy)
        {
            return None;
        }
        state.last += 1;
        let (number, close) = (state.last, Arc::new(Notify::new()));
        let connection = Connection {
            holder,
            pace: Arc::clone(pace),
            close: Arc::clone(&close),
        };
        state.insert(number, connection);
        let known = OnceLock::new();
        if of_proxy {
            // Its users are many.
            let _ = known.set(());
        }
        Some(Arc::new(Client {
            number,
            clients: Arc::clone(self),
            close,
            known,
            in_progress: AtomicUsize::new(0),
        }))
    }

    #[cfg(test)]
    fn open(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.state().open.keys().copied().collect();
        numbers.sort_unstable();
        numbers
    }
}

impl State {
    fn count(&self, holder: &Holder) -> usize {
        self.held.get(holder).copied().unwrap_or(0)
    }

    fn insert(&mut self, number: u64, connection: Connection) {
        *self.held.entry(connection.holder.clone()).or_default() += 1;
        self.open.insert(number, connection);
    }

    fn remove(&mut self, number: u64) -> Option<Connection> {
        let connection = self.open.remove(&number)?;
        if let Some(count) = self.held.get_mut(&connection.holder) {
            *count -= 1;
            if *count == 0 {
                self.held.remove(&connection.holder);
            }
        }
        Some(connection)
    }

    /// Closes the connection that was quiet for longest, of those without credentials if there is one. Answers whether it did.
    fn close_quietest(&mut self, among: impl Fn(&Connection) -> bool) -> bool {
        let now = Instant::now();
        let quietest = self
            .open
            .iter()
            .filter(|(_, connection)| among(connection))
            .filter_map(|(number, connection)| {
                let since = connection.pace.quiet_since()?;
                let known = !matches!(connection.holder, Holder::Network(_));
                (now.saturating_duration_since(since) >= QUIET).then_some((known, since, *number))
            })
            .min();
        let Some((_, _, number)) = quietest else {
            return false;
        };
        if let Some(connection) = self.remove(number) {
            connection.close.notify_one();
        }
        true
    }
}

impl Client {
    /// Waits until the connection is to be closed to make room.
    pub(crate) async fn told_to_close(&self) {
        self.close.notified().await;
    }

    /// Whether a call on it was authorised.
    pub(crate) fn is_known(&self) -> bool {
        self.known.get().is_some()
    }

    /// Records that a call of this user was authorised. The first one counts. A user who has too many connections loses the quietest
    /// one, or this one if all are at work.
    pub fn identify(&self, portal: &str, user: UserId) {
        if self.known.set(()).is_err() {
            return;
        }
        let mut state = self.clients.state();
        let Some(mut connection) = state.remove(self.number) else {
            // It was closed to make room.
            return;
        };
        connection.holder = Holder::User(portal.to_owned(), user);
        let full = state.count(&connection.holder) >= state.limits.per_user;
        if full && !state.close_quietest(|other| other.holder == connection.holder) {
            connection.close.notify_one();
            return;
        }
        state.insert(self.number, connection);
    }

    /// Counts a request; `None` when too many are in progress on the connection.
    pub(crate) fn begin(self: &Arc<Self>, limit: usize) -> Option<InProgress> {
        let before = self.in_progress.fetch_add(1, Ordering::Relaxed);
        let begun = InProgress(Arc::clone(self));
        (before < limit).then_some(begun)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.clients.state().remove(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ConnectionLimits = ConnectionLimits {
        total: 4,
        per_network: 2,
        per_user: 2,
    };

    struct Open {
        client: Arc<Client>,
        pace: Arc<Pace>,
    }

    fn clients() -> Arc<Clients> {
        Arc::new(Clients::new(LIMITS))
    }

    fn network(last: u8) -> Network {
        Network::of([192, 0, 2, last].into())
    }

    /// A connection that has been quiet for `seconds`.
    fn connect(clients: &Arc<Clients>, network: Network, seconds: u64) -> Option<Open> {
        let pace = Arc::new(Pace::new(false));
        pace.quiet_for(Duration::from_secs(seconds));
        let client = clients.admit(network, false, &pace)?;
        Some(Open { client, pace })
    }

    fn is_closed(open: &Open) -> bool {
        use futures_util::FutureExt;
        open.client.told_to_close().now_or_never().is_some()
    }

    #[test]
    fn one_address_without_credentials_has_its_share_and_the_quietest_makes_room() {
        let clients = clients();
        let first = connect(&clients, network(1), 10).unwrap();
        let second = connect(&clients, network(1), 20).unwrap();
        let third = connect(&clients, network(1), 0).unwrap();
        assert!(is_closed(&second) && !is_closed(&first) && !is_closed(&third));
        // Another one has a share of its own.
        assert!(connect(&clients, network(2), 0).is_some());
        // Nobody of the first address is quiet: its next connection is refused.
        let _at_work = first.pace.open();
        assert!(connect(&clients, network(1), 0).is_none());
        assert!(!is_closed(&first));
    }

    #[test]
    fn colleagues_behind_one_address_count_one_by_one() {
        let clients = clients();
        let open: Vec<Open> = (1..=4)
            .map(|user| {
                let open = connect(&clients, network(1), 0).unwrap();
                open.client.identify("acme", UserId(user));
                open
            })
            .collect();
        assert!(open.iter().all(|open| !is_closed(open)));
        // No room, and nobody is quiet.
        assert!(connect(&clients, network(2), 0).is_none());
        open[2].pace.quiet_for(Duration::from_secs(5));
        assert!(connect(&clients, network(2), 0).is_some());
        assert!(is_closed(&open[2]));
    }

    #[test]
    fn strangers_make_room_before_users_do() {
        let clients = clients();
        let user = connect(&clients, network(1), 100).unwrap();
        user.client.identify("acme", UserId(1));
        let strangers: Vec<Open> = (2..=4)
            .map(|last| connect(&clients, network(last), u64::from(last)).unwrap())
            .collect();
        assert!(connect(&clients, network(9), 0).is_some());
        assert!(!is_closed(&user) && is_closed(&strangers[2]));
    }

    #[test]
    fn a_user_with_too_many_connections_loses_the_quietest() {
        let clients = clients();
        let open: Vec<Open> = [9, 5, 0]
            .into_iter()
            .enumerate()
            .map(|(at, seconds)| {
                let last = u8::try_from(at).unwrap();
                let open = connect(&clients, network(last), seconds).unwrap();
                open.client.identify("acme", UserId(7));
                open
            })
            .collect();
        assert!(is_closed(&open[0]) && !is_closed(&open[1]) && !is_closed(&open[2]));
        // A second user on the same connection changes nothing.
        open[1].client.identify("acme", UserId(8));
        assert_eq!(clients.open().len(), 2);
    }

    #[test]
    fn a_closed_connection_is_counted_no_longer() {
        let clients = clients();
        let open = connect(&clients, network(1), 0).unwrap();
        assert_eq!(clients.open(), [1]);
        drop(open);
        assert!(clients.open().is_empty());
        assert!(clients.state().held.is_empty());
    }

    #[test]
    fn a_proxy_has_as_many_as_it_needs() {
        let clients = clients();
        let pace = Arc::new(Pace::new(false));
        let open: Vec<_> = (0..4)
            .map(|_| clients.admit(network(1), true, &pace).unwrap())
            .collect();
        assert!(open.iter().all(|client| client.is_known()));
    }

    #[test]
    fn requests_in_progress_are_bounded_by_connection() {
        let open = connect(&clients(), network(1), 0).unwrap();
        let (first, second) = (open.client.begin(2), open.client.begin(2));
        assert!(first.is_some() && second.is_some());
        assert!(open.client.begin(2).is_none());
        drop(first);
        assert!(open.client.begin(2).is_some());
    }
}
