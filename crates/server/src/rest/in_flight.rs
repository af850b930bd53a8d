//! Requests in progress: bounded for each user, and for each network as long as its callers are unknown.
//!
//! Whose a request is, is known before it is carried out where its credentials were good before: this is an estimate for the bound alone,
//! the check comes with the call. So nobody can use up the share of a user whose secret they do not have.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use readmark_api::call::credentials::Credentials;
use readmark_model::{Caller, Credential, UserId};

use crate::clients::{RequestLimits, network::Network};

/// How many credentials are remembered.
const REMEMBERED: usize = 10_000;

/// Counts requests in progress.
#[derive(Debug)]
pub(super) struct InFlight(Mutex<State>);

#[derive(Debug)]
struct State {
    limits: RequestLimits,
    counts: HashMap<Holder, usize>,
    known: HashMap<(String, Credentials), (UserId, Credential)>,
}

/// Whom a request counts to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Network(Network),
    User(String, UserId),
}

/// A request in progress, until it is dropped.
#[derive(Debug)]
pub(crate) struct Flight {
    counted: Arc<InFlight>,
    holder: Holder,
}

impl InFlight {
    pub(super) fn new(limits: RequestLimits) -> Self {
        Self(Mutex::new(State {
            limits,
            counts: HashMap::new(),
            known: HashMap::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Other limits.
    pub(super) fn set_limits(&self, limits: RequestLimits) {
        self.state().limits = limits;
    }

    /// Counts a request of a portal; `None` when too many are in progress.
    pub(super) fn begin(
        self: &Arc<Self>,
        portal: &str,
        credentials: Credentials,
        network: Network,
    ) -> Option<Flight> {
        let mut state = self.state();
        let key = (portal.to_owned(), credentials);
        let (holder, limit) = match state.known.get(&key) {
            Some((user, _)) => (Holder::User(key.0, *user), state.limits.per_user),
            None => (Holder::Network(network), state.limits.per_network),
        };
        let count = state.counts.entry(holder.clone()).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Flight {
            counted: Arc::clone(self),
            holder,
        })
    }

    /// Remembers whose credentials were good.
    pub(super) fn remember(&self, portal: &str, credentials: Credentials, caller: &Caller) {
        let mut state = self.state();
        let key = (portal.to_owned(), credentials);
        let found = state.known.get(&key);
        if found.is_some_and(|(user, credential)| {
            *user == caller.user && *credential == caller.credential
        }) {
            return;
        }
        if state.known.len() >= REMEMBERED {
            state.known.clear();
        }
        let owner = (caller.user, caller.credential.clone());
        state.known.insert(key, owner);
    }

    /// What credentials were when they were last good.
    pub(super) fn credential(&self, portal: &str, credentials: Credentials) -> Option<Credential> {
        let key = (portal.to_owned(), credentials);
        let state = self.state();
        state
            .known
            .get(&key)
            .map(|(_, credential)| credential.clone())
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut state = self.counted.state();
        if let Some(count) = state.counts.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                state.counts.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::Scopes;

    use super::*;

    const LIMITS: RequestLimits = RequestLimits {
        per_network: 2,
        per_user: 1,
    };

    fn network(last: u8) -> Network {
        Network::of([192, 0, 2, last].into())
    }

    #[test]
    fn strangers_share_what_their_network_has_and_users_have_their_own() {
        let counted = Arc::new(InFlight::new(LIMITS));
        let stranger = Credentials::webhook(UserId(1), "guessed");
        let user = Credentials::webhook(UserId(1), "secret");
        let begin = |credentials, last| counted.begin("acme", credentials, network(last));
        let first = begin(stranger, 1);
        assert!(first.is_some());
        let second = begin(user, 1);
        assert!(second.is_some());
        assert!(begin(user, 1).is_none());
        assert!(begin(user, 2).is_some(), "another network has its own");

        let caller = Caller {
            user: UserId(1),
            admin: false,
            extranet: false,
            credential: Credential::Webhook(1),
            expires_at: None,
            scopes: Scopes::default(),
        };
        counted.remember("acme", user, &caller);
        let known = begin(user, 1);
        assert!(known.is_some(), "it counts to the user now");
        assert!(begin(user, 2).is_none(), "wherever the user is");
        assert!(begin(stranger, 1).is_none());
        drop((first, second));
        assert!(begin(stranger, 1).is_some());
        drop(known);
        assert!(begin(user, 1).is_some());
        assert!(counted.state().counts.is_empty());
    }
}
