//! A server within the test, with the people of the demonstration.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::mpsc::{SyncSender, sync_channel},
};

use readmark::{Running, config::Config, demo};
use readmark_app::token::{self, NewToken};
use readmark_model::{Scopes, SecretHash, Timestamp, UserId};
use readmark_store::{StoreError, Tx};
use serde_json::{Value, json};

use crate::client::{Client, Response};

/// A server.
pub(crate) struct TestServer {
    pub(crate) running: Running,
    /// What the demonstration tells of itself.
    pub(crate) told: Value,
    pub(crate) config: Config,
    _data: tempfile::TempDir,
}

/// A server with the default settings.
pub(crate) fn start() -> TestServer {
    start_with(|_| {})
}

/// The settings of a server whose data is in a folder.
pub(crate) fn config_in(folder: &Path) -> Config {
    Config {
        data: folder.join("data"),
        listen: "127.0.0.1:0".to_owned(),
        sqlite_readers: 2,
        ..Config::default()
    }
}

/// A server with other settings.
pub(crate) fn start_with(change: impl FnOnce(&mut Config)) -> TestServer {
    let data = tempfile::tempdir().expect("a folder");
    let mut config = config_in(data.path());
    change(&mut config);
    let seeded = demo::seed(&config).expect("a demonstration");
    let running = Running::start(&config, None).expect("a server");
    let base_url = running
        .portals()
        .next()
        .expect("a portal")
        .portal
        .context
        .base_url
        .clone();
    let told = demo::Demo::new(&base_url, running.authority(), seeded).to_json();
    TestServer {
        running,
        told: serde_json::from_str(&told).expect("JSON"),
        config,
        _data: data,
    }
}

impl TestServer {
    pub(crate) fn address(&self) -> SocketAddr {
        self.running.address()
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.running
            .authority()
            .expect("a local authority")
            .to_owned()
    }

    /// A new connection over TLS.
    pub(crate) fn connect(&self) -> Client {
        Client::tls(self.address(), "localhost", &self.authority())
    }

    /// The secret of a user's webhook.
    pub(crate) fn secret(&self, user: usize) -> String {
        let webhook = self.told["users"][user - 1]["webhook"]
            .as_str()
            .expect("a webhook");
        webhook
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .expect("a secret")
            .to_owned()
    }

    /// The path of a method for a user's webhook.
    pub(crate) fn path(&self, user: usize, method: &str) -> String {
        format!("/rest/{user}/{}/{method}", self.secret(user))
    }

    /// Calls a method as a user, with JSON.
    pub(crate) fn call(&self, user: usize, method: &str, params: &Value) -> Response {
        self.post(&self.path(user, method), params)
    }

    /// Posts JSON on a connection of its own.
    pub(crate) fn post(&self, target: &str, params: &Value) -> Response {
        post_on(&mut self.connect(), target, params)
    }

    pub(crate) fn get(&self, target: &str) -> Response {
        self.connect().request("GET", target, &[], b"")
    }

    /// Makes an access token.
    pub(crate) fn token(&self, token: &str, user: i64, scopes: Scopes, expires_at: Timestamp) {
        let hash = SecretHash::of(token);
        let served = self.running.portals().next().expect("a portal");
        let made = served.portal.store.write(move |tx| {
            let new = NewToken {
                client: "local.test",
                user: UserId(user),
                scopes,
                expires_at,
            };
            token::register(tx, &new, &hash, Timestamp(1))
        });
        let made = made.unwrap_or_else(|error: StoreError| panic!("{error}"));
        made.expect("a token");
    }
}

/// Keeps the store from writing until the answer is dropped.
pub(crate) fn hold_writes(server: &TestServer) -> SyncSender<()> {
    let (release, released) = sync_channel::<()>(0);
    let (begun, beginning) = sync_channel(1);
    let store = server
        .running
        .portals()
        .next()
        .unwrap()
        .portal
        .store
        .clone();
    let wait = move |_: &mut dyn Tx| {
        begun.send(()).unwrap();
        released.recv().unwrap_err();
        Ok::<(), StoreError>(())
    };
    store.write_then(wait, |_| {});
    beginning.recv().unwrap();
    release
}

/// Posts JSON.
pub(crate) fn post_on(client: &mut Client, target: &str, params: &Value) -> Response {
    let headers = [("Content-Type", "application/json")];
    client.request("POST", target, &headers, params.to_string().as_bytes())
}

/// No parameters.
pub(crate) fn nothing() -> Value {
    json!({})
}

/// A time that never comes.
pub(crate) const NEVER: Timestamp = Timestamp(i64::MAX);
